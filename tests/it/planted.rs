//! A secret of each sort is planted, used in every way that there is, and then looked for: in files, in the log at trace
//! level, in metrics, in errors, in answers. It is nowhere but where it was given.

use std::{fs, process::Command};

use awc::http::Method;
use base64::{Engine, prelude::BASE64_STANDARD};
use bluehook_tests::{
    api::Api,
    command::bluehook,
    receiver::{Answer, Receiver},
    server::{ADMIN_TOKEN, Place},
    wait::until,
    world::World,
};
use serde_json::{Value, json};

const KEY: &str = "cGxhbnRlZC1lbmNyeXB0aW9uLWtleS1vZi0zMi1ieXQ=";
const NEW_KEY: &str = "cGxhbnRlZC1rZXktdGhhdC1pcy1uZXdlci0zMi1ieXQ=";
const NEWEST_KEY: &str = "cGxhbnRlZC1rZXktdGhhdC1pcy1uZXdlc3QzMmJ5dGU=";
const SECRET: &str = "planted-secret-of-the-webhook";
const ROTATED: &str = "planted-secret-that-follows";
const HEADER: &str = "planted-value-of-a-header";
const COOKIE: &str = "planted-cookie-of-the-receiver";
const BEARER: &str = "planted-bearer-of-the-receiver";
const API_KEY: &str = "planted-key-of-the-receiver";

/// What is looked for, and what it is.
type Planted = Vec<(String, &'static str)>;

fn answers() -> Answer {
    let headers = [
        ("Set-Cookie", format!("session={COOKIE}; HttpOnly")),
        ("Authorization", format!("Bearer {BEARER}")),
        ("X-Api-Key", API_KEY.to_owned()),
        ("X-Visible", "seen".to_owned()),
    ];
    Answer::Response(503, headers.to_vec())
}

#[track_caller]
fn look(planted: &Planted, text: &[u8], place: &str) {
    for (secret, what) in planted {
        let found = text.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{what} is in {place}");
    }
}

/// Makes a token and a session, and gives what is secret of them.
async fn sign_in(world: &World) -> (Api, Planted) {
    let person = json!({"userId": world.company.person_id, "companyId": world.company.id, "name": "mine"});
    let token = world.api.post("/v1/tokens", person.to_string()).await.json(201);
    let (secret, bearer) = (token["secret"].as_str().unwrap(), token["token"].as_str().unwrap());
    let link = json!({"userId": world.company.person_id, "companyId": world.company.id});
    let link = world.api.post("/v1/sessions", link.to_string()).await.json(201);
    let path = link["url"].as_str().unwrap();
    let client = awc::Client::builder().disable_redirects().finish();
    let answer = client.post(format!("{}{path}", world.server.url())).send().await.unwrap();
    let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let session = client.get(format!("{}/v1/session", world.server.url())).insert_header(("cookie", cookie));
    let session: Value = session.send().await.unwrap().json().await.unwrap();
    let planted = vec![
        (secret.to_owned(), "the secret of a token"),
        (cookie.split_once('=').unwrap().1.to_owned(), "the cookie of a session"),
        (session["csrf"].as_str().unwrap().to_owned(), "what proves that a page is ours"),
        (path.rsplit('/').next().unwrap().to_owned(), "the code of a link"),
    ];
    (Api::with_token(&world.server, bearer), planted)
}

#[actix_web::test]
async fn a_planted_secret_is_found_nowhere() {
    let place = Place::new()
        .with("ENCRYPTION_KEY", KEY)
        .with("LOG_LEVEL", "trace")
        .with("RETRY_SCHEDULE", "100ms")
        .with("TIMEOUT", "2s");
    let world = World::start(place, Receiver::scripted(|_| answers())).await;
    let webhook = world.webhook(json!({"secret": SECRET, "headers": {"X-Team-Key": HEADER}})).await;
    let id = webhook["id"].as_str().unwrap();
    let (me, mut planted) = sign_in(&world).await;
    planted.extend(
        [
            (ADMIN_TOKEN, "the admin token"),
            (KEY, "the encryption key"),
            (SECRET, "a webhook's secret"),
            (ROTATED, "the secret that follows"),
            (HEADER, "the value of a header"),
            (COOKIE, "a receiver's cookie"),
            (BEARER, "a receiver's credentials"),
            (API_KEY, "a receiver's key"),
        ]
        .map(|(secret, what)| (secret.to_owned(), what)),
    );
    let path = |rest: &str| format!("/v1/webhooks/{id}{rest}");
    let rotation = json!({"secret": ROTATED, "overlapSeconds": 60}).to_string();
    assert_eq!(me.post(&path("/rotate-secret"), rotation).await.status, 200);
    world.record_created("{}").await;
    let failed = |page: &Value| page["items"][0]["status"] == "FAILED";
    let listed = world.shows("/v1/deliveries", failed).await;
    let delivery = listed["items"][0]["id"].as_str().unwrap().to_owned();

    // Everything that answers, right or wrong.
    let patch = json!({"secret": SECRET, "headers": {"Host": HEADER}}).to_string();
    let bad = json!({"url": "http://127.0.0.1:9/", "secret": "planted"}).to_string();
    planted.push(("\"planted\"".to_owned(), "a secret that was refused"));
    for (api, method, path, body) in [
        (&me, Method::POST, path("/test"), String::new()),
        (&me, Method::POST, path("/enable"), String::new()),
        (&me, Method::PATCH, path(""), patch),
        (&me, Method::POST, "/v1/webhooks".to_owned(), bad),
        (&me, Method::GET, path("?include=activity,stats,projects,history"), String::new()),
        (&me, Method::GET, format!("/v1/deliveries/{delivery}"), String::new()),
        (&me, Method::GET, "/v1/deliveries".to_owned(), String::new()),
        (&me, Method::GET, "/v1/audit".to_owned(), String::new()),
        (&me, Method::GET, "/v1/sessions".to_owned(), String::new()),
        (&me, Method::GET, "/v1/me".to_owned(), String::new()),
        (&me, Method::GET, format!("/v1/nothing?token={SECRET}"), String::new()),
        (&world.api, Method::GET, "/v1/audit".to_owned(), String::new()),
        (&world.api, Method::GET, "/v1/tokens".to_owned(), String::new()),
        (&world.api, Method::GET, "/v1/events".to_owned(), String::new()),
        (&world.api, Method::GET, "/v1/webhooks".to_owned(), String::new()),
        (&world.api, Method::GET, "/metrics".to_owned(), String::new()),
    ] {
        let answer = api.send(method, &path, body).await.unwrap();
        look(&planted, &answer.body, &path);
    }
    let shown = me.get(&format!("/v1/deliveries/{delivery}")).await.json(200);
    let headers = &shown["attempts"][0]["response"]["headers"];
    assert_eq!((&headers["set-cookie"], &headers["x-visible"]), (&json!("…"), &json!("seen")), "{shown}");

    let World { server, place, receiver, .. } = world;
    assert!(
        receiver.all().iter().all(|request| request.header("x-team-key") == HEADER),
        "receivers do get it"
    );
    let log = server.log();
    assert!(log.contains("TRACE"), "{log}");
    look(&planted, log.as_bytes(), "the log");
    server.terminate();
    look_into_files(&planted, &place).await;
}

/// Everything that a server left behind.
async fn look_into_files(planted: &Planted, place: &Place) {
    let folder = place.file("bluehook.db");
    let folder = folder.parent().unwrap();
    until("the files are there", async || folder.join("bluehook.db").exists().then_some(())).await;
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        look(planted, &fs::read(&file).unwrap(), &file.display().to_string());
    }
}

/// A place that has these keys, and tells all that it does.
fn with_keys(place: Place, keys: &str) -> Place {
    place.without("ENCRYPTION_KEY").with("ENCRYPTION_KEY", keys)
}

#[actix_web::test]
async fn keys_are_changed_and_found_nowhere() {
    let mut planted: Planted = [
        (KEY, "the old key"),
        (NEW_KEY, "the new key"),
        (NEWEST_KEY, "the newest key"),
        (SECRET, "a webhook's secret"),
        (ROTATED, "the secret that follows"),
        (HEADER, "the value of a header"),
    ]
    .map(|(secret, what)| (secret.to_owned(), what))
    .to_vec();
    let bytes = |key: &str| BASE64_STANDARD.decode(key).unwrap();
    planted.extend(
        [KEY, NEW_KEY, NEWEST_KEY].map(|key| (String::from_utf8(bytes(key)).unwrap(), "a key's bytes")),
    );
    let place = with_keys(Place::new().with("LOG_LEVEL", "trace"), KEY);
    let world = World::start(place, Receiver::start()).await;
    let webhook = world.webhook(json!({"secret": SECRET, "headers": {"X-Team-Key": HEADER}})).await;
    let rotate = format!("/v1/webhooks/{}/rotate-secret", webhook["id"].as_str().unwrap());
    let rotation = json!({"secret": ROTATED, "overlapSeconds": 60}).to_string();
    world.api.post(&rotate, rotation).await.json(200);
    look(&planted, world.server.log().as_bytes(), "the log of the first server");
    let World { place, server, .. } = world;
    assert!(server.terminate().success());

    // By a server, asked in every way.
    let place = with_keys(place, &format!("{NEW_KEY},{KEY}"));
    let server = place.serve();
    let api = Api::of(&server);
    let job = api.post("/v1/keys/rotate", "").await.json(202);
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    until("the job is done", async || {
        let answer = api.get(&path).await;
        look(&planted, &answer.body, &path);
        (answer.json(200)["state"] == "COMPLETED").then_some(())
    })
    .await;
    let noted = api.get("/v1/audit?action=KEY_ROTATED").await;
    look(&planted, &noted.body, "the audit trail");
    let (noted, object) = (noted.json(200), json!({"kind": "JOB", "id": job["id"], "name": null}));
    let entry = &noted["items"][0];
    assert_eq!((&entry["actor"]["kind"], &entry["object"]), (&json!("SERVICE"), &object), "{noted}");
    let [old, new] = ["before", "after"].map(|place| entry["changes"][0][place].as_str().unwrap());
    assert!(old != new && old.len() == 16 && new.len() == 16, "{entry}");
    let asked = ["keys", "rotate", "--json", "--url", server.url(), "--token", ADMIN_TOKEN];
    look(&planted, &said(bluehook(&asked)), "what the command says of a server");
    look(&planted, server.log().as_bytes(), "the log of the second server");
    assert!(server.terminate().success());

    // Without one, with the right keys and with wrong ones.
    let database = format!("sqlite:{}", place.file("bluehook.db").display());
    for keys in [NEWEST_KEY.to_owned(), format!("{NEWEST_KEY},{KEY}"), format!("{NEWEST_KEY},{NEW_KEY}")] {
        let mut command = bluehook(&["keys", "rotate", "--database", &database]);
        command.env("BLUEHOOK_ENCRYPTION_KEY", keys).env("BLUEHOOK_LOG_LEVEL", "trace");
        look(&planted, &said(command), "what the command says of a file");
    }
    let place = with_keys(place, NEWEST_KEY);
    let server = place.serve();
    let noted = Api::of(&server).get("/v1/audit?action=KEY_ROTATED").await.json(200);
    let kinds =
        noted["items"].as_array().unwrap().iter().map(|entry| entry["actor"]["kind"].as_str().unwrap());
    assert_eq!(kinds.collect::<Vec<_>>(), ["SERVER", "SERVICE", "SERVICE"], "{noted}");
    assert!(server.terminate().success());
    look_into_files(&planted, &place).await;
}

/// Everything that a command says.
fn said(mut command: Command) -> Vec<u8> {
    let output = command.output().unwrap();
    [output.stdout, output.stderr].concat()
}
