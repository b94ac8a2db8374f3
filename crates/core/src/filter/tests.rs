//! What filters match, what they refuse, and what they say about it. Tables: a filter, a payload, an answer.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::*;
use crate::{event::EventType, sample};

fn document(payload: &str) -> Document {
    Document::read(&RawJson::parse(payload).unwrap())
}

/// The filter's answer for each payload; `trace` has to agree.
#[track_caller]
fn check(filter: &str, yes: &[&str], no: &[&str]) {
    let parsed = Filter::parse(filter).unwrap();
    for (payloads, expected) in [(yes, true), (no, false)] {
        for payload in payloads {
            let document = document(payload);
            assert_eq!(parsed.matches(&document), expected, "{filter} {payload}");
            let trace = parsed.trace(&document);
            assert_eq!(
                (trace.matches, trace.why.is_none()),
                (expected, expected),
                "{filter} {payload} {trace:?}"
            );
        }
    }
}

#[test]
fn plain_values_match_equal_ones_and_arrays_that_contain_them() {
    check("{}", &["{}", r#"{"a":1}"#], &[]);
    check(
        r#"{"a":1}"#,
        &[r#"{"a":1.0}"#, r#"{"a":[2,10e-1]}"#],
        &[r#"{"a":"1"}"#, r#"{"a":[[1]]}"#, "{}", "[]", "1"],
    );
    check(
        r#"{"a":null}"#,
        &[r#"{"a":null}"#, r#"{"a":[null]}"#],
        &["{}", r#"{"a":0}"#, r#"{"a":false}"#, r#"{"a":{}}"#],
    );
    check(
        r#"{"a":"\u0078"}"#,
        &[r#"{"a":"x"}"#, r#"{"\u0061":"\u0078"}"#],
        &[r#"{"a":"X"}"#, r#"{"A":"x"}"#],
    );
    check(r#"{"a":true,"b":false}"#, &[r#"{"b":false,"a":true}"#], &[r#"{"a":true}"#, r#"{"a":true,"b":0}"#]);
    check(r#"{"a":2}"#, &[r#"{"a":1,"a":2}"#], &[r#"{"a":2,"a":1}"#]);
}

#[test]
fn plain_arrays_match_arrays_that_contain_all_of_their_members() {
    check(r#"{"a":[1,"x"]}"#, &[r#"{"a":["x",2,1]}"#], &[r#"{"a":[1]}"#, r#"{"a":1}"#, "{}"]);
    check(r#"{"a":[]}"#, &[r#"{"a":[]}"#, r#"{"a":[1]}"#], &[r#"{"a":{}}"#, "{}"]);
    check(
        r#"{"a":[{"b":1},{"c":{"$gt":1}}]}"#,
        &[r#"{"a":[{"c":2},{"b":1,"x":0}]}"#],
        &[r#"{"a":[{"b":1,"c":1}]}"#],
    );
    check(r#"{"a":[[1,2]]}"#, &[r#"{"a":[[1.0,2]]}"#], &[r#"{"a":[[2,1]]}"#, r#"{"a":[1,2]}"#]);
}

#[test]
fn objects_below_arrays_match_when_any_one_element_does() {
    let tags = r#"{"tags":{"title":"a","color":"red"}}"#;
    check(
        tags,
        &[
            r#"{"tags":[{"title":"b"},{"title":"a","color":"red"}]}"#,
            r#"{"tags":{"title":"a","color":"red"}}"#,
        ],
        &[r#"{"tags":[{"title":"a"},{"color":"red"}]}"#, r#"{"tags":[]}"#, r#"{"tags":"a"}"#],
    );
    check(r#"{"a":{"b":1}}"#, &[r#"{"a":[[{"b":1}]]}"#], &[r#"{"a":[[{"b":2}]]}"#]);
    check(
        r#"{"a":{"b":{"$neq":1}}}"#,
        &[r#"{"a":[{"b":1},{"c":0}]}"#, "{}"],
        &[r#"{"a":[{"b":1}]}"#, r#"{"a":[]}"#],
    );
}

#[test]
fn operators_take_the_value_whole() {
    check(
        r#"{"a":{"$eq":[1,2]}}"#,
        &[r#"{"a":[1,2]}"#],
        &[r#"{"a":[2,1]}"#, r#"{"a":[1,2,3]}"#, r#"{"a":1}"#],
    );
    check(
        r#"{"a":{"$eq":{"x":1,"y":[]}}}"#,
        &[r#"{"a":{"y":[],"x":1e0}}"#, r#"{"a":{"x":0,"y":[],"x":1}}"#],
        &[r#"{"a":{"x":1}}"#, r#"{"a":{"x":1,"y":[],"z":1}}"#],
    );
    check(r#"{"a":{"$neq":1}}"#, &["{}", r#"{"a":[1]}"#, r#"{"a":"1"}"#], &[r#"{"a":1.00}"#]);
    check(
        r#"{"a":{"$gt":1,"$lte":2}}"#,
        &[r#"{"a":2}"#, r#"{"a":1.000000000000000000001}"#],
        &[r#"{"a":1}"#, r#"{"a":"2"}"#, r#"{"a":[2]}"#, "{}", r#"{"a":null}"#],
    );
    check(
        r#"{"a":{"$gte":"b","$lt":"d"}}"#,
        &[r#"{"a":"b"}"#, r#"{"a":"c\u0000"}"#],
        &[r#"{"a":"B"}"#, r#"{"a":"d"}"#],
    );
    check(
        r#"{"a":{"$lt":"2022-12-01T12:00:00+02:00"}}"#,
        &[r#"{"a":"2022-12-01T09:59:59.999Z"}"#],
        &[r#"{"a":"2022-12-01T10:00:00Z"}"#],
    );
    check(r#"{"a":{"$exist":true}}"#, &[r#"{"a":null}"#], &["{}"]);
    check(r#"{"a":{"$exist":false}}"#, &["{}"], &[r#"{"a":null}"#]);
}

#[test]
fn in_and_its_kin() {
    check(
        r#"{"a":{"$in":[1,"x",[2]]}}"#,
        &[r#"{"a":1}"#, r#"{"a":"x"}"#, r#"{"a":[2]}"#],
        &[r#"{"a":[1]}"#, "{}"],
    );
    check(
        r#"{"a":{"$in":"bc"}}"#,
        &[r#"{"a":"abcd"}"#, r#"{"a":["bc"]}"#],
        &[r#"{"a":["abcd"]}"#, r#"{"a":"b"}"#, "{}"],
    );
    check(r#"{"a":{"$nin":[1]}}"#, &["{}", r#"{"a":[1]}"#], &[r#"{"a":1}"#]);
    check(r#"{"a":{"$nin":"b"}}"#, &["{}", r#"{"a":5}"#], &[r#"{"a":"abc"}"#]);
    check(
        r#"{"a":{"$startsWith":["x","Bug"]}}"#,
        &[r#"{"a":"Bugs"}"#],
        &[r#"{"a":"bugs"}"#, r#"{"a":["Bugs"]}"#],
    );
    check(r#"{"a":{"$endsWith":"s"}}"#, &[r#"{"a":"Bug\u0073"}"#], &[r#"{"a":""}"#, "{}"]);
}

#[test]
fn groups() {
    check(r#"{"$or":[{"a":1},{"b":1}],"c":1}"#, &[r#"{"b":1,"c":1}"#], &[r#"{"c":1}"#, r#"{"a":1}"#]);
    check(
        r#"{"a":{"$or":[1,{"$gt":5},[7]]}}"#,
        &[r#"{"a":1}"#, r#"{"a":6}"#, r#"{"a":[8,7]}"#],
        &[r#"{"a":2}"#],
    );
    check(r#"{"a":{"$and":[{"$gt":1},{"$lt":3}]}}"#, &[r#"{"a":2}"#], &[r#"{"a":3}"#]);
    check(r#"{"$not":{"a":1}}"#, &["{}", r#"{"a":2}"#], &[r#"{"a":1}"#]);
    check(r#"{"a":{"$not":"x"}}"#, &["{}", r#"{"a":["y"]}"#], &[r#"{"a":"x"}"#, r#"{"a":["x"]}"#]);
    check(r#"{"a":{"$and":[{"x":1},{"y":1}]}}"#, &[r#"{"a":[{"x":1},{"y":1}]}"#], &[r#"{"a":[{"x":1}]}"#]);
}

#[test]
fn what_changed() {
    let done =
        |from: &str, to: &str| format!(r#"{{"previousValue":{{"d":{from}}},"currentValue":{{"d":{to}}}}}"#);
    let (off_on, on_on) = (done("false", "true"), done("true", "true"));
    let created = r#"{"previousValue":null,"currentValue":{"d":true}}"#;
    check(
        r#"{"currentValue":{"d":{"$changed":true}}}"#,
        &[&off_on, created],
        &[&on_on, r#"{"currentValue":null}"#],
    );
    check(r#"{"currentValue":{"d":{"$changed":false}}}"#, &[&on_on], &[&off_on]);
    check(
        r#"{"currentValue":{"d":{"$changedTo":true}}}"#,
        &[&off_on, created],
        &[&on_on, &done("true", "false")],
    );
    check(r#"{"currentValue":{"d":{"$changedFrom":false}}}"#, &[&off_on], &[&on_on, created]);
    check(r#"{"currentValue":{"$changed":true}}"#, &[&off_on, created], &[&done("1", "1.0")]);
    let list = r#"{"previousValue":{"l":[{"n":1},{"n":2}]},"currentValue":{"l":[{"n":1},{"n":3}]}}"#;
    check(r#"{"currentValue":{"l":{"n":{"$changedFrom":2}}}}"#, &[list], &[]);
    check(r#"{"currentValue":{"l":{"n":{"$changedFrom":1}}}}"#, &[], &[list]);
}

#[track_caller]
fn check_refused(filter: &str, expected: &[&str]) {
    let problems: Vec<String> = Filter::parse(filter).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(problems, expected, "{filter}");
}

#[test]
fn every_fault_is_told_with_its_place() {
    check_refused("", &["not valid JSON: EOF while parsing a value (line 1, column 0)"]);
    check_refused("[]", &["expected an object, found an array"]);
    check_refused("null", &["expected an object, found null"]);
    check_refused(
        r#"{"a":{"$gte":true,"$startWith":"x","$in":[],"$exist":1},"b":{},"$or":[],"$and":{"a":1},"c":{"$endsWith":["a",1]}}"#,
        &[
            "/a/$gte: expected a number or a string, found a boolean",
            "/a/$startWith: unknown operator; did you mean `$startsWith`?",
            "/a/$in: empty: expected at least one member",
            "/a/$exist: expected true or false, found a number",
            "/b: empty: expected at least one condition",
            "/$or: empty: expected at least one condition",
            "/$and: expected a list of conditions, found an object",
            "/c/$endsWith/1: expected a string, found a number",
        ],
    );
    check_refused(r#"{"a/b~":{"$gt":null}}"#, &["/a~1b~0/$gt: expected a number or a string, found null"]);
    check_refused(
        r#"{"$or":[1,{"a":1}],"$not":[]}"#,
        &["/$or/0: expected an object, found a number", "/$not: expected an object, found an array"],
    );
    check_refused(r#"{"a":1,"a":2}"#, &["/a: given more than once"]);
    let below = "only below currentValue: it compares with the same place in previousValue";
    check_refused(
        r#"{"previousValue":{"a":{"$changed":true}},"$changedTo":1}"#,
        &[&format!("/previousValue/a/$changed: {below}"), &format!("/$changedTo: {below}")],
    );
    check_refused(
        r#"{"a":{"$regex":"x"}}"#,
        &["/a/$regex: unknown operator; expected one of `$eq`, `$neq`, `$gt`, `$gte`, `$lt`, \
        `$lte`, `$in`, `$nin`, `$startsWith`, `$endsWith`, `$exist`, `$changed`, `$changedFrom`, `$changedTo`, `$and`, `$or`, `$not`"],
    );
}

#[test]
fn size_and_depth_are_limited() {
    let nested = |n: usize| [r#"{"a":"#.repeat(n).as_str(), "1", "}".repeat(n).as_str()].concat();
    assert!(Filter::parse(&nested(MAX_DEPTH)).is_ok());
    check_refused(
        &nested(MAX_DEPTH + 1),
        &[&format!("{}: nested deeper than 16 levels", "/a".repeat(MAX_DEPTH))],
    );
    check_refused(&nested(100_000), &["nested deeper than 16 levels"]);
    let sized = |n: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(n - 8));
    assert!(Filter::parse(&sized(MAX_BYTES)).is_ok());
    check_refused(&sized(MAX_BYTES + 1), &["at most 8192 bytes, found 8193"]);
    check_refused(
        &format!(r#"{{"a":{{"$gt":1{}}}}}"#, "0".repeat(MAX_NUMBER)),
        &["/a/$gt: at most 64 characters for a number, found 65"],
    );
    let lists = (0..=MAX_CONDITIONS).map(|n| format!("[{n}]")).collect::<Vec<_>>().join(",");
    check_refused(&format!(r#"{{"a":{{"$in":[{lists}]}}}}"#), &["at most 100 conditions, found 103"]);
    let spaced = format!("{}{}", " ".repeat(MAX_BYTES), sized(MAX_BYTES));
    assert_eq!(Filter::parse(&spaced).unwrap().as_json(), sized(MAX_BYTES));
}

#[track_caller]
fn check_why(filter: &str, en: &str, it: &str) {
    let why = Filter::parse(filter)
        .unwrap()
        .trace(&Document::of(&sample::event(EventType::TodoCreated)))
        .why
        .unwrap();
    assert_eq!((why.en.as_str(), why.it.as_str()), (en, it), "{filter}");
}

#[test]
fn the_first_reason_is_a_sentence_in_two_languages() {
    check_why(
        r#"{"event":"TODO_CREATED","currentValue":{"done":true,"title":"x"}}"#,
        "The filter does not match: currentValue.done should be true, but it is false.",
        "Il filtro non corrisponde: currentValue.done dovrebbe essere true, ma è false.",
    );
    check_why(
        r#"{"currentValue":{"$or":[{"title":{"$startsWith":"Bug"}},{"done":true}],"todoTags":{"title":"x"}}}"#,
        r#"The filter does not match: currentValue should meet one of [{"title":{"$startsWith":"Bug"}},{"done":true}], but that is not so."#,
        r#"Il filtro non corrisponde: currentValue dovrebbe soddisfare uno di [{"title":{"$startsWith":"Bug"}},{"done":true}], ma non è così."#,
    );
    check_why(
        r#"{"currentValue":{"title":{"$neq":"GGGG"}}}"#,
        r#"The filter does not match: currentValue.title should not be "GGGG", but it is "GGGG"."#,
        r#"Il filtro non corrisponde: currentValue.title non dovrebbe essere "GGGG", ma è "GGGG"."#,
    );
    check_why(
        r#"{"currentValue":{"todoTags":{"title":"x"}}}"#,
        r#"The filter does not match: currentValue.todoTags.title should be "x", but it is missing."#,
        r#"Il filtro non corrisponde: currentValue.todoTags.title dovrebbe essere "x", ma manca."#,
    );
}

#[test]
fn json_in_and_json_out() {
    assert_eq!(validate_json("{}", Language::English), "[]");
    let told = |language| validate_json("1", language);
    let head =
        r#"[{"pointer":"","code":"WRONG_TYPE","params":{"expected":"OBJECT","found":"NUMBER"},"detail":"#;
    assert_eq!(told(Language::English), [head, r#""expected an object, found a number"}]"#].concat());
    assert_eq!(told(Language::Italian), [head, r#""deve essere un oggetto, non un numero"}]"#].concat());
    assert_eq!(
        match_json(r#"{"a":{"b":1,"c":{"$gt":2}}}"#, r#"{"a":[{"b":1},{"b":1,"c":3}]}"#).unwrap(),
        r#"{"matches":true,"trace":[{"pointer":"/a/b","holds":true,"at":"/a/1/b","value":1},{"pointer":"/a/c/$gt","holds":true,"at":"/a/1/c","value":3}],"why":null}"#
    );
    assert_eq!(match_json(r#"{"$x":1}"#, "{}").unwrap_err()[0].pointer, "/filter/$x");
    assert_eq!(match_json("{}", "{").unwrap_err()[0].pointer, "/payload");
}

/// What is wrong with a filter for events.
#[track_caller]
fn told(filter: &str, expected: &[&str]) {
    let problems = Filter::for_events(filter).err().unwrap_or_default();
    let found: Vec<String> = problems.iter().map(|problem| format!("{problem}")).collect();
    assert_eq!(found.len(), expected.len(), "{filter}: {found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{filter}: {found}");
    }
}

#[test]
fn what_no_event_has_is_refused_with_the_nearest_name() {
    told(
        r#"{"event":"TODO_CREATED","companyId":"c","projectId":{"$in":["p"]},"userId":{"$neq":null},
            "previousValue":null,"currentValue":{"webhook":1,"record":{"any":2}}}"#,
        &[],
    );
    for (name, meant) in [
        ("currentvalue", "currentValue"),
        ("CurrentValue", "currentValue"),
        ("current_value", "currentValue"),
        ("previusValue", "previousValue"),
        ("record", "currentValue"),
        ("checklistItem", "currentValue"),
        ("projectid", "projectId"),
        ("project", "projectId"),
        ("company", "companyId"),
        ("Event", "event"),
    ] {
        let meant = format!("did you mean `{meant}`?");
        for filter in [
            format!(r#"{{"{name}":{{"a":1}}}}"#),
            format!(r#"{{"$or":[{{"{name}":{{"a":1}}}}]}}"#),
            format!(r#"{{"$and":[{{"$not":{{"{name}":{{"a":1}}}}}}]}}"#),
        ] {
            let problems = Filter::for_events(&filter).unwrap_err();
            assert_eq!(problems.len(), 1, "{filter}");
            assert!(
                problems[0].pointer.ends_with(name) && format!("{}", problems[0]).contains(&meant),
                "{problems:?}"
            );
        }
    }
    told(r#"{"webhook":{"id":"w"}}"#, &["/webhook: unknown field; expected `event`"]);
    told(
        r#"{"webhook":{"id":"w"},"a":1,"b":{"$x":1}}"#,
        &["/b/$x: unknown operator", "/webhook: ", "/a: ", "/b: "],
    );
    check(r#"{"record":{"a":1}}"#, &[r#"{"record":{"a":1}}"#], &["{}"]);
}

#[test]
fn an_event_is_the_same_in_either_spelling() {
    for event in EventType::ALL {
        let compact = event.compact_name().concat();
        for filter in [
            format!(r#"{{"event":"{compact}"}}"#),
            format!(r#"{{"event":{{"$eq":"{compact}"}}}}"#),
            format!(r#"{{"event":{{"$in":["TAG_CREATED","{compact}"]}}}}"#),
            format!(r#"{{"$or":[{{"event":{{"$or":["{compact}"]}}}}]}}"#),
            format!(r#"{{"event":{{"$startsWith":"{}"}}}}"#, event.compact_name()[0]),
        ] {
            let parsed =
                Filter::for_events(&filter).unwrap_or_else(|problems| panic!("{filter}: {problems:?}"));
            assert!(parsed.matches(&Document::of(&sample::event(event))), "{filter}");
            assert!(!parsed.as_json().contains("RECORD_"), "{}", parsed.as_json());
            let payload = format!(r#"{{"event":"{compact}"}}"#);
            assert!(
                match_json(&filter, &payload).unwrap().starts_with(r#"{"matches":true"#),
                "{filter} {payload}"
            );
        }
    }
    let elsewhere = r#"{"currentValue":{"title":"RECORD_CREATED","event":"RECORD_CREATED"}}"#;
    assert_eq!(Filter::for_events(elsewhere).unwrap().as_json(), elsewhere);
}

#[test]
fn conditions_that_no_event_can_meet_are_refused() {
    told(r#"{"event":"TODO_CREATD"}"#, &["/event: unknown event; did you mean TODO_CREATED?"]);
    told(r#"{"event":"RECORD_CREATD"}"#, &["/event: unknown event; did you mean TODO_CREATED?"]);
    told(r#"{"event":"WEBHOOK_HEALTH_CHECK"}"#, &["/event: WEBHOOK_HEALTH_CHECK is only ever delivered"]);
    told(r#"{"event":{"$in":["TODO_CREATED","TODO"]}}"#, &["/event/$in/1: unknown event"]);
    told(r#"{"event":{"$startsWith":["TODO_","TASK_"]}}"#, &["/event/$startsWith/1: unknown event"]);
    told(r#"{"event":{"$endsWith":"_created"}}"#, &["/event/$endsWith: unknown event"]);
    told(r#"{"event":{"$in":"COMMENT"}}"#, &[]);
    told(r#"{"event":{"$neq":"TODO"},"$not":{"event":{"$not":"TODO"}}}"#, &[]);
    told(r#"{"event":null}"#, &["/event: expected a string, found null"]);
    told(r#"{"event":["TODO_CREATED"]}"#, &["/event: expected a string, found an array"]);
    told(r#"{"event":{"name":"TODO_CREATED"}}"#, &["/event: expected a string, found an object"]);
    told(r#"{"projectId":7,"companyId":{"id":"c"}}"#, &["/projectId: expected", "/companyId: expected"]);
    told(r#"{"currentValue":"x"}"#, &["/currentValue: expected an object or null, found a string"]);
}
