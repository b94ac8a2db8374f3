//! The rules of the filter, said as plainly as possible: no tapes, no care for speed.

use std::cmp::Ordering;

use super::{
    generate::DATES,
    json::Json::{self, Array, Bool, Null, Number, Object, Text},
};

/// Whether a payload meets a filter.
pub(super) fn matches(filter: &Json, payload: &Json) -> bool {
    holds(filter, Some(payload), Before::OfRoot(payload))
}

/// What stood in `previousValue` at the place that is being looked at.
#[derive(Clone, Copy)]
enum Before<'a> {
    /// The place is the payload itself: it has no before, but its `currentValue` does.
    OfRoot(&'a Json),
    At(Option<&'a Json>),
}

fn holds(condition: &Json, value: Option<&Json>, before: Before<'_>) -> bool {
    match condition {
        Object(keys) => {
            let fields: Vec<_> = keys.iter().filter(|(name, _)| !name.starts_with('$')).collect();
            let mut operators = keys.iter().filter(|(name, _)| name.starts_with('$'));
            (fields.is_empty() || fields_hold(&fields, value, before))
                && operators.all(|(name, operand)| operator_holds(name, operand, value, before))
        }
        Array(members) => {
            let some = |member: &Json| {
                some_element(value, before, |element, before| match member {
                    Object(_) => holds(member, Some(element), before),
                    _ => equal(member, element),
                })
            };
            matches!(value, Some(Array(_))) && members.iter().all(some)
        }
        plain => match value {
            Some(Array(elements)) => elements.iter().any(|element| equal(plain, element)),
            Some(value) => equal(plain, value),
            None => false,
        },
    }
}

fn fields_hold(fields: &[&(String, Json)], value: Option<&Json>, before: Before<'_>) -> bool {
    if matches!(value, Some(Array(_))) {
        return some_element(value, before, |element, before| fields_hold(fields, Some(element), before));
    }
    fields.iter().all(|(name, condition)| {
        let below = match before {
            Before::OfRoot(payload) if name == "currentValue" => payload.member("previousValue"),
            Before::OfRoot(_) => None,
            Before::At(before) => before.and_then(|before| before.member(name)),
        };
        holds(condition, value.and_then(|value| value.member(name)), Before::At(below))
    })
}

fn some_element(value: Option<&Json>, before: Before<'_>, test: impl Fn(&Json, Before<'_>) -> bool) -> bool {
    let Some(Array(elements)) = value else { return false };
    let before_at = |at: usize| match before {
        Before::At(Some(Array(before))) => before.get(at),
        _ => None,
    };
    elements.iter().enumerate().any(|(at, element)| test(element, Before::At(before_at(at))))
}

fn operator_holds(name: &str, operand: &Json, value: Option<&Json>, before: Before<'_>) -> bool {
    let list = |of: &Json| match of {
        Array(members) => members.clone(),
        single => vec![single.clone()],
    };
    let is = |value: Option<&Json>| value.is_some_and(|value| equal(value, operand));
    let earlier = match before {
        Before::At(before) => before,
        Before::OfRoot(_) => None,
    };
    let changed = match (value, earlier) {
        (Some(value), Some(earlier)) => !equal(value, earlier),
        (value, earlier) => value.is_some() != earlier.is_some(),
    };
    let ordering = value.and_then(|value| order(value, operand));
    match name {
        "$eq" => is(value),
        "$neq" => !is(value),
        "$gt" => ordering == Some(Ordering::Greater),
        "$gte" => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        "$lt" => ordering == Some(Ordering::Less),
        "$lte" => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        "$in" => value.is_some_and(|value| is_in(value, operand)),
        "$nin" => !value.is_some_and(|value| is_in(value, operand)),
        "$startsWith" => list(operand).iter().any(|part| texts(value, part, <[u32]>::starts_with)),
        "$endsWith" => list(operand).iter().any(|part| texts(value, part, <[u32]>::ends_with)),
        "$exist" => matches!(operand, Bool(wanted) if *wanted == value.is_some()),
        "$changed" => matches!(operand, Bool(wanted) if *wanted == changed),
        "$changedFrom" => is(earlier) && changed,
        "$changedTo" => is(value) && changed,
        "$and" => list(operand).iter().all(|condition| holds(condition, value, before)),
        "$or" => list(operand).iter().any(|condition| holds(condition, value, before)),
        "$not" => !holds(operand, value, before),
        other => panic!("{other} is not an operator"),
    }
}

fn is_in(value: &Json, operand: &Json) -> bool {
    match (operand, value) {
        (Array(members), _) => members.iter().any(|member| equal(member, value)),
        (part, Array(elements)) => elements.iter().any(|element| equal(element, part)),
        (part, value) => texts(Some(value), part, |text, part| {
            part.is_empty() || text.windows(part.len()).any(|window| window == part)
        }),
    }
}

fn texts(value: Option<&Json>, part: &Json, has: impl Fn(&[u32], &[u32]) -> bool) -> bool {
    match (value, part) {
        (Some(Text(whole)), Text(part)) => has(whole, part),
        _ => false,
    }
}

fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Null, Null) => true,
        (Bool(a), Bool(b)) => a == b,
        (Number { .. }, Number { .. }) => scaled(a) == scaled(b),
        (Text(a), Text(b)) => a == b,
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Object(members), Object(others)) => {
            let same = |name: &str| match (a.member(name), b.member(name)) {
                (Some(a), Some(b)) => equal(a, b),
                _ => false,
            };
            members.iter().chain(others).all(|(name, _)| same(name))
        }
        _ => false,
    }
}

fn order(a: &Json, b: &Json) -> Option<Ordering> {
    match (a, b) {
        (Number { .. }, Number { .. }) => Some(scaled(a).cmp(&scaled(b))),
        (Text(x), Text(y)) => Some(match (instant(x), instant(y)) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => x.cmp(y),
        }),
        _ => None,
    }
}

/// A number of the generator as a whole number of its smallest unit.
fn scaled(number: &Json) -> i128 {
    let Number { mantissa, power } = number else { panic!("{number:?} is not a number") };
    i128::from(*mantissa) * 10_i128.pow(u32::try_from(power + 9).unwrap())
}

fn instant(text: &[u32]) -> Option<i64> {
    DATES.iter().find(|(date, _)| date.chars().map(u32::from).eq(text.iter().copied())).map(|(_, at)| *at)
}
