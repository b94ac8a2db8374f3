//! What receivers do wrong: every attempt is the same request, and a webhook that never succeeds is switched off.

use bluehook_tests::{
    receiver::{Answer, Received, Receiver},
    server::Place,
    world::World,
};
use serde_json::{Value, json};

/// A schedule for which a test can wait.
fn impatient() -> Place {
    Place::new().with("RETRY_SCHEDULE", "10ms,10ms,10ms,10ms").with("TIMEOUT", "500ms")
}

#[actix_web::test]
async fn attempts_are_the_same_until_they_are_used_up() {
    let world = World::start(impatient(), Receiver::scripted(|_| 500.into())).await;
    let webhook = world.webhook(json!({})).await;
    world.record_created(r#"{"id":"r"}"#).await;
    let received = world.receiver.wait_for_count(5).await;
    check_attempts(&received);

    let delivery = world.shows(&path_of(&received), |delivery| delivery["status"] == "FAILED").await;
    let statuses: Vec<&Value> =
        attempts(&delivery).map(|attempt| &attempt["response"]["statusCode"]).collect();
    assert_eq!(statuses, [500; 5]);
    let off = |webhook: &Value| webhook["enabled"] == false && webhook["status"] == "UNHEALTHY";
    world.shows(&format!("/v1/webhooks/{}", text(&webhook["id"])), off).await;
    assert_eq!(world.receiver.all().len(), 5);
}

#[actix_web::test]
async fn a_retry_succeeds() {
    let answers = |received: &[Received]| if received.len() < 3 { 503.into() } else { 200.into() };
    let world = World::start(impatient(), Receiver::scripted(answers)).await;
    let webhook = world.webhook(json!({})).await;
    world.record_created(r#"{"id":"r"}"#).await;
    let received = world.receiver.wait_for_count(3).await;
    check_attempts(&received);
    world.shows(&path_of(&received), |delivery| delivery["status"] == "SUCCEEDED").await;
    let webhook = world.api.get(&format!("/v1/webhooks/{}", text(&webhook["id"]))).await.json(200);
    assert_eq!((&webhook["enabled"], &webhook["status"]), (&json!(true), &json!("HEALTHY")));
}

#[actix_web::test]
async fn a_restart_takes_up_what_was_left() {
    let place = Place::new().with("RETRY_SCHEDULE", "2s");
    let answers = |received: &[Received]| if received.len() < 2 { 500.into() } else { 200.into() };
    let world = World::start(place, Receiver::scripted(answers)).await;
    world.webhook(json!({})).await;
    world.record_created(r#"{"id":"r"}"#).await;
    let path = path_of(&world.receiver.wait_for_count(1).await);
    world.shows(&path, |delivery| delivery["status"] == "RETRYING").await;
    let world = world.restart();
    check_attempts(&world.receiver.wait_for_count(2).await);
    world.shows(&path, |delivery| delivery["status"] == "SUCCEEDED").await;
}

#[actix_web::test]
async fn a_receiver_that_is_at_work_on_a_delivery_is_asked_again_when_it_said_for_that_one_alone() {
    // The first delivery is being handled by someone; whatever else comes is taken.
    let busy = |received: &[Received]| match received {
        [_] => Answer::Response(409, vec![("retry-after", "2".to_owned())]),
        _ => 204.into(),
    };
    let world = World::start(impatient(), Receiver::scripted(busy)).await;
    world.webhook(json!({})).await;
    world.record_created(r#"{"id":"busy"}"#).await;
    let path = path_of(&world.receiver.wait_for_count(1).await);
    let waiting = world.shows(&path, |delivery| delivery["status"] == "RETRYING").await;
    let [tried, due] = ["lastAttemptAt", "nextAttemptAt"]
        .map(|name| bluehook_core::time::parse(text(&waiting[name])).unwrap());
    assert!(due - tried >= 1_900, "{waiting}");

    world.record_created(r#"{"id":"other"}"#).await;
    let received = world.receiver.wait_for_count(3).await;
    assert!(received[1].text().contains(r#""other""#), "the other delivery did not wait");
    assert_eq!(received[2].header("webhook-id"), received[0].header("webhook-id"));
    world.shows(&path, |delivery| delivery["status"] == "SUCCEEDED").await;
}

#[actix_web::test]
async fn redirects_are_failures_and_never_followed() {
    let elsewhere = Receiver::start();
    let url = elsewhere.url().to_owned();
    let redirect = move |_: &[Received]| Answer::Response(307, vec![("location", url.clone())]);
    let world = World::start(impatient(), Receiver::scripted(redirect)).await;
    world.webhook(json!({})).await;
    world.record_created("{}").await;
    let received = world.receiver.wait_for_count(5).await;
    world.shows(&path_of(&received), |delivery| delivery["status"] == "FAILED").await;
    assert!(elsewhere.all().is_empty());
}

#[actix_web::test]
async fn silence_is_a_failure_when_the_time_is_over() {
    let world = World::start(impatient(), Receiver::scripted(|_| Answer::Silence)).await;
    world.webhook(json!({})).await;
    world.record_created("{}").await;
    let path = path_of(&world.receiver.wait_for_count(2).await);
    let delivery = world.shows(&path, |delivery| attempts(delivery).next().is_some()).await;
    let first = attempts(&delivery).next().unwrap();
    assert_eq!(first["response"], Value::Null);
    assert_eq!(first["error"]["code"], "TIMEOUT", "{first}");
}

#[actix_web::test]
async fn gone_switches_off_at_once() {
    let world = World::start(impatient(), Receiver::scripted(|_| 410.into())).await;
    let webhook = world.webhook(json!({})).await;
    world.record_created("{}").await;
    world.receiver.wait_for_count(1).await;
    world
        .shows(&format!("/v1/webhooks/{}", text(&webhook["id"])), |webhook| webhook["enabled"] == false)
        .await;
    assert_eq!(world.receiver.all().len(), 1);
}

#[actix_web::test]
async fn one_silent_receiver_delays_no_other() {
    let world = World::start(Place::new().with("TIMEOUT", "1m"), Receiver::start()).await;
    let silent = Receiver::scripted(|_| Answer::Silence);
    for _ in 0..20 {
        world.company.webhook(silent.url(), json!({})).await;
    }
    world.webhook(json!({})).await;
    for _ in 0..20 {
        world.record_created("{}").await;
    }
    let received = world.receiver.wait_for_count(20).await;
    assert!(received.iter().all(|request| request.header("x-bluehook-attempt") == "1"));
    let failed = world.api.get("/v1/deliveries?status=RETRYING").await.json(200);
    assert_eq!(failed["items"], json!([]));
}

/// Same id, same body, numbered from 1, each signed for its own time.
fn check_attempts(received: &[Received]) {
    for (at, request) in received.iter().enumerate() {
        assert_eq!(request.header("x-bluehook-attempt"), (at + 1).to_string());
        assert_eq!(request.header("webhook-id"), received[0].header("webhook-id"));
        assert_eq!(request.body, received[0].body);
        assert_eq!(request.header("x-signature"), received[0].header("x-signature"));
    }
}

fn path_of(received: &[Received]) -> String {
    format!("/v1/deliveries/{}", received[0].header("webhook-id"))
}

fn attempts(delivery: &Value) -> impl Iterator<Item = &Value> {
    delivery["attempts"].as_array().unwrap().iter()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
