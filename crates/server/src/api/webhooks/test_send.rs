//! A real request to a webhook's receiver now, with a sample, answered with what came of it.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_core::{
    input::{self, Expected, Fault, Fields, Unit},
    json::{Json, Kind, RawJson},
};
use bluehook_dispatcher::Sample;

use super::OptionalBody;
use crate::{
    api::{
        body::event,
        language::{self, told},
        view::TestView,
    },
    auth::Caller,
    problem::Problem,
    state::State,
};

/// The most bytes of both values together.
const MAX_VALUES: usize = 256 << 10;

/// Sends a sample and shows the attempt. Nothing of it is in the log.
pub(super) async fn run(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
    OptionalBody(body): OptionalBody,
) -> Result<HttpResponse, Problem> {
    let webhook = state.access(&caller).change(&id)?;
    let sample = body.read(sample)?;
    // What is refused anyway counts for nobody.
    state.dispatcher.may_ask(&id)?;
    state.limits.send(&state.dispatcher, &caller, (&webhook.company_id, &webhook.url)).await?;
    let test = state.by(&caller, &request).test_webhook_with(&id, sample).await?;
    let language = language::of(&request);
    Ok(told(&mut HttpResponse::Ok(), language).json(TestView::new(&test, language)))
}

fn sample(mut fields: Fields<'_>) -> Result<Sample, Vec<input::Problem>> {
    let event = fields.optional("event", event);
    let previous_value = value(&mut fields, "previousValue");
    let current_value = value(&mut fields, "currentValue");
    let length = [&previous_value, &current_value].into_iter().flatten().map(|value| value.as_str().len());
    let length: usize = length.sum();
    if length > MAX_VALUES {
        let place = if current_value.is_some() { "currentValue" } else { "previousValue" };
        fields.problem(place, Fault::AtMost(Unit::Bytes, MAX_VALUES, Some(length)));
    }
    fields.finish(Some(Sample { event, previous_value, current_value }))
}

/// A value that was given: an object, or `null` where there is none.
fn value(fields: &mut Fields<'_>, name: &'static str) -> Option<RawJson> {
    let raw: Json<'_> = fields.raw(name)?;
    match raw.kind() {
        Kind::Object | Kind::Null => input::value(fields, name, raw),
        other => {
            fields.problem(name, Fault::WrongType(Expected::ObjectOrNull, other));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_objects_or_nothing_and_not_too_large() {
        let read = |body: &str| {
            sample(Fields::parse(body.as_bytes()).unwrap()).map_err(|problems| problems[0].to_string())
        };
        let given = read(r#"{"previousValue": null, "currentValue": {"a": 1.50}}"#).unwrap();
        assert_eq!(given.current_value.unwrap().as_str(), r#"{"a":1.50}"#);
        assert_eq!(given.previous_value.unwrap().as_str(), "null");
        assert!(read(r#"{"currentValue": 5}"#).unwrap_err().starts_with("/currentValue: "));
        let large = format!(r#"{{"currentValue": {{"a": "{}"}}}}"#, "a".repeat(MAX_VALUES));
        assert!(read(&large).unwrap_err().starts_with("/currentValue: at most"));
    }
}
