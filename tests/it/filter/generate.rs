//! Filters and payloads at random, from so few names and values that they often meet.

use super::json::Json;
use crate::random::Random;

/// Date-times and the instants that they are.
pub(super) const DATES: [(&str, i64); 5] = [
    ("2022-12-01T10:00:00.000Z", 1_669_888_800_000),
    ("2022-12-01T12:00:00+02:00", 1_669_888_800_000),
    ("2022-12-01T09:59:59.999Z", 1_669_888_799_999),
    ("2022-12-01T11:00:00Z", 1_669_892_400_000),
    ("2022-12-01t09:30:00-01:00", 1_669_890_600_000),
];

const NAMES: [&str; 3] = ["a", "b", "é"];
const TEXTS: [&str; 7] = ["", "a", "ab", "b", "aé", "é😀", "\u{ffff}"];

fn text(random: &mut Random) -> Json {
    match random.below(8) {
        0 => Json::text(random.one_of(&DATES).0),
        1 => Json::Text(vec![random.one_of(&[0xd83d, 0xde00, 0x61])]),
        _ => Json::text(random.one_of(&TEXTS)),
    }
}

fn number(random: &mut Random) -> Json {
    let mantissa = random.one_of(&[0, 1, 2, -1, 10, 9_007_199_254_740_992, 9_007_199_254_740_993]);
    Json::Number { mantissa, power: random.one_of(&[0, 0, 0, 1, -1, -9, 9]) }
}

fn scalar(random: &mut Random) -> Json {
    match random.below(6) {
        0 => Json::Null,
        1 => Json::Bool(random.below(2) == 0),
        2 | 3 => text(random),
        _ => number(random),
    }
}

fn value(random: &mut Random, depth: u32) -> Json {
    match random.below(if depth == 0 { 4 } else { 8 }) {
        0..4 => scalar(random),
        4 | 5 => Json::Array(random.several(3, |random| value(random, depth - 1))),
        _ => object(random, depth),
    }
}

fn object(random: &mut Random, depth: u32) -> Json {
    Json::Object(random.several(4, |random| (random.one_of(&NAMES).to_owned(), value(random, depth - 1))))
}

/// A payload whose two values are alike, as an event's are.
pub(crate) fn payload(random: &mut Random) -> Json {
    let current = object(random, 3);
    let previous = match random.below(4) {
        0 => Json::Null,
        1 => object(random, 3),
        _ => altered(random, &current),
    };
    let mut members = vec![("previousValue".to_owned(), previous), ("currentValue".to_owned(), current)];
    members.extend(random.several(2, |random| (random.one_of(&NAMES).to_owned(), value(random, 2))));
    Json::Object(members)
}

/// The same with a few values replaced.
fn altered(random: &mut Random, json: &Json) -> Json {
    match json {
        _ if random.below(6) == 0 => value(random, 1),
        Json::Array(elements) => {
            Json::Array(elements.iter().map(|element| altered(random, element)).collect())
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), altered(random, value)));
            Json::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// A valid filter.
pub(crate) fn filter(random: &mut Random) -> Json {
    grouped(random, 2)
}

/// A filter with groups of filters in it.
fn grouped(random: &mut Random, depth: u32) -> Json {
    let mut keys = vec![("currentValue".to_owned(), condition_of_some_depth(random))];
    if random.below(4) == 0 {
        keys.push((random.one_of(&["previousValue", "a", "b"]).to_owned(), condition(random, 2, false)));
    }
    match random.below(if depth > 0 { 6 } else { 1 }) {
        1 => keys.push(("$not".to_owned(), grouped(random, depth - 1))),
        2 => keys.push((
            "$or".to_owned(),
            Json::Array(vec![grouped(random, depth - 1), grouped(random, depth - 1)]),
        )),
        3 => keys.push(("$and".to_owned(), Json::Array(vec![grouped(random, depth - 1)]))),
        _ => {}
    }
    if random.below(4) == 0 && keys.len() > 1 {
        keys.remove(0);
    }
    Json::Object(keys)
}

fn condition_of_some_depth(random: &mut Random) -> Json {
    let depth = random.one_of(&[1, 1, 2, 3]);
    conditions(random, depth, true)
}

/// Something said of a value; `current` where it may ask what changed.
fn condition(random: &mut Random, depth: u32, current: bool) -> Json {
    match random.below(8) {
        0 => scalar(random),
        1 => {
            let member = |random: &mut Random| match random.below(3) {
                0 if depth > 0 => conditions(random, depth - 1, current),
                1 => Json::Array(random.several(2, scalar)),
                _ => scalar(random),
            };
            Json::Array(random.several(2, member))
        }
        _ => conditions(random, depth, current),
    }
}

/// An object of fields and operators, each name once, at least one.
fn conditions(random: &mut Random, depth: u32, current: bool) -> Json {
    let mut keys: Vec<(String, Json)> = vec![];
    let mut add = |(name, value): (String, Json)| {
        if keys.iter().all(|(known, _)| *known != name) {
            keys.push((name, value));
        }
    };
    for _ in 0..=random.below(5) / 4 {
        if depth > 0 && random.below(3) > 0 {
            add((random.one_of(&NAMES).to_owned(), condition(random, depth - 1, current)));
        } else {
            add(operator(random, depth, current));
        }
    }
    Json::Object(keys)
}

fn operator(random: &mut Random, depth: u32, current: bool) -> (String, Json) {
    let name = random.one_of(&[
        "$eq",
        "$neq",
        "$gt",
        "$gte",
        "$lt",
        "$lte",
        "$in",
        "$nin",
        "$startsWith",
        "$endsWith",
        "$exist",
        "$changed",
        "$changedFrom",
        "$changedTo",
        "$not",
        "$and",
        "$or",
    ]);
    let list_of = |random: &mut Random, make: fn(&mut Random) -> Json| {
        let first = make(random);
        Json::Array([vec![first], random.several(2, make)].concat())
    };
    let operand = match name {
        "$changed" | "$changedFrom" | "$changedTo" if !current => return operator(random, depth, current),
        "$not" if depth > 0 => condition(random, depth - 1, current),
        "$and" | "$or" if depth > 0 => {
            Json::Array((0..=random.below(2)).map(|_| condition(random, depth - 1, current)).collect())
        }
        "$not" | "$and" | "$or" => return operator(random, depth, current),
        "$eq" | "$neq" | "$changedFrom" | "$changedTo" => value(random, 2),
        "$exist" | "$changed" => Json::Bool(random.below(2) == 0),
        "$in" | "$nin" if random.below(2) == 0 => list_of(random, |random| value(random, 1)),
        "$startsWith" | "$endsWith" if random.below(2) == 0 => list_of(random, text),
        "$gt" | "$gte" | "$lt" | "$lte" if random.below(2) == 0 => number(random),
        _ => text(random),
    };
    (name.to_owned(), operand)
}

/// Text with something cut out, put in or replaced.
pub(crate) fn broken(random: &mut Random, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        let at = usize::try_from(random.below(characters.len() as u64 + 1)).unwrap();
        let other =
            random.one_of(&['{', '}', '[', ']', '"', '\\', ',', ':', '1', 'e', '-', 'u', '$', ' ', 'é']);
        match random.below(3) {
            0 => characters.insert(at, other),
            1 if at < characters.len() => characters[at] = other,
            _ => characters.truncate(at.max(1)),
        }
    }
    characters.into_iter().collect()
}
