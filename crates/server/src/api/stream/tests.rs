//! Who is told what, and how streams end.

use awc::http::Method;
use bluehook_dispatcher::Role;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::trial::{ADMIN, World};

/// An open stream's text, as far as it came.
struct Stream {
    body: std::pin::Pin<
        Box<dyn futures_util::Stream<Item = Result<actix_web::web::Bytes, awc::error::PayloadError>>>,
    >,
    text: String,
}

impl Stream {
    async fn open(world: &World, token: &str, query: &str) -> Stream {
        let request = world.client.get(format!("{}/v1/stream{query}", world.url)).bearer_auth(token);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers().get("content-type").unwrap(), "text/event-stream");
        let mut stream = Stream { body: Box::pin(response), text: String::new() };
        stream.until("\n\n").await;
        stream
    }

    /// Reads until this was told.
    async fn until(&mut self, expected: &str) {
        while !self.text.contains(expected) {
            let bytes = self.body.next().await.unwrap_or_else(|| panic!("no {expected} in {}", self.text));
            self.text.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
    }

    /// Reads to the end; gives everything that was told.
    async fn end(mut self) -> String {
        while let Some(Ok(bytes)) = self.body.next().await {
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
        self.text
    }
}

#[actix_web::test]
async fn a_person_is_told_of_their_own() {
    let world = World::new().await;
    let (me, _) = (world.person("me", "c", Role::Admin).await, world.person("you", "c", Role::Admin).await);
    let mut mine = Stream::open(&world, &me, "").await;
    let mut all = Stream::open(&world, ADMIN, "").await;
    let (yours, own) = (world.webhook("you", "c").await, world.webhook("me", "c").await);
    let mut one = Stream::open(&world, ADMIN, &format!("?webhookId={yours}")).await;
    let event = json!({"event": "TAG_CREATED", "companyId": "c", "projectId": "p-c", "userId": "u", "currentValue": {}});
    world.service(Method::POST, "/v1/events", event).await;
    world.service(Method::PATCH, &format!("/v1/webhooks/{own}"), json!({"name": "New"})).await;
    for webhook in [&yours, &own] {
        world.service(Method::DELETE, &format!("/v1/webhooks/{webhook}"), Value::Null).await;
    }
    let deleted = |id: &str| format!(r#""change":"DELETED","webhookId":"{id}","webhook":null"#);
    mine.until(&deleted(&own)).await;
    mine.until(r#""change":"CREATED","status":"DELIVERING""#).await;
    mine.until(r#""change":"CHANGED","webhookId""#).await;
    assert!(!mine.text.contains(&yours), "{}", mine.text);
    all.until(&deleted(&own)).await;
    all.until(&deleted(&yours)).await;
    one.until(&deleted(&yours)).await;
    assert!(!one.text.contains(&own), "{}", one.text);
}

#[actix_web::test]
async fn what_cannot_be_followed_is_refused() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    world.person("you", "c", Role::Admin).await;
    let yours = world.webhook("you", "c").await;
    for (token, query, status) in [
        (me.as_str(), format!("?webhookId={yours}"), 404),
        (&me, "?lastEventId=yesterday".to_owned(), 400),
        (&me, "?since=1".to_owned(), 400),
        ("wrong", String::new(), 401),
    ] {
        let (found, answer) =
            world.call(token, Method::GET, &format!("/v1/stream{query}"), Value::Null).await;
        assert_eq!(found, status, "{query}: {answer}");
    }
}

#[actix_web::test]
async fn a_place_is_of_this_database_and_nothing_can_be_read_from_it() {
    let world = World::new().await;
    world.person("me", "c", Role::Admin).await;
    let webhook = world.webhook("me", "c").await;
    let listed = world.service(Method::GET, "/v1/webhooks", Value::Null).await;
    let known = listed["position"].as_str().unwrap().to_owned();
    let elsewhere = World::new().await;
    for unknown in ["12-3", "0-0", &known.to_uppercase(), &known[..known.len() - 1]] {
        let path = format!("/v1/stream?lastEventId={unknown}");
        let (status, problem) = world.call(ADMIN, Method::GET, &path, Value::Null).await;
        assert_eq!((status, &problem["errors"][0]["code"]), (400, &json!("BAD_CURSOR")), "{unknown}");
    }
    let path = format!("/v1/stream?lastEventId={known}");
    assert_eq!(elsewhere.call(ADMIN, Method::GET, &path, Value::Null).await.0, 400, "of another database");
    let mut stream = Stream::open(&world, ADMIN, &format!("?lastEventId={known}")).await;
    world.service(Method::DELETE, &format!("/v1/webhooks/{webhook}"), Value::Null).await;
    stream.until(&webhook).await;
    assert!(!stream.text.contains("event: reset"), "{}", stream.text);
}

#[actix_web::test]
async fn a_revoked_token_ends_its_stream() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let stream = Stream::open(&world, &token, "").await;
    let (id, _) = token.split_once('.').unwrap();
    world.service(Method::DELETE, &format!("/v1/tokens/{id}"), Value::Null).await;
    world.webhook("me", "c").await;
    assert!(!stream.end().await.contains("event: webhook"));
}

#[actix_web::test]
async fn the_oldest_stream_makes_room_for_the_newest() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let mut streams = Vec::new();
    for _ in 0..17 {
        streams.push(Stream::open(&world, &token, "").await);
    }
    streams.remove(0).end().await;
    world.webhook("me", "c").await;
    for stream in &mut streams {
        stream.until("event: webhook").await;
    }
}

#[actix_web::test]
async fn a_server_that_stops_ends_its_streams() {
    let world = World::new().await;
    let stream = Stream::open(&world, ADMIN, "").await;
    let (text, ()) = tokio::join!(stream.end(), world.stop());
    assert!(text.contains("id: "), "{text}");
}
