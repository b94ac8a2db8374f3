//! What the settings page and tests need: the server's own rendering and filtering, as JSON in and JSON out. An answer is an
//! object; a list of `{pointer, code, params, detail}` is what is wrong with the question, said in a language, by its number.

use alloc::{string::String, vec, vec::Vec};

use bluehook_core::{
    event, filter,
    input::{Problem, write_problems},
    language::Language,
    preview,
};
use wasm_bindgen::prelude::wasm_bindgen;

/// A preview of a delivery, now unless the request names another time.
#[wasm_bindgen(js_name = preview)]
pub fn preview_delivery(request: &str, language: usize) -> String {
    answer(preview::preview_json(request, now()), language)
}

/// Whether a payload meets a filter, with a trace.
#[wasm_bindgen(js_name = matchFilter)]
pub fn match_filter(filter: &str, payload: &str, language: usize) -> String {
    answer(filter::match_json(filter, payload), language)
}

/// What is wrong with a filter: a list of `{pointer, code, params, detail}`.
#[wasm_bindgen(js_name = validateFilter)]
pub fn validate_filter(filter: &str, language: usize) -> String {
    filter::validate_json(filter, spoken(language))
}

/// What is wrong with a name that no event has: a list of one problem, which one was probably meant.
#[wasm_bindgen(js_name = unknownEvent)]
pub fn unknown_event(name: &str, language: usize) -> String {
    let unknown = event::event_name(name).map(|_| String::new());
    answer(unknown.map_err(|fault| vec![Problem::new("", fault)]), language)
}

fn answer(told: Result<String, Vec<Problem>>, language: usize) -> String {
    told.unwrap_or_else(|problems| write_problems(&problems, spoken(language)))
}

fn spoken(language: usize) -> Language {
    Language::ALL.get(language).copied().unwrap_or_default()
}

/// The time as JavaScript has it, in milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "a time in milliseconds; what does not fit is clamped")]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
