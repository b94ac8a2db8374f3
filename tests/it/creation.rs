//! Webhooks made once for each `Idempotency-Key`, whoever asks how often, and whatever happens in between.

use std::{
    sync::{Arc, Barrier},
    thread,
};

use awc::http::Method;
use bluehook_tests::{
    api::{Answer, Api},
    receiver::Receiver,
    server::Place,
    world::World,
};
use serde_json::{Value, json};

/// How many ask for the same at once.
const CALLERS: usize = 8;

fn asked(world: &World, more: &Value) -> String {
    let company = &world.company;
    let mut body = json!({
        "companyId": company.id, "createdById": company.person_id, "url": world.receiver.url(),
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body.to_string()
}

async fn create(world: &World, key: &str, more: Value) -> Answer {
    world.api.clone().with_header("Idempotency-Key", key).post("/v1/webhooks", asked(world, &more)).await
}

#[actix_web::test]
async fn the_same_again_gives_the_first_webhook_without_its_secret() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let first = create(&world, "k1", json!({"secret": "given by hand"})).await.json(201);
    assert_eq!((&first["secret"], &first["duplicate"]), (&json!("given by hand"), &Value::Null));

    let again = create(&world, "k1", json!({"secret": "given by hand"})).await.json(200);
    assert_eq!(
        (&again["id"], &again["secret"], &again["duplicate"]),
        (&first["id"], &Value::Null, &json!(true))
    );
    for other in
        [json!({"secret": "another secret"}), json!({}), json!({"name": "n", "secret": "given by hand"})]
    {
        assert_eq!(create(&world, "k1", other).await.json(409)["code"], "CONFLICT");
    }
    assert_eq!(create(&world, "", json!({})).await.json(400)["errors"][0]["pointer"], "/Idempotency-Key");

    let world = world.restart();
    assert_eq!(create(&world, "k1", json!({"secret": "given by hand"})).await.json(200)["id"], first["id"]);
    let second = create(&world, "k2", json!({})).await.json(201);
    assert_ne!(second["id"], first["id"]);
    assert_eq!(world.api.get("/v1/webhooks").await.json(200)["items"].as_array().unwrap().len(), 2);

    let path = format!("/v1/webhooks/{}", second["id"].as_str().unwrap());
    assert_eq!(world.api.send(Method::DELETE, &path, "").await.unwrap().status, 204);
    let gone = create(&world, "k2", json!({})).await.json(409);
    assert!(gone["detail"].as_str().unwrap().contains("was deleted"), "{gone}");
}

#[actix_web::test]
async fn a_key_ends_with_the_retention_time() {
    let world = World::start(Place::new().with("RETENTION", "1ms"), Receiver::start()).await;
    let first = create(&world, "k", json!({})).await.json(201);
    let ended = async || Some(create(&world, "k", json!({})).await).filter(|answer| answer.status == 201);
    let second = bluehook_tests::wait::until("the key ends", ended).await.json(201);
    assert_ne!(first["id"], second["id"]);
}

#[actix_web::test]
async fn of_many_at_once_one_makes_it() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let (url, body) = (world.server.url().to_owned(), asked(&world, &json!({})));
    let together = Arc::new(Barrier::new(CALLERS));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (url, body, together) = (url.clone(), body.clone(), together.clone());
            thread::spawn(move || {
                actix_web::rt::System::new().block_on(async {
                    let api = Api::at(&url).with_header("Idempotency-Key", "k");
                    together.wait();
                    let answer = api.post("/v1/webhooks", body).await;
                    (answer.status, answer.json(answer.status)["id"].clone())
                })
            })
        })
        .collect();
    let mut answers: Vec<(u16, Value)> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    answers.sort_by_key(|(status, _)| *status);
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|(_, id)| *id == answers[0].1), "{answers:?}");
}
