//! The filter against an evaluator that is slow and obviously right, and against people who mean harm.

// JSON as a tree, spelled at random.
mod json;

// The rules of the filter, said as plainly as possible.
mod naive;

// Filters and payloads at random.
mod generate;

use std::time::{Duration, Instant};

use bluehook_core::{
    filter::{Document, Filter, MAX_CONDITIONS},
    json::RawJson,
};

use crate::node;
use generate::Random;

/// How many pairs of a filter and a payload are compared.
const CASES: u64 = 100_000;

#[test]
fn agrees_with_the_naive_evaluator() {
    let mut matched = 0;
    for seed in 0..CASES {
        let random = &mut Random::new(seed);
        let (filter, payload) = (generate::filter(random), generate::payload(random));
        let (filter_text, payload_text) = (filter.spell(random), payload.spell(random));
        let parsed = Filter::parse(&filter_text)
            .unwrap_or_else(|problems| panic!("{seed}: {filter_text} {problems:?}"));
        let document = Document::read(&RawJson::parse(&payload_text).unwrap());
        let expected = naive::matches(&filter, &payload);
        assert_eq!(parsed.matches(&document), expected, "{seed}: {filter_text}\n{payload_text}");
        let trace = parsed.trace(&document);
        assert_eq!(trace.matches, expected, "{seed}: {filter_text}\n{payload_text}");
        matched += u64::from(expected);
    }
    // Both answers have to come up often, or nothing was tested.
    assert!((CASES / 10..CASES * 9 / 10).contains(&matched), "{matched} of {CASES} matched");
}

/// Reads lines of `[filter, payload, answer]`, and prints the first that it answers otherwise.
const AGREES_IN_JAVASCRIPT: &str = r#"
    import { readFileSync } from "node:fs";
    import { matchFilter } from "bluehook/preview";
    const cases = readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const wrong = cases.find(([filter, payload, answer]) => matchFilter(filter, payload).matches !== answer);
    console.log(cases.length, JSON.stringify(wrong));
"#;

#[test]
fn agrees_with_the_naive_evaluator_in_javascript() {
    let mut cases = String::new();
    for seed in 0..CASES {
        let random = &mut Random::new(seed);
        let (filter, payload) = (generate::filter(random), generate::payload(random));
        let answer = naive::matches(&filter, &payload);
        let case = serde_json::json!([filter.spell(random), payload.spell(random), answer]);
        cases.extend([case.to_string(), "\n".to_owned()]);
    }
    assert_eq!(node::run(AGREES_IN_JAVASCRIPT, &cases).trim(), format!("{CASES} undefined"));
}

#[test]
fn any_text_is_answered() {
    for seed in 0..20_000 {
        let random = &mut Random::new(seed);
        let text = generate::filter(random).spell(random);
        let broken = generate::broken(random, &text);
        let _ = Filter::parse(&broken);
        if let (Ok(filter), Ok(payload)) = (Filter::parse(&text), RawJson::parse(&broken)) {
            let _ = filter.trace(&Document::read(&payload)).to_json();
        }
    }
}

/// Far more than is needed, far less than anything that is not linear would take in a debug build.
const PATIENCE: Duration = Duration::from_secs(20);

#[track_caller]
fn check_hostile(name: &str, filter: &str, payload: &str) {
    let filter = Filter::parse(filter).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    let payload = RawJson::parse(payload).unwrap();
    let begun = Instant::now();
    let document = Document::read(&payload);
    let matches = filter.matches(&document);
    assert_eq!(filter.trace(&document).matches, matches, "{name}");
    assert!(begun.elapsed() < PATIENCE, "{name} took {:?}", begun.elapsed());
}

#[test]
fn hostile_filters_and_payloads_stay_cheap() {
    let megabyte = "a".repeat(1 << 20);
    let escaped = "\\u0061".repeat(1 << 17);
    let wide = |member: &dyn Fn(usize) -> String, n: usize| (0..n).map(member).collect::<Vec<_>>().join(",");
    let nearly = "a".repeat(4_000);
    check_hostile(
        "nearly found",
        &format!(r#"{{"s":{{"$in":"{nearly}b"}}}}"#),
        &format!(r#"{{"s":"{megabyte}"}}"#),
    );
    check_hostile(
        "nearly found, escaped",
        &format!(r#"{{"s":{{"$in":"{nearly}b"}}}}"#),
        &format!(r#"{{"s":"{escaped}"}}"#),
    );
    let members = wide(&|i| format!(r#""{i}":1"#), MAX_CONDITIONS);
    let object = wide(&|i| format!(r#""{i}":1"#), 60_000);
    check_hostile("wide", &format!("{{{members}}}"), &format!("{{{object}}}"));
    let list = wide(&|i| format!("{}", i + 1_000_000), 1_000);
    let array = wide(&|i| format!("{i}"), 100_000);
    check_hostile(
        "lists",
        &format!(r#"{{"a":[{}]}}"#, wide(&|i| i.to_string(), 1_500)),
        &format!(r#"{{"a":[{array}]}}"#),
    );
    check_hostile(
        "not in",
        &format!(r#"{{"a":{{"b":{{"$in":[{list}]}}}}}}"#),
        &format!(r#"{{"a":[{}]}}"#, wide(&|i| format!(r#"{{"b":{i}}}"#), 60_000)),
    );
    let branches = wide(&|i| format!(r#"{{"b":{i}}}"#), MAX_CONDITIONS / 2 - 1);
    check_hostile(
        "many branches for many elements",
        &format!(r#"{{"a":{{"$or":[{branches}]}}}}"#),
        &format!(r#"{{"a":[{}]}}"#, wide(&|i| format!(r#"{{"b":-{}}}"#, i + 1), 90_000)),
    );
    let too_many = format!("{{{}}}", wide(&|i| format!(r#""{i}":1"#), MAX_CONDITIONS + 1));
    let refused = Filter::parse(&too_many).unwrap_err();
    assert_eq!(refused[0].detail, "at most 100 conditions, found 101");
    let deep = ["[".repeat(120), "]".repeat(120)].concat();
    check_hostile("deep", r#"{"a":{"b":1}}"#, &format!(r#"{{"a":{deep}}}"#));
    let huge = format!("1{}", "0".repeat(400_000));
    check_hostile("long numbers", r#"{"n":{"$gt":1e400000}}"#, &format!(r#"{{"n":{huge}}}"#));
    let repeated = wide(&|i| format!(r#""k":{i}"#), 100_000);
    check_hostile(
        "repeated keys",
        r#"{"currentValue":{"$changed":true}}"#,
        &format!(r#"{{"previousValue":{{{repeated}}},"currentValue":{{{repeated},"k":0}}}}"#),
    );
    let (up, down) = (object.clone(), wide(&|i| format!(r#""{}":1"#, 59_999 - i), 60_000));
    check_hostile(
        "objects in another order",
        r#"{"currentValue":{"$changed":false}}"#,
        &format!(r#"{{"previousValue":{{{up}}},"currentValue":{{{down}}}}}"#),
    );
}
