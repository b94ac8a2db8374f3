//! Those who watch: at a terminal, in statistics, and whoever brings a database up to date.

use bluehook_tests::{
    command::{Running, run},
    receiver::Receiver,
    server::{ADMIN_TOKEN, Place},
    world::World,
};
use rusqlite::Connection;
use serde_json::{Value, json};

#[actix_web::test]
async fn a_terminal_follows_a_server_across_a_restart() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let webhook = world.webhook(json!({})).await;
    let id = webhook["id"].as_str().unwrap();
    let url = world.server.url().to_owned();
    let arguments = ["listen", "--tail", "--url", &url, "--token", ADMIN_TOKEN, "--webhook", id];
    let (plain, lines) =
        (Running::start(&arguments), Running::start(&[&arguments[..], &["--json"]].concat()));
    for tail in [&plain, &lines] {
        tail.line_with("following");
    }
    world.record_created("{}").await;
    let line = plain.line_with("SUCCEEDED");
    assert!(line.contains("  TODO_CREATED ") && line.contains("  204  attempt 1  dlv_"), "{line}");
    let line: Value = serde_json::from_str(&lines.line_with("ATTEMPTED")).unwrap();
    assert_eq!((&line["event"], &line["data"]["delivery"]["webhookId"]), (&json!("delivery"), &json!(id)));

    // The next server listens elsewhere: the terminal says that it lost this one, and goes on trying.
    drop(world);
    plain.line_with("trying again");
}

#[actix_web::test]
async fn a_terminal_says_why_it_cannot_follow() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let url = world.server.url();
    let (code, _, problem) = run(&["listen", "--tail", "--url", url, "--token", "wrong"]);
    assert_eq!(code, Some(1));
    assert!(problem.contains("401 UNAUTHENTICATED"), "{problem}");
    let (code, _, problem) = run(&["listen", "--tail", "--url", url]);
    assert_eq!(code, Some(2));
    assert!(problem.contains("--token"), "{problem}");
}

#[actix_web::test]
async fn statistics_count_what_the_log_shows() {
    let place = Place::new().with("RETRY_SCHEDULE", "50ms");
    let receiver = Receiver::scripted(|received| if received.len() == 1 { 500 } else { 204 }.into());
    let world = World::start(place, receiver).await;
    let webhook = world.webhook(json!({})).await;
    for _ in 0..3 {
        world.record_created("{}").await;
    }
    let path = format!("/v1/webhooks/{}/stats?window=1h", webhook["id"].as_str().unwrap());
    let stats = world.shows(&path, |stats| stats["deliveries"]["succeeded"] == 3).await;
    assert_eq!(stats["attempts"], json!({"total": 4, "succeeded": 3, "failed": 1}), "{stats}");
    assert_eq!((&stats["successRate"], &stats["partial"]), (&json!(1.0), &json!(false)));
    assert!(stats["latencyMs"]["p99"].as_f64().unwrap() >= stats["latencyMs"]["p50"].as_f64().unwrap());
    let counts =
        stats["buckets"].as_array().unwrap().iter().map(|bucket| bucket["succeeded"].as_u64().unwrap());
    assert_eq!(counts.sum::<u64>(), 3);
    let refused = world.api.get(&path.replace("window=1h", "window=1s")).await.json(400);
    assert_eq!(refused["errors"][0]["pointer"], "/window");
}

#[actix_web::test]
async fn a_webhook_tells_how_its_newest_deliveries_fared_and_its_tag_stays() {
    let receiver = Receiver::scripted(|received| if received.len() == 1 { 204 } else { 410 }.into());
    let world = World::start(Place::new(), receiver).await;
    let webhook = world.webhook(json!({})).await;
    let nothing = json!({"deliveries": 0, "succeeded": 0, "failed": 0, "successRate": null});
    assert_eq!(webhook["stats"], nothing);
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    let tag = world.api.get(&path).await.etag;
    world.record_created("{}").await;
    world.shows(&path, |webhook| webhook["stats"]["succeeded"] == 1).await;
    assert_eq!(world.api.get(&path).await.etag, tag);
    world.record_created("{}").await;
    let half = json!({"deliveries": 2, "succeeded": 1, "failed": 1, "successRate": 0.5});
    world.shows(&path, |webhook| webhook["stats"] == half).await;
    let listed = world.api.get("/v1/webhooks").await.json(200);
    assert_eq!(listed["items"][0]["stats"], half);
}

#[actix_web::test]
async fn an_older_database_is_brought_up_to_date() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let webhook = world.webhook(json!({})).await;
    let file = world.place.file("bluehook.db");
    let database = format!("sqlite:{}", file.display());
    let migrate = |more: &[&str]| run(&[&["migrate", "--database", &database, "--json"], more].concat());

    let (code, printed, _) = migrate(&["--check"]);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, &printed["from"]), (Some(0), &printed["to"]), "beside a server");
    let (code, _, problem) = migrate(&[]);
    assert_eq!(code, Some(1));
    assert!(problem.contains("another process has it open"), "{problem}");

    let World { place, server, .. } = world;
    server.kill();
    let older = Connection::open(&file).unwrap();
    older.execute_batch(BACK_TO_VERSION_1).unwrap();
    drop(older);
    assert_eq!(migrate(&["--check"]).0, Some(1));
    let (code, printed, _) = migrate(&[]);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, &printed["from"], &printed["changed"]), (Some(0), &json!(1), &json!(true)));
    assert_eq!(migrate(&["--check"]).0, Some(0));

    let server = place.serve();
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    assert_eq!(bluehook_tests::api::Api::of(&server).get(&path).await.status, 200);
}

/// Takes back what the versions after the first did.
const BACK_TO_VERSION_1: &str = "
    DROP TABLE audit; DROP TABLE cancelled; DROP INDEX companies_by_slug; DELETE FROM settings WHERE name = 'old-ids';
    ALTER TABLE companies DROP COLUMN slug; ALTER TABLE companies DROP COLUMN birth; ALTER TABLE companies DROP COLUMN since;
    ALTER TABLE projects DROP COLUMN birth; ALTER TABLE projects DROP COLUMN since;
    ALTER TABLE users DROP COLUMN birth; ALTER TABLE users DROP COLUMN since;
    DROP TABLE jobs; DROP TABLE held_by_filter; DROP TABLE switched_off; DROP TABLE health; DROP TABLE health_history; DROP TABLE sums; DROP TABLE sums_made;
    ALTER TABLE webhooks DROP COLUMN secret_made_at;
    ALTER TABLE webhooks DROP COLUMN next_secret_made_at;
    ALTER TABLE webhooks ADD COLUMN last_success_at INTEGER;
    ALTER TABLE attempts DROP COLUMN failure_reason; ALTER TABLE attempts DROP COLUMN failure_params;
    ALTER TABLE attempts DROP COLUMN body_cut; ALTER TABLE attempts DROP COLUMN unclean;
    ALTER TABLE attempts DROP COLUMN reused; ALTER TABLE attempts DROP COLUMN phases; ALTER TABLE attempts DROP COLUMN head;
    ALTER TABLE deliveries DROP COLUMN first_attempt; ALTER TABLE events DROP COLUMN sequence;
    DROP TABLE changes; DROP TABLE creations; ALTER TABLE replays DROP COLUMN skipped;
    ALTER TABLE replays DROP COLUMN since; DROP INDEX revisions_by_webhook; ALTER TABLE revisions DROP COLUMN made_after;
    DROP TABLE lists; DROP TABLE fares; DROP TABLE clock_steps; DROP TABLE survivors;
    ALTER TABLE events DROP COLUMN age_from; ALTER TABLE events DROP COLUMN packed_values; ALTER TABLE events RENAME COLUMN targets TO owed_to;
    CREATE INDEX deliveries_under_way ON deliveries (number) WHERE status = 'DELIVERING';
    CREATE INDEX deliveries_by_webhook ON deliveries (webhook, number);
    PRAGMA user_version = 1";

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let (code, _, problem) = run(&["migrate", "--database", "sqlite:not-there.db"]);
    assert_eq!(code, Some(2));
    let whole = std::path::absolute("not-there.db").unwrap();
    assert!(problem.contains(&format!("there is no database {}", whole.display())), "{problem}");
}
