//! The keys that secrets are encrypted with: a wrong one never starts, several are taken, and everything is sealed again with
//! the newest, by a server that goes on serving, or without one.

use bluehook_tests::{
    api::Api,
    command::{bluehook, run},
    company::Company,
    receiver::Receiver,
    server::{ADMIN_TOKEN, Place},
    wait::until,
    world::World,
};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const THIRD: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

/// A place that has these keys, and no others.
fn with_keys(place: Place, keys: &[&str]) -> Place {
    place.without("ENCRYPTION_KEY").with("ENCRYPTION_KEY", &keys.join(","))
}

/// The first bytes of everything that is sealed: with which key it is.
fn sealed_with(place: &Place) -> Vec<Vec<u8>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = Connection::open_with_flags(place.file("bluehook.db"), flags).unwrap();
    let sql = "SELECT sealed FROM (SELECT sealed_secret AS sealed FROM webhooks UNION ALL
               SELECT sealed_next_secret FROM webhooks UNION ALL SELECT sealed_headers FROM webhooks)
               WHERE sealed IS NOT NULL";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    rows.map(|sealed| sealed.unwrap()[..9].to_vec()).collect()
}

#[test]
fn a_wrong_key_never_starts_though_no_webhook_has_a_secret() {
    let place = with_keys(Place::new(), &[OLD]);
    assert!(place.serve().terminate().success());
    let place = with_keys(place, &[NEW]);
    let (status, told) = place.fails();
    assert_eq!(status.code(), Some(2), "{told}");
    assert!(told.contains("encryption-key: ") && !told.contains(NEW), "{told}");
    assert_eq!(told.trim_end().lines().count(), 1, "{told}");
    // Another's key file is no better than another's key.
    let other = Place::new();
    assert!(other.serve().terminate().success());
    std::fs::copy(other.file("bluehook.db.key"), place.file("bluehook.db.key")).unwrap();
    let place = place.without("ENCRYPTION_KEY");
    assert!(place.fails().1.contains("encryption-key: "));
    for keys in [&[OLD][..], &[NEW, OLD], &[OLD, NEW]] {
        let place = with_keys(Place::new(), &[OLD]);
        assert!(place.serve().terminate().success());
        assert!(with_keys(place, keys).serve().terminate().success(), "{keys:?}");
    }
}

#[test]
fn keys_that_cannot_be_are_refused() {
    for keys in [&[OLD, OLD][..], &[OLD, "c2hv"], &["", ""], &[OLD, ""]] {
        let (status, told) = with_keys(Place::new(), keys).fails();
        assert_eq!(status.code(), Some(2), "{keys:?}: {told}");
        assert!(
            told.contains("encryption-key (BLUEHOOK_ENCRYPTION_KEY): ") && !told.contains("AAAA"),
            "{told}"
        );
    }
}

/// A world whose webhooks have secrets, one of them two, and headers.
async fn world(keys: &[&str]) -> World {
    let place = Place::new().with("WEBHOOK_LIMIT_PER_COMPANY", "1000");
    let world = World::start(with_keys(place, keys), Receiver::start()).await;
    for i in 0..120 {
        world
            .webhook(json!({"secret": format!("the secret number {i}"), "headers": {"X-Own": "value"}}))
            .await;
    }
    let first = world.api.get("/v1/webhooks?limit=1").await.json(200)["items"][0]["id"].clone();
    let path = format!("/v1/webhooks/{}/rotate-secret", first.as_str().unwrap());
    world.api.post(&path, r#"{"secret": "the next secret", "overlapSeconds": 86400}"#).await.json(200);
    world
}

/// The same on a server with other keys.
fn restarted(world: World, keys: &[&str]) -> World {
    let World { place, server, company, receiver, .. } = world;
    assert!(server.terminate().success());
    let place = with_keys(place, keys);
    let server = place.serve();
    World { api: Api::of(&server), company: company.on(&server), place, server, receiver }
}

/// That deliveries are signed with the webhooks' own secrets, with their own headers.
async fn signs(world: &World) {
    let before = world.receiver.all().len();
    world.record_created("{}").await;
    let received = world.receiver.wait_for_count(before + 120).await;
    for delivery in &received[before..] {
        assert_eq!((delivery.header("x-own"), delivery.header("x-signature").len()), ("value", 64));
    }
}

#[actix_web::test]
async fn a_running_server_seals_everything_again() {
    let created = |company: &Company| json!({"companyId": company.id, "createdById": company.person_id, "url": "https://hooks.example.com/", "secret": null});
    let world = world(&[OLD]).await;
    let once = world.api.clone().with_header("Idempotency-Key", "once");
    let first = once.post("/v1/webhooks", created(&world.company).to_string()).await.json(201);
    let disable = format!("/v1/webhooks/{}/disable", first["id"].as_str().unwrap());
    world.api.post(&disable, "").await.json(200);
    let world = restarted(world, &[NEW, OLD]);
    let old = sealed_with(&world.place);
    assert_eq!(old.len(), 241, "secrets, one more, and headers");
    signs(&world).await;
    let rotate = ["keys", "rotate", "--json", "--url", world.server.url(), "--token", ADMIN_TOKEN];
    let output = bluehook(&rotate).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let job: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&job["state"], &job["done"], &job["total"]),
        (&json!("COMPLETED"), &json!(120), &json!(120)),
        "{job}"
    );
    let new = sealed_with(&world.place);
    assert!(
        new.iter().all(|sealed| *sealed == new[0] && !old.contains(sealed)),
        "all with one key, another than before"
    );
    signs(&world).await;
    let world = restarted(world, &[NEW]);
    signs(&world).await;
    let once = world.api.clone().with_header("Idempotency-Key", "once");
    let again = once.post("/v1/webhooks", created(&world.company).to_string()).await.json(200);
    assert_eq!(again["id"], first["id"], "the same again is known under another key");
    let World { place, server, .. } = world;
    assert!(server.terminate().success());
    assert!(with_keys(place, &[OLD]).fails().1.contains("encryption-key: "), "the old key is over");
}

#[actix_web::test]
async fn a_rotation_goes_on_after_a_kill() {
    let world = restarted(world(&[OLD]).await, &[NEW, OLD]);
    let job = world.api.post("/v1/keys/rotate", "").await.json(202);
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    let world = world.restart();
    until("the job is done", async || {
        (world.api.get(&path).await.json(200)["state"] == "COMPLETED").then_some(())
    })
    .await;
    let world = restarted(world, &[NEW]);
    signs(&world).await;
}

#[actix_web::test]
async fn without_a_server_the_file_is_opened() {
    let World { place, server, .. } = world(&[OLD]).await;
    let database = format!("sqlite:{}", place.file("bluehook.db").display());
    let rotate = |keys: &[&str], more: &[&str]| {
        let arguments = [&["keys", "rotate", "--database", &database], more].concat();
        let output = bluehook(&arguments).env("BLUEHOOK_ENCRYPTION_KEY", keys.join(",")).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let (code, told) = rotate(&[THIRD, OLD], &[]);
    assert!(code == Some(2) && told.contains("a server has ") && told.contains("--token"), "{told}");
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let nobody = format!("http://{nobody}");
    assert!(server.terminate().success());
    let (code, told) = rotate(&[THIRD], &[]);
    assert!(code == Some(2) && told.contains("encryption-key: "), "{told}");
    // A token is given, as for a server, but nobody answers.
    let (code, told) = rotate(&[THIRD, OLD], &["--url", &nobody, "--token", ADMIN_TOKEN]);
    assert!(code == Some(0) && told.contains("completed: 120 of 120"), "{told}");
    assert!(with_keys(place, &[THIRD]).serve().terminate().success());
    let (code, _, told) = run(&["keys", "rotate", "--database", "sqlite:/nowhere/b.db"]);
    assert!(code == Some(2) && told.contains("there is no database /nowhere/b.db"), "{told}");
}
