//! Bodies of both formats are JSON, and carry an event's values as they were spelt, white space between tokens left out.

use std::collections::BTreeMap;

use bluehook_core::{
    event::Event,
    payload::render,
    webhook::{PayloadFormat, Status, Webhook},
};
use serde_json::value::RawValue;

use super::json;

/// An object's members as they are spelt.
type Members<'a> = BTreeMap<String, &'a RawValue>;

/// Renders an event, followed by NUL and a webhook's name, in both formats.
pub fn check(data: &[u8]) {
    let mut fields = data.splitn(2, |byte| *byte == 0);
    let posted = fields.next().unwrap_or_default();
    let Ok(event) = Event::parse(posted) else { return };
    let name = String::from_utf8_lossy(fields.next().unwrap_or_default()).into_owned();
    let posted: Members<'_> = serde_json::from_slice(posted).unwrap();
    let webhook = webhook(name).to_body_object();
    json::check(&webhook);
    check_full(&event, &webhook, &posted);
    check_compact(&event, &posted);
}

fn check_full(event: &Event, webhook: &str, posted: &Members<'_>) {
    let body = render(PayloadFormat::Full, &event.into(), webhook);
    let body: Members<'_> = serde_json::from_str(&body).unwrap();
    assert_eq!(body.len(), 4);
    assert_eq!(body["event"].get(), format!("\"{}\"", event.event_type));
    assert_eq!(body["webhook"].get(), webhook);
    for name in ["previousValue", "currentValue"] {
        assert_eq!(body[name].get(), spelled(posted, name));
    }
}

fn check_compact(event: &Event, posted: &Members<'_>) {
    let body = render(PayloadFormat::Compact, &event.into(), "");
    let body: Members<'_> = serde_json::from_str(&body).unwrap();
    assert_eq!(body.len(), 5);
    assert_eq!(body["event"].get(), format!("\"{}\"", event.event_type.compact_name().concat()));
    let value = match spelled(posted, "currentValue").as_str() {
        "null" => spelled(posted, "previousValue"),
        current => current.to_owned(),
    };
    assert_eq!(body[event.event_type.entity().name()].get(), value);
    let ids = [("company", &event.company_id), ("project", &event.project_id), ("user", &event.user_id)];
    for (name, id) in ids {
        let object: BTreeMap<String, String> = serde_json::from_str(body[name].get()).unwrap();
        assert_eq!(object, BTreeMap::from([("id".to_owned(), id.clone())]));
    }
}

/// A posted value without white space; `null` when it is absent.
fn spelled(posted: &Members<'_>, name: &str) -> String {
    posted.get(name).map_or_else(|| "null".to_owned(), |value| json::squeezed(value.get()))
}

fn webhook(name: String) -> Webhook {
    Webhook {
        id: name.chars().rev().collect(),
        uid: String::new(),
        url: format!("https://example.com/{name}"),
        name: Some(name),
        status: Status::Healthy,
        enabled: true,
        events: Vec::new(),
        project_ids: Vec::new(),
        company_id: String::new(),
        created_by_id: String::new(),
        created_at: 0,
        updated_at: i64::MAX,
        payload_format: PayloadFormat::Full,
        filter: None,
        description: None,
        headers: Vec::new(),
        rate_limit_per_second: None,
    }
}
