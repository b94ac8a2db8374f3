//! JSON kept exactly as it was given: checked, limited, never re-interpreted.
//!
//! A backend's values pass through Bluehook to receivers that check a signature over the bytes, so key order, number
//! spelling, escapes, repeated keys, `-0`, `1e400` and escaped lone surrogates stay what they were. Only white space
//! between tokens goes.

use alloc::{boxed::Box, string::String};
use core::fmt;

// A borrowed value and its parts.
mod value;

// Strings as they stand in JSON, compared by code point.
mod text;

pub use value::{Json, Kind};

pub(crate) use text::Text;
pub(crate) use value::{scalar_end, string_end};

/// The deepest nesting of arrays and objects that is taken in.
pub const MAX_DEPTH: usize = 128;

/// Text that was refused as JSON: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text breaks JSON's grammar.
    #[error("not valid JSON: {reason} (line {line}, column {column})")]
    Syntax {
        /// What the reader expected or met.
        reason: String,
        /// Counted from 1.
        line: usize,
        /// In bytes, counted from 1.
        column: usize,
    },
    /// Arrays and objects are nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// What stands between a reason and its place where `serde_json` tells both.
const PLACE: &[u8] = b" at line ";

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> JsonError {
        let text = alloc::format!("{error}");
        // What `serde_json` appends: the searcher of the standard library would be a good part of the npm package.
        let place = text.as_bytes().windows(PLACE.len()).position(|window| window == PLACE);
        let reason = place.and_then(|at| text.get(..at)).unwrap_or(&text).into();
        JsonError::Syntax { reason, line: error.line(), column: error.column() }
    }
}

/// One JSON value in its own spelling, without white space between tokens, at most [`MAX_DEPTH`] deep.
#[derive(Clone, PartialEq, Eq)]
pub struct RawJson(Box<str>);

impl RawJson {
    /// Checks the text and drops white space between tokens.
    pub fn parse(text: &str) -> Result<RawJson, JsonError> {
        RawJson::of(Json::parse(text)?)
    }

    /// The same for a value that was already found to be well formed.
    pub fn of(json: Json<'_>) -> Result<RawJson, JsonError> {
        Ok(RawJson(compact(json.as_str())?))
    }

    /// Takes text that an earlier [`RawJson`] gave, such as one read back from a store.
    pub fn from_stored(text: Box<str>) -> RawJson {
        RawJson(text)
    }

    /// The literal `null`.
    pub fn null() -> RawJson {
        RawJson("null".into())
    }

    /// Whether it is the literal `null`.
    pub fn is_null(&self) -> bool {
        &*self.0 == "null"
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<RawJson> for Box<str> {
    fn from(json: RawJson) -> Box<str> {
        json.0
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Drops white space outside strings from well-formed JSON and checks its depth.
fn compact(json: &str) -> Result<Box<str>, JsonError> {
    let mut out = String::with_capacity(json.len());
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    // What was read but not yet copied starts here; everything copied ends at ASCII, so slices fall between characters.
    let mut start = 0;
    for (at, byte) in json.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(JsonError::TooDeep);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b' ' | b'\n' | b'\r' | b'\t' => {
                out.push_str(json.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push_str(json.get(start..).unwrap_or_default());
    Ok(out.into_boxed_str())
}

/// Appends a JSON string literal, escaped as JavaScript's `JSON.stringify` does.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            0x0c => "\\f",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x00..0x20 => "",
            _ => continue,
        };
        out.push_str(text.get(start..at).unwrap_or_default());
        start = at + 1;
        if escape.is_empty() {
            let _ = fmt::Write::write_fmt(out, format_args!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(text.get(start..).unwrap_or_default());
    out.push('"');
}

/// Appends a JSON array of string literals.
pub fn write_strings<'a>(out: &mut String, texts: impl IntoIterator<Item = &'a str>) {
    out.push('[');
    for (i, text) in texts.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_string(out, text);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;
    use proptest::prelude::*;

    #[test]
    fn odd_spellings_stay_as_they_are() {
        for odd in [
            "-0",
            "1e400",
            "1E+2",
            "0.10",
            r#""\ud800""#,
            r#""\u00e9\/""#,
            r#"{"a":1,"a":2}"#,
            r#"{"b":1,"a":"32767.5"}"#,
            r#"" spaces \" inside ""#,
            "\"\u{7f}\u{e9}\u{1f600}\"",
            "[]",
            "{}",
            "null",
        ] {
            assert_eq!(RawJson::parse(odd).unwrap().as_str(), odd);
        }
        assert_eq!(RawJson::parse(" { \"a b\" :\r\n\t[ 1 , 2 ] } ").unwrap().as_str(), r#"{"a b":[1,2]}"#);
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for bad in
            ["", "{", "[1,]", "{\"a\" 1}", "01", "+1", "NaN", "'a'", "\"\\x\"", "\"\n\"", "1 2", "\u{feff}1"]
        {
            assert!(matches!(RawJson::parse(bad), Err(JsonError::Syntax { .. })), "{bad:?}");
        }
        let error = RawJson::parse("[1,\n x]").unwrap_err();
        assert_eq!(alloc::format!("{error}"), "not valid JSON: expected value (line 2, column 2)");
    }

    #[test]
    fn depth_is_limited_and_the_stack_is_safe() {
        let nested = |n: usize| ["[".repeat(n), "]".repeat(n)].concat();
        assert!(RawJson::parse(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(RawJson::parse(&nested(MAX_DEPTH + 1)), Err(JsonError::TooDeep));
        assert_eq!(RawJson::parse(&nested(100_000)), Err(JsonError::TooDeep));
    }

    proptest! {
        #[test]
        fn written_strings_read_back(text in any::<String>()) {
            let mut out = String::new();
            write_string(&mut out, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }

        #[test]
        fn compact_changes_nothing_but_white_space(text in any::<String>(), n in any::<f64>()) {
            let mut string = String::new();
            write_string(&mut string, &text);
            let spaced = alloc::format!(" [ {string} ,\n{n:?},\t{{ {string}:{string} }} ] ");
            let raw = RawJson::parse(&spaced);
            if n.is_finite() {
                let expected = alloc::format!("[{string},{n:?},{{{string}:{string}}}]");
                prop_assert_eq!(raw.unwrap().as_str().to_owned(), expected);
            }
        }
    }
}
