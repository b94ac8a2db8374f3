//! The database under the running server: held by another program, moved, deleted, replaced, on a disk that is full. Who asks
//! is told soon, and nothing that was accepted is lost.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use bluehook_tests::{
    api::Api,
    receiver::Receiver,
    server::{Place, Server},
    wait::until,
    world::World,
};
use rusqlite::Connection;
use serde_json::{Value, json};

/// How long whoever asks may wait for an answer that says why nothing is taken in.
const TOLD: Duration = Duration::from_secs(5);

fn hold(place: &Place) -> Connection {
    let holder = Connection::open(place.file("bluehook.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    holder
}

/// Waits until it is ready, or is not, and says why.
async fn until_ready(server: &Server, why: Option<&str>) -> Value {
    let api = Api::of(server);
    until("it is ready, or is not", async || {
        // While the start hands over to the server a connection may be reset: whoever asks asks again.
        let ready = api.send(awc::http::Method::GET, "/readyz", Vec::new()).await.ok()?;
        let answer: Value = serde_json::from_slice(&ready.body).unwrap();
        (ready.status == if why.is_some() { 503 } else { 200 } && answer["params"]["why"].as_str() == why)
            .then_some(answer)
    })
    .await
}

#[actix_web::test]
async fn who_asks_during_a_start_that_takes_long_is_answered() {
    // It says where it is as soon as it answers.
    let place = Place::new().with("LOG_LEVEL", "debug");
    assert!(place.serve().terminate().success());
    let holder = hold(&place);
    let server = place.start_serving();
    let api = Api::of(&server);
    assert_eq!(api.get("/healthz").await.json(200)["status"], "alive");
    for answer in [api.get("/readyz").await, api.post("/v1/events", "{}").await, api.get("/").await] {
        assert_eq!(answer.json(503)["detail"], "the server is starting; try again");
    }
    let italian = api.clone().with_header("Accept-Language", "it").get("/readyz").await;
    assert_eq!(italian.json(503)["detail"], "il server si sta avviando; riprova");
    holder.execute_batch("ROLLBACK").unwrap();
    until_ready(&server, None).await;
    assert_eq!(api.get("/v1/events").await.status, 200);
    assert!(server.terminate().success());
}

#[actix_web::test]
async fn who_waits_for_a_database_that_another_program_holds_is_told_soon() {
    let place = Place::new();
    let world = World::start(place, Receiver::start()).await;
    world.webhook(json!({})).await;
    let (api, holder) = (Api::of(&world.server), hold(&world.place));
    for _ in 0..3 {
        let asked = Instant::now();
        let refused = api.post("/v1/events", world.company.record_created("{}")).await.json(503);
        assert!(asked.elapsed() < TOLD, "{:?}", asked.elapsed());
        assert_eq!(refused["params"]["why"], "DATABASE_HELD");
        assert!(refused["detail"].as_str().unwrap().starts_with("another program has locked the database"));
    }
    until_ready(&world.server, Some("DATABASE_HELD")).await;
    holder.execute_batch("ROLLBACK").unwrap();
    // Without anybody's asking for anything.
    until_ready(&world.server, None).await;
    assert_eq!(api.post("/v1/events", world.company.record_created("{}")).await.status, 202);
    world.receiver.wait_for_count(1).await;
}

/// Something done to the files of a database, and what then lies where it was.
type Doing = (&'static str, fn(&Path));

const DOINGS: [Doing; 4] = [
    ("moved", |database| fs::rename(database, database.with_extension("elsewhere")).unwrap()),
    ("deleted", |database| fs::remove_file(database).unwrap()),
    ("replaced", |database| {
        let copy = database.with_extension("copy");
        fs::copy(database, &copy).unwrap();
        fs::rename(copy, database).unwrap();
    }),
    ("without its log", |database| fs::remove_file(database.with_extension("db-wal")).unwrap()),
];

#[actix_web::test]
async fn a_database_that_is_not_where_it_was_takes_nothing_in() {
    for (doing, act) in DOINGS {
        let world = World::start(Place::new(), Receiver::start()).await;
        let api = Api::of(&world.server);
        assert_eq!(api.post("/v1/events", world.company.record_created("{}")).await.status, 202);
        act(&world.place.file("bluehook.db"));
        let refused = api.post("/v1/events", world.company.record_created("{}")).await.json(503);
        assert_eq!(refused["params"]["why"], "DATABASE_MOVED", "{doing}");
        until_ready(&world.server, Some("DATABASE_MOVED")).await;
        let told = world.server.log().matches("not ready: the database was moved").count();
        assert_eq!(told, 1, "{doing}: {}", world.server.log());
    }
}

#[actix_web::test]
async fn that_it_is_not_where_it_was_is_noticed_while_nobody_writes() {
    let place = Place::new();
    let server = place.serve();
    until_ready(&server, None).await;
    fs::rename(place.file("bluehook.db"), place.file("elsewhere.db")).unwrap();
    until_ready(&server, Some("DATABASE_MOVED")).await;
}

fn with_reserve(place: &Place, reserve: &str) -> Server {
    place.serve_with(|command| {
        command.env("BLUEHOOK_DISK_RESERVE", reserve);
    })
}

#[actix_web::test]
async fn events_may_not_use_the_last_of_the_disk() {
    let place = Place::new();
    let world = World::start(place, Receiver::start()).await;
    let webhook = world.webhook(json!({})).await;
    let event = world.company.record_created("{}");
    let World { place, server, .. } = world;
    assert!(server.terminate().success());
    // More than there is: the disk counts as full.
    let server = with_reserve(&place, "8000000GiB");
    let api = Api::of(&server);
    until_ready(&server, Some("DISK_FULL")).await;
    let refused = api.post("/v1/events", event.as_str()).await.json(503);
    assert_eq!(refused["params"]["why"], "DISK_FULL");
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    let renamed = api.send(awc::http::Method::PATCH, &path, json!({"name": "Renamed"}).to_string()).await;
    assert_eq!(renamed.unwrap().json(200)["name"], "Renamed", "what is no event is still written");
    assert!(server.terminate().success());
    let server = with_reserve(&place, "0");
    until_ready(&server, None).await;
    assert_eq!(Api::of(&server).post("/v1/events", event).await.status, 202);
}
