//! What the settings page and tests need: the server's own rendering and filtering, as JSON in and JSON out. An answer is an
//! object; a list of `{pointer, code, params, detail}` is what is wrong with the question.
//!
//! JavaScript asks for room, writes its question there, calls, and reads the answer: functions take and give numbers only.

use alloc::{string::String, vec, vec::Vec};

use bluehook_core::{
    event, filter,
    input::{Problem, write_problems},
    language::Language,
    preview,
};
use spin::Mutex;
use wasm_bindgen::prelude::wasm_bindgen;

/// What was asked last, until it is answered, and the last answer. One thread uses it, so the lock is never waited for; it
/// is what makes a static safe.
struct Conversation {
    question: Vec<u8>,
    answer: String,
}

static CONVERSATION: Mutex<Conversation> =
    Mutex::new(Conversation { question: Vec::new(), answer: String::new() });

/// Makes room for a question of so many bytes of UTF-8, and tells where.
#[wasm_bindgen]
pub fn question(length: usize) -> *const u8 {
    let Conversation { question, .. } = &mut *CONVERSATION.lock();
    *question = vec![0; length];
    question.as_ptr()
}

/// Where the last answer begins; how long it is, who asked was told.
#[wasm_bindgen]
pub fn answer() -> *const u8 {
    CONVERSATION.lock().answer.as_ptr()
}

/// Answers the question, of which the first bytes are one text and the others another. What is wrong with it is said in a
/// language, by its number. Gives the answer's length.
fn reply(
    first: usize,
    language: usize,
    to: impl FnOnce(&str, &str, Language) -> Result<String, Vec<Problem>>,
) -> usize {
    let language = Language::ALL.get(language).copied().unwrap_or_default();
    let Conversation { question, answer } = &mut *CONVERSATION.lock();
    let question = core::mem::take(question);
    let question = core::str::from_utf8(&question).unwrap_or_default();
    let (first, rest) = question.split_at_checked(first).unwrap_or_default();
    let told = to(first, rest, language);
    *answer = told.unwrap_or_else(|problems| write_problems(&problems, language));
    answer.len()
}

/// A preview of a delivery, now unless the request names another time.
#[wasm_bindgen(js_name = preview)]
pub fn preview_delivery(length: usize, language: usize) -> usize {
    reply(length, language, |request, _, _| preview::preview_json(request, now()))
}

/// Whether a payload meets a filter, with a trace. The filter comes first.
#[wasm_bindgen(js_name = matchFilter)]
pub fn match_filter(filter_length: usize, language: usize) -> usize {
    reply(filter_length, language, |filter, payload, _| filter::match_json(filter, payload))
}

/// What is wrong with a filter: a list of `{pointer, code, params, detail}`.
#[wasm_bindgen(js_name = validateFilter)]
pub fn validate_filter(length: usize, language: usize) -> usize {
    reply(length, language, |filter, _, language| Ok(filter::validate_json(filter, language)))
}

/// What is wrong with a name that no event has: a list of one problem, which one was probably meant.
#[wasm_bindgen(js_name = unknownEvent)]
pub fn unknown_event(length: usize, language: usize) -> usize {
    reply(length, language, |name, _, _| {
        event::event_name(name).map(|_| String::new()).map_err(|fault| vec![Problem::new("", fault)])
    })
}

/// The time as JavaScript has it, in milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "a time in milliseconds; what does not fit is clamped")]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
