//! A value within text that was found to be well formed: its parts are found by their brackets and quotes alone, and
//! nothing is read twice.

use alloc::borrow::Cow;
use core::fmt;

use super::{JsonError, text::Text};

/// One JSON value as it stands in a text: in its own spelling, white space between its tokens included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// Checks that a text is one JSON value.
    ///
    /// # Errors
    /// [`JsonError::Syntax`] where it breaks JSON's grammar.
    pub fn parse(text: &'a str) -> Result<Json<'a>, JsonError> {
        let serde::de::IgnoredAny = serde_json::from_str(text)?;
        Ok(Json(text.trim_ascii()))
    }

    /// The value's text.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// What kind of value it is.
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'"') => Kind::String,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            _ => Kind::Number,
        }
    }

    /// What a string says; `None` for anything else, and for a string with an unpaired surrogate, which no text can hold.
    pub fn string(self) -> Option<Cow<'a, str>> {
        self.text()?.unescaped()
    }

    /// A string as it stands between its quotes.
    fn text(self) -> Option<Text<'a>> {
        let inside = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(Text::new(inside, inside.contains('\\')))
    }

    /// An array's elements; `None` for anything else.
    pub fn elements(self) -> Option<impl Iterator<Item = Json<'a>>> {
        self.0.strip_prefix('[').map(Parts)
    }

    /// An object's members in the order given, repeated ones included; `None` for anything else. In names, an unpaired
    /// surrogate becomes U+FFFD.
    pub fn members(self) -> Option<impl Iterator<Item = (Cow<'a, str>, Json<'a>)>> {
        let mut parts = Parts(self.0.strip_prefix('{')?);
        Some(core::iter::from_fn(move || Some((parts.next()?.text()?.readable(), parts.next()?))))
    }
}

/// What is left of a container's inside: elements, or names and values in turn. Own code, for the npm package's limit: read
/// by `serde_json` as lists and maps of `RawValue` they would add 13 KB to the preview, and value by value, as a stream, 1 KB, most of what is left.
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        let rest = self.0.trim_start_matches([' ', '\n', '\r', '\t', ',', ':']);
        let end = value_end(rest.as_bytes());
        let (part, rest) = rest.split_at_checked(end).filter(|(part, _)| !part.is_empty())?;
        self.0 = rest;
        Some(Json(part))
    }
}

/// Where the value ends that begins the text; 0 where none does.
fn value_end(bytes: &[u8]) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at + 1).0,
            b'[' | b'{' => {
                depth += 1;
                at += 1;
            }
            b']' | b'}' if depth == 0 => break,
            b']' | b'}' => {
                depth -= 1;
                at += 1;
            }
            _ if depth == 0 => at = scalar_end(bytes, at),
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Where a number or a literal ends.
pub(crate) fn scalar_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
    from + rest.iter().position(ends).unwrap_or(rest.len())
}

/// Where a string ends whose inside begins at `from`, closing quote included, and whether it has escapes.
pub(crate) fn string_end(bytes: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    let mut escaped = false;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) {
            Some(offset) if rest.get(offset) == Some(&b'"') => return (at + offset + 1, escaped),
            Some(offset) => {
                escaped = true;
                at += offset + 2;
            }
            None => return (bytes.len(), escaped),
        }
    }
}

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::String, vec::Vec};
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    fn elements(text: &str) -> Vec<&str> {
        Json::parse(text).unwrap().elements().unwrap().map(Json::as_str).collect()
    }

    #[test]
    fn a_container_is_split_into_its_parts() {
        assert_eq!(elements(" [ ] "), [""; 0]);
        assert_eq!(
            elements(r#"[1, -0 ,null,"a]\",[","",[[],{}],{"a":[1]}]"#),
            ["1", "-0", "null", r#""a]\",[""#, r#""""#, "[[],{}]", r#"{"a":[1]}"#]
        );
        let object = Json::parse("{ \"a\" : 1,\n\"\\u0062\":{\"c\":\"}\"},\"a\":[ ],\"\\ud800\":2}").unwrap();
        let members: Vec<String> =
            object.members().unwrap().map(|(name, value)| format!("{name}={}", value.as_str())).collect();
        assert_eq!(members, ["a=1", r#"b={"c":"}"}"#, "a=[ ]", "\u{fffd}=2"]);
        assert!(object.elements().is_none() && Json::parse("[]").unwrap().members().is_none());
    }

    #[test]
    fn strings_are_unescaped() {
        let string = |text| Json::parse(text).unwrap().string();
        assert_eq!(string(r#" "plain" "#).unwrap(), "plain");
        assert_eq!(string(r#""\ud83d\ude00\"\/\n""#).unwrap(), "😀\"/\n");
        assert_eq!(string(r#""\ud83d""#), None);
        assert_eq!(string("12"), None);
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let scalar = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            r#"[a-z"\\\[\]{},: é]{0,6}"#.prop_map(Into::into),
        ];
        scalar.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(r#"[a-z"\\{} ]{0,4}"#, inner, 0..6)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn parts_are_those_that_serde_json_finds(json in any_json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) }.unwrap();
            let own = Json::parse(&text).unwrap();
            match own.kind() {
                Kind::Array => {
                    let parts: Vec<&RawValue> = serde_json::from_str(&text).unwrap();
                    prop_assert!(own.elements().unwrap().map(Json::as_str).eq(parts.iter().map(|part| part.get())));
                }
                Kind::Object => {
                    let parts: alloc::collections::BTreeMap<String, &RawValue> = serde_json::from_str(&text).unwrap();
                    let own: alloc::collections::BTreeMap<String, &str> =
                        own.members().unwrap().map(|(name, value)| (name.into_owned(), value.as_str())).collect();
                    prop_assert!(own.iter().map(|(name, part)| (name.as_str(), *part)).eq(
                        parts.iter().map(|(name, part)| (name.as_str(), part.get()))
                    ));
                }
                Kind::String => prop_assert_eq!(own.string().unwrap(), json.as_str().unwrap()),
                _ => prop_assert_eq!(own.as_str(), &*text),
            }
        }
    }
}
