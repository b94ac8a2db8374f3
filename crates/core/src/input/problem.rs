//! Something wrong with what was given, and where: for people, as JSON, by JSON Pointer.

use alloc::string::String;
use core::fmt;

use crate::json::write_string;

/// Something wrong with what was given, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A JSON Pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// What was found and what was expected, in one sentence without its full stop.
    pub detail: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Problem {
        Problem { pointer: pointer.into(), detail: detail.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(&self.detail),
            pointer => write!(f, "{pointer}: {}", self.detail),
        }
    }
}

/// Problems as JSON: `[{"pointer","detail"}]`.
pub fn write_problems(problems: &[Problem]) -> String {
    let mut out = String::from("[");
    for (i, problem) in problems.iter().enumerate() {
        out.push_str(if i > 0 { ",{\"pointer\":" } else { "{\"pointer\":" });
        write_string(&mut out, &problem.pointer);
        out.push_str(",\"detail\":");
        write_string(&mut out, &problem.detail);
        out.push('}');
    }
    out.push(']');
    out
}

/// Appends one reference token to a JSON Pointer, escaped.
pub fn push_pointer(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
