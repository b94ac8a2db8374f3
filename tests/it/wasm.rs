//! The core in the packed npm package answers as it does natively: on generated requests to sign, to verify and to explain,
//! on previews, and on the sample and the schema of every event. (The filter's cases are beside the filter.)

// Requests to sign and to verify.
mod signatures;

// Requests for previews.
mod previews;

use bluehook_core::{event::EventType, sample, schema};
use serde_json::{Value, json};

use crate::{node, random::Random};

/// How many cases of each kind there are.
const SIGNED: u64 = 2_000;
const VERIFIED: u64 = 6_000;
const PREVIEWED: u64 = 3_000;

/// Reads cases, one a line, and prints their number and the first that it answers otherwise.
const COMPARE: &str = include_str!("wasm/compare.mjs");

/// Runs the cases of all seeds below `count`; gives what each was expected to be answered.
fn compare(count: u64, make: impl Fn(u64) -> Value) -> Vec<Value> {
    let cases: Vec<Value> = (0..count).map(make).collect();
    let lines: Vec<String> = cases.iter().map(Value::to_string).collect();
    let answer = node::run(COMPARE, &lines.join("\n"));
    assert_eq!(answer.trim(), format!("{count} undefined"));
    cases.into_iter().map(|mut case| case["expected"].take()).collect()
}

#[test]
fn signs_alike() {
    compare(SIGNED, |seed| signatures::to_sign(&mut Random::new(seed)));
}

#[test]
fn verifies_and_explains_alike() {
    let answers = compare(VERIFIED, |seed| signatures::to_verify(&mut Random::new(seed)));
    // Every code has to come up, and many hints, or little was tested.
    let some = |name: &str| {
        let mut found: Vec<&str> = answers.iter().filter_map(|answer| answer[name].as_str()).collect();
        found.sort_unstable();
        found.dedup();
        found.len()
    };
    let valid = answers.iter().filter(|answer| answer["valid"] == true).count();
    assert!(
        valid > 300 && some("code") == 7 && some("hint") > 25,
        "{valid} {} {}",
        some("code"),
        some("hint")
    );
}

#[test]
fn previews_alike() {
    let answers = compare(PREVIEWED, |seed| previews::to_preview(&mut Random::new(seed)));
    let refused = answers.iter().filter(|answer| answer.is_array()).count();
    assert!((300..2_700).contains(&refused), "{refused} of {PREVIEWED} refused");
}

#[test]
fn shows_every_event_alike() {
    compare(EventType::ALL.len() as u64, |at| {
        let event = EventType::ALL[usize::try_from(at).unwrap()];
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let sample = parsed(&sample::sample_json(event.name()).unwrap());
        let expected = json!([sample, parsed(&schema::document(event))]);
        json!({"kind": "event", "event": event.name(), "expected": expected})
    });
}
