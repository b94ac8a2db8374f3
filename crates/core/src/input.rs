//! Reading a JSON object field by field, so that a person is told everything that is wrong with it at once.
//!
//! Each problem names its place by a JSON Pointer (RFC 6901), what was found and what was expected. Values keep their
//! spelling (see [`crate::json`]). A name given twice is a problem: which of the two was meant cannot be known.

use alloc::{borrow::Cow, borrow::ToOwned, format, string::String, vec::Vec};
use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::{
    json::{JsonError, RawJson},
    nearest::nearest,
};

// What was wrong, and where.
mod problem;

pub use problem::{Problem, push_pointer, write_problems};

/// The fields of one JSON object, taken out one by one; what is left at the end was not known.
#[derive(Debug)]
pub struct Fields<'a> {
    pointer: String,
    entries: Vec<(Cow<'a, str>, &'a RawValue)>,
    known: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    /// Reads a whole document that has to be an object.
    ///
    /// # Errors
    /// One problem when the bytes are not UTF-8, not JSON, or not an object.
    pub fn parse(bytes: &'a [u8]) -> Result<Fields<'a>, Problem> {
        let text = core::str::from_utf8(bytes)
            .map_err(|error| Problem::new("", format!("not valid UTF-8 at byte {}", error.valid_up_to())))?;
        let raw: &RawValue = serde_json::from_str(text)
            .map_err(|error| Problem::new("", format!("{}", JsonError::from(error))))?;
        Fields::of(raw, String::new())
    }

    /// The fields of a nested value, whose problems then carry `pointer` in front.
    ///
    /// # Errors
    /// One problem when the value is not an object.
    pub fn of(raw: &'a RawValue, pointer: String) -> Result<Fields<'a>, Problem> {
        if kind_of(raw) != Kind::Object {
            return Err(Problem::new(pointer, format!("expected an object, found {}", kind_of(raw))));
        }
        let Entries(entries) = serde_json::from_str(raw.get())
            .map_err(|error| Problem::new(pointer.clone(), format!("{}", JsonError::from(error))))?;
        let mut fields = Fields { pointer, entries, known: Vec::new(), problems: Vec::new() };
        fields.drop_repeated();
        Ok(fields)
    }

    fn drop_repeated(&mut self) {
        let mut seen: Vec<Cow<'a, str>> = Vec::new();
        for (name, raw) in core::mem::take(&mut self.entries) {
            if self.entries.iter().any(|(earlier, _)| *earlier == name) {
                if !seen.contains(&name) {
                    self.problem(&name, "given more than once");
                    seen.push(name);
                }
            } else if self.entries.len() < MAX_FIELDS {
                self.entries.push((name, raw));
            } else {
                self.problems.push(Problem::new(&*self.pointer, format!("more than {MAX_FIELDS} fields")));
                return;
            }
        }
    }

    /// Notes a problem with a field.
    pub fn problem(&mut self, name: &str, detail: impl Into<String>) {
        let pointer = self.pointer_to(name);
        self.problems.push(Problem::new(pointer, detail));
    }

    /// Notes problems found elsewhere, such as in a nested value.
    pub fn problems(&mut self, found: impl IntoIterator<Item = Problem>) {
        self.problems.extend(found);
    }

    /// Ends the reading with what else is wrong with what could be read: told too, but not of fields that have a problem
    /// already, whose value stands for nothing.
    pub fn finish_with<T>(mut self, found: Vec<Problem>, value: T) -> Result<T, Vec<Problem>> {
        let told: Vec<String> = self.problems.iter().map(|problem| problem.pointer.clone()).collect();
        let is_new = |problem: &Problem| !told.iter().any(|pointer| overlap(pointer, &problem.pointer));
        self.problems.extend(found.into_iter().filter(is_new));
        self.finish(Some(value))
    }

    /// Whether nothing was wrong so far.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The JSON Pointer of a field.
    pub fn pointer_to(&self, name: &str) -> String {
        let mut pointer = self.pointer.clone();
        push_pointer(&mut pointer, name);
        pointer
    }

    /// Takes a field as it stands. `None` when it is absent.
    pub fn raw(&mut self, name: &'static str) -> Option<&'a RawValue> {
        self.known.push(name);
        let at = self.entries.iter().position(|(known, _)| known == name)?;
        Some(self.entries.remove(at).1)
    }

    /// Takes a field that may be absent or `null`: `None` absent, `Some(None)` null.
    pub fn nullable<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str, &'a RawValue) -> Option<T>,
    ) -> Option<Option<T>> {
        let raw = self.raw(name)?;
        if kind_of(raw) == Kind::Null { Some(None) } else { read(self, name, raw).map(Some) }
    }

    /// Takes a field that may be absent; `null` counts as absent.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str, &'a RawValue) -> Option<T>,
    ) -> Option<T> {
        self.nullable(name, read).flatten()
    }

    /// Takes a field that has to be there and not `null`.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str, &'a RawValue) -> Option<T>,
    ) -> Option<T> {
        match self.raw(name) {
            None => {
                self.problem(name, "required, but missing");
                None
            }
            Some(raw) => read(self, name, raw),
        }
    }

    /// Lets what was not asked for pass, where an object may carry more than is read here.
    pub fn leave_the_rest(&mut self) {
        self.entries.clear();
    }

    /// Ends the reading: what was not asked for is unknown. Gives `value` when nothing was wrong.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<Problem>> {
        for (name, _) in core::mem::take(&mut self.entries) {
            let detail = match nearest(&name, self.known.iter().copied()) {
                Some(known) => format!("unknown field; did you mean `{known}`?"),
                None => format!("unknown field; expected {}", Listed(&self.known)),
            };
            self.problem(&shown(&name), detail);
        }
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(self.problems),
        }
    }
}

/// Whether one place is the other, or within it.
fn overlap(one: &str, other: &str) -> bool {
    let within = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    within(one, other) || within(other, one)
}

/// The members of an object in the order given, repeated ones included; `None` when it is none.
pub(crate) fn members(raw: &RawValue) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    serde_json::from_str(raw.get()).ok().map(|Entries(entries)| entries)
}

/// The most fields that any object read this way may have.
const MAX_FIELDS: usize = 64;

/// Reads text of at most `max` characters; empty text and control characters are refused.
pub fn text<'a>(max: usize) -> impl FnOnce(&mut Fields<'a>, &'static str, &'a RawValue) -> Option<String> {
    move |fields, name, raw| {
        let text = any_text(fields, name, raw)?;
        match text_problem(&text, max) {
            Some(detail) => {
                fields.problem(name, detail);
                None
            }
            None => Some(text),
        }
    }
}

/// What is wrong with text that has to be 1 to `max` characters long, none of them a control character.
pub fn text_problem(text: &str, max: usize) -> Option<String> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        Some("must not be empty".to_owned())
    } else if length > max {
        Some(format!("at most {max} characters, found {length}"))
    } else if text.chars().any(char::is_control) {
        Some("must not contain control characters".to_owned())
    } else {
        None
    }
}

/// Reads a string of any length.
pub fn any_text<'a>(fields: &mut Fields<'a>, name: &'static str, raw: &'a RawValue) -> Option<String> {
    match string(raw) {
        Ok(text) => Some(text),
        Err(detail) => {
            fields.problem(name, detail);
            None
        }
    }
}

/// Reads `true` or `false`.
pub fn boolean<'a>(fields: &mut Fields<'a>, name: &'static str, raw: &'a RawValue) -> Option<bool> {
    match raw.get() {
        "true" => Some(true),
        "false" => Some(false),
        _ => {
            fields.problem(name, format!("expected true or false, found {}", kind_of(raw)));
            None
        }
    }
}

/// Reads a whole number within a range.
pub fn integer<'a>(
    range: core::ops::RangeInclusive<i64>,
) -> impl FnOnce(&mut Fields<'a>, &'static str, &'a RawValue) -> Option<i64> {
    move |fields, name, raw| match raw.get().parse::<i64>() {
        Ok(n) if range.contains(&n) => Some(n),
        _ => {
            let found =
                if kind_of(raw) == Kind::Number { raw.get().to_owned() } else { format!("{}", kind_of(raw)) };
            let (from, to) = (range.start(), range.end());
            fields.problem(name, format!("expected a whole number from {from} to {to}, found {found}"));
            None
        }
    }
}

/// Reads any JSON value, kept in its own spelling.
pub fn value<'a>(fields: &mut Fields<'a>, name: &'static str, raw: &'a RawValue) -> Option<RawJson> {
    match RawJson::from_raw(raw) {
        Ok(value) => Some(value),
        Err(error) => {
            fields.problem(name, format!("{error}"));
            None
        }
    }
}

/// Reads a list of at most `max` strings, each turned into something by `read`; every bad member is its own problem.
pub fn list<'a, T>(
    max: usize,
    read: impl Fn(&str) -> Result<T, String>,
) -> impl FnOnce(&mut Fields<'a>, &'static str, &'a RawValue) -> Option<Vec<T>> {
    move |fields, name, raw| {
        let Ok(members) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
            fields.problem(name, format!("expected a list of strings, found {}", kind_of(raw)));
            return None;
        };
        if members.len() > max {
            fields.problem(name, format!("at most {max} entries, found {}", members.len()));
            return None;
        }
        let mut read_members = Vec::with_capacity(members.len());
        for (i, member) in members.iter().enumerate() {
            match string(member).and_then(|text| read(&text)) {
                Ok(member) => read_members.push(member),
                Err(detail) => {
                    let pointer = format!("{}/{i}", fields.pointer_to(name));
                    fields.problems.push(Problem::new(pointer, detail));
                }
            }
        }
        (read_members.len() == members.len()).then_some(read_members)
    }
}

fn string(raw: &RawValue) -> Result<String, String> {
    if kind_of(raw) != Kind::String {
        return Err(format!("expected a string, found {}", kind_of(raw)));
    }
    serde_json::from_str(raw.get())
        .map_err(|_| "expected a string of valid Unicode, found a lone surrogate".to_owned())
}

/// The kind of a JSON value, told by its first character.
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

/// The kind of a well-formed value.
pub fn kind_of(raw: &RawValue) -> Kind {
    match raw.get().as_bytes().first() {
        Some(b'n') => Kind::Null,
        Some(b't' | b'f') => Kind::Boolean,
        Some(b'"') => Kind::String,
        Some(b'[') => Kind::Array,
        Some(b'{') => Kind::Object,
        _ => Kind::Number,
    }
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

/// An unknown name as an error repeats it: cut where it is long.
fn shown(name: &str) -> String {
    name.chars().take(64).collect()
}

struct Listed<'a>(&'a [&'static str]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}`{name}`")?;
        }
        Ok(())
    }
}

/// An object's members in the order given, repeated names included.
struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut entries = Vec::new();
                while let Some((Name(name), raw)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    entries.push((name, raw));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// A member's name, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(String, Vec<String>), Vec<Problem>> {
        let mut fields = Fields::parse(body.as_bytes()).map_err(|problem| alloc::vec![problem])?;
        let name = fields.required("name", text(5));
        let tags = fields
            .optional("tags", list(2, |tag| if tag == "x" { Err("no x".into()) } else { Ok(tag.into()) }));
        fields.optional("flag", boolean);
        fields.optional("rate", integer(1..=9));
        fields.finish(name.zip(Some(tags.unwrap_or_default())))
    }

    #[track_caller]
    fn check(body: &str, expected: &[&str]) {
        let problems: Vec<String> = match read(body) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(|p| alloc::format!("{p}")).collect(),
        };
        assert_eq!(problems, expected, "{body}");
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        check(r#"{"name":"a","tags":["b"],"flag":true,"rate":9}"#, &[]);
        check(r#"{"name":"a","tags":null}"#, &[]);
        check("{}", &["/name: required, but missing"]);
        check(r#"{"name":null}"#, &["/name: expected a string, found null"]);
        check(
            r#"{"name":"abcdef","tags":["x",1],"flag":"yes","rate":0,"nam":1,"a/b~":2}"#,
            &[
                "/name: at most 5 characters, found 6",
                "/tags/0: no x",
                "/tags/1: expected a string, found a number",
                "/flag: expected true or false, found a string",
                "/rate: expected a whole number from 1 to 9, found 0",
                "/nam: unknown field; did you mean `name`?",
                "/a~1b~0: unknown field; expected `name`, `tags`, `flag`, `rate`",
            ],
        );
        check(r#"{"name":"a","name":"b","name":"c"}"#, &["/name: given more than once"]);
        check(r#"{"name":"\ud800"}"#, &["/name: expected a string of valid Unicode, found a lone surrogate"]);
        check(r#"{"name":" "}"#, &["/name: must not be empty"]);
        check("[]", &["expected an object, found an array"]);
        check(r#"{"name":"a","tags":["b","c","d"]}"#, &["/tags: at most 2 entries, found 3"]);
        check(r#"{"name":"a","tags":{}}"#, &["/tags: expected a list of strings, found an object"]);
        check("{\"name\":\n}", &["not valid JSON: expected value (line 2, column 1)"]);
    }

    #[test]
    fn bytes_that_are_not_text_are_told() {
        let problem = Fields::parse(b"{\"name\":\"\xff\"}").unwrap_err();
        assert_eq!(problem, Problem::new("", "not valid UTF-8 at byte 9"));
    }
}
