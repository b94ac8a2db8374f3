//! Who was deleted and put again, or whose company was: what was there before is nobody's, and what let them in is over.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use super::{
    By::{self, Graphql, Rest},
    NO_WEBHOOK, WEBHOOK_ROWS,
    person::{self, PLANTED},
    told::Told,
};
use crate::trial::World;

/// Somebody who was let in, had a webhook and a delivery, and then they or their company were deleted and put again.
struct Reborn {
    old_token: String,
    token: String,
    webhook: String,
    delivery: String,
    before: String,
}

impl Reborn {
    async fn new(world: &World, role: Role, deleted: &str) -> Reborn {
        let before = person::position(world).await;
        let company = json!({"name": "Reborn"});
        world.service(Method::PUT, "/v1/companies/r", company.clone()).await;
        world.service(Method::PUT, "/v1/projects/p-r", json!({"companyId": "r", "name": "r"})).await;
        let old_token = world.person("me", "r", role).await;
        let (webhook, delivery) = person::delivered(world, ("me", "r"), "p-again").await;
        world.service(Method::DELETE, deleted, Value::Null).await;
        world.service(Method::PUT, "/v1/companies/r", company).await;
        for project in ["p-r", "p-again"] {
            let body = json!({"companyId": "r", "name": "r"});
            world.service(Method::PUT, &format!("/v1/projects/{project}"), body).await;
        }
        let token = world.person("me", "r", role).await;
        let member = json!({"role": role.name()});
        world.service(Method::PUT, "/v1/projects/p-again/members/me", member).await;
        Reborn { old_token, token, webhook, delivery, before }
    }

    async fn met(&self, world: &World, by: By, what: &str) -> String {
        person::met_in(world, &self.token, (by, "r"), (what, "")).await
    }

    /// What let them in before does not any more, by any way.
    async fn is_not_let_in_as_before(&self, world: &World) {
        let list = Graphql("{ webhooks { items { id } } }");
        for by in [Rest("GET", "/v1/webhooks", ""), Rest("GET", "/v1/stream", ""), list] {
            let found = person::met_in(world, &self.old_token, (by, "r"), ("", "")).await;
            assert_eq!(found, "UNAUTHENTICATED", "{by:?}");
        }
    }

    /// What was logged before is told nowhere.
    async fn is_told_nothing_from_before(&self, world: &World) {
        let (_, listed) = world.call(&self.token, Method::GET, "/v1/deliveries", Value::Null).await;
        assert_eq!(listed["items"], json!([]));
        for (method, rest) in [("GET", ""), ("POST", "/redeliver")] {
            let path = format!("/v1/deliveries/{}{rest}", self.delivery);
            let (status, answer) = world.call(&self.token, method.parse().unwrap(), &path, Value::Null).await;
            assert_eq!((status, &answer["code"]), (404, &json!("NOT_FOUND")), "{path}");
        }
        let mut told = Told::open(world, &self.token, &format!("?lastEventId={}", self.before)).await;
        let made = world
            .call(&self.token, Method::POST, "/v1/webhooks", json!({"url": "http://127.0.0.1:9/"}))
            .await
            .1;
        let made = match made["id"].as_str() {
            Some(id) => id.to_owned(),
            // Only those who administer may: the backend does it for the others.
            None => world.webhook("me", "r").await,
        };
        told.until(&made).await;
        assert!(!told.text.contains(&self.delivery) && !told.text.contains(PLANTED), "{}", told.text);
    }
}

#[actix_web::test]
async fn what_was_a_deleted_companys_is_nobodys() {
    for role in Role::ALL {
        let world = World::new().await;
        let reborn = Reborn::new(&world, role, "/v1/companies/r").await;
        reborn.is_not_let_in_as_before(&world).await;
        for (by, ..) in WEBHOOK_ROWS {
            let met = reborn.met(&world, *by, &reborn.webhook).await;
            assert_eq!(met, NO_WEBHOOK, "{} {by:?}", role.name());
        }
        let list = "{ webhooks { pageInfo { totalItems } } }";
        let (_, listed) = world.call(&reborn.token, Method::POST, "/graphql", json!({ "query": list })).await;
        assert_eq!(listed["data"]["webhooks"]["pageInfo"]["totalItems"], 0);
        reborn.is_told_nothing_from_before(&world).await;
    }
}

#[actix_web::test]
async fn what_was_a_deleted_persons_is_nobodys() {
    for role in Role::ALL {
        let world = World::new().await;
        let reborn = Reborn::new(&world, role, "/v1/users/me").await;
        reborn.is_not_let_in_as_before(&world).await;
        reborn.is_told_nothing_from_before(&world).await;
    }
}
