//! The filter against an evaluator that is slow and obviously right, and against people who mean harm.

// JSON as a tree, spelled at random.
pub(crate) mod json;

// The rules of the filter, said as plainly as possible.
mod naive;

// Filters and payloads at random.
pub(crate) mod generate;

// Filters and payloads that mean harm.
mod hostile;

use bluehook_core::{
    filter::{Document, Filter},
    json::RawJson,
};

use crate::{node, random::Random};

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
