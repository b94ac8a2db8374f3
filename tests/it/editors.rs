//! Several people edit what they read at the same time: one change is made, the others hear of it.

use std::{
    sync::{Arc, Barrier},
    thread,
};

use awc::http::Method;
use bluehook_tests::{api::Api, receiver::Receiver, server::Place, world::World};
use serde_json::json;

/// How many edit at once.
const EDITORS: usize = 8;

/// How often they do.
const ROUNDS: usize = 10;

#[actix_web::test]
async fn of_editors_at_once_exactly_one_wins() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let webhook = world.webhook(json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    for round in 0..ROUNDS {
        let etag = world.api.get(&path).await.etag;
        let statuses = edit_together(world.server.url(), &path, &etag, round);
        let made = statuses.iter().filter(|(status, _)| *status == 200).collect::<Vec<_>>();
        assert_eq!(made.len(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|(status, _)| matches!(status, 200 | 412)), "{statuses:?}");
        assert_eq!(world.api.get(&path).await.json(200)["name"], made[0].1);
    }
}

/// Everyone sends their change as soon as all are ready; gives what each was answered, and the name each wrote.
fn edit_together(url: &str, path: &str, etag: &str, round: usize) -> Vec<(u16, String)> {
    let together = Arc::new(Barrier::new(EDITORS));
    let edit = |editor| {
        let name = format!("{round} {editor}");
        let (url, path, etag) = (url.to_owned(), path.to_owned(), etag.to_owned());
        let together = together.clone();
        thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let api = Api::at(&url).with_header("If-Match", &etag);
                together.wait();
                let answer = api.send(Method::PATCH, &path, json!({"name": name}).to_string()).await.unwrap();
                (answer.status, name)
            })
        })
    };
    let editors: Vec<_> = (0..EDITORS).map(edit).collect();
    editors.into_iter().map(|editor| editor.join().unwrap()).collect()
}

#[actix_web::test]
async fn what_was_changed_is_not_deleted_unseen() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let webhook = world.webhook(json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    let etag = world.api.get(&path).await.etag;
    let as_read = world.api.clone().with_header("If-Match", &etag);
    world.api.send(Method::PATCH, &path, r#"{"name":"another"}"#).await.unwrap().json(200);
    let refused = as_read.send(Method::DELETE, &path, "").await.unwrap().json(412);
    assert_eq!(refused["code"], "PRECONDITION_FAILED");
    let again = world.api.clone().with_header("If-Match", &world.api.get(&path).await.etag);
    assert_eq!(again.send(Method::DELETE, &path, "").await.unwrap().status, 204);
}
