//! A delivery as it is printed.

use std::fmt::Write;

use bluehook_core::signature::Verdict;
use serde_json::{Map, Value, json, value::RawValue};

use crate::{
    cli::{
        colour::{Colour, paint},
        verify::{self, Refused},
    },
    harmless,
};

/// What verification said.
#[derive(Clone, Copy)]
pub(super) enum Verified {
    /// No secret was given.
    NotAsked,
    Yes(Verdict),
    No(Refused),
}

/// A request as it came.
pub(super) struct Delivery<'a> {
    pub(super) method: &'a str,
    pub(super) headers: &'a [(String, String)],
    pub(super) body: &'a [u8],
    pub(super) verdict: Verified,
}

impl Delivery<'_> {
    /// For a person: the verdict, the headers, the body with line breaks.
    pub(super) fn to_text(&self, coloured: bool) -> String {
        let mut out = format!("{} {}\n", self.method, paint(&self.verdict(), self.colour(), coloured));
        for (name, value) in self.headers {
            let _ = writeln!(out, "{}", paint(&format!("  {name}: {value}"), Colour::Quiet, coloured));
        }
        let _ = writeln!(out, "\n{}\n", pretty(self.body));
        out
    }

    fn colour(&self) -> Colour {
        match self.verdict {
            Verified::NotAsked => Colour::Quiet,
            Verified::Yes(_) => Colour::Good,
            Verified::No(_) => Colour::Bad,
        }
    }

    fn verdict(&self) -> String {
        match self.verdict {
            Verified::NotAsked => "not verified: no --secret was given".to_owned(),
            Verified::Yes(verdict) => format!("valid by {}", verdict.scheme.name()),
            Verified::No(refused) => format!("REFUSED {refused}"),
        }
    }

    /// For a program: `{method, headers, body, verification?}`, the body as text.
    pub(super) fn to_json(&self) -> Value {
        let headers: Map<String, Value> =
            self.headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        let mut shown = json!({
            "method": self.method,
            "headers": headers,
            "body": String::from_utf8_lossy(self.body),
        });
        if let (Some(shown), Some(verification)) = (shown.as_object_mut(), self.verification()) {
            shown.insert("verification".to_owned(), verification);
        }
        shown
    }

    fn verification(&self) -> Option<Value> {
        match self.verdict {
            Verified::NotAsked => None,
            Verified::Yes(verdict) => Some(verify::as_json(Ok(verdict))),
            Verified::No(refused) => Some(verify::as_json(Err(refused))),
        }
    }
}

/// How far a body stands in, so that no line of it begins where ours do.
const BODY_INDENT: usize = 4;

/// JSON with line breaks, everything else as it is.
fn pretty(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if serde_json::from_str::<&RawValue>(&text).is_ok() {
        harmless::indented(&indented(&harmless::json(&text)), BODY_INDENT)
    } else {
        harmless::indented(&text, BODY_INDENT)
    }
}

/// Breaks lines in well-formed JSON without changing how anything in it is spelt.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for character in json.chars() {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
            out.push(character);
            continue;
        }
        match character {
            '{' | '[' => {
                depth += 1;
                out.push(character);
                new_line(&mut out, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                close(&mut out, depth, character);
            }
            ',' => {
                out.push(character);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            ' ' | '\n' | '\r' | '\t' => {}
            _ => {
                in_string = character == '"';
                out.push(character);
            }
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(32)));
}

/// Empty objects and lists stay on one line.
fn close(out: &mut String, depth: usize, bracket: char) {
    let content = out.trim_end().len();
    if out.get(..content).is_some_and(|text| text.ends_with(['{', '['])) {
        out.truncate(content);
    } else {
        new_line(out, depth);
    }
    out.push(bracket);
}

#[cfg(test)]
mod tests {
    use super::*;
    use bluehook_core::signature::Refusal;

    #[test]
    fn json_is_indented_but_not_respelt() {
        assert_eq!(
            pretty(br#"{"a":[1e400,-0],"b":{},"c":"x\",{\\"}"#),
            "    {\n      \"a\": [\n        1e400,\n        -0\n      ],\n      \"b\": {},\n      \"c\": \"x\\\",{\\\\\"\n    }"
        );
        assert_eq!(pretty(b"[]"), "    []");
        assert_eq!(
            pretty("{\"\u{202e}\":\"\u{9b}\"}".as_bytes()),
            "    {\n      \"\\u202e\": \"\\u009b\"\n    }"
        );
        assert_eq!(pretty(b"not json \x1b[2J\nPOST valid"), "    not json \u{fffd}[2J\n    POST valid");
    }

    #[test]
    fn refusals_carry_their_hint() {
        let verdict = Verified::No(Refused { refusal: Refusal::SignatureMismatch, hint: Some("do this") });
        let delivery =
            Delivery { method: "POST", headers: &[("a".to_owned(), "b".to_owned())], body: b"{}", verdict };
        assert!(delivery.to_text(false).starts_with("POST REFUSED SIGNATURE_MISMATCH: "));
        assert!(delivery.to_text(false).contains("; hint: do this\n  a: b\n"));
        assert!(delivery.to_text(true).starts_with("POST \x1b[1;31mREFUSED "));
        assert_eq!(delivery.to_json()["verification"]["hint"], "do this");
    }
}
