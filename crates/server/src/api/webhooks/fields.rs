//! What a body may say about a webhook, at creation and at a change. Names and types are checked here; which values are
//! possible is the dispatcher's to say.

use bluehook_core::{
    event::{MAX_ID, event_name},
    filter,
    input::{self, Expected, Fault, Fields, Names},
    json::{Json, Kind},
    signature::Secret,
    webhook::{self, PayloadFormat},
};
use bluehook_dispatcher::{MAX_PROJECTS, NewWebhook, SecretChoice, WebhookChange};

use crate::auth::Caller;

/// The most events that a list may name, in both spellings and repeated or not.
const MAX_EVENTS: usize = 200;

/// Reads the body of `POST /v1/webhooks`. The backend says whose it is; a person's is their own. What could not be read
/// has a problem in `fields` and is empty in the webhook.
pub(crate) fn new_webhook(fields: &mut Fields<'_>, caller: &Caller) -> NewWebhook {
    let (company_id, created_by_id) = match caller {
        Caller::Service => {
            let company_id = fields.required("companyId", input::text(MAX_ID)).unwrap_or_default();
            (company_id, fields.required("createdById", input::text(MAX_ID)).unwrap_or_default())
        }
        Caller::User(owner) => (owner.company_id.clone(), owner.user_id.clone()),
    };
    let url = fields.required("url", input::any_text).unwrap_or_default();
    let secret = secret(fields);
    let rest = change_fields(fields);
    no_recovery(fields);
    NewWebhook {
        company_id,
        created_by_id,
        url,
        secret,
        name: rest.name.flatten(),
        events: rest.events.unwrap_or_default(),
        project_ids: rest.project_ids.unwrap_or_default(),
        payload_format: rest.payload_format.unwrap_or_default(),
        filter: rest.filter.flatten(),
        description: rest.description.flatten(),
        headers: with_values(fields, rest.headers.unwrap_or_default()),
        rate_limit_per_second: rest.rate_limit_per_second.flatten(),
    }
}

/// What of a change cannot be `null`, which would mean nothing.
const NEVER_NULL: [(&str, Expected); 7] = [
    ("enabled", Expected::Boolean),
    ("url", Expected::String),
    ("autoRecover", Expected::Boolean),
    ("events", Expected::Strings),
    ("projectIds", Expected::Strings),
    ("payloadFormat", Expected::String),
    ("headers", Expected::Object),
];

/// Reads the body of `PATCH /v1/webhooks/{id}`: what is absent, or could not be read, stays as it is.
pub(crate) fn change(fields: &mut Fields<'_>) -> WebhookChange {
    for (name, expected) in NEVER_NULL {
        fields.refuse_null(name, expected);
    }
    let enabled = fields.optional("enabled", input::boolean);
    let url = fields.optional("url", input::any_text);
    no_recovery(fields);
    WebhookChange { enabled, url, ..change_fields(fields) }
}

/// `autoRecover` is known, and there is none yet.
fn no_recovery(fields: &mut Fields<'_>) {
    if fields.optional("autoRecover", input::boolean) == Some(true) {
        fields.problem("autoRecover", Fault::UnknownWord(Names::near("true", &["false"])));
    }
}

/// The fields that creation and change have in common.
fn change_fields(fields: &mut Fields<'_>) -> WebhookChange {
    WebhookChange {
        name: fields.nullable("name", input::any_text),
        events: fields.optional("events", input::list(MAX_EVENTS, event_name)),
        project_ids: fields.optional("projectIds", input::list(MAX_PROJECTS, |id| Ok(id.to_owned()))),
        payload_format: fields.optional("payloadFormat", payload_format),
        filter: fields.nullable("filter", filter::field),
        description: fields.nullable("description", input::any_text),
        headers: fields.optional("headers", webhook::headers),
        rate_limit_per_second: fields.nullable("rateLimitPerSecond", rate),
        ..WebhookChange::default()
    }
}

/// The headers of a new webhook: each has a value.
fn with_values(fields: &mut Fields<'_>, headers: Vec<webhook::Header>) -> Vec<(String, String)> {
    let mut given = Vec::with_capacity(headers.len());
    for (name, value) in headers {
        match value {
            Some(value) => given.push((name, value)),
            None => fields.problems([no_value(fields.pointer_to("headers"), &name)]),
        }
    }
    given
}

fn no_value(mut pointer: String, name: &str) -> input::Problem {
    input::push_pointer(&mut pointer, name);
    input::Problem::new(pointer, Fault::WrongType(Expected::String, Kind::Null))
}

/// Absent: one is made. `null`: none is wanted.
fn secret(fields: &mut Fields<'_>) -> SecretChoice {
    match fields.nullable("secret", given_secret) {
        None => SecretChoice::Generated,
        Some(given) => given.map_or(SecretChoice::Declined, SecretChoice::Given),
    }
}

fn given_secret<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<String> {
    let text = input::any_text(fields, name, raw)?;
    if let Err(error) = Secret::newly_given(text.clone()) {
        fields.problem(name, error.into());
    }
    Some(text)
}

fn payload_format<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<PayloadFormat> {
    let text = input::any_text(fields, name, raw)?;
    let format = PayloadFormat::from_name(&text);
    if format.is_none() {
        fields.problem(name, Fault::UnknownWord(Names::near(&text, &["full", "compact"])));
    }
    format
}

fn rate<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<u32> {
    input::integer(1..=u32::MAX.into())(fields, name, raw).and_then(|rate| u32::try_from(rate).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bluehook_core::{event::EventType, input::Problem};

    fn read_new(body: &str) -> Result<NewWebhook, Vec<String>> {
        let mut fields = Fields::parse(body.as_bytes()).unwrap();
        let new = new_webhook(&mut fields, &Caller::Service);
        fields.finish(Some(new)).map_err(|problems| told(&problems))
    }

    fn told(problems: &[Problem]) -> Vec<String> {
        problems.iter().map(ToString::to_string).collect()
    }

    fn minimal(more: &str) -> String {
        format!(r#"{{"companyId":"c","createdById":"u","url":"https://example.com/"{more}}}"#)
    }

    #[test]
    fn a_secret_is_made_taken_or_declined() {
        let choice = |more| format!("{:?}", read_new(&minimal(more)).unwrap().secret);
        assert_eq!(choice(""), "Generated");
        assert_eq!(choice(r#","secret":null"#), "Declined");
        assert_eq!(choice(r#","secret":"given, by hand""#), "Given(…)");
        assert_eq!(choice(r#","secret":"whsec_AAECAwQF""#), "Given(…)");
        let spoilt = read_new(&minimal(r#","secret":"whsec_AAEC-wQ_""#)).unwrap_err();
        assert_eq!(spoilt, ["/secret: a secret that begins with whsec_ has to go on with base64"]);
    }

    #[test]
    fn everything_else_is_read() {
        let new = read_new(&minimal(
            r#","name":"n","events":["RECORD_CREATED"],"projectIds":["p"],"payloadFormat":"compact",
               "description":"d","headers":{"X-Team":"a"},"rateLimitPerSecond":5"#,
        ))
        .unwrap();
        assert_eq!(new.name.as_deref(), Some("n"));
        assert_eq!((new.events, new.project_ids), (vec![EventType::TodoCreated], vec!["p".to_owned()]));
        assert_eq!((new.payload_format, new.rate_limit_per_second), (PayloadFormat::Compact, Some(5)));
        assert_eq!(new.headers, [("X-Team".to_owned(), "a".to_owned())]);
        assert_eq!(new.description.as_deref(), Some("d"));
    }

    #[test]
    fn every_problem_of_a_new_one_is_told() {
        let body = r#"{"url":1,"name":false,"events":["TODO_CREATE"],"projectIds":[1],"payloadFormat":"fat","headers":[],
            "rateLimitPerSecond":0,"secret":"short","enabled":true}"#;
        assert_eq!(
            read_new(body).unwrap_err(),
            [
                "/companyId: required, but missing",
                "/createdById: required, but missing",
                "/url: expected a string, found a number",
                "/secret: the secret has fewer than 8 characters",
                "/name: expected a string, found a boolean",
                "/events/0: unknown event; did you mean TODO_CREATED?",
                "/projectIds/0: expected a string, found a number",
                "/payloadFormat: expected `full` or `compact`",
                "/headers: expected an object whose values are strings, such as {\"X-Team\": \"sales\"}",
                "/rateLimitPerSecond: expected a whole number from 1 to 4294967295, found 0",
                "/enabled: unknown field; expected `companyId`, `createdById`, `url`, `secret`, `name`, `events`, \
                 `projectIds`, `payloadFormat`, `filter`, `description`, `headers`, `rateLimitPerSecond`, `autoRecover`",
            ]
        );
    }

    #[test]
    fn a_change_tells_absent_from_null() {
        let read = |body: &str| {
            let mut fields = Fields::parse(body.as_bytes()).unwrap();
            let change = change(&mut fields);
            fields.finish(Some(change)).map_err(|problems| told(&problems))
        };
        let nothing = read("{}").unwrap();
        assert_eq!((nothing.name, nothing.enabled, nothing.rate_limit_per_second), (None, None, None));
        let some = read(r#"{"name":null,"enabled":true,"events":[],"rateLimitPerSecond":null}"#).unwrap();
        assert_eq!((some.name, some.enabled, some.events), (Some(None), Some(true), Some(vec![])));
        assert_eq!(some.rate_limit_per_second, Some(None));
        assert_eq!(read(r#"{"secrets":"x"}"#).unwrap_err().len(), 1);
        for (name, _) in NEVER_NULL {
            let told = read(&format!("{{\"{name}\":null}}")).unwrap_err();
            assert!(told.len() == 1 && told[0].starts_with(&format!("/{name}: expected ")), "{told:?}");
        }
    }
}
