//! Who gets what: idempotency, membership, webhooks that are off, and addresses that are not public.

use awc::http::Method;
use bluehook_tests::{
    api::Api,
    company::Company,
    receiver::{Received, Receiver},
    server::{ADMIN_TOKEN, Place},
    world::World,
};
use serde_json::{Value, json};

async fn world() -> World {
    World::start(Place::new(), Receiver::start()).await
}

#[actix_web::test]
async fn a_repeat_gets_the_first_answer() {
    let world = world().await;
    world.webhook(json!({})).await;
    let with_id = |value: &str| world.company.record_created(value).replacen('{', r#"{"id":"once","#, 1);
    let first = world.api.post("/v1/events", with_id(r#"{"n":1}"#)).await.json(202);
    let repeat = world.api.post("/v1/events", with_id(r#"{ "n": 1 }"#)).await.json(200);
    assert_eq!((&repeat["id"], &repeat["duplicate"]), (&first["id"], &json!(true)));
    assert_eq!(world.api.post("/v1/events", with_id(r#"{"n":2}"#)).await.json(409)["code"], "CONFLICT");
    world.record_created(r#"{"n":3}"#).await;
    let received = world.receiver.wait_for_count(2).await;
    assert!(received[0].text().contains(r#"{"n":1}"#) && received[1].text().contains(r#"{"n":3}"#));
}

#[actix_web::test]
async fn only_webhooks_that_want_an_event_and_may_have_it_get_it() {
    let world = world().await;
    let other = Company::create(&world.server, "other").await;
    world.webhook(json!({"name": "all"})).await;
    world.webhook(json!({"name": "its event", "events": ["TODO_DELETED", "RECORD_CREATED"]})).await;
    world.webhook(json!({"name": "its project", "projectIds": [world.company.project_id]})).await;
    world.webhook(json!({"name": "its filter", "filter": {"currentValue": {"done": true}}})).await;
    world.webhook(json!({"name": "another event", "events": ["TODO_DELETED"]})).await;
    world.webhook(json!({"name": "another filter", "filter": {"currentValue": {"done": false}}})).await;
    other.webhook(world.receiver.url(), json!({"name": "another company"})).await;
    assert_eq!(world.record_created(r#"{"done":true}"#).await["deliveries"], 4);

    let Company { project_id, person_id, .. } = &world.company;
    let member = format!("/v1/projects/{project_id}/members/{person_id}");
    assert_eq!(world.api.send(Method::DELETE, &member, "").await.unwrap().status, 204);
    assert_eq!(world.record_created(r#"{"done":true}"#).await["deliveries"], 0);
}

#[actix_web::test]
async fn events_of_a_webhook_that_is_off_are_held() {
    let world = world().await;
    let id = id_of(&world.webhook(json!({})).await);
    let off = world.api.post(&format!("/v1/webhooks/{id}/disable"), "").await.json(200);
    assert_eq!((&off["enabled"], &off["status"]), (&json!(false), &json!("UNHEALTHY")));
    world.record_created("{}").await;
    let held = world.api.get(&format!("/v1/deliveries?webhookId={id}&status=HELD")).await.json(200);
    assert_eq!(held["items"].as_array().unwrap().len(), 1, "{held}");
    assert!(world.receiver.all().is_empty());
}

#[actix_web::test]
async fn switching_on_asks_the_receiver_first() {
    let refuse_second = |received: &[Received]| if received.len() == 2 { 500.into() } else { 200.into() };
    let world = World::start(Place::new(), Receiver::scripted(refuse_second)).await;
    let id = id_of(&world.webhook(json!({})).await);
    for healthy in [true, false, true] {
        let webhook = world.api.post(&format!("/v1/webhooks/{id}/enable"), "").await.json(200);
        let status = if healthy { "HEALTHY" } else { "UNHEALTHY" };
        assert_eq!((&webhook["enabled"], &webhook["status"]), (&json!(healthy), &json!(status)));
    }
    for probe in world.receiver.all() {
        let body: Value = serde_json::from_slice(&probe.body).unwrap();
        assert_eq!(body["event"], "WEBHOOK_HEALTH_CHECK");
        assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
        assert_eq!(probe.header("x-signature").len(), 64);
    }
}

#[actix_web::test]
async fn addresses_that_are_not_public_are_refused_in_every_spelling() {
    let place = Place::new().with("ALLOW_NETWORK", "203.0.113.0/24");
    let server = place.serve();
    let company = Company::create(&server, "guard").await;
    let api = Api::with_token(&server, ADMIN_TOKEN);
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.0.0.1.:80/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://localhost/",
        "http://①②⑦.0.0.1/",
    ] {
        let body =
            json!({"companyId": company.id, "createdById": company.person_id, "name": "w", "url": url});
        let answer = api.post("/v1/webhooks", body.to_string()).await;
        let problem = answer.json(400);
        assert_eq!(problem["errors"][0]["pointer"], "/url", "{url}: {problem}");
    }
}

/// Without a network of the operator's, names that never are public need not even be asked for.
#[actix_web::test]
async fn names_that_are_never_public_are_refused_unless_a_network_is_open() {
    let closed = Place::new().without("ALLOW_NETWORK").serve();
    let open = Place::new().with("ALLOW_NETWORK", "203.0.113.0/24").serve();
    let urls = [
        "https://nowhere.invalid/",
        "http://nobody-here/",
        "http://localhost:8080/",
        "https://metadata.google.internal/computeMetadata/v1/",
        "https://printer.local/",
        "https://router.home.arpa/",
        "https://a.localhost./",
    ];
    for server in [&closed, &open] {
        let is_closed = server.url() == closed.url();
        let company = Company::create(server, "names").await;
        let api = Api::with_token(server, ADMIN_TOKEN);
        let webhook = |url: &str| json!({"companyId": company.id, "createdById": company.person_id, "name": "w", "url": url});
        for url in urls {
            let answer = api.post("/v1/webhooks", webhook(url).to_string()).await;
            let expected = if is_closed || url.contains("localhost") { 400 } else { 201 };
            assert_eq!(answer.status, expected, "{url}");
            if is_closed {
                let problem = answer.json(400);
                let error = &problem["errors"][0];
                assert_eq!((&error["pointer"], &error["code"]), (&json!("/url"), &json!("URL_NEVER_PUBLIC")));
                let checked = json!({ "url": url }).to_string();
                let checked = api.post("/v1/url-check", checked).await.json(200);
                assert_eq!(checked["steps"][0]["reason"], "URL_NEVER_PUBLIC", "{checked}");
            }
        }
        let good = webhook("https://hooks.example.com/").to_string();
        let id = id_of(&api.post("/v1/webhooks", good).await.json(201));
        if is_closed {
            let change = json!({"url": "https://intranet/"}).to_string();
            let answer = api.send(Method::PATCH, &format!("/v1/webhooks/{id}"), change).await;
            let problem = answer.unwrap().json(400);
            assert_eq!(problem["errors"][0]["code"], "URL_NEVER_PUBLIC", "{problem}");
        }
    }
}

fn id_of(webhook: &Value) -> String {
    webhook["id"].as_str().unwrap().to_owned()
}
