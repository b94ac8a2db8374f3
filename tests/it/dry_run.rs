//! A choice of events, projects and filter, tried on what happened lately.

use bluehook_tests::{receiver::Receiver, server::Place, world::World};
use serde_json::json;

#[actix_web::test]
async fn a_choice_is_tried_on_the_newest_events() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let webhook = world.webhook(json!({"filter": {"currentValue": {"n": 100}}})).await;
    for n in 0..6 {
        world.record_created(&format!(r#"{{"n":{n}}}"#)).await;
    }
    let path = format!("/v1/webhooks/{}/dry-run", webhook["id"].as_str().unwrap());
    let run = async |body: &str| world.api.post(&path, body).await.json(200);

    let own = run("{}").await;
    assert_eq!((&own["considered"], &own["matches"]), (&json!(6), &json!(0)), "{own}");
    assert_eq!(own["others"][0]["why"]["code"], "FILTER");

    let even = run(r#"{"filter":{"currentValue":{"n":{"$in":[0,2,4]}}}}"#).await;
    assert_eq!(even["matches"], 3, "{even}");
    assert_eq!(even["examples"].as_array().unwrap().len(), 3);
    assert_eq!(even["examples"][0]["why"], json!(null));

    assert_eq!(run(r#"{"filter":null,"limit":4}"#).await["matches"], 4);
    assert_eq!(
        run(r#"{"filter":null,"events":["TAG_CREATED"]}"#).await["others"][0]["why"]["code"],
        "EVENT_NOT_CHOSEN"
    );
    assert_eq!(run(r#"{"filter":null,"projectIds":["another"]}"#).await["matches"], 0);

    let refused =
        world.api.post(&path, r#"{"filter":{"currentValue":{"a":{"$like":"x"}}},"limit":0}"#).await.json(400);
    let pointers: Vec<&str> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/limit", "/filter/currentValue/a/$like"], "{refused}");
    assert!(world.receiver.all().is_empty(), "nothing is sent");
}
