//! The filter: which records a webhook wants, as a JSON match object.
//!
//! The syntax is the one that Hookdeck and Outpost use, with three operators of our own for what an event changed. It
//! is parsed once; evaluating it costs time in proportion to the payload, whatever a person wrote. Rules:
//! - A plain value matches an equal one, or an array that contains it; a plain array, an array that contains all of its
//!   members; an object below an array matches when any element does. An object in a plain array is a condition that
//!   some element has to meet.
//! - Operators take the value whole: `$eq` of a list compares lists, `$and` and `$or` hand it to each of their members.
//! - Types never convert. Numbers compare exactly, as the decimals that they are. Strings order by code point; where both
//!   sides are RFC 3339 date-times, `$gt`, `$gte`, `$lt` and `$lte` compare instants, to the millisecond.
//! - Missing is not `null`, and not equal to anything: `$neq`, `$nin` and `$not` hold for it.
//! - Of a repeated key the last one counts, as in JavaScript.

use alloc::{format, string::String, vec::Vec};

use crate::{
    input::{Fields, Problem, only, write_problems},
    json::{Json, RawJson},
    language::Language,
};

// JSON as a flat list of tokens.
mod document;

// Numbers as they stand in JSON, compared exactly.
mod number;

// Whether two values are the same, and which comes first.
mod compare;

// The parsed form: conditions, and the operators.
mod condition;

// What events have, so that it can be asked for.
mod places;

// From JSON to conditions, with every fault.
mod read;

// Does it match?
mod evaluate;

// Which condition held, on what.
mod trace;

// A condition in words.
mod sentence;

pub use document::Document;
pub use trace::{Sentence, Step, Trace};

use condition::Condition;
use document::Tape;

/// The most bytes of a filter, white space between tokens not counted.
pub const MAX_BYTES: usize = 8 * 1_024;

/// The deepest nesting of a filter's arrays and objects.
pub const MAX_DEPTH: usize = 16;

/// The most conditions of a filter, each member of a list of starts or ends being one. With it the time that a filter
/// takes is bounded, whatever its author wrote and however large the payload's arrays are. Members of `$in` do not count
/// (they are looked up at once), unless they are arrays or objects.
pub const MAX_CONDITIONS: usize = 100;

/// The most characters of a number in a filter: it is compared with every element of an array.
pub const MAX_NUMBER: usize = 64;

/// A filter that was found to be valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What it was read from; conditions point into it.
    tape: Tape,
    root: Condition,
    /// Whether any condition compares with `previousValue`.
    uses_changes: bool,
    /// How many there are that may be asked for each element of an array.
    conditions: usize,
}

impl Filter {
    /// Reads a filter for any payload.
    ///
    /// # Errors
    /// Everything that is wrong with it; pointers start at the filter.
    pub fn parse(text: &str) -> Result<Filter, Vec<Problem>> {
        read::filter(text, |_| Vec::new())
    }

    /// Reads a filter for events: conditions that no event can meet are problems too.
    ///
    /// # Errors
    /// Everything that is wrong with it; pointers start at the filter.
    pub fn for_events(text: &str) -> Result<Filter, Vec<Problem>> {
        read::filter(text, places::problems)
    }

    /// The filter as it was given, without white space between tokens, events' names as on the wire.
    pub fn as_json(&self) -> &str {
        self.tape.text()
    }

    /// Whether an event is one that the filter wants. Stops at the first condition that decides.
    pub fn matches(&self, document: &Document) -> bool {
        evaluate::matches(self, document)
    }

    /// How many conditions it has, at least one.
    pub fn conditions(&self) -> u64 {
        u64::try_from(self.conditions).unwrap_or(u64::MAX).max(1)
    }

    /// The most that asking it about a document can come to: each condition looks at each token once.
    pub fn cost(&self, document: &Document) -> u64 {
        self.conditions().saturating_mul(document.tokens())
    }

    /// The same, but every condition is asked, and told.
    pub fn trace(&self, document: &Document) -> Trace {
        trace::trace(self, document)
    }
}

/// Reads a filter that is a field of an object.
pub fn field<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<Filter> {
    let place = fields.pointer_to(name);
    Filter::for_events(raw.as_str()).map_err(|problems| fields.problems(below(&place, problems))).ok()
}

/// The problems of something nested.
fn below(place: &str, problems: Vec<Problem>) -> impl Iterator<Item = Problem> {
    problems
        .into_iter()
        .map(move |problem| Problem::new(format!("{place}{}", problem.pointer), problem.fault))
}

/// What is wrong with a filter, as JSON for JavaScript: `[{"pointer","code","params","detail"}]`, empty when nothing is.
pub fn validate_json(filter: &str, language: Language) -> String {
    write_problems(&Filter::for_events(filter).err().unwrap_or_default(), language)
}

/// Matches a filter against a payload, from JSON to JSON for JavaScript:
/// `{"matches","trace":[{"pointer","holds","at"?,"value"?}],"why":null|{"en","it"}}`. The payload is an object
/// such as `{"event","previousValue","currentValue","companyId","projectId","userId"}`.
///
/// # Errors
/// Everything that is wrong with either; pointers start with `/filter` or `/payload`.
pub fn match_json(filter: &str, payload: &str) -> Result<String, Vec<Problem>> {
    let filter = Filter::parse(filter).map_err(|problems| below("/filter", problems).collect::<Vec<_>>())?;
    let payload = RawJson::parse(payload).map_err(|error| only("/payload", error.into()))?;
    let document = Document::read(&payload);
    let on_the_wire = places::with_wire_names(document.tape()).and_then(|text| RawJson::parse(&text).ok());
    let document = on_the_wire.map_or(document, |payload| Document::read(&payload));
    Ok(filter.trace(&document).to_json())
}

#[cfg(test)]
mod tests;
