//! How long filters take on the documented record. `cargo bench -p bluehook-core --bench filter`; with a number as argument only
//! evaluates the ten conditions so many times, to be run under `valgrind --tool=callgrind`.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has to fail")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use bluehook_core::{
    event::EventType,
    filter::{Document, Filter},
    json::RawJson,
    sample,
};

const TEN_CONDITIONS: &str = r#"{"event":"TODO_CREATED","currentValue":{"done":false,"archived":false,"title":{"$startsWith":"G"},
    "position":{"$neq":"1"},"duedAt":null,"todoList":{"title":{"$in":["ETEST","Done"]},"position":{"$gt":1000},
    "project":{"slug":{"$endsWith":"t"},"company":{"name":"Rogue"}}}}}"#;

/// Rounds in which every measurement has its turn, so that a slow moment of the machine meets them all.
const ROUNDS: usize = 15;

/// What is measured: its name, how often it is repeated in one round, and the thing itself.
type Measurement<'m> = (&'static str, u32, Box<dyn Fn() + 'm>);

fn main() {
    if let Some(times) = std::env::args().find_map(|argument| argument.parse().ok()) {
        return ten_conditions(times);
    }
    let event = sample::event(EventType::TodoCreated);
    let document = Document::of(&event);
    let filter = Filter::parse(TEN_CONDITIONS).unwrap();
    assert!(filter.matches(&document), "the filter has to ask all of its conditions");
    let (hostile_filter, hostile_document) = hostile();
    let measurements: [Measurement; 5] = [
        ("parse the filter", 1_000, Box::new(|| drop(black_box(Filter::parse(black_box(TEN_CONDITIONS)))))),
        ("make the document", 1_000, Box::new(|| drop(black_box(Document::of(black_box(&event)))))),
        ("ten conditions", 10_000, Box::new(|| assert!(black_box(&filter).matches(black_box(&document))))),
        ("trace", 1_000, Box::new(|| drop(black_box(filter.trace(black_box(&document)))))),
        (
            "8 KiB filter, 1 MiB payload",
            1,
            Box::new(|| assert!(!hostile_filter.matches(black_box(&hostile_document)))),
        ),
    ];
    for (name, best, middle) in measure(&measurements) {
        println!("{name:<30} {best:>12.1} ns at best, {middle:>12.1} ns in the middle");
    }
}

fn ten_conditions(times: u32) {
    let document = Document::of(&sample::event(EventType::TodoCreated));
    let filter = Filter::parse(TEN_CONDITIONS).unwrap();
    for _ in 0..times {
        assert!(black_box(&filter).matches(black_box(&document)));
    }
}

/// The worst that was found: hundreds of alternatives, each asked of every element.
fn hostile() -> (Filter, Document) {
    let branches: Vec<String> = (0..45).map(|i| format!(r#"{{"b":{i}}}"#)).collect();
    let elements: Vec<String> = (0..90_000).map(|i| format!(r#"{{"b":-{i}}}"#)).collect();
    let filter = format!(r#"{{"a":{{"$or":[{}]}}}}"#, branches.join(","));
    let payload = format!(r#"{{"a":[{}]}}"#, elements.join(",").replacen("-0", "-1", 1));
    (Filter::parse(&filter).unwrap(), Document::read(&RawJson::parse(&payload).unwrap()))
}

fn measure(measurements: &[Measurement<'_>]) -> Vec<(&'static str, f64, f64)> {
    let mut times = vec![Vec::with_capacity(ROUNDS); measurements.len()];
    for _ in 0..ROUNDS {
        for ((_, repeats, run), times) in measurements.iter().zip(&mut times) {
            let begun = Instant::now();
            (0..*repeats).for_each(|_| run());
            times.push(begun.elapsed() / *repeats);
        }
    }
    let nanoseconds = |time: Option<&Duration>| time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e9);
    let summed = measurements.iter().zip(times).map(|((name, ..), mut times)| {
        times.sort();
        (*name, nanoseconds(times.first()), nanoseconds(times.get(ROUNDS / 2)))
    });
    summed.collect()
}
