//! Reading a request for a preview: the webhook as the API shows it, the event as the API takes it.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::Request;
use crate::{
    event::{self, Event, MAX_ID},
    filter,
    input::{self, Fault, Fields, Names, Problem},
    json::Json,
    signature::Secret,
    time::{self, Millis},
    webhook::{self, PayloadFormat, Status, Webhook},
};

/// The most entries of `events` and `projectIds`.
const MAX_CHOSEN: usize = 10_000;

/// The id of a delivery that is not made yet.
const NO_DELIVERY: &str = "dlv_preview";

/// Reads a request; `now` is the time where the request names none.
///
/// A webhook that is not saved yet lacks fields, and the API's object has more than a body carries: absent ones get the
/// value that a new webhook of the event's company would have, unknown ones are left alone.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub fn read(body: &str, now: Millis) -> Result<Request, Vec<Problem>> {
    let mut fields = Fields::parse(body.as_bytes())?;
    let event = fields.required("event", |fields, name, raw| nested(fields, name, raw, Event::read));
    let now = fields.optional("now", instant).unwrap_or(now);
    let webhook = fields.required("webhook", |fields, name, raw| {
        nested(fields, name, raw, |inner| described(inner, event.as_ref(), now))
    });
    let secret = fields.optional("secret", secret_text);
    let next_secret = fields.optional("nextSecret", secret_text);
    let creator_is_member = fields.optional("creatorIsMember", input::boolean).unwrap_or(true);
    let delivery_id =
        fields.optional("deliveryId", input::text(MAX_ID)).unwrap_or_else(|| NO_DELIVERY.to_owned());
    let request = webhook.zip(event).map(|(webhook, event)| Request {
        webhook,
        event,
        secret,
        next_secret,
        creator_is_member,
        delivery_id,
        now,
    });
    fields.finish(request)
}

/// Reads a value that is itself an object.
fn nested<'a, T>(
    fields: &mut Fields<'a>,
    name: &'static str,
    raw: Json<'a>,
    read: impl FnOnce(Fields<'a>) -> Result<T, Vec<Problem>>,
) -> Option<T> {
    let read = Fields::of(raw, fields.pointer_to(name)).and_then(read);
    read.map_err(|problems| fields.problems(problems)).ok()
}

/// The webhook of a request.
fn described(mut fields: Fields<'_>, event: Option<&Event>, now: Millis) -> Result<Webhook, Vec<Problem>> {
    let metadata = fields
        .optional("metadata", |fields, name, raw| nested(fields, name, raw, chosen))
        .unwrap_or_default();
    let Chosen { events, project_ids } = read_chosen(&mut fields);
    let text = |fields: &mut Fields<'_>, name| fields.optional(name, input::any_text);
    let or_events = |id: Option<String>, of_event: fn(&Event) -> &String| {
        id.unwrap_or_else(|| event.map(|event| of_event(event).clone()).unwrap_or_default())
    };
    let webhook = Webhook {
        id: text(&mut fields, "id").unwrap_or_default(),
        uid: text(&mut fields, "uid").unwrap_or_default(),
        name: text(&mut fields, "name"),
        url: text(&mut fields, "url").unwrap_or_default(),
        status: fields
            .optional("status", word(Status::from_name, &["HEALTHY", "UNHEALTHY"]))
            .unwrap_or(Status::Healthy),
        enabled: fields.optional("enabled", input::boolean).unwrap_or(true),
        events: events.or(metadata.events).unwrap_or_default(),
        project_ids: project_ids.or(metadata.project_ids).unwrap_or_default(),
        company_id: or_events(text(&mut fields, "companyId"), |event| &event.company_id),
        created_by_id: or_events(text(&mut fields, "createdById"), |event| &event.user_id),
        created_at: fields.optional("createdAt", instant).unwrap_or(now),
        updated_at: fields.optional("updatedAt", instant).unwrap_or(now),
        payload_format: fields
            .optional("payloadFormat", word(PayloadFormat::from_name, &["full", "compact"]))
            .unwrap_or_default(),
        filter: fields.optional("filter", filter::field),
        description: text(&mut fields, "description"),
        headers: fields.optional("headers", webhook::headers).map(told).unwrap_or_default(),
        rate_limit_per_second: None,
    };
    fields.leave_the_rest();
    fields.finish(Some(webhook))
}

/// Headers as they are shown: a value that is not told has something in its place.
fn told(headers: Vec<webhook::Header>) -> Vec<(String, String)> {
    let shown = |value: Option<String>| value.unwrap_or_else(|| webhook::HIDDEN.to_owned());
    headers.into_iter().map(|(name, value)| (name, shown(value))).collect()
}

/// The events and projects that a webhook chose. The API shows them twice: at the top, and in `metadata` as Blue does.
#[derive(Default)]
struct Chosen {
    events: Option<Vec<event::EventType>>,
    project_ids: Option<Vec<String>>,
}

fn chosen(mut fields: Fields<'_>) -> Result<Chosen, Vec<Problem>> {
    let chosen = read_chosen(&mut fields);
    fields.leave_the_rest();
    fields.finish(Some(chosen))
}

fn read_chosen(fields: &mut Fields<'_>) -> Chosen {
    Chosen {
        events: fields.optional("events", input::list(MAX_CHOSEN, event::event_name)),
        project_ids: fields.optional("projectIds", input::list(MAX_CHOSEN, |id| Ok(id.to_owned()))),
    }
}

/// Reads a secret; empty text is what a payload shows in its place, and means none.
fn secret_text<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<Secret> {
    let text = input::any_text(fields, name, raw).filter(|text| !text.is_empty())?;
    Secret::new(text).map_err(|error| fields.problem(name, error.into())).ok()
}

/// Reads one of a few words.
fn word<'a, T>(
    from_name: fn(&str) -> Option<T>,
    allowed: &'static [&'static str],
) -> impl FnOnce(&mut Fields<'a>, &'static str, Json<'a>) -> Option<T> {
    move |fields, name, raw| {
        let text = input::any_text(fields, name, raw)?;
        let word = from_name(&text);
        if word.is_none() {
            fields.problem(name, Fault::UnknownWord(Names::near(&text, allowed)));
        }
        word
    }
}

/// Reads an instant, as JavaScript's `Date.now()` or its `Date` gives it.
fn instant<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<Millis> {
    let at = raw.string().map_or_else(|| raw.as_str().parse().ok(), |text| time::parse(&text));
    if at.is_none() {
        fields.problem(name, Fault::BadInstant);
    }
    at
}
