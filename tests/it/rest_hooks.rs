//! A platform such as Zapier: it subscribes and unsubscribes with a person's token, and answers 410 when a hook is gone.

use std::sync::atomic::{AtomicBool, Ordering};

use awc::http::Method;
use bluehook_tests::{
    api::Api,
    receiver::{Answer, Receiver},
    server::Place,
    world::World,
};
use serde_json::{Value, json};

/// The person's token that the platform was given.
async fn platform(world: &World) -> Api {
    let company = &world.company;
    let token = json!({"name": "platform", "userId": company.person_id, "companyId": company.id});
    let made = world.api.post("/v1/tokens", token.to_string()).await.json(201);
    Api::with_token(&world.server, made["token"].as_str().unwrap())
}

async fn subscribe(platform: &Api, target_url: &str) -> Value {
    let hook =
        json!({"url": target_url, "events": ["TODO_CREATED"], "payloadFormat": "compact", "secret": null});
    platform.post("/v1/webhooks", hook.to_string()).await.json(201)
}

#[actix_web::test]
async fn a_platform_subscribes_and_unsubscribes() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let platform = platform(&world).await;
    let hook = subscribe(&platform, world.receiver.url()).await;
    world.record_created(r#"{"id":"r1"}"#).await;
    let received = world.receiver.wait_for_count(1).await;
    let body: Value = serde_json::from_slice(&received[0].body).unwrap();
    assert_eq!((&body["event"], &body["record"]["id"]), (&json!("RECORD_CREATED"), &json!("r1")));

    let path = format!("/v1/webhooks/{}", hook["id"].as_str().unwrap());
    assert_eq!(platform.send(Method::DELETE, &path, "").await.unwrap().status, 204);
    assert_eq!(platform.send(Method::DELETE, &path, "").await.unwrap().status, 404);
    assert_eq!(world.record_created(r#"{"id":"r2"}"#).await["deliveries"], 0);
}

/// Two events: the first is answered with 410, and nothing follows; what comes later is kept.
#[actix_web::test]
async fn a_hook_that_is_gone_stops_at_once() {
    static TURNED_OFF: AtomicBool = AtomicBool::new(false);
    let place = Place::new().with("RETRY_SCHEDULE", "1ms,1ms,1ms");
    let gone =
        Receiver::scripted(|_| Answer::from(if TURNED_OFF.load(Ordering::SeqCst) { 410 } else { 200 }));
    let world = World::start(place, gone).await;
    let hook = subscribe(&platform(&world).await, world.receiver.url()).await;
    world.record_created("{}").await;
    world.receiver.wait_for_count(1).await;

    TURNED_OFF.store(true, Ordering::SeqCst);
    world.record_created("{}").await;
    let path = format!("/v1/webhooks/{}", hook["id"].as_str().unwrap());
    let off = world.shows(&path, |webhook| webhook["enabled"] == false).await;
    assert_eq!(off["status"], "UNHEALTHY");
    world.record_created("{}").await;
    let held = world.api.get("/v1/deliveries?status=HELD").await.json(200);
    assert_eq!(held["items"].as_array().unwrap().len(), 1);
    assert_eq!(world.receiver.all().len(), 2, "one delivery taken, one answered with 410, and no more");
}
