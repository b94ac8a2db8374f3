//! Filters and payloads that mean harm stay cheap. What is looked at is counted: time says little on a busy machine.

use bluehook_core::{
    effort,
    filter::{Document, Filter, MAX_BYTES, MAX_CONDITIONS},
    json::RawJson,
};

/// How often any byte of a payload may be looked at on average, whatever the filter.
const LOOKS: usize = 30;

/// And how often more for each condition.
const LOOKS_PER_CONDITION: usize = 2;

/// How many elements or members the payloads have.
const MANY: usize = 20_000;

#[track_caller]
fn check(name: &str, conditions: usize, filter: &str, payload: &str) {
    let filter = Filter::parse(filter).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    let payload = RawJson::parse(payload).unwrap();
    let ((matches, traced), spent) = effort::of(|| {
        let document = Document::read(&payload);
        (filter.matches(&document), filter.trace(&document).matches)
    });
    assert_eq!(traced, matches, "{name}");
    let looks = LOOKS + LOOKS_PER_CONDITION * conditions;
    let most = looks * (payload.as_str().len() + MAX_BYTES);
    assert!(spent <= most as u64, "{name}: looked at {spent}, expected at most {most}");
}

fn listed(member: impl Fn(usize) -> String, n: usize) -> String {
    (0..n).map(member).collect::<Vec<_>>().join(",")
}

/// A payload of many elements `{"b":…}`.
fn elements(value: impl Fn(usize) -> String) -> String {
    format!(r#"{{"a":[{}]}}"#, listed(|i| format!(r#"{{"b":{}}}"#, value(i)), MANY))
}

#[test]
fn texts() {
    let nearly = format!(r#"{{"s":{{"$in":"{}b"}}}}"#, "a".repeat(4_000));
    check("nearly found", 1, &nearly, &format!(r#"{{"s":"{}"}}"#, "a".repeat(1 << 18)));
    let escaped = "\\u0061".repeat(1 << 15);
    check("nearly found, escaped", 1, &nearly, &format!(r#"{{"s":"{escaped}"}}"#));
    let long = "\\u0061".repeat(1_300);
    for operator in ["$in", "$startsWith", "$endsWith", "$eq", "$gt"] {
        let filter = format!(r#"{{"a":{{"b":{{"{operator}":"{long}"}}}}}}"#);
        check(operator, 1, &filter, &elements(|_| r#""\u0061""#.to_owned()));
    }
}

#[test]
fn numbers() {
    let huge = format!(r#"{{"n":1{}}}"#, "0".repeat(200_000));
    check("long", 1, r#"{"n":{"$gt":1e400000}}"#, &huge);
    let long = format!(r#"{{"a":{{"b":{{"$gt":1{}}}}}}}"#, "0".repeat(63));
    check("for many elements", 1, &long, &elements(|i| i.to_string()));
}

#[test]
fn lists() {
    let array = format!(r#"{{"a":[{}]}}"#, listed(|i| i.to_string(), MANY));
    check("long", 1, &format!(r#"{{"a":[{}]}}"#, listed(|i| i.to_string(), 1_500)), &array);
    let numbers = listed(|i| format!("{}", i + 1_000_000), 1_000);
    let one_of = format!(r#"{{"a":{{"b":{{"$in":[{numbers}]}}}}}}"#);
    check("for many elements", 1, &one_of, &elements(|i| i.to_string()));
    let lists = listed(|i| format!("[{i}]"), MAX_CONDITIONS - 3);
    let one_of = format!(r#"{{"a":{{"b":{{"$in":[{lists}]}}}}}}"#);
    check("of lists", MAX_CONDITIONS, &one_of, &elements(|_| "[-1]".to_owned()));
    let branches = listed(|i| format!(r#"{{"b":{i}}}"#), MAX_CONDITIONS / 2 - 1);
    let any = format!(r#"{{"a":{{"$or":[{branches}]}}}}"#);
    check("many branches", MAX_CONDITIONS, &any, &elements(|i| format!("-{}", i + 1)));
    let deep = ["[".repeat(120), "]".repeat(120)].concat();
    check("deep", 1, r#"{"a":{"b":1}}"#, &format!(r#"{{"a":{deep}}}"#));
}

#[test]
fn objects() {
    let object = |n: usize| format!("{{{}}}", listed(|i| format!(r#""{i}":1"#), n));
    check("wide", MAX_CONDITIONS, &object(MAX_CONDITIONS), &object(MANY));
    for members in [60, 800] {
        let filter = format!(r#"{{"a":{{"b":{{"$eq":{}}}}}}}"#, object(members));
        check("a wide operand", 1, &filter, &elements(|_| "{}".to_owned()));
    }
    let repeated = listed(|i| format!(r#""k":{i}"#), MANY);
    let changed = format!(r#"{{"previousValue":{{{repeated}}},"currentValue":{{{repeated},"k":0}}}}"#);
    check("repeated names", 1, r#"{"currentValue":{"$changed":true}}"#, &changed);
    let reversed = listed(|i| format!(r#""{}":1"#, MANY - 1 - i), MANY);
    let same = format!(r#"{{"previousValue":{},"currentValue":{{{reversed}}}}}"#, object(MANY));
    check("in another order", 1, r#"{"currentValue":{"$changed":false}}"#, &same);
}
