//! What people see, may give away and need, through a real server over a real socket; the table of all is `matrix.rs`.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::World;

/// A webhook of a person's that chose a project which they are in.
async fn choosing(world: &World, user: &str, project: &str) -> String {
    let body = json!({"companyId": "c", "name": project});
    world.service(Method::PUT, &format!("/v1/projects/{project}"), body).await;
    let member = format!("/v1/projects/{project}/members/{user}");
    world.service(Method::PUT, &member, json!({"role": "MEMBER"})).await;
    let body = json!({
        "companyId": "c", "createdById": user, "url": "http://127.0.0.1:9/", "projectIds": [project, "p-c"],
    });
    let made = world.service(Method::POST, "/v1/webhooks", body).await;
    made["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn people_see_their_own_and_the_backend_everything() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    world.person("colleague", "c", Role::Admin).await;
    let own = world.webhook("me", "c").await;
    world.webhook("colleague", "c").await;
    let (_, listed) =
        world.call(&token, Method::GET, "/v1/webhooks?createdById=colleague", Value::Null).await;
    assert_eq!(
        listed["items"].as_array().map(|items| (items.len(), items[0]["id"].clone())),
        Some((1, json!(own)))
    );
    let (_, projects) = world.call(&token, Method::GET, "/v1/projects", Value::Null).await;
    assert_eq!(projects["items"][0]["id"], "p-c");
    let everything = world.service(Method::GET, "/v1/webhooks", Value::Null).await;
    assert_eq!(everything["items"].as_array().map(Vec::len), Some(2));
    let outside = json!({"url": "http://127.0.0.1:9/", "projectIds": ["p-other"]});
    let refused = world.call(&token, Method::POST, "/v1/webhooks", outside).await.1;
    assert_eq!(
        (&refused["code"], &refused["detail"]),
        (&json!("FORBIDDEN"), &json!("You are not authorized."))
    );
    let place = &refused["errors"][0];
    assert_eq!((&place["pointer"], &place["code"]), (&json!("/projectIds/0"), &json!("NOT_A_MEMBER")));
    for (method, path) in [
        (Method::GET, "/v1/events"),
        (Method::GET, "/v1/tokens"),
        (Method::DELETE, "/v1/companies/c"),
        (Method::DELETE, "/v1/users/me"),
    ] {
        let (status, _) = world.call(&token, method, path, Value::Null).await;
        assert_eq!(status, 403, "{path}");
    }
}

#[actix_web::test]
async fn a_token_ends_when_it_is_revoked_or_its_person_left() {
    let world = World::new().await;
    let status = async |token: &str| world.call(token, Method::GET, "/v1/webhooks", Value::Null).await.0;
    let token = world.person("me", "c", Role::Admin).await;
    assert_eq!(status(&token).await, 200);
    let id = token.split_once('.').unwrap().0.to_owned();
    let listed = world.service(Method::GET, "/v1/tokens", Value::Null).await;
    assert!(
        listed["items"][0]["lastUsedAt"].is_string() && listed["items"][0].get("secret").is_none(),
        "{listed}"
    );
    world.service(Method::DELETE, &format!("/v1/tokens/{id}"), Value::Null).await;
    assert_eq!(status(&token).await, 401);

    let leaver = world.person("leaver", "c", Role::Admin).await;
    assert_eq!(status(&leaver).await, 200);
    assert_eq!(status(&format!("{leaver}x")).await, 401);
    world.service(Method::DELETE, "/v1/users/leaver", Value::Null).await;
    assert_eq!(status(&leaver).await, 401);
}

#[actix_web::test]
async fn an_administrator_may_give_away_what_its_creator_left() {
    let world = World::new().await;
    let boss = world.person("boss", "c", Role::Owner).await;
    world.person("leaver", "c", Role::Admin).await;
    let webhook = choosing(&world, "leaver", "p-x").await;
    let give = async |token: &str| {
        let path = format!("/v1/webhooks/{webhook}/hand-over");
        world.call(token, Method::POST, &path, json!({"userId": "boss"})).await
    };
    assert_eq!(give(&boss).await.0, 403, "its creator is there");
    let shown = world.call(&boss, Method::GET, &format!("/v1/webhooks/{webhook}"), Value::Null).await.1;
    assert_eq!(shown["may"]["handOver"], false);
}

#[actix_web::test]
async fn a_webhook_that_is_off_says_what_it_needs() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let webhook = choosing(&world, "me", "p-x").await;
    let path = format!("/v1/webhooks/{webhook}");
    let only = json!({"projectIds": ["p-x"], "enabled": false});
    world.service(Method::PATCH, &path, only).await;
    let shown = async || world.call(&me, Method::GET, &path, Value::Null).await.1["disabled"].clone();
    assert_eq!((&shown().await["needs"], &shown().await["mayEnable"]), (&json!([]), &json!(true)));
    world.service(Method::DELETE, "/v1/projects/p-x/members/me", Value::Null).await;
    assert_eq!((&shown().await["needs"], &shown().await["mayEnable"]), (&json!(["MEMBER"]), &json!(false)));
    world.service(Method::DELETE, "/v1/projects/p-x", Value::Null).await;
    assert_eq!(shown().await["needs"], json!(["MEMBER", "PROJECTS"]));
    let (status, problem) = world.call(&me, Method::POST, &format!("{path}/enable"), Value::Null).await;
    assert_eq!((status, &problem["params"]["why"]), (409, &json!("PROJECT_DELETED")), "{problem}");
    let (status, both) =
        world.call(&me, Method::PATCH, &path, json!({"projectIds": ["p-c"], "enabled": true})).await;
    assert_eq!((status, &both["projectIds"]), (200, &json!(["p-c"])), "{both}");
}
