//! `POST /v1/webhooks/{id}/test`: a real request now, answered with what came of it.

use bluehook_core::signature::{Secret, Signer};
use bluehook_tests::{
    api::Api,
    receiver::{Answer, Receiver},
    server::Place,
    world::World,
};
use serde_json::{Value, json};

async fn world(receiver: Receiver) -> (World, Value, String) {
    let world = World::start(Place::new(), receiver).await;
    let webhook = world.webhook(json!({"events": ["TAG_CREATED"]})).await;
    let path = format!("/v1/webhooks/{}/test", webhook["id"].as_str().unwrap());
    (world, webhook, path)
}

#[actix_web::test]
async fn a_sample_is_sent_and_nothing_of_it_is_kept() {
    let (world, webhook, path) = world(Receiver::scripted(|_| 201.into())).await;
    let test = world.api.send(awc::http::Method::POST, &path, "").await.unwrap().json(200);

    let [arrived] = &world.receiver.all()[..] else { panic!("one request: {test}") };
    assert_eq!(test["event"], "TAG_CREATED", "the first that the webhook chose");
    assert_eq!(test["request"]["body"], arrived.text());
    assert_eq!(test["id"], arrived.header("webhook-id"));
    assert_eq!(test["request"]["headers"]["X-Signature"], arrived.header("x-signature"));
    let signer = Signer::new(&Secret::new(webhook["secret"].as_str().unwrap().to_owned()).unwrap());
    assert_eq!(arrived.header("x-signature"), signer.x_signature(&arrived.body));
    assert_eq!((&test["succeeded"], &test["attempt"]["response"]["statusCode"]), (&json!(true), &json!(201)));
    let phases = &test["phases"];
    for phase in ["dnsMs", "connectMs", "firstByteMs", "totalMs"] {
        assert!(phases[phase].as_f64().is_some_and(|took| took >= 0.0), "{phase}: {phases}");
    }
    assert!(phases["tlsMs"].is_null(), "{phases}");
    assert_eq!(world.api.get("/v1/deliveries").await.json(200)["items"], json!([]));
}

#[actix_web::test]
async fn failures_are_told_and_do_no_harm() {
    let (world, webhook, path) = world(Receiver::scripted(|_| 500.into())).await;
    let show = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    for _ in 0..6 {
        let test = world.api.post(&path, r#"{"event":"RECORD_CREATED"}"#).await.json(200);
        assert_eq!((&test["event"], &test["succeeded"]), (&json!("TODO_CREATED"), &json!(false)));
    }
    assert_eq!(world.api.get(&show).await.json(200)["status"], "HEALTHY");

    world.api.post(&format!("{show}/disable"), "").await.json(200);
    assert_eq!(world.api.post(&path, "{}").await.json(200)["attempt"]["response"]["statusCode"], 500);

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = world.company.webhook(&format!("http://{nobody}/"), json!({})).await;
    let path = format!("/v1/webhooks/{}/test", gone["id"].as_str().unwrap());
    let test = world.api.post(&path, "{}").await.json(200);
    assert_eq!(test["attempt"]["error"]["code"], "CONNECT", "{test}");
    assert!(test["phases"]["connectMs"].is_null() && test["phases"]["firstByteMs"].is_null(), "{test}");

    let refused = world.api.post(&path, r#"{"event":"TODO_CRATED"}"#).await.json(400);
    assert_eq!(refused["errors"][0]["pointer"], "/event", "{refused}");
    world.api.post("/v1/webhooks/clb4qaopy0000vt24mlp28v03/test", "{}").await.json(404);
}

#[actix_web::test]
async fn one_test_of_a_webhook_is_under_way_at_once() {
    let place = Place::new().with("TIMEOUT", "1s");
    let world = World::start(place, Receiver::scripted(|_| Answer::Silence)).await;
    let webhook = world.webhook(json!({})).await;
    let path = format!("/v1/webhooks/{}/test", webhook["id"].as_str().unwrap());
    let token = json!({"userId": world.company.person_id, "companyId": world.company.id, "name": "t"});
    let token = world.api.post("/v1/tokens", token.to_string()).await.json(201);
    let person = Api::with_token(&world.server, token["token"].as_str().unwrap());
    let (first, second) = tokio::join!(world.api.post(&path, "{}"), async {
        world.receiver.wait_for_count(1).await;
        // As often as a person may send: what is refused does not count.
        for _ in 0..20 {
            let enable = person.post(&path.replace("/test", "/enable"), "").await;
            assert_eq!(enable.json(429)["params"]["scope"], "WEBHOOK");
        }
        person.post(&path, "{}").await
    });
    assert_eq!(first.json(200)["attempt"]["error"]["code"], "TIMEOUT");
    assert_eq!(person.post(&path, "{}").await.json(200)["attempt"]["error"]["code"], "TIMEOUT");
    let second = second.json(429);
    assert_eq!((&second["code"], &second["params"]["scope"]), (&json!("RATE_LIMITED"), &json!("WEBHOOK")));
    let webhook = world.api.get(&path.replace("/test", "")).await.json(200);
    assert_eq!(webhook["enabled"], true, "a probe that may not be sent changes nothing");
}
