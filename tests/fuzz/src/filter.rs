//! Filters are refused with a place, or answer: the same with a trace and without, at a cost that the payload's size bounds.

use bluehook_core::{
    effort,
    filter::{Document, Filter, MAX_CONDITIONS, Step, Trace, match_json, validate_json},
    input::Problem,
    json::RawJson,
    language::Language,
};

use super::{intake::check_problems, json};

/// How often any byte of a filter or a payload may be looked at on average.
const LOOKS: usize = 30;

/// And how often more for each condition.
const LOOKS_PER_CONDITION: usize = 2;

/// Asks a filter about a payload, which follows it after NUL.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (filter, payload) = text.split_once('\0').unwrap_or((text, "{}"));
    json::check(&validate_json(filter, Language::Italian));
    match (Filter::parse(filter), RawJson::parse(payload)) {
        (Err(problems), _) => check_places(filter, &problems),
        (Ok(parsed), payload) => {
            assert_eq!(Filter::parse(parsed.as_json()).as_ref(), Ok(&parsed));
            if let Ok(payload) = payload {
                check_answer(&parsed, &payload);
            }
        }
    }
    match match_json(filter, payload) {
        Ok(answer) => json::check(&answer),
        Err(problems) => check_problems(&problems),
    }
}

/// Every problem's pointer leads to something in the filter.
fn check_places(filter: &str, problems: &[Problem]) {
    check_problems(problems);
    let Some(tree) = json::tree(filter) else { return };
    for problem in problems {
        assert!(tree.pointer(&problem.pointer).is_some(), "{filter}: {problem}");
    }
}

fn check_answer(filter: &Filter, payload: &RawJson) {
    let ((matches, trace), spent) = effort::of(|| {
        let document = Document::read(payload);
        (filter.matches(&document), filter.trace(&document))
    });
    let conditions = filter.as_json().matches([',', ':']).count().min(MAX_CONDITIONS);
    let looks = LOOKS + LOOKS_PER_CONDITION * conditions;
    let most = looks * (filter.as_json().len() + payload.as_str().len());
    assert!(spent <= most as u64, "{spent} of {most}: {} {payload:?}", filter.as_json());
    assert_eq!((trace.matches, trace.why.is_none()), (matches, matches));
    json::check(&trace.to_json());
    check_steps(filter, payload, &trace);
}

/// Every step names a condition of the filter, and a place in the payload with what stands there.
fn check_steps(filter: &Filter, payload: &RawJson, trace: &Trace) {
    let (filter, payload) = (json::tree(filter.as_json()), json::tree(payload.as_str()));
    for Step { pointer, at, value, .. } in &trace.steps {
        assert!(filter.as_ref().is_none_or(|filter| filter.pointer(pointer).is_some()), "{pointer}");
        if let (Some(payload), Some(at), Some(value)) = (&payload, at, value) {
            assert_eq!(payload.pointer(at), serde_json::from_str(value).ok().as_ref(), "{at}");
        }
    }
}
