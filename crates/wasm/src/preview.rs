//! What the settings page and tests need: the server's own rendering and filtering, as JSON in and JSON out. An answer is an
//! object; a list of `{pointer, detail}` is what is wrong with the question.
//!
//! JavaScript asks for room, writes its question there, calls, and reads the answer: functions take and give numbers only.

use alloc::{string::String, vec, vec::Vec};

use bluehook_core::{event, filter, input::write_problems, preview};
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

/// Answers the question, of which the first bytes are one text and the others another. Gives the answer's length.
fn reply(first: usize, to: impl FnOnce(&str, &str) -> String) -> usize {
    let Conversation { question, answer } = &mut *CONVERSATION.lock();
    let question = core::mem::take(question);
    let question = core::str::from_utf8(&question).unwrap_or_default();
    let (first, rest) = question.split_at_checked(first).unwrap_or_default();
    *answer = to(first, rest);
    answer.len()
}

/// A preview of a delivery, now unless the request names another time.
#[wasm_bindgen(js_name = preview)]
pub fn preview_delivery(length: usize) -> usize {
    reply(length, |request, _| {
        preview::preview_json(request, now()).unwrap_or_else(|problems| write_problems(&problems))
    })
}

/// Whether a payload meets a filter, with a trace. The filter comes first.
#[wasm_bindgen(js_name = matchFilter)]
pub fn match_filter(filter_length: usize) -> usize {
    reply(filter_length, |filter, payload| {
        filter::match_json(filter, payload).unwrap_or_else(|problems| write_problems(&problems))
    })
}

/// What is wrong with a filter: a list of `{pointer, detail}`.
#[wasm_bindgen(js_name = validateFilter)]
pub fn validate_filter(length: usize) -> usize {
    reply(length, |filter, _| filter::validate_json(filter))
}

/// What is wrong with a name that no event has, as text: which one was probably meant.
#[wasm_bindgen(js_name = unknownEvent)]
pub fn unknown_event(length: usize) -> usize {
    reply(length, |name, _| event::event_name(name).err().unwrap_or_default())
}

/// The time as JavaScript has it, in milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "a time in milliseconds; what does not fit is clamped")]
fn now() -> i64 {
    js_sys::Date::now() as i64
}
