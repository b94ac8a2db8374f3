//! Who may have everything sealed again, and what is told of it.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::{ADMIN, World};

#[actix_web::test]
async fn the_backend_alone_has_everything_sealed_again() {
    let world = World::new().await;
    let person = world.person("ada", "c", Role::Admin).await;
    let (status, _) = world.call(&person, Method::POST, "/v1/keys/rotate", Value::Null).await;
    assert_eq!(status, 403);
    let (status, mut job) = world.call(ADMIN, Method::POST, "/v1/keys/rotate", Value::Null).await;
    assert_eq!((status, &job["kind"], &job["webhookId"]), (202, &json!("KEYS"), &Value::Null), "{job}");
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    assert_eq!(world.call(&person, Method::GET, &path, Value::Null).await.0, 404);
    while job["state"] == "RUNNING" {
        let (status, next) = world.call(ADMIN, Method::GET, &path, Value::Null).await;
        assert_eq!(status, 200, "{next}");
        job = next;
    }
    assert_eq!((&job["state"], &job["done"]), (&json!("COMPLETED"), &job["total"]), "{job}");
    assert!(job["endedAt"].is_string(), "{job}");
    assert_eq!(world.call(ADMIN, Method::GET, "/v1/jobs/rpl_none", Value::Null).await.0, 404);
}
