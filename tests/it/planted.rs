//! A secret of each sort is planted, used in every way that there is, and then looked for: in files, in the log at trace
//! level, in metrics, in errors, in answers. It is nowhere but where it was given.

use std::fs;

use awc::http::Method;
use bluehook_tests::{
    api::Api,
    receiver::{Answer, Receiver},
    server::{ADMIN_TOKEN, Place},
    wait::until,
    world::World,
};
use serde_json::{Value, json};

const KEY: &str = "cGxhbnRlZC1lbmNyeXB0aW9uLWtleS1vZi0zMi1ieXQ=";
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
    let folder = place.file("bluehook.db");
    let folder = folder.parent().unwrap();
    until("the files are there", async || folder.join("bluehook.db").exists().then_some(())).await;
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        look(&planted, &fs::read(&file).unwrap(), &file.display().to_string());
    }
}
