//! What is told of a URL, to whom, and how often.

use std::net::TcpListener;

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use super::*;
use crate::trial::{ADMIN, World};

async fn check(world: &World, token: &str, url: &str) -> (u16, Value) {
    world.call(token, Method::POST, "/v1/url-check", json!({ "url": url })).await
}

/// The results of the steps, and the class and reason of the one that failed.
fn told(answer: &Value) -> (Vec<&str>, Value) {
    let steps = answer["steps"].as_array().unwrap();
    let failed = steps.iter().find(|step| step["result"] == "FAILED");
    let results = steps.iter().map(|step| step["result"].as_str().unwrap()).collect();
    (results, failed.map_or(Value::Null, |step| json!([step["class"], step["reason"]])))
}

#[actix_web::test]
async fn steps_are_made_until_one_fails() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = listener.local_addr().unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, steps, failed) in [
        (format!("http://{open}/"), ["OK", "SKIPPED", "OK", "OK", "SKIPPED"], Value::Null),
        (
            format!("http://{closed}/"),
            ["OK", "SKIPPED", "OK", "FAILED", "SKIPPED"],
            json!(["CONNECT", "REFUSED"]),
        ),
        (
            "http://10.1.2.3/".to_owned(),
            ["OK", "SKIPPED", "FAILED", "SKIPPED", "SKIPPED"],
            json!(["BLOCKED_ADDRESS", null]),
        ),
        (
            "ftp://example.com".to_owned(),
            ["FAILED", "SKIPPED", "SKIPPED", "SKIPPED", "SKIPPED"],
            json!([null, "URL_SCHEME"]),
        ),
    ] {
        let (status, answer) = check(&world, ADMIN, &url).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(told(&answer), (steps.to_vec(), failed.clone()), "{answer}");
        assert_eq!(answer["ok"], failed.is_null());
        assert!(answer["steps"].as_array().unwrap().iter().all(|step| step["detail"] != ""), "{answer}");
    }
    let (_, answer) = check(&world, ADMIN, &format!("http://{open}/a")).await;
    assert_eq!((&answer["host"], &answer["warnings"]), (&json!(open.to_string()), &json!(["PLAIN_HTTP"])));
}

#[actix_web::test]
async fn who_may_make_no_webhook_may_not_ask() {
    let world = World::new().await;
    let member = world.person("ben", "c", Role::Member).await;
    assert_eq!(check(&world, &member, "https://example.com").await.0, 403);
    let token = world.person("ada", "c", Role::Admin).await;
    assert_eq!(check(&world, &token, "nothing").await.0, 200);
    let (status, problem) = world.call(&token, Method::POST, "/v1/url-check", json!({"url": null})).await;
    assert_eq!((status, &problem["errors"][0]["code"]), (400, &json!("NULL_NOT_ALLOWED")), "{problem}");
}

#[actix_web::test]
async fn a_person_asks_sixty_times_a_minute() {
    let world = World::new().await;
    let token = world.person("ada", "c", Role::Admin).await;
    let mut refused = Value::Null;
    for _ in 0..90 {
        let (status, answer) = check(&world, &token, "nothing").await;
        if status == 429 {
            refused = answer;
            break;
        }
    }
    assert_eq!((&refused["code"], &refused["params"]["scope"]), (&json!("RATE_LIMITED"), &json!("PERSON")));
    assert_eq!(check(&world, ADMIN, "nothing").await.0, 200);
}

#[test]
fn services_are_known_by_their_names() {
    let known = |name: &str| known(&Destination::Name(name.to_owned()));
    assert_eq!(known("hooks.zapier.com"), Some("ZAPIER"));
    assert_eq!(known("connect.pabbly.com"), Some("PABBLY"));
    assert_eq!((known("notzapier.com"), known("zapier.com.evil.example")), (None, None));
}
