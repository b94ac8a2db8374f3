//! Everything that is done stands in the trail, without a secret, for those whom it concerns.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::World;

async fn trail(world: &World, token: &str, query: &str) -> Vec<Value> {
    let (status, page) = world.call(token, Method::GET, &format!("/v1/audit?{query}"), Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

fn actions(trail: &[Value]) -> Vec<&str> {
    trail.iter().rev().map(|entry| entry["action"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn what_is_done_to_a_webhook_is_told_to_its_creator() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let boss = world.person("boss", "c", Role::Owner).await;
    let planted = "planted-secret-of-mine";
    let body = json!({"url": "http://127.0.0.1:9/", "name": "Mine", "secret": planted, "headers": {"X-Key": planted}});
    let made = world.call(&me, Method::POST, "/v1/webhooks", body).await.1;
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/webhooks/{id}");
    for (token, method, action, body) in [
        (&me, Method::PATCH, "", json!({"name": "Ours", "headers": {"X-Key": "planted-too"}})),
        (&me, Method::POST, "/rotate-secret", json!({"secret": planted, "overlapSeconds": 60})),
        (&me, Method::POST, "/finish-rotation", Value::Null),
        (&me, Method::DELETE, "/secret", Value::Null),
        (&me, Method::POST, "/test", Value::Null),
        (&boss, Method::POST, "/disable", Value::Null),
        (&me, Method::POST, "/hand-over", json!({"userId": "boss"})),
    ] {
        let (status, answer) = world.call(token, method, &format!("{path}{action}"), body).await;
        assert_eq!(status, 200, "{action}: {answer}");
    }
    let mine = trail(&world, &me, &format!("webhookId={id}")).await;
    let expected = [
        "WEBHOOK_CREATED",
        "WEBHOOK_CHANGED",
        "SECRET_ROTATED",
        "SECRET_FINISHED",
        "SECRET_REMOVED",
        "WEBHOOK_TESTED",
        "WEBHOOK_DISABLED",
        "WEBHOOK_HANDED_OVER",
    ];
    assert_eq!(actions(&mine), expected);
    let told = serde_json::to_string(&mine).unwrap();
    assert!(!told.contains("planted"), "{told}");
    let changed = &mine[6];
    assert_eq!(changed["changes"][0], json!({"field": "name", "before": "Mine", "after": "Ours"}));
    assert_eq!((&changed["actor"]["id"], &changed["from"]), (&json!("me"), &json!("127.0.0.1")));
    assert!(changed["actor"]["tokenId"].as_str().unwrap().starts_with("tok_"), "{changed}");
    let by_boss = &mine[1];
    assert_eq!(
        (&by_boss["actor"]["fullName"], &by_boss["from"]),
        (&json!("boss"), &Value::Null),
        "{by_boss}"
    );
    assert_eq!(by_boss["actor"]["tokenId"], Value::Null, "not theirs to know");
    let now = trail(&world, &boss, "").await;
    assert!(!actions(&now).contains(&"WEBHOOK_CREATED"), "what was before is not theirs");
    let all = trail(&world, crate::trial::ADMIN, "action=WEBHOOK_DISABLED").await;
    assert_eq!((all.len(), &all[0]["from"]), (1, &json!("127.0.0.1")));
}

#[actix_web::test]
async fn the_trail_is_read_in_pages_and_by_whom_it_concerns() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let you = world.person("you", "c", Role::Admin).await;
    world.service(Method::PUT, "/v1/users/me", json!({"email": "a@example.com", "fullName": "me"})).await;
    let mine = trail(&world, &me, "").await;
    assert_eq!(actions(&mine), ["TOKEN_CREATED"], "only what concerns them");
    assert_eq!(
        mine[0]["actor"],
        json!({
            "kind": "SERVICE", "id": null, "fullName": null, "tokenId": null, "sessionId": null,
        })
    );
    let directory = trail(&world, crate::trial::ADMIN, "action=DIRECTORY_CHANGED").await;
    let users = directory.iter().filter(|entry| entry["object"]["kind"] == "USER").count();
    assert_eq!(users, 2, "what the directory knew already is not told again");
    let (_, first) = world.call(crate::trial::ADMIN, Method::GET, "/v1/audit?limit=3", Value::Null).await;
    let cursor = first["nextCursor"].as_str().unwrap();
    let next = trail(&world, crate::trial::ADMIN, &format!("limit=3&cursor={cursor}")).await;
    assert_ne!(first["items"][2]["id"], next[0]["id"]);
    for query in
        [format!("cursor={cursor}&action=TOKEN_CREATED"), "action=NOTHING".to_owned(), "x=1".to_owned()]
    {
        let path = format!("/v1/audit?{query}");
        assert_eq!(world.call(crate::trial::ADMIN, Method::GET, &path, Value::Null).await.0, 400, "{query}");
    }
    assert_eq!(
        world.call(&you, Method::GET, &format!("/v1/audit?cursor={cursor}"), Value::Null).await.0,
        400
    );
    world.service(Method::DELETE, "/v1/users/me", Value::Null).await;
    let again = world.person("me", "c", Role::Admin).await;
    let theirs = trail(&world, &again, "").await;
    assert_eq!(
        (actions(&theirs), theirs[0]["object"]["id"] == mine[0]["object"]["id"]),
        (vec!["TOKEN_CREATED"], false)
    );
}
