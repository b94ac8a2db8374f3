//! Requests for previews at random: most of them good, some with a webhook or an event that is not, some not even JSON.

use bluehook_core::{
    event::EventType, input::write_problems, json::write_string, language::Language, preview::preview_json,
};
use serde_json::{Value, json};

use crate::{
    filter::{
        generate::{broken, filter, payload},
        json::Json,
    },
    random::Random,
};

/// The time that no request gets, since each names its own.
const NOW: i64 = 0;

/// A request, and the preview or the problems that are expected.
pub(super) fn to_preview(random: &mut Random) -> Value {
    let (mut webhook, mut event) = (webhook(random), event(random));
    match random.below(8) {
        0 => webhook = broken(random, &webhook),
        1 => event = broken(random, &event),
        _ => {}
    }
    let settings = settings(random);
    let mut request = format!(r#"{{"webhook":{webhook},"event":{event}"#);
    request.extend(settings.iter().map(|(name, value)| format!(",\"{name}\":{value}")));
    request.push('}');
    let expected: Value = match preview_json(&request, NOW) {
        Ok(answer) => serde_json::from_str(&answer).unwrap(),
        Err(problems) => serde_json::from_str(&write_problems(&problems, Language::English)).unwrap(),
    };
    let settings: serde_json::Map<String, Value> = settings.into_iter().collect();
    json!({"kind": "preview", "webhook": webhook, "event": event, "settings": settings, "expected": expected})
}

/// One of the good choices, or rarely the bad one.
fn choice<'c, T>(random: &mut Random, good: &'c [T], bad: &'c T) -> &'c T {
    let at = usize::try_from(random.below(good.len() as u64)).unwrap();
    if random.below(32) == 0 { bad } else { &good[at] }
}

/// In the order in which JavaScript writes them.
fn settings(random: &mut Random) -> Vec<(String, Value)> {
    let mut settings = Vec::new();
    let mut add = |name: &str, good: &[Value], bad: Value| {
        if random.below(3) > 0 || name == "now" {
            settings.push((name.to_owned(), choice(random, good, &bad).clone()));
        }
    };
    add("secret", &[json!("whsec_AAECAwQFBgcICQoLDA0ODxAREhM="), json!("pässwörter"), json!(null)], json!(7));
    add("nextSecret", &[json!("battery staple"), json!("")], json!("short"));
    add("creatorIsMember", &[json!(true), json!(true), json!(false)], json!("yes"));
    add("deliveryId", &[json!("dlv_1"), json!("é\"😀")], json!("\u{1}"));
    add("now", &[json!(1_669_893_789_500_i64), json!(-1), json!("2022-12-01T11:23:09Z")], json!("today"));
    settings
}

fn webhook(random: &mut Random) -> String {
    let mut fields = vec![format!("\"name\":{}", quoted(random.one_of(&["Mine", "é \"x\"\n", "\u{2028}/"])))];
    let mut add = |good: &[&str], bad: &str| {
        let field = *choice(random, good, &bad);
        fields.extend(Some(field.to_owned()).filter(|field| !field.is_empty()));
    };
    add(&["", r#""url":"https://example.com/""#, r#""url":null"#], r#""url":7"#);
    add(&["", "", r#""enabled":false"#], r#""enabled":1"#);
    add(&["", r#""payloadFormat":"compact""#, r#""payloadFormat":"full""#], r#""payloadFormat":"long""#);
    add(
        &["", "", r#""events":["TODO_CREATED","RECORD_MOVED"]"#, r#""metadata":{"events":["TAG_CREATED"]}"#],
        r#""events":["TODO_CREATD","nothing"]"#,
    );
    add(&["", "", r#""projectIds":["p"]"#, r#""projectIds":[]"#], r#""projectIds":{}"#);
    add(&["", r#""headers":{"X-B":"2","x-a":"1"}"#], r#""headers":[1]"#);
    add(&["", "", r#""companyId":"c""#, r#""createdAt":"2022-12-01T07:01:25.014Z""#], r#""status":"ILL""#);
    if random.below(2) == 0 {
        fields.push(format!("\"filter\":{}", filter(random).spell(random)));
    }
    format!("{{{}}}", fields.join(","))
}

/// An event whose values are spelt in many ways, and mostly of the shape that an event's have.
fn event(random: &mut Random) -> String {
    let names = EventType::ALL.map(EventType::name);
    let name = if random.below(8) == 0 { "RECORD_CREATED" } else { random.one_of(&names) };
    let ids = random.one_of(&["c", "é\u{1f600}", "a\"b", "x y"]);
    let mut out = format!(r#"{{"event":"{name}","projectId":"p","userId":"u","companyId":{}"#, quoted(ids));
    if let Json::Object(members) = payload(random) {
        let values = members.iter().filter(|(name, _)| name.ends_with("Value"));
        out.extend(values.map(|(name, value)| format!(",\"{name}\":{}", value.spell(random))));
    }
    out + "}"
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_string(&mut out, text);
    out
}
