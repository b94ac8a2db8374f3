//! A condition that did not hold, in words.

use alloc::{borrow::ToOwned, format, string::String};

use super::{
    Filter,
    condition::{Condition, Operator},
    document::{Key, Place, Value},
    trace::{Answer, Sentence},
};
use crate::json::{Kind, Text};

/// The most characters of a value that a sentence repeats.
const MAX_SHOWN: usize = 60;

/// Why a condition did not hold: what it asks of which place, and what stood there.
pub(super) fn of(
    filter: &Filter,
    condition: &Condition,
    place: Place,
    answer: Answer<'_>,
) -> Option<Sentence> {
    let (en, it) = asks(condition, filter.tape.value(place)?);
    let (en_found, it_found) = match answer.value.map(shown) {
        Some(_) if condition.is_group() => ("that is not so".to_owned(), "non è così".to_owned()),
        Some(value) => (format!("it is {value}"), format!("è {value}")),
        None => ("it is missing".to_owned(), "manca".to_owned()),
    };
    let path = path(filter, place);
    let (en_path, it_path) = match path.as_str() {
        "" => ("the event", "l'evento"),
        path => (path, path),
    };
    Some(Sentence {
        en: format!("The filter does not match: {en_path} {en}, but {en_found}."),
        it: format!("Il filtro non corrisponde: {it_path} {it}, ma {it_found}."),
    })
}

/// What is said when no single condition is the reason.
pub(super) fn general() -> Sentence {
    Sentence {
        en: "The filter does not match this event.".to_owned(),
        it: "Il filtro non corrisponde a questo evento.".to_owned(),
    }
}

/// The place in the payload that a condition is about: the names above it that are not operators.
fn path(filter: &Filter, place: Place) -> String {
    let mut path = String::new();
    for key in filter.tape.path(place) {
        if let Key::Name(name) = key
            && !name.starts_with(Text::plain("$"))
        {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(&name.readable());
        }
    }
    path
}

/// What a condition asks, with its verb.
fn asks(condition: &Condition, operand: Value<'_>) -> (String, String) {
    let value = shown(operand);
    let both = |en: &str, it: &str| (format!("{en} {value}"), format!("{it} {value}"));
    match condition {
        Condition::Test(_, operator) => operator_asks(*operator, operand),
        Condition::OneOf(_, true, _) => operator_asks(Operator::In, operand),
        Condition::OneOf(_, false, _) => operator_asks(Operator::Nin, operand),
        Condition::Not(..) => both("should not meet", "non dovrebbe soddisfare"),
        Condition::Contains(..) => both("should contain all of", "dovrebbe contenere tutti gli elementi di"),
        Condition::All(_) | Condition::Members(_) | Condition::And(..) => {
            both("should meet all of", "dovrebbe soddisfare tutto di")
        }
        Condition::Or(..) => both("should meet one of", "dovrebbe soddisfare uno di"),
    }
}

fn operator_asks(operator: Operator, operand: Value<'_>) -> (String, String) {
    let value = shown(operand);
    let both = |en: &str, it: &str| (format!("{en} {value}"), format!("{it} {value}"));
    let either = |yes: (&str, &str), no: (&str, &str)| {
        let (en, it) = if operand.json() == "true" { yes } else { no };
        (en.to_owned(), it.to_owned())
    };
    let is_list = operand.kind() == Kind::Array;
    match operator {
        Operator::Is | Operator::Eq => both("should be", "dovrebbe essere"),
        Operator::Neq => both("should not be", "non dovrebbe essere"),
        Operator::Gt => both("should be greater than", "dovrebbe essere maggiore di"),
        Operator::Gte => both("should be at least", "dovrebbe essere almeno"),
        Operator::Lt => both("should be less than", "dovrebbe essere minore di"),
        Operator::Lte => both("should be at most", "dovrebbe essere al massimo"),
        Operator::In if is_list => both("should be one of", "dovrebbe essere uno di"),
        Operator::In => both("should contain", "dovrebbe contenere"),
        Operator::Nin if is_list => both("should not be one of", "non dovrebbe essere uno di"),
        Operator::Nin => both("should not contain", "non dovrebbe contenere"),
        Operator::StartsWith => both("should start with", "dovrebbe iniziare con"),
        Operator::EndsWith => both("should end with", "dovrebbe finire con"),
        Operator::Exist => {
            either(("should exist", "dovrebbe esistere"), ("should not exist", "non dovrebbe esistere"))
        }
        Operator::Changed => either(
            ("should have changed", "dovrebbe essere cambiato"),
            ("should not have changed", "non dovrebbe essere cambiato"),
        ),
        Operator::ChangedFrom => both("should have changed from", "dovrebbe essere cambiato da"),
        Operator::ChangedTo => both("should have changed to", "dovrebbe essere cambiato in"),
    }
}

/// A value as a sentence repeats it: cut where it is long.
fn shown(value: Value<'_>) -> String {
    let json = value.json();
    match json.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => [json.get(..end).unwrap_or_default(), "…"].concat(),
        None => json.to_owned(),
    }
}
