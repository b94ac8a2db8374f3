//! What holds for every request and every answer.

use awc::http::{Method, header};
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::{
    openapi,
    trial::{ADMIN, World},
};

#[actix_web::test]
async fn head_is_answered_where_get_is_and_as_get_is() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let webhook = world.webhook("me", "c").await;
    for (token, path) in [
        (ADMIN, "/v1/events".to_owned()),
        (ADMIN, "/v1/tokens".to_owned()),
        (ADMIN, "/metrics".to_owned()),
        (&me, "/v1/me".to_owned()),
        (&me, "/v1/webhooks".to_owned()),
        (&me, format!("/v1/webhooks/{webhook}")),
        (&me, "/v1/deliveries".to_owned()),
        (&me, "/v1/event-types".to_owned()),
        (&me, "/healthz".to_owned()),
        (&me, "/openapi.json".to_owned()),
        (&me, "/docs".to_owned()),
        (&me, "/v1/stream".to_owned()),
        (&me, "/v1/webhooks/nothing".to_owned()),
    ] {
        let ask = async |method: Method| {
            let request = world.client.request(method, format!("{}{path}", world.url)).bearer_auth(token);
            request.send().await.unwrap()
        };
        let mut head = ask(Method::HEAD).await;
        let get = ask(Method::GET).await;
        assert_eq!(head.status(), get.status(), "{path}");
        let kind = |answer: &header::HeaderMap| answer.get(header::CONTENT_TYPE).cloned();
        assert_eq!(kind(head.headers()), kind(get.headers()), "{path}");
        assert!(head.body().await.unwrap().is_empty(), "{path}");
    }
    let put = world.client.put(format!("{}/v1/me", world.url)).bearer_auth(&me).send().await.unwrap();
    assert_eq!(put.headers().get(header::ALLOW).unwrap(), "GET, HEAD");
}

#[actix_web::test]
async fn answers_are_kept_by_nobody_and_taken_for_nothing_else() {
    let world = World::new().await;
    for path in ["/v1/webhooks", "/v1/nothing", "/healthz", "/graphql?query=x", "/docs", "/", "/openapi.json"]
    {
        let answer =
            world.client.get(format!("{}{path}", world.url)).bearer_auth(ADMIN).send().await.unwrap();
        let get = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(get("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(get("strict-transport-security"), None, "{path}: not behind TLS");
        let is_json = get("content-type").is_some_and(|kind| kind.contains("json"));
        if is_json && path != "/openapi.json" {
            assert_eq!(get("cache-control").as_deref(), Some("no-store"), "{path}");
        }
    }
}

#[actix_web::test]
async fn a_parameter_that_nobody_reads_is_refused_everywhere() {
    let world = World::new().await;
    let document = openapi::document();
    let mut tried = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        if !path.starts_with("/v1/") {
            continue;
        }
        let filled =
            path.replace("{id}", "x").replace("{userId}", "x").replace("{eventType}", "TODO_CREATED");
        for (method, operation) in operations.as_object().unwrap() {
            let body = if operation.get("requestBody").is_some() { json!({}) } else { Value::Null };
            let method: Method = method.to_uppercase().parse().unwrap();
            let asked = format!("{filled}?surprise=1");
            let (status, problem) = world.call(ADMIN, method.clone(), &asked, body).await;
            // A service is no person, and what is not there is not there, whatever else is wrong.
            let told = problem["errors"]
                .as_array()
                .is_some_and(|errors| errors.iter().any(|error| error["code"] == "UNKNOWN_PARAMETER"));
            assert!(told || matches!(status, 401 | 403 | 404), "{method} {asked}: {status} {problem}");
            tried += usize::from(told);
        }
    }
    assert!(tried > 25, "{tried}");
    let stranger = world.call("nobody", Method::PUT, "/v1/companies/c?surprise=1", json!({})).await;
    assert_eq!(stranger.0, 401, "who calls is asked first");
}

#[actix_web::test]
async fn what_is_compressed_or_marked_is_told_so() {
    let world = World::new().await;
    let send = async |path: &str, coding: Option<&str>, body: &[u8]| {
        let mut request = world.client.post(format!("{}{path}", world.url)).bearer_auth(ADMIN);
        if let Some(coding) = coding {
            request = request.insert_header((header::CONTENT_ENCODING, coding));
        }
        let request = request.insert_header((header::CONTENT_TYPE, "application/json"));
        let mut answer = request.send_body(body.to_vec()).await.unwrap();
        let told: Value = serde_json::from_slice(&answer.body().await.unwrap()).unwrap();
        (answer.status().as_u16(), told.to_string())
    };
    let plain = br#"{"query":"{ webhooks { items { id } } }"}"#;
    for path in ["/v1/events", "/v1/events/batch", "/v1/webhooks", "/v1/preview", "/graphql"] {
        for (coding, body) in [
            (Some("gzip"), &plain[..]),
            (Some("br, gzip"), plain),
            (Some("zstd"), plain),
            (None, b"\x1f\x8b\x08\x00abc"),
            (None, b"\x28\xb5\x2f\xfdabc"),
        ] {
            let (status, told) = send(path, coding, body).await;
            assert!(status == 415 && told.contains("compressed"), "{path} {coding:?}: {status} {told}");
        }
        for body in [&b"\xef\xbb\xbf{}"[..], b"\xff\xfe{\0}\0", b"\xfe\xff\0{\0}"] {
            let (status, told) = send(path, None, body).await;
            assert!(status == 400 && told.contains("byte-order mark"), "{path}: {status} {told}");
        }
        assert_ne!(send(path, Some("identity"), plain).await.0, 415, "{path}");
    }
}
