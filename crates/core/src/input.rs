//! Reading a JSON object field by field, so that a person is told everything that is wrong with it at once.
//!
//! Each problem names its place by a JSON Pointer (RFC 6901), what was found and what was expected. Values keep their
//! spelling (see [`crate::json`]). A name given twice is a problem: which of the two was meant cannot be known.

use alloc::{borrow::Cow, collections::BTreeSet, format, string::String, vec::Vec};

use crate::{
    json::{Json, JsonError, Kind, MAX_DEPTH, RawJson},
    signature::{MAX_SECRET, MIN_SECRET, SecretError},
};

// What was wrong, and where.
mod problem;

// Everything that can be wrong.
mod fault;

// The words by which programs tell it apart.
mod code;

// What was expected, and what was found.
mod expected;

// What there may be too much of.
mod unit;

// What a sentence needs, for programs.
mod params;

// The sentences, in each language.
mod english;
mod italian;

pub use code::Code;
pub use expected::Expected;
pub use fault::{Fault, Found, Names, UrlReason};
pub use problem::{Problem, push_pointer, write_problems};
pub use unit::Unit;

impl From<SecretError> for Fault {
    fn from(error: SecretError) -> Fault {
        match error {
            SecretError::Spoilt => Fault::SecretEncoding,
            SecretError::TooShort => Fault::SecretShort(MIN_SECRET),
            SecretError::TooLong => Fault::SecretLong(MAX_SECRET),
        }
    }
}

/// The fields of one JSON object, taken out one by one; what is left at the end was not known.
#[derive(Debug)]
pub struct Fields<'a> {
    pointer: String,
    entries: Vec<(Cow<'a, str>, Json<'a>)>,
    known: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    /// Reads a whole document that has to be an object.
    ///
    /// # Errors
    /// One problem when the bytes are not UTF-8, not JSON, or not an object.
    pub fn parse(bytes: &'a [u8]) -> Result<Fields<'a>, Vec<Problem>> {
        let json = Json::parse(utf8(bytes)?).map_err(|error| only("", Fault::from(error)))?;
        Fields::of(json, String::new())
    }

    /// The fields of a nested value, whose problems then carry `pointer` in front.
    ///
    /// # Errors
    /// One problem when the value is not an object.
    pub fn of(raw: Json<'a>, pointer: String) -> Result<Fields<'a>, Vec<Problem>> {
        let Some(members) = raw.members() else {
            return Err(only(pointer, Fault::WrongType(Expected::Object, raw.kind())));
        };
        let mut fields = Fields { pointer, entries: Vec::new(), known: Vec::new(), problems: Vec::new() };
        fields.take_in(members);
        Ok(fields)
    }

    fn take_in(&mut self, members: impl Iterator<Item = (Cow<'a, str>, Json<'a>)>) {
        let mut seen: Vec<Cow<'a, str>> = Vec::new();
        for (name, raw) in members {
            if self.entries.iter().any(|(earlier, _)| *earlier == name) {
                if !seen.contains(&name) {
                    self.problem(&name, Fault::Repeated);
                    seen.push(name);
                }
            } else if self.entries.len() < MAX_FIELDS {
                self.entries.push((name, raw));
            } else {
                let fault = Fault::AtMost(Unit::Fields, MAX_FIELDS, None);
                self.problems.push(Problem::new(&*self.pointer, fault));
                return;
            }
        }
    }

    /// Notes a problem with a field.
    pub fn problem(&mut self, name: &str, fault: Fault) {
        let pointer = self.pointer_to(name);
        self.problems.push(Problem::new(pointer, fault));
    }

    /// Notes a problem with a member of a field that is a list.
    fn problem_at(&mut self, name: &str, i: usize, fault: Fault) {
        let pointer = format!("{}/{i}", self.pointer_to(name));
        self.problems.push(Problem::new(pointer, fault));
    }

    /// Notes problems found elsewhere, such as in a nested value.
    pub fn problems(&mut self, found: impl IntoIterator<Item = Problem>) {
        self.problems.extend(found);
    }

    /// Ends the reading with what else is wrong with what could be read: told too, but not of fields that have a problem
    /// already, whose value stands for nothing.
    pub fn finish_with<T>(mut self, found: Vec<Problem>, value: T) -> Result<T, Vec<Problem>> {
        let told: BTreeSet<String> = self.problems.iter().map(|problem| problem.pointer.clone()).collect();
        self.problems.extend(found.into_iter().filter(|problem| !is_told(&told, &problem.pointer)));
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
    pub fn raw(&mut self, name: &'static str) -> Option<Json<'a>> {
        self.known.push(name);
        let at = self.entries.iter().position(|(known, _)| known == name)?;
        Some(self.entries.remove(at).1)
    }

    /// Takes a field that may be absent or `null`: `None` absent, `Some(None)` null.
    pub fn nullable<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str, Json<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        let raw = self.raw(name)?;
        if raw.kind() == Kind::Null { Some(None) } else { read(self, name, raw).map(Some) }
    }

    /// Takes a field that may be absent; `null` counts as absent.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str, Json<'a>) -> Option<T>,
    ) -> Option<T> {
        self.nullable(name, read).flatten()
    }

    /// Notes a problem with a field that is `null` and takes it out: afterwards it counts as absent.
    pub fn refuse_null(&mut self, name: &str, expected: Expected) {
        let before = self.entries.len();
        self.entries.retain(|(known, raw)| known != name || raw.kind() != Kind::Null);
        if self.entries.len() < before {
            self.problem(name, Fault::WrongType(expected, Kind::Null));
        }
    }

    /// Takes a field that has to be there and not `null`.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Self, &'static str, Json<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.raw(name) {
            None => {
                self.problem(name, Fault::Required);
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
        for (i, (name, _)) in core::mem::take(&mut self.entries).into_iter().enumerate() {
            // Looking for what was meant takes long: it is done for the first few.
            let names = if i < MAX_GUESSES {
                Names::near(&name, &self.known)
            } else {
                Names { nearest: None, allowed: self.known.clone() }
            };
            self.problem(&shown(&name), Fault::UnknownField(names));
        }
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(self.problems),
        }
    }
}

/// Whether something is told of a place, of one around it, or of one within it.
fn is_told(told: &BTreeSet<String>, pointer: &str) -> bool {
    let mut around = pointer.match_indices('/').filter_map(|(at, _)| pointer.get(..at)).chain([pointer]);
    let within = format!("{pointer}/");
    around.any(|place| told.contains(place))
        || told.range(within.clone()..).next().is_some_and(|next| next.starts_with(&within))
}

/// For how many unknown names what was probably meant is looked for.
const MAX_GUESSES: usize = 8;

/// The one problem there is.
pub(crate) fn only(pointer: impl Into<String>, fault: Fault) -> Vec<Problem> {
    Vec::from([Problem::new(pointer, fault)])
}

/// The text of a document.
///
/// # Errors
/// Where it is not UTF-8, or begins with a byte-order mark, which JSON must not (RFC 8259).
pub fn utf8(bytes: &[u8]) -> Result<&str, Vec<Problem>> {
    match core::str::from_utf8(bytes) {
        // UTF-16 in either order.
        Err(_) if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => Err(only("", Fault::ByteOrderMark)),
        Ok(text) if text.starts_with('\u{feff}') => Err(only("", Fault::ByteOrderMark)),
        Ok(text) => Ok(text),
        Err(error) => Err(only("", Fault::NotUtf8(error.valid_up_to()))),
    }
}

impl From<JsonError> for Fault {
    fn from(error: JsonError) -> Fault {
        match error {
            JsonError::Syntax { reason, line, column } => Fault::NotJson { reason, line, column },
            JsonError::TooDeep => Fault::TooDeep(MAX_DEPTH),
        }
    }
}

/// The most fields that any object read this way may have.
const MAX_FIELDS: usize = 64;

/// Reads text of at most `max` characters; empty text and control characters are refused.
pub fn text<'a>(max: usize) -> impl FnOnce(&mut Fields<'a>, &'static str, Json<'a>) -> Option<String> {
    move |fields, name, raw| {
        let text = any_text(fields, name, raw)?;
        match text_problem(&text, max) {
            Some(fault) => {
                fields.problem(name, fault);
                None
            }
            None => Some(text),
        }
    }
}

/// What is wrong with text that has to be 1 to `max` characters long, none of them a control character.
pub fn text_problem(text: &str, max: usize) -> Option<Fault> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        Some(Fault::Empty)
    } else if length > max {
        Some(Fault::AtMost(Unit::Characters, max, Some(length)))
    } else if text.chars().any(char::is_control) {
        Some(Fault::WrongForm(Expected::PlainText))
    } else {
        None
    }
}

/// Reads a string of any length.
pub fn any_text<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<String> {
    match string(raw) {
        Ok(text) => Some(text),
        Err(fault) => {
            fields.problem(name, fault);
            None
        }
    }
}

/// Reads `true` or `false`.
pub fn boolean<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<bool> {
    match raw.as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => {
            fields.problem(name, Fault::WrongType(Expected::Boolean, raw.kind()));
            None
        }
    }
}

/// Reads a whole number within a range.
pub fn integer<'a>(
    range: core::ops::RangeInclusive<i64>,
) -> impl FnOnce(&mut Fields<'a>, &'static str, Json<'a>) -> Option<i64> {
    move |fields, name, raw| {
        let found = match raw.kind() {
            Kind::Number => whole(raw.as_str(), &range),
            other => Err(not_whole(&range, Found::Kind(other))),
        };
        found.map_err(|fault| fields.problem(name, fault)).ok()
    }
}

/// Reads text that is a whole number within a range.
///
/// # Errors
/// What is wrong with it.
pub fn whole(text: &str, range: &core::ops::RangeInclusive<i64>) -> Result<i64, Fault> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| not_whole(range, Found::Text(shown(text))))
}

fn not_whole(range: &core::ops::RangeInclusive<i64>, found: Found) -> Fault {
    Fault::NotWhole { min: *range.start(), max: *range.end(), found }
}

/// Reads any JSON value, kept in its own spelling.
pub fn value<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<RawJson> {
    match RawJson::of(raw) {
        Ok(value) => Some(value),
        Err(error) => {
            fields.problem(name, error.into());
            None
        }
    }
}

/// Reads a list of at most `max` strings, each turned into something by `read`; every bad member is its own problem.
pub fn list<'a, T>(
    max: usize,
    read: impl Fn(&str) -> Result<T, Fault>,
) -> impl FnOnce(&mut Fields<'a>, &'static str, Json<'a>) -> Option<Vec<T>> {
    move |fields, name, raw| {
        let members = strings(fields, name, raw, max)?;
        let mut read_members = Vec::with_capacity(members.len());
        for (i, member) in members.iter().enumerate() {
            match member.as_ref().map_err(Clone::clone).and_then(|text| read(text)) {
                Ok(member) => read_members.push(member),
                Err(fault) => fields.problem_at(name, i, fault),
            }
        }
        (read_members.len() == members.len()).then_some(read_members)
    }
}

/// The members of a list of at most `max` strings, those that are none with what is wrong.
fn strings<'a>(
    fields: &mut Fields<'a>,
    name: &str,
    raw: Json<'a>,
    max: usize,
) -> Option<Vec<Result<String, Fault>>> {
    let Some(members) = raw.elements() else {
        fields.problem(name, Fault::WrongType(Expected::Strings, raw.kind()));
        return None;
    };
    // They are counted before any of them is looked at.
    let found = members.count();
    if found > max {
        fields.problem(name, Fault::AtMost(Unit::Entries, max, Some(found)));
        return None;
    }
    Some(raw.elements()?.map(string).collect())
}

fn string(raw: Json<'_>) -> Result<String, Fault> {
    if raw.kind() != Kind::String {
        return Err(Fault::WrongType(Expected::String, raw.kind()));
    }
    raw.string().map(Cow::into_owned).ok_or(Fault::LoneSurrogate)
}

/// What was found as an error repeats it: cut where it is long.
pub fn shown(name: &str) -> String {
    name.chars().take(64).collect()
}

/// Names in back quotes, with commas between, and `last` before the last one.
fn quoted(names: &[&str], last: &str) -> String {
    let mut out = String::new();
    for (i, name) in names.iter().enumerate() {
        let between = if i + 1 == names.len() { last } else { ", " };
        out.push_str(if i == 0 { "" } else { between });
        out.push('`');
        out.push_str(name);
        out.push('`');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(String, Vec<String>), Vec<Problem>> {
        let mut fields = Fields::parse(body.as_bytes())?;
        let name = fields.required("name", text(5));
        let tags = fields
            .optional("tags", list(2, |tag| if tag == "x" { Err(Fault::Repeated) } else { Ok(tag.into()) }));
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
                "/tags/0: given more than once",
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
        let problems = Fields::parse(b"{\"name\":\"\xff\"}").unwrap_err();
        assert_eq!(problems, [Problem::new("", Fault::NotUtf8(9))]);
    }
}
