//! The preview: what a webhook would be sent for an event, byte for byte, and whether it would be sent at all.
//!
//! Bodies, headers and the decision come from the very functions that the dispatcher calls; nothing is written twice.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt::Write;

use crate::{
    event::Event,
    input::Problem,
    json::write_string,
    payload,
    request::{self, Attempt, Signing, Stamp},
    signature::{Secret, Signer},
    time::Millis,
    webhook::Webhook,
};

// A request for a preview, as JSON.
mod read;

// The first reason why not, in two languages.
mod why;

pub use read::read;
pub use why::{Why, why};

/// What a preview is made from.
#[derive(Clone, Debug)]
pub struct Request {
    /// The webhook as it is set up.
    pub webhook: Webhook,
    /// What happened.
    pub event: Event,
    /// The secret that signs; without one nothing is signed.
    pub secret: Option<Secret>,
    /// The coming secret, while secrets are being changed.
    pub next_secret: Option<Secret>,
    /// Whether the webhook's creator is a member of the event's project now.
    pub creator_is_member: bool,
    /// The delivery's id, for `webhook-id`.
    pub delivery_id: String,
    /// When it would be sent.
    pub now: Millis,
}

/// A delivery as it would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The exact body.
    pub body: String,
    /// Every header that Bluehook sets, in the order in which they are sent.
    pub headers: Vec<(String, String)>,
    /// Why it would not be sent; `None` when it would.
    pub why: Option<Why>,
}

/// Makes the preview.
pub fn preview(request: &Request) -> Preview {
    let Request { webhook, event, .. } = request;
    let body = payload::render(webhook.payload_format, &event.into(), &webhook.to_body_object());
    let current = request.secret.as_ref().map(Signer::new);
    let next = request.next_secret.as_ref().map(Signer::new);
    let signing = current.as_ref().map(|current| Signing { current, next: next.as_ref() });
    let attempt = Attempt {
        delivery_id: &request.delivery_id,
        timestamp_seconds: request.now.div_euclid(1_000),
        number: 1,
        event: event.event_type.name(),
        stamp: Stamp { happened_at: event.occurred_at.unwrap_or(request.now), ..Stamp::at(request.now) },
        body: body.as_bytes(),
    };
    let headers = request::headers(&attempt, signing.as_ref())
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(webhook.headers.iter().cloned())
        .collect();
    let why = why(webhook, event, request.creator_is_member);
    Preview { body, headers, why }
}

impl Preview {
    /// The preview as the API and JavaScript show it:
    /// `{"body","headers":{…},"size","matches","why":null|{"code","en","it"}}`; `size` counts the body's bytes.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.body.len() * 5 / 4 + 1_024);
        out.push_str("{\"body\":");
        write_string(&mut out, &self.body);
        out.push_str(",\"headers\":{");
        for (i, (name, value)) in self.headers.iter().enumerate() {
            out.push_str(if i > 0 { "," } else { "" });
            write_string(&mut out, name);
            out.push(':');
            write_string(&mut out, value);
        }
        let _ = write!(out, "}},\"size\":{},\"matches\":{}", self.body.len(), self.why.is_none());
        out.push_str(",\"why\":");
        match &self.why {
            Some(why) => why.write_json(&mut out),
            None => out.push_str("null"),
        }
        out.push('}');
        out
    }
}

/// The whole way from JSON to JSON, for JavaScript, `POST /v1/preview` and the command line.
///
/// `body` is `{"webhook", "event", "secret"?, "nextSecret"?, "creatorIsMember"?, "deliveryId"?, "now"?}`: the webhook as
/// `GET /v1/webhooks/{id}` answers it, the event as `POST /v1/events` takes it, `now` in milliseconds since 1970 or as
/// RFC 3339. The core reads no clock, so the caller says what the time is where the request does not.
///
/// # Errors
/// Everything that is wrong with the request, each with its place.
pub fn preview_json(body: &str, now: Millis) -> Result<String, Vec<Problem>> {
    Ok(preview(&read(body, now)?).to_json())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        input::{Fault, Unit},
        json::{Json, RawJson},
    };
    use alloc::{format, string::ToString};

    const NOW: Millis = 1_669_893_789_500;

    /// The `webhook` of the documented delivery, which is the API's object too.
    fn documented() -> (String, String) {
        let body = include_str!("../../../tests/vectors/sample-todo-created.json");
        let fields = || Json::parse(body).unwrap().members().unwrap();
        let compact = |name| {
            let (_, value) = fields().find(|(known, _)| known == name).unwrap();
            RawJson::of(value).unwrap().as_str().to_owned()
        };
        (compact("webhook"), compact("currentValue"))
    }

    fn request(webhook: &str, more: &str) -> String {
        let event = crate::sample::sample_json("TODO_CREATED").unwrap();
        format!(r#"{{"webhook":{webhook},"event":{event}{more}}}"#)
    }

    #[test]
    fn the_documented_webhook_and_record_give_the_documented_body() {
        let (webhook, record) = documented();
        let made = preview(&read(&request(&webhook, ""), NOW).unwrap());
        let expected = format!(
            r#"{{"event":"TODO_CREATED","webhook":{webhook},"previousValue":null,"currentValue":{record}}}"#
        );
        assert_eq!(made.body, expected);
        assert_eq!(made.why, None);
        assert!(made.headers.contains(&("webhook-timestamp".to_owned(), "1669893789".to_owned())));
        assert!(!made.headers.iter().any(|(name, _)| name == "X-Signature"));
    }

    #[test]
    fn a_secret_signs_and_a_coming_one_signs_too() {
        let (webhook, _) = documented();
        let names = |more: &str| -> Vec<String> {
            preview(&read(&request(&webhook, more), NOW).unwrap())
                .headers
                .into_iter()
                .map(|(name, _)| name)
                .collect()
        };
        assert!(names(r#","secret":"correct horse""#).contains(&"X-Signature".to_string()));
        let both = names(r#","secret":"correct horse","nextSecret":"battery staple""#);
        assert!(both.contains(&"X-Signature-Next".to_string()));
        assert!(!names(r#","secret":"""#).contains(&"X-Signature".to_string()));
    }

    #[track_caller]
    fn check_why(webhook: &str, more: &str, code: Option<&str>) {
        let made = preview(&read(&request(webhook, more), NOW).unwrap());
        assert_eq!(made.why.map(|why| why.code), code, "{webhook} {more}");
    }

    #[test]
    fn the_first_reason_why_not_is_told() {
        check_why("{}", "", None);
        check_why(r#"{"enabled":false,"events":["TAG_CREATED"]}"#, "", Some("DISABLED"));
        check_why(r#"{"companyId":"other"}"#, "", Some("OTHER_COMPANY"));
        check_why(r#"{"events":["TAG_CREATED"],"projectIds":["p"]}"#, "", Some("EVENT_NOT_CHOSEN"));
        check_why(r#"{"metadata":{"events":["TAG_CREATED"]}}"#, "", Some("EVENT_NOT_CHOSEN"));
        check_why(r#"{"projectIds":["p"]}"#, "", Some("PROJECT_NOT_CHOSEN"));
        check_why("{}", r#","creatorIsMember":false"#, Some("CREATOR_NOT_MEMBER"));
        check_why(r#"{"filter":{"currentValue":{"done":false}}}"#, "", None);
        check_why(r#"{"filter":{"currentValue":{"done":true}}}"#, "", Some("FILTER"));
    }

    #[test]
    fn the_answer_is_json() {
        let text = preview_json(&request(r#"{"enabled":false}"#, r#","now":0"#), NOW).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["size"], value["body"].as_str().unwrap().len());
        assert_eq!(value["matches"], false);
        assert_eq!(value["why"]["code"], "DISABLED");
        assert_eq!(value["headers"]["webhook-timestamp"], "0");
        assert_eq!(value["headers"]["X-Bluehook-Sequence"], "0");
    }

    #[test]
    fn a_bad_request_is_told_everything_at_once() {
        let body = r#"{"webhook":{"events":["TODO_CREATD"],"payloadFormat":"long","stats":{}},"event":{"event":"TAG_CREATED"},
            "secret":"short","now":"today","wen":1}"#;
        let problems: Vec<String> =
            preview_json(body, NOW).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                "/event/companyId: required, but missing",
                "/event/projectId: required, but missing",
                "/event/userId: required, but missing",
                "/now: expected milliseconds since 1970, or a date and time as in RFC 3339, such as 2022-12-01T11:23:09.000Z",
                "/webhook/events/0: unknown event; did you mean TODO_CREATED?",
                "/webhook/payloadFormat: expected `full` or `compact`",
                "/secret: the secret has fewer than 8 characters",
                "/wen: unknown field; expected `event`, `now`, `webhook`, `secret`, `nextSecret`, `creatorIsMember`, `deliveryId`",
            ]
        );
    }

    #[test]
    fn headers_are_limited_before_they_are_looked_at() {
        let headers = |count: usize| {
            let members: Vec<String> = (0..count).map(|n| format!(r#""x-{n}":"""#)).collect();
            request(&format!(r#"{{"headers":{{{}}}}}"#, members.join(",")), "")
        };
        assert!(read(&headers(20), NOW).is_ok());
        let problems = read(&headers(21), NOW).unwrap_err();
        assert_eq!(problems, [Problem::new("/webhook/headers", Fault::AtMost(Unit::Entries, 20, Some(21)))]);
    }
}
