//! What callers meet who manage webhooks: how one stands, what is shown to whom, and changes that cross.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::{ADMIN, World};

/// A receiver that nobody is at.
const NOBODY: &str = "http://127.0.0.1:9/";

async fn made(world: &World, token: &str, more: Value) -> (String, Value) {
    let mut body = json!({"url": NOBODY});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, webhook) = world.call(token, Method::POST, "/v1/webhooks", body).await;
    assert_eq!(status, 201, "{webhook}");
    (format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap()), webhook)
}

#[actix_web::test]
async fn a_new_webhook_says_how_it_stands() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let (path, made) = made(&world, &me, json!({"description": "d", "filter": {}})).await;
    let (_, shown) = world.call(&me, Method::GET, &path, Value::Null).await;
    for webhook in [&made, &shown] {
        assert_eq!((&webhook["host"], &webhook["hostUnicode"]), (&json!("127.0.0.1:9"), &Value::Null));
        assert_eq!(webhook["createdBy"], json!({"id": "me", "fullName": "me"}));
        assert_eq!((&webhook["health"]["state"], &webhook["health"]["cause"]), (&json!("NEW"), &Value::Null));
        assert_eq!(webhook["waiting"], json!({"count": 0, "oldestAt": null}));
        let held = json!({"count": 0, "exact": true, "oldestAt": null, "off": 0, "backlog": 0});
        assert_eq!((&webhook["held"], &webhook["disabled"]), (&held, &Value::Null));
        assert_eq!((&webhook["hasSecret"], &webhook["autoRecover"]), (&json!(true), &json!(false)));
        assert_eq!(webhook["secrets"][0]["role"], "CURRENT");
        assert!(webhook["may"].as_object().unwrap().values().all(|may| may == true), "{webhook}");
    }
    assert!(made["secret"].is_string() && shown["secret"].is_null());
    let refused = world.call(&me, Method::PATCH, &path, json!({"autoRecover": true})).await;
    assert_eq!((refused.0, &refused.1["errors"][0]["pointer"]), (400, &json!("/autoRecover")));
}

#[actix_web::test]
async fn the_values_of_headers_are_never_shown_and_stay_unless_they_are_given() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let (path, made) =
        made(&world, &me, json!({"headers": {"X-Team": "sales", "authorization": "Bearer abc"}})).await;
    assert_eq!(made["headers"], json!({"X-Team": null, "authorization": null}));
    let change =
        async |headers: Value| world.call(&me, Method::PATCH, &path, json!({"headers": headers})).await;
    let sent = async || {
        let (_, test) = world.call(&me, Method::POST, &format!("{path}/test"), Value::Null).await;
        test["request"]["headers"].as_object().unwrap().keys().any(|name| name == "X-Team")
    };
    let (status, kept) = change(json!({"x-team": null})).await;
    assert_eq!((status, &kept["headers"]), (200, &json!({"x-team": null})), "the other is gone");
    assert_eq!(change(json!({"X-Team": "support"})).await.1["headers"], json!({"X-Team": null}));
    assert!(sent().await);
    for (headers, pointer) in [
        (json!({"X-Other": null}), "/headers/X-Other"),
        (json!({"X-a/b": "1"}), "/headers/X-a~1b"),
        (json!({"Host": "a"}), "/headers/Host"),
        (json!({"X-Team": "1", "x-team": "2"}), "/headers/x-team"),
    ] {
        let (status, problem) = change(headers).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (400, &json!(pointer)), "{problem}");
    }
    let none = json!({"url": NOBODY, "headers": {"X-Team": null}});
    assert_eq!(
        world.call(&me, Method::POST, "/v1/webhooks", none).await.1["errors"][0]["pointer"],
        "/headers/X-Team"
    );
}

#[actix_web::test]
async fn an_administrator_sees_a_part_and_switches_on_what_they_switched_off() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let boss = world.person("boss", "c", Role::Owner).await;
    let other = world.person("third", "c", Role::Admin).await;
    let more = json!({"description": "d", "filter": {"event": "TODO_CREATED"}, "headers": {"X-A": "1"}});
    let (path, _) = made(&world, &me, more).await;
    let shown = world.call(&boss, Method::GET, &path, Value::Null).await.1;
    for hidden in ["url", "filter", "headers", "description", "secrets"] {
        assert_eq!(shown[hidden], Value::Null, "{hidden}");
    }
    assert_eq!((&shown["host"], &shown["hasSecret"]), (&json!("127.0.0.1:9"), &json!(true)));
    assert_eq!((&shown["may"]["see"], &shown["may"]["disable"]), (&json!(false), &json!(true)));
    assert_eq!(shown["may"]["enable"], false);
    let off = world.call(&boss, Method::POST, &format!("{path}/disable"), Value::Null).await.1;
    assert_eq!((&off["disabled"]["by"], &off["disabled"]["person"]["id"]), (&json!("ADMIN"), &json!("boss")));
    assert_eq!((&off["disabled"]["mayEnable"], &off["health"]["state"]), (&json!(true), &json!("OFF")));
    let enable = format!("{path}/enable");
    assert_eq!(world.call(&other, Method::POST, &enable, Value::Null).await.0, 403);
    let (status, tried) = world.call(&boss, Method::POST, &enable, Value::Null).await;
    assert_eq!((status, &tried["probe"], &tried["enabled"]), (200, &Value::Null, &json!(false)));
    assert_eq!(
        (&tried["disabled"]["by"], &tried["disabled"]["probe"]),
        (&json!("HEALTH_CHECK"), &Value::Null)
    );
    assert_eq!(world.call(&boss, Method::POST, &enable, Value::Null).await.0, 403, "not theirs any more");
    let mine = world.call(&me, Method::POST, &enable, Value::Null).await.1;
    assert_eq!(
        (&mine["probe"]["errorClass"], &mine["disabled"]["cause"]["class"]),
        (&json!("CONNECT"), &json!("CONNECT"))
    );
    assert!(mine["probe"]["phases"].is_object() && mine["disabled"]["probe"].is_object(), "{mine}");
    let history = world.call(&me, Method::GET, &format!("{path}/history"), Value::Null).await.1;
    let by: Vec<_> = history["items"].as_array().unwrap().iter().map(|change| change["by"].clone()).collect();
    assert_eq!(by, [json!("HEALTH_CHECK"), json!("HEALTH_CHECK"), json!("ADMIN"), Value::Null]);
}

#[actix_web::test]
async fn the_backend_and_the_creator_switch_off_too() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    for (token, by) in [(me.as_str(), "PERSON"), (ADMIN, "SERVICE")] {
        let (path, _) = made(&world, &me, json!({})).await;
        let off = world.call(token, Method::PATCH, &path, json!({"enabled": false})).await.1;
        assert_eq!(off["disabled"]["by"], by);
        let again = world.call(ADMIN, Method::POST, &format!("{path}/disable"), Value::Null).await.1;
        assert_eq!(again["disabled"], off["disabled"], "it was off already");
    }
}

#[actix_web::test]
async fn a_webhook_whose_project_is_gone_can_be_switched_off_and_renamed() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    world.service(Method::PUT, "/v1/projects/gone", json!({"companyId": "c", "name": "Gone"})).await;
    world.service(Method::PUT, "/v1/projects/gone/members/me", json!({"role": "ADMIN"})).await;
    let (path, _) = made(&world, &me, json!({"projectIds": ["gone", "p-c"]})).await;
    world.service(Method::DELETE, "/v1/projects/gone", Value::Null).await;
    for change in [json!({"name": "n"}), json!({"enabled": false}), json!({"enabled": true})] {
        let (status, answer) = world.call(&me, Method::PATCH, &path, change).await;
        assert_eq!(status, 200, "{answer}");
    }
    let off = world.call(&me, Method::POST, &format!("{path}/disable"), Value::Null).await;
    assert_eq!((off.0, &off.1["enabled"]), (200, &json!(false)));
    let kept = world.call(ADMIN, Method::PATCH, &path, json!({"projectIds": ["gone"]})).await.1;
    assert_eq!(kept["errors"][0]["pointer"], "/projectIds/0");
}

#[actix_web::test]
async fn every_change_is_refused_that_was_made_from_something_older() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    world.person("heir", "c", Role::Admin).await;
    let (path, _) = made(&world, &me, json!({})).await;
    let change = async |method: Method, action: &str, body: Value, tag: &str| {
        let url = format!("{}{path}{action}", world.url);
        let request = world.client.request(method, url).bearer_auth(&me).insert_header(("If-Match", tag));
        let mut response =
            if body.is_null() { request.send().await } else { request.send_json(&body).await }.unwrap();
        let tag = response.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        let body: Value = serde_json::from_slice(&response.body().await.unwrap()).unwrap_or_default();
        (response.status().as_u16(), tag.unwrap_or_default(), body)
    };
    let changes = || {
        [
            (Method::PATCH, "", json!({"name": "n"})),
            (Method::POST, "/disable", Value::Null),
            (Method::POST, "/enable", Value::Null),
            (Method::POST, "/rotate-secret", Value::Null),
            (Method::POST, "/finish-rotation", Value::Null),
            (Method::DELETE, "/secret", Value::Null),
            (Method::POST, "/hand-over", json!({"userId": "heir"})),
            (Method::DELETE, "", Value::Null),
        ]
    };
    for (method, action, body) in changes() {
        let (status, tag, problem) = change(method, action, body, "\"old\"").await;
        assert_eq!((status, &problem["code"]), (412, &json!("PRECONDITION_FAILED")), "{action}");
        assert_eq!((&problem["etag"], &problem["current"]["host"]), (&json!(tag), &json!("127.0.0.1:9")));
    }
    let (_, mut tag, _) = change(Method::PATCH, "", json!({}), "*").await;
    for (method, action, body) in changes() {
        let (status, next, answer) = change(method, action, body, &format!("W/{tag}")).await;
        assert!((200..300).contains(&status), "{action}: {answer}");
        assert_ne!(next, tag, "{action}");
        tag = next;
        if action == "/hand-over" {
            return;
        }
    }
}

#[actix_web::test]
async fn a_rotation_has_two_secrets_at_most_and_can_be_finished() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let (path, _) = made(&world, &me, json!({"secret": null})).await;
    let call = async |method: Method, action: &str, body: Value| {
        world.call(&me, method, &format!("{path}/{action}"), body).await
    };
    let roles = |answer: &Value| {
        let secrets = answer["secrets"].as_array().unwrap().iter();
        secrets.map(|secret| secret["role"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = call(Method::POST, "rotate-secret", json!({})).await.1;
    assert_eq!((roles(&first), &first["endsAt"]), (vec!["CURRENT".to_owned()], &Value::Null));
    let second = call(Method::POST, "rotate-secret", json!({})).await.1;
    assert_eq!(roles(&second), ["CURRENT", "NEXT"]);
    assert_eq!(second["endsAt"], second["secrets"][0]["endsAt"]);
    assert_eq!(call(Method::POST, "rotate-secret", json!({})).await.0, 409);
    assert_eq!(roles(&call(Method::POST, "finish-rotation", Value::Null).await.1), ["CURRENT"]);
    call(Method::POST, "rotate-secret", json!({})).await;
    assert_eq!(
        roles(&call(Method::POST, "rotate-secret", json!({"overlapSeconds": 0})).await.1),
        ["CURRENT"]
    );
    let none = call(Method::DELETE, "secret", Value::Null).await.1;
    assert_eq!((&none["hasSecret"], roles(&none).len()), (&json!(false), 0));
}

#[actix_web::test]
async fn a_webhook_goes_to_whom_may_have_it() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let heir = world.person("heir", "c", Role::Admin).await;
    world.person("member", "c", Role::Member).await;
    world.person("stranger", "other", Role::Owner).await;
    let (path, webhook) = made(&world, &me, json!({"projectIds": ["p-c"]})).await;
    let id = webhook["id"].as_str().unwrap();
    let people = world.call(&me, Method::GET, &format!("/v1/users?webhookId={id}"), Value::Null).await.1;
    let expected = json!([
        {"id": "heir", "fullName": "heir", "eligible": true, "why": null},
        {"id": "member", "fullName": "member", "eligible": false, "why": "NOT_ADMINISTRATOR"},
    ]);
    assert_eq!(people["items"], expected);
    let to = async |user: &str| {
        world.call(&me, Method::POST, &format!("{path}/hand-over"), json!({"userId": user})).await
    };
    for user in ["member", "stranger", "nobody"] {
        let (status, problem) = to(user).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (400, &json!("/userId")), "{user}");
    }
    let (status, given) = to("heir").await;
    assert_eq!((status, &given["createdById"], &given["may"]["see"]), (200, &json!("heir"), &json!(false)));
    assert_eq!(world.call(&heir, Method::GET, &path, Value::Null).await.1["may"]["see"], true);
}

#[actix_web::test]
async fn lists_are_searched_and_their_cursors_belong_to_their_query() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let boss = world.person("boss", "c", Role::Owner).await;
    let member = world.person("member", "c", Role::Member).await;
    for name in ["CRM sync", "Old ERP", "crm backup"] {
        made(&world, &me, json!({"name": name})).await;
    }
    made(&world, &boss, json!({"name": "Boss's CRM"})).await;
    let list = async |token: &str, query: &str| {
        world.call(token, Method::GET, &format!("/v1/webhooks?{query}"), Value::Null).await
    };
    let count = async |token: &str, query: &str| list(token, query).await.1["items"].as_array().map(Vec::len);
    for (token, query, expected) in [
        (&me, "", 3),
        (&me, "q=crm", 2),
        (&me, "q=SYNC+crm", 1),
        (&me, "q=127.0.0.1", 3),
        (&me, "scope=company&q=crm", 3),
        (&boss, "scope=own", 1),
        (&boss, "health=NEW,OFF", 1),
        (&boss, "health=FAILING", 0),
        (&boss, "enabled=false", 0),
    ] {
        assert_eq!(count(token, query).await, Some(expected), "{query}");
    }
    assert_eq!(list(&member, "scope=company").await.0, 403);
    for bad in ["scope=all", "health=SICK", "include=everything", "limit=201", "order=name"] {
        assert_eq!(list(&me, bad).await.0, 400, "{bad}");
    }
    let (_, first) = list(&me, "limit=2&q=crm&scope=company&include=activity").await;
    assert_eq!(first["items"][0]["activity"]["succeeded"].as_array().map(Vec::len), Some(24));
    assert!(first["position"].is_string() && first["lookedUntil"].is_string(), "{first}");
    let cursor = first["nextCursor"].as_str().unwrap();
    let (_, rest) = list(&me, &format!("q=crm&scope=company&cursor={cursor}")).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["lookedUntil"]), (1, &Value::Null));
    assert_eq!(list(&me, &format!("scope=company&cursor={cursor}")).await.0, 400, "another query");
}

#[actix_web::test]
async fn one_request_shows_all_that_a_tab_needs() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let (path, _) = made(&world, &me, json!({})).await;
    let all = format!("{path}?include=activity,stats,projects,history&window=7d");
    let (status, shown) = world.call(&me, Method::GET, &all, Value::Null).await;
    assert_eq!(status, 200, "{shown}");
    assert_eq!(
        (&shown["stats"]["stepSeconds"], shown["stats"]["buckets"].as_array().map(Vec::len)),
        (&json!(10_800), Some(56))
    );
    assert_eq!(
        shown["projects"][0],
        json!({"id": "p-c", "companyId": "c", "name": "c", "slug": null, "role": "ADMIN"})
    );
    assert_eq!(
        (shown["history"][0]["state"].as_str(), shown["activity"]["total"].as_u64()),
        (Some("NEW"), Some(0))
    );
    for (window, step, buckets) in [("1h", 300, 12), ("24h", 3_600, 24), ("30d", 21_600, 120)] {
        let (_, stats) =
            world.call(&me, Method::GET, &format!("{path}/stats?window={window}"), Value::Null).await;
        assert_eq!(
            (&stats["stepSeconds"], stats["buckets"].as_array().map(Vec::len)),
            (&json!(step), Some(buckets))
        );
        assert_eq!(stats["partial"], false);
    }
}

#[actix_web::test]
async fn sentences_are_in_the_readers_language() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let (path, _) = made(&world, &me, json!({})).await;
    let test = async |language: &str| {
        let url = format!("{}{path}/test", world.url);
        let request = world.client.post(url).bearer_auth(&me).insert_header(("Accept-Language", language));
        let mut response = request.send_json(&json!({"currentValue": {"title": "Mine"}})).await.unwrap();
        let told = response.headers().get("content-language").map(|told| told.to_str().unwrap().to_owned());
        (told, serde_json::from_slice::<Value>(&response.body().await.unwrap()).unwrap())
    };
    let ((english, one), (italian, other)) = (test("en").await, test("it").await);
    assert_eq!((english.as_deref(), italian.as_deref()), (Some("en"), Some("it")));
    assert!(one["request"]["body"].as_str().unwrap().contains("Mine"), "{one}");
    assert_eq!(one["advice"]["code"], other["advice"]["code"]);
    assert_ne!(one["advice"]["detail"], other["advice"]["detail"]);
}
