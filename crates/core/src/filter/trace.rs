//! Which condition held, on which value, and the first one that did not, in words.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::{
    Filter,
    condition::Condition,
    document::{Document, Place, Value},
    evaluate::{Evaluation, Spot},
    sentence,
};
use crate::json::write_string;

/// The longest value that a trace repeats, in bytes of JSON.
const MAX_VALUE: usize = 1_024;

/// How a filter fared with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Whether it matches.
    pub matches: bool,
    /// Each condition, in the filter's order. One that was asked of several elements of an array stands here once: as it
    /// was answered for the element that met it, or else for the last.
    pub steps: Vec<Step>,
    /// The first reason why it does not match, in English and in Italian.
    pub why: Option<Sentence>,
}

/// A sentence in two languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// In English.
    pub en: String,
    /// In Italian.
    pub it: String,
}

/// How one condition fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The condition: a JSON Pointer into the filter.
    pub pointer: String,
    /// Whether it held.
    pub holds: bool,
    /// What it was asked of: a JSON Pointer into the payload; `None` when nothing was there.
    pub at: Option<String>,
    /// What stood there, as JSON, unless it is long.
    pub value: Option<String>,
}

/// How a condition was last answered.
#[derive(Clone, Copy)]
pub(super) struct Answer<'d> {
    pub(super) value: Option<Value<'d>>,
    pub(super) holds: bool,
}

/// The last answer of every condition, by its place.
#[derive(Default)]
pub(super) struct Answers<'d>(Vec<(Place, Answer<'d>)>);

impl<'d> Answers<'d> {
    pub(super) fn note(&mut self, condition: Place, value: Option<Value<'d>>, holds: bool) {
        let answer = (condition, Answer { value, holds });
        match self.search(condition) {
            Ok(at) => self.0.get_mut(at).into_iter().for_each(|known| *known = answer),
            Err(at) => self.0.insert(at, answer),
        }
    }

    fn search(&self, condition: Place) -> Result<usize, usize> {
        self.0.binary_search_by_key(&condition, |(place, _)| *place)
    }

    fn get(&self, condition: Place) -> Option<Answer<'d>> {
        self.0.get(self.search(condition).ok()?).map(|(_, answer)| *answer)
    }
}

/// Asks every condition and tells how it fared.
pub(super) fn trace(filter: &Filter, document: &Document) -> Trace {
    let mut evaluation = Evaluation { filter, answers: Some(Answers::default()) };
    let matches = evaluation.holds(&filter.root, Spot::root(document));
    let answers = evaluation.answers.unwrap_or_default();
    let step = |(place, answer): &(Place, Answer<'_>)| Step {
        pointer: filter.tape.pointer(*place),
        holds: answer.holds,
        at: answer.value.map(|value| document.tape().pointer(value.place())),
        value: answer.value.map(Value::json).filter(|json| json.len() <= MAX_VALUE).map(ToOwned::to_owned),
    };
    let steps = answers.0.iter().map(step).collect();
    let why = if matches { None } else { Some(why(filter, &answers)) };
    Trace { matches, steps, why }
}

fn why(filter: &Filter, answers: &Answers<'_>) -> Sentence {
    let failed = first_failed(&filter.root, answers).and_then(|condition| {
        let place = condition.place()?;
        sentence::of(filter, condition, place, answers.get(place)?)
    });
    failed.unwrap_or_else(sentence::general)
}

/// The first condition that did not hold, as deep as "and" leads. Why none of `$or` or the inside of `$not` held is not
/// one reason, so they count as a whole.
fn first_failed<'f>(condition: &'f Condition, answers: &Answers<'_>) -> Option<&'f Condition> {
    match condition {
        Condition::All(conditions) | Condition::And(_, conditions) => {
            conditions.iter().find_map(|condition| first_failed(condition, answers))
        }
        Condition::Members(members) => {
            members.iter().find_map(|member| first_failed(&member.condition, answers))
        }
        _ => condition
            .place()
            .and_then(|place| answers.get(place))
            .filter(|answer| !answer.holds)
            .map(|_| condition),
    }
}

impl Trace {
    /// The trace as JSON: `{"matches","trace":[{"pointer","holds","at"?,"value"?}],"why":null|{"en","it"}}`.
    pub fn to_json(&self) -> String {
        let mut out = String::from(if self.matches { "{\"matches\":true" } else { "{\"matches\":false" });
        out.push_str(",\"trace\":[");
        for (i, step) in self.steps.iter().enumerate() {
            out.push_str(if i > 0 { "," } else { "" });
            step.write_json(&mut out);
        }
        out.push_str("],\"why\":");
        match &self.why {
            Some(Sentence { en, it }) => {
                out.push_str("{\"en\":");
                write_string(&mut out, en);
                out.push_str(",\"it\":");
                write_string(&mut out, it);
                out.push_str("}}");
            }
            None => out.push_str("null}"),
        }
        out
    }
}

impl Step {
    fn write_json(&self, out: &mut String) {
        out.push_str("{\"pointer\":");
        write_string(out, &self.pointer);
        out.push_str(if self.holds { ",\"holds\":true" } else { ",\"holds\":false" });
        if let Some(at) = &self.at {
            out.push_str(",\"at\":");
            write_string(out, at);
        }
        if let Some(value) = &self.value {
            out.push_str(",\"value\":");
            out.push_str(value);
        }
        out.push('}');
    }
}
