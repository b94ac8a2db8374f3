//! What a server answered, read for people.

use serde_json::Value;

use crate::harmless;

/// The text at a place (JSON Pointer), as part of a line; empty where there is none.
pub(super) fn text(answer: &Value, pointer: &str) -> String {
    harmless::line(answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default()).into_owned()
}

/// The whole number at a place; 0 where there is none.
pub(super) fn number(answer: &Value, pointer: &str) -> u64 {
    answer.pointer(pointer).and_then(Value::as_u64).unwrap_or_default()
}
