//! An event as the backend tells it: read from a body, checked, limited.

use alloc::{string::String, vec::Vec};

use super::{EventType, HEALTH_CHECK};
use crate::{
    input::{self, Expected, Fault, Fields, Problem},
    json::{Json, Kind, RawJson},
    time::{self, Millis},
};

/// The longest id of anything: a company, a project, a user, an event.
pub const MAX_ID: usize = 128;

/// Something that happened, taken in and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The caller's id, by which a repeat is recognised within a company.
    pub id: Option<String>,
    /// What happened.
    pub event_type: EventType,
    /// The company it happened in.
    pub company_id: String,
    /// The project it happened in.
    pub project_id: String,
    /// Who did it.
    pub user_id: String,
    /// When it happened, if the caller said so.
    pub occurred_at: Option<Millis>,
    /// The entity before; `null` when it was created.
    pub previous_value: RawJson,
    /// The entity after; `null` when it was deleted.
    pub current_value: RawJson,
}

impl Event {
    /// Reads the body of `POST /v1/events`.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn parse(body: &[u8]) -> Result<Event, Vec<Problem>> {
        Event::read(Fields::parse(body)?)
    }

    /// Reads an event from an object's fields, such as one of a batch.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn read(mut fields: Fields<'_>) -> Result<Event, Vec<Problem>> {
        let id = fields.optional("id", input::text(MAX_ID));
        let event_type = fields.required("event", event_type);
        let company_id = fields.required("companyId", input::text(MAX_ID));
        let project_id = fields.required("projectId", input::text(MAX_ID));
        let user_id = fields.required("userId", input::text(MAX_ID));
        let occurred_at = fields.optional("occurredAt", instant);
        let previous_value = entity(&mut fields, "previousValue");
        let current_value = entity(&mut fields, "currentValue");
        let both_null = previous_value.is_null() && current_value.is_null();
        if both_null && fields.is_clean() {
            fields.problem("currentValue", Fault::BothNull);
        }
        let event = event_type.zip(company_id).zip(project_id.zip(user_id)).map(
            |((event_type, company_id), (project_id, user_id))| Event {
                id,
                event_type,
                company_id,
                project_id,
                user_id,
                occurred_at,
                previous_value,
                current_value,
            },
        );
        fields.finish(event)
    }
}

/// The entity before or after: an object, or `null`, which is also what absent means.
fn entity(fields: &mut Fields<'_>, name: &'static str) -> RawJson {
    fields
        .optional(name, |fields, name, raw| match raw.kind() {
            Kind::Object => input::value(fields, name, raw),
            other => {
                fields.problem(name, Fault::WrongType(Expected::ObjectOrNull, other));
                None
            }
        })
        .unwrap_or_else(RawJson::null)
}

fn event_type<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<EventType> {
    let text = input::any_text(fields, name, raw)?;
    match event_name(&text) {
        Ok(event) => Some(event),
        Err(fault) => {
            fields.problem(name, fault);
            None
        }
    }
}

/// Reads an event's name.
///
/// # Errors
/// Which one was probably meant, if one is near.
pub fn event_name(text: &str) -> Result<EventType, Fault> {
    EventType::from_name(text).ok_or_else(|| match text {
        HEALTH_CHECK => Fault::OnlyDelivered(HEALTH_CHECK),
        _ => Fault::UnknownEvent(EventType::nearest(text)),
    })
}

fn instant<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<Millis> {
    let text = input::any_text(fields, name, raw)?;
    let at = time::parse(&text);
    if at.is_none() {
        fields.problem(name, Fault::BadTime);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const GOOD: &str = r#"{"event":"RECORD_CREATED","companyId":"c","projectId":"p","userId":"u",
        "occurredAt":"2022-12-01T11:23:09Z","previousValue":null,"currentValue":{ "n": 1e400, "n": -0 }}"#;

    #[test]
    fn a_good_one_keeps_its_values_spelling() {
        let event = Event::parse(GOOD.as_bytes()).unwrap();
        assert_eq!(event.event_type, EventType::TodoCreated);
        assert_eq!(event.current_value.as_str(), r#"{"n":1e400,"n":-0}"#);
        assert!(event.previous_value.is_null());
        assert_eq!(event.occurred_at, Some(1_669_893_789_000));
    }

    #[track_caller]
    fn check(body: &str, expected: &[&str]) {
        let problems: Vec<String> =
            Event::parse(body.as_bytes()).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(problems, expected, "{body}");
    }

    #[test]
    fn bad_ones_are_told_everything_at_once() {
        check(
            r#"{"event":"TODO_CREATD","companyId":7,"projectId":"","currentValue":[],"occurredAt":"now","when":1}"#,
            &[
                "/event: unknown event; did you mean TODO_CREATED?",
                "/companyId: expected a string, found a number",
                "/projectId: must not be empty",
                "/userId: required, but missing",
                "/occurredAt: expected a date and time as in RFC 3339, such as 2022-12-01T11:23:09.000Z",
                "/currentValue: expected an object or null, found an array",
                "/when: unknown field; expected `id`, `event`, `companyId`, `projectId`, `userId`, `occurredAt`, \
                 `previousValue`, `currentValue`",
            ],
        );
        check(
            r#"{"event":"WEBHOOK_HEALTH_CHECK","companyId":"c","projectId":"p","userId":"u","currentValue":{}}"#,
            &[
                "/event: WEBHOOK_HEALTH_CHECK is only ever delivered; it can be neither sent nor subscribed to",
            ],
        );
        check(
            r#"{"event":"TAG_CREATED","companyId":"c","projectId":"p","userId":"u"}"#,
            &["/currentValue: previousValue and currentValue are both null; at least one is expected"],
        );
        let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
        check(
            &alloc::format!(
                r#"{{"event":"TAG_CREATED","companyId":"c","projectId":"p","userId":"u","currentValue":{{"a":{deep}}}}}"#
            ),
            &["/currentValue: nested deeper than 128 levels"],
        );
    }
}
