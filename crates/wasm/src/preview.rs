//! What the settings page and tests need: the server's own rendering, filtering and samples, as JSON in and JSON out.

use alloc::string::String;

use bluehook_core::{
    event::EventType, filter, input::write_problems, json::write_string, preview, sample, schema,
};
use wasm_bindgen::prelude::wasm_bindgen;

/// A preview of a delivery, now unless the request names another time; throws the problems of the request as a JSON list
/// of `{pointer, detail}`.
#[wasm_bindgen(js_name = preview)]
pub fn preview_delivery(request: &str) -> Result<String, String> {
    preview::preview_json(request, now()).map_err(|problems| write_problems(&problems))
}

/// Whether a payload meets a filter, with a trace; throws the problems of either as a JSON list of `{pointer, detail}`.
#[wasm_bindgen(js_name = matchFilter)]
pub fn match_filter(filter: &str, payload: &str) -> Result<String, String> {
    filter::match_json(filter, payload).map_err(|problems| write_problems(&problems))
}

/// What is wrong with a filter: a JSON list of `{pointer, detail}`.
#[wasm_bindgen(js_name = validateFilter)]
pub fn validate_filter(filter: &str) -> String {
    filter::validate_json(filter)
}

/// An example of an event as `POST /v1/events` takes it; throws what is wrong with the name.
#[wasm_bindgen(js_name = sampleEvent)]
pub fn sample_event(name: &str) -> Result<String, String> {
    sample::sample_json(name)
}

/// The JSON Schema of an event's `full` body, if there is such an event.
#[wasm_bindgen(js_name = eventSchema)]
pub fn event_schema(name: &str) -> Option<String> {
    EventType::from_name(name).map(schema::document)
}

/// The catalogue: a JSON list of `{event, group, entity, description}`.
#[wasm_bindgen]
pub fn events() -> String {
    let mut out = String::from("[");
    for event in EventType::ALL {
        out.push_str(if out.len() > 1 { "," } else { "" });
        object(
            &mut out,
            &[
                ("event", event.name()),
                ("group", event.group().name()),
                ("entity", event.entity().name()),
                ("description", event.description()),
            ],
        );
    }
    out.push(']');
    out
}

fn object(out: &mut String, fields: &[(&str, &str)]) {
    out.push('{');
    for (i, (name, value)) in fields.iter().enumerate() {
        out.push_str(if i > 0 { "," } else { "" });
        write_string(out, name);
        out.push(':');
        write_string(out, value);
    }
    out.push('}');
}

/// The time as JavaScript has it, in milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "a time in milliseconds; what does not fit is clamped")]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
