//! The preview is the wire: for every event, in both formats, signed with one secret, two, or none.

use bluehook_core::{event::EventType, sample, time};
use bluehook_tests::{
    receiver::{Received, Receiver},
    server::Place,
    world::World,
};
use serde_json::{Value, json};

/// The headers that HTTP itself adds on the way.
const OF_HTTP: [&str; 4] = ["accept", "content-length", "date", "host"];

/// What is made when an event is taken in: its time, where none was given, and its place in the order.
const OF_INTAKE: [&str; 2] = ["x-bluehook-event-time", "x-bluehook-sequence"];

/// A webhook with the secrets that it signs with.
struct Signed {
    webhook: Value,
    secret: Option<String>,
    next_secret: Option<String>,
}

#[actix_web::test]
async fn every_preview_is_what_arrives() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let mut all = Vec::new();
    for format in ["full", "compact"] {
        for case in ["secret", "none", "rotating"] {
            all.push(webhook(&world, format, case).await);
        }
    }
    let mut arrived = 0;
    for event in EventType::ALL {
        let values = sample::sample(event);
        let posted =
            world.company.event(event.name(), values.previous_value.as_str(), values.current_value.as_str());
        world.api.post("/v1/events", posted.clone()).await.json(202);
        arrived += all.len();
        let received = world.receiver.wait_for_count(arrived).await;
        for request in received.iter().skip(arrived - all.len()) {
            let signed = all.iter().find(|signed| request.path == path_of(&signed.webhook)).unwrap();
            check(&world, signed, &posted, request).await;
        }
    }
}

/// Every webhook has a path of its own, by which its requests are told.
async fn webhook(world: &World, format: &str, case: &str) -> Signed {
    let url = format!("{}/{format}/{case}", world.receiver.url());
    let mut more = json!({"url": url, "payloadFormat": format, "headers": {}});
    if case == "none" {
        more["secret"] = Value::Null;
    }
    let webhook = world.webhook(more).await;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let secret = text(&webhook["secret"]);
    let mut next_secret = None;
    if case == "rotating" {
        let path = format!("/v1/webhooks/{}/rotate-secret", webhook["id"].as_str().unwrap());
        next_secret = text(&world.api.post(&path, r#"{"overlapSeconds":3600}"#).await.json(200)["secret"]);
    }
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    Signed { webhook: world.api.get(&path).await.json(200), secret, next_secret }
}

fn path_of(webhook: &Value) -> String {
    let url = webhook["url"].as_str().unwrap();
    url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap()
}

async fn check(world: &World, signed: &Signed, posted: &str, request: &Received) {
    let seconds: i64 = request.header("webhook-timestamp").parse().unwrap();
    let asked = format!(
        r#"{{"webhook":{},"event":{posted},"secret":{},"nextSecret":{},"deliveryId":{},"now":"{}"}}"#,
        signed.webhook,
        json!(signed.secret),
        json!(signed.next_secret),
        json!(request.header("webhook-id")),
        time::format(seconds * 1_000),
    );
    let preview = world.api.post("/v1/preview", asked).await.json(200);
    assert_eq!(preview["matches"], true, "{preview}");
    assert_eq!(preview["body"].as_str().unwrap().as_bytes(), request.body, "{}", request.path);
    let mut shown: Vec<(String, String)> = headers(&preview["headers"]);
    let mut sent = request.headers.clone();
    for name in OF_INTAKE {
        assert!(sent.iter().any(|(sent, _)| sent == name) && shown.iter().any(|(shown, _)| shown == name));
    }
    sent.retain(|(name, _)| !OF_HTTP.contains(&name.as_str()) && !OF_INTAKE.contains(&name.as_str()));
    shown.retain(|(name, _)| !OF_INTAKE.contains(&name.as_str()));
    shown.sort();
    sent.sort();
    assert_eq!(shown, sent, "{}", request.path);
}

/// The previewed headers, names in lower case.
fn headers(shown: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match shown {
        Value::Object(headers) => {
            headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), text(value))).collect()
        }
        Value::Array(headers) => {
            headers.iter().map(|pair| (text(&pair[0]).to_ascii_lowercase(), text(&pair[1]))).collect()
        }
        other => panic!("headers: {other}"),
    }
}
