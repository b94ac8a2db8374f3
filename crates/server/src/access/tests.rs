//! Role × action × whose webhook, through a real server over a real socket.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::World;

/// What a person meets who does one thing to one webhook: the status, or Blue's code.
async fn check(world: &World, token: &str, action: &str, id: &str) -> String {
    let (method, path, body) = match action {
        "create" => (Method::POST, "/v1/webhooks".to_owned(), json!({"url": "http://127.0.0.1:9/"})),
        "see" => (Method::GET, format!("/v1/webhooks/{id}"), Value::Null),
        "change" => (Method::PATCH, format!("/v1/webhooks/{id}"), json!({"name": "n"})),
        "stats" | "history" => (Method::GET, format!("/v1/webhooks/{id}/{action}"), Value::Null),
        "candidates" => (Method::GET, format!("/v1/users?webhookId={id}"), Value::Null),
        "disable" | "enable" | "rotate-secret" | "finish-rotation" | "test" => {
            (Method::POST, format!("/v1/webhooks/{id}/{action}"), Value::Null)
        }
        "hand-over" => (Method::POST, format!("/v1/webhooks/{id}/{action}"), json!({"userId": "nobody"})),
        "secret" => (Method::DELETE, format!("/v1/webhooks/{id}/secret"), Value::Null),
        "delete" => (Method::DELETE, format!("/v1/webhooks/{id}"), Value::Null),
        other => panic!("{other}"),
    };
    let (status, answer) = world.call(token, method, &path, body).await;
    answer["code"].as_str().map_or_else(|| status.to_string(), str::to_owned)
}

#[actix_web::test]
async fn who_may_do_what_to_whose_webhook() {
    const GONE: &str = "WEBHOOK_NOT_FOUND";
    let world = World::new().await;
    world.person("colleague", "c", Role::Admin).await;
    world.person("stranger", "other", Role::Owner).await;
    for role in Role::ALL {
        let name = format!("person-{}", role.name());
        let token = world.person(&name, "c", role).await;
        let own = world.webhook(&name, "c").await;
        let colleagues = world.webhook("colleague", "c").await;
        let strangers = world.webhook("stranger", "other").await;
        let administers = matches!(role, Role::Owner | Role::Admin);
        let creates = if administers { "201" } else { "FORBIDDEN" };
        let (sees, forbidden) = if administers { ("200", "FORBIDDEN") } else { (GONE, GONE) };
        assert_eq!(check(&world, &token, "create", "").await, creates, "{role:?}");
        for (action, of_own, of_colleague) in [
            ("see", "200", sees),
            ("stats", "200", sees),
            ("candidates", "200", sees),
            ("history", "200", forbidden),
            ("change", "200", forbidden),
            ("test", "200", forbidden),
            ("rotate-secret", "200", forbidden),
            ("finish-rotation", "200", forbidden),
            ("secret", "200", forbidden),
            ("hand-over", "BAD_USER_INPUT", forbidden),
            ("enable", "200", forbidden),
            ("disable", "200", sees),
            ("delete", "204", forbidden),
        ] {
            assert_eq!(check(&world, &token, action, &own).await, of_own, "{role:?} {action} own");
            assert_eq!(
                check(&world, &token, action, &colleagues).await,
                of_colleague,
                "{role:?} {action} colleague's"
            );
            assert_eq!(check(&world, &token, action, &strangers).await, GONE, "{role:?} {action} stranger's");
            assert_eq!(check(&world, &token, action, "nothing").await, GONE, "{role:?} {action} nothing");
        }
    }
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
