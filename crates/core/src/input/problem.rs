//! Something wrong with what was given, and where: for people in their language, for programs as JSON.

use alloc::string::String;
use core::fmt;

use super::{Code, Fault, english, italian};
use crate::{json::write_string, language::Language};

/// Something wrong with what was given, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A JSON Pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// What is wrong there.
    pub fault: Fault,
}

impl Problem {
    /// A problem at a place.
    pub fn new(pointer: impl Into<String>, fault: Fault) -> Problem {
        Problem { pointer: pointer.into(), fault }
    }

    /// What kind of problem it is.
    pub fn code(&self) -> Code {
        self.fault.code()
    }

    /// What was found and what was expected, in one sentence without its full stop.
    pub fn detail(&self, language: Language) -> String {
        self.fault.sentence(language)
    }

    /// The sentence with its place.
    pub fn told(&self, language: Language) -> String {
        let detail = self.detail(language);
        if self.pointer.is_empty() { detail } else { [&self.pointer, ": ", &detail].concat() }
    }
}

impl Fault {
    /// What was found and what was expected, in one sentence without its full stop.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::English => english::sentence(self),
            Language::Italian => italian::sentence(self),
        }
    }
}

/// In English, for logs and the command line.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl core::error::Error for Fault {}

/// In English, for logs and the command line.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Language::English))
    }
}

/// Problems as JSON: `[{"pointer","code","params","detail"}]`.
pub fn write_problems(problems: &[Problem], language: Language) -> String {
    let mut out = String::from("[");
    for (i, problem) in problems.iter().enumerate() {
        out.push_str(if i > 0 { ",{\"pointer\":" } else { "{\"pointer\":" });
        write_string(&mut out, &problem.pointer);
        out.push_str(",\"code\":");
        write_string(&mut out, problem.code().name());
        out.push_str(",\"params\":");
        problem.fault.write_params(&mut out);
        out.push_str(",\"detail\":");
        write_string(&mut out, &problem.detail(language));
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
