//! Routes that have no test of their own file, through a real server.

use awc::http::Method;
use bluehook_core::{event::EventType, sample};
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::{ADMIN, World};

#[actix_web::test]
async fn a_batch_is_answered_in_order_each_for_itself() {
    let world = World::new().await;
    let event = |id: &str, title: &str| {
        json!({"id": id, "event": "TODO_CREATED", "companyId": "c", "projectId": "p-c", "userId": "u",
            "currentValue": {"title": title}})
    };
    let events =
        [event("1", "a"), json!({"event": "TODO"}), event("1", "a"), event("1", "b"), event("2", "c")];
    let answer = world.service(Method::POST, "/v1/events/batch", json!({"events": events})).await;
    let items = answer["items"].as_array().unwrap();
    let statuses: Vec<u64> = items.iter().map(|item| item["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [202, 400, 200, 409, 202]);
    assert_eq!(items[1]["errors"][0]["pointer"], "/events/1/event");
    assert_eq!((&items[2]["id"], &items[2]["duplicate"]), (&json!("1"), &json!(true)));

    let lines = format!("{}\n\n{}\nnot json\n", event("3", "d"), event("2", "c"));
    let request = world.client.post(format!("{}/v1/events/batch", world.url)).bearer_auth(ADMIN);
    let request = request.insert_header(("content-type", "application/x-ndjson"));
    let answer: Value = request.send_body(lines).await.unwrap().json().await.unwrap();
    let statuses: Vec<_> =
        answer["items"].as_array().unwrap().iter().map(|item| item["status"].clone()).collect();
    assert_eq!(statuses, [202, 200, 400]);

    let none = world.call(ADMIN, Method::POST, "/v1/events/batch", json!({"events": []})).await;
    assert_eq!((none.0, &none.1["errors"][0]["pointer"]), (400, &json!("/events")));
}

#[actix_web::test]
async fn who_edits_an_old_copy_is_told() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let url = format!("{}/v1/webhooks/{}", world.url, world.webhook("me", "c").await);
    let read = world.client.get(&url).bearer_auth(ADMIN).send().await.unwrap();
    let tag = read.headers().get("etag").unwrap().clone();
    let edit = async |name: &str| {
        let request = world.client.patch(&url).bearer_auth(ADMIN).insert_header(("if-match", tag.clone()));
        request.send_json(&json!({"name": name})).await.unwrap().status().as_u16()
    };
    assert_eq!(edit("first").await, 200);
    assert_eq!(edit("second").await, 412);
}

#[actix_web::test]
async fn every_event_type_has_a_sample_that_is_taken_in() {
    let world = World::new().await;
    let types = world.service(Method::GET, "/v1/event-types", Value::Null).await;
    let types = types["items"].as_array().unwrap();
    assert_eq!(types.len(), EventType::ALL.len());
    for event_type in types {
        let event = json!({"event": event_type["event"], "companyId": "c", "projectId": "p-c", "userId": "u",
            "previousValue": event_type["sample"]["previousValue"], "currentValue": event_type["sample"]["currentValue"]});
        world.service(Method::POST, "/v1/events", event).await;
    }
}

#[actix_web::test]
async fn a_preview_is_the_cores() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let id = world.webhook("me", "c").await;
    let webhook = world.service(Method::GET, &format!("/v1/webhooks/{id}"), Value::Null).await;
    let event: Value = serde_json::from_str(&sample::sample_json("TAG_CREATED").unwrap()).unwrap();
    let shown = world.service(Method::POST, "/v1/preview", json!({"webhook": webhook, "event": event})).await;
    assert_eq!(shown["why"]["code"], "OTHER_COMPANY", "{shown}");
    assert!(shown["body"].as_str().unwrap().starts_with("{\"event\":\"TAG_CREATED\""));
    let (status, problem) = world.call(ADMIN, Method::POST, "/v1/preview", json!({})).await;
    assert_eq!((status, problem["errors"].as_array().map(Vec::len)), (400, Some(2)));
}

#[actix_web::test]
async fn secrets_rotate_and_deliveries_are_sent_again() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let stranger = world.person("stranger", "other", Role::Admin).await;
    let id = world.webhook("me", "c").await;
    let of_webhook = |action: &str| format!("/v1/webhooks/{id}/{action}");
    let rotated =
        world.call(&token, Method::POST, &of_webhook("rotate-secret"), json!({"overlapSeconds": 60})).await;
    assert!(rotated.0 == 200 && rotated.1["secret"].as_str().unwrap().starts_with("whsec_"), "{rotated:?}");

    world.service(Method::POST, &of_webhook("disable"), Value::Null).await;
    let event = json!({"event": "TAG_CREATED", "companyId": "c", "projectId": "p-c", "userId": "u", "currentValue": {}});
    world.service(Method::POST, "/v1/events", event).await;
    let span = json!({"since": "2001-01-01T00:00:00Z", "until": "2999-01-01T00:00:00Z", "dryRun": true});
    let counted = world.call(&token, Method::POST, &of_webhook("replay"), span.clone()).await;
    assert_eq!(counted, (200, json!({"total": 1})));
    let begin = json!({"since": span["since"], "until": span["until"]});
    assert_eq!(world.call(&token, Method::POST, &of_webhook("replay"), begin.clone()).await.0, 409);
    assert_eq!(world.call(&stranger, Method::POST, &of_webhook("replay"), begin).await.0, 404);

    let held = world.service(Method::GET, "/v1/deliveries?status=HELD", Value::Null).await;
    let again = format!("/v1/deliveries/{}/redeliver", held["items"][0]["id"].as_str().unwrap());
    assert_eq!(world.call(&token, Method::POST, &again, Value::Null).await.0, 409);
    assert_eq!(world.call(&stranger, Method::POST, &again, Value::Null).await.0, 404);
    assert_eq!(world.call(&token, Method::GET, "/v1/replays/rpl_none", Value::Null).await.0, 404);
}

#[actix_web::test]
async fn if_match_is_honoured_on_every_change_of_the_directory_too() {
    let world = World::new().await;
    let ask = async |method: Method, path: &str, body: Value, tag: Option<&str>| {
        let mut request = world.client.request(method, format!("{}{path}", world.url)).bearer_auth(ADMIN);
        if let Some(tag) = tag {
            request = request.insert_header(("if-match", tag));
        }
        let answer =
            if body.is_null() { request.send().await } else { request.send_json(&body).await }.unwrap();
        let tag = answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        (answer.status().as_u16(), tag)
    };
    for (path, one, other) in [
        ("/v1/companies/x", json!({"name": "a"}), json!({"name": "b", "slug": "b"})),
        ("/v1/projects/x", json!({"companyId": "c", "name": "a"}), json!({"companyId": "c", "name": "b"})),
        ("/v1/users/x", json!({"email": "a@b", "fullName": "a"}), json!({"email": "a@b", "fullName": "b"})),
        ("/v1/projects/x/members/x", json!({"role": "ADMIN"}), json!({"role": "MEMBER"})),
    ] {
        assert_eq!(ask(Method::PUT, path, one.clone(), Some("*")).await.0, 412, "{path}: there is none");
        let (_, first) = ask(Method::PUT, path, one.clone(), None).await;
        let (status, second) = ask(Method::PUT, path, other, first.as_deref()).await;
        assert_eq!(status, 200, "{path}");
        assert_ne!(first, second, "{path}");
        assert_eq!(ask(Method::PUT, path, one, first.as_deref()).await.0, 412, "{path}");
        assert_eq!(ask(Method::DELETE, path, Value::Null, first.as_deref()).await.0, 412, "{path}");
        if path.contains("members") {
            assert_eq!(ask(Method::DELETE, path, Value::Null, second.as_deref()).await.0, 204, "{path}");
        }
    }
    let token = world.service(Method::POST, "/v1/tokens", json!({"name": "n"})).await;
    let path = format!("/v1/tokens/{}", token["id"].as_str().unwrap());
    assert_eq!(ask(Method::DELETE, &path, Value::Null, Some("\"old\"")).await.0, 412);
    assert_eq!(ask(Method::DELETE, &path, Value::Null, Some("*")).await.0, 204);
}
