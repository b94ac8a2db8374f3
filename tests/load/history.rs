//! A log with a million deliveries, or more: does it slow down what happens now, and how long do its lists take?

use std::{path::Path, time::Instant};

use bluehook_tests::{
    api::Api,
    company::Company,
    server::{Place, Server},
};
use rusqlite::Connection;
use serde_json::json;

use crate::{
    latency,
    record::Record,
    row,
    sink::Sink,
    stage::Stage,
    throughput::{self, CALLERS},
};

/// How many events are in it, where nobody says otherwise.
pub(crate) const EVENTS: i64 = 100_000;
const DELIVERIES_PER_EVENT: i64 = 10;

/// What lists of deliveries are asked for.
const LISTS: [(&str, &str); 8] = [
    ("no filter", ""),
    ("webhookId", "&webhookId={webhook}"),
    ("status=SUCCEEDED", "&status=SUCCEEDED"),
    ("status=FAILED", "&status=FAILED"),
    ("event=TODO_CREATED", "&event=TODO_CREATED"),
    ("event=TAG_DELETED (none)", "&event=TAG_DELETED"),
    ("webhookId, status=FAILED, event", "&webhookId={webhook}&status=FAILED&event=TODO_CREATED"),
    ("until=(a minute after the oldest)", "&until={old}"),
];

/// Shows, each as a row, what happens beside a log of so many events, and beside an empty one.
pub(crate) async fn measure(stage: &Stage, events: i64) {
    let deliveries = events * DELIVERIES_PER_EVENT;
    let place = fill(stage, events).await;
    let starts = [start(&stage.place()), start(&place), start(&place)];
    let [empty, first, second] = starts.map(|took| format!("{took:.0}"));
    row("started with an empty log after", format!("{empty} ms"));
    row(&format!("with {deliveries} deliveries"), format!("{first} and {second} ms"));
    let [before, full, after] =
        [latency::measure(stage).await, latency::measure_in(&place).await, latency::measure(stage).await];
    row(
        &format!("POST to arrival at 50 events/s after {deliveries} deliveries, p50 and p99"),
        format!("{:.2} and {:.2} ms", full[0], full[2]),
    );
    row(
        "the same with an empty log, before and after that",
        format!("{:.2} and {:.2}, {:.2} and {:.2} ms", before[0], before[2], after[0], after[2]),
    );
    for round in 1..=2 {
        let empty = throughput::measure(stage, CALLERS).await.per_second[1];
        let full = throughput::measure_in(&place, CALLERS).await.per_second[1];
        row(&format!("delivered per second with an empty log ({round})"), format!("{empty:.0}"));
        row(&format!("delivered per second after {deliveries} deliveries ({round})"), format!("{full:.0}"));
    }
    for (name, took) in lists(&place).await {
        row(&format!("list of deliveries among {deliveries}: {name}"), format!("{took:.1} ms"));
    }
}

/// Milliseconds until a program serves.
fn start(place: &Place) -> f64 {
    let began = Instant::now();
    let server = place.serve();
    let took = began.elapsed();
    drop(server);
    took.as_secs_f64() * 1_000.0
}

/// A place whose database already holds the log.
async fn fill(stage: &Stage, events: i64) -> Place {
    let sink = Sink::start();
    let place = stage.place().with("WEBHOOK_LIMIT_PER_COMPANY", "1000");
    let server = place.serve();
    let company = Company::create(&server, "history").await;
    for _ in 0..DELIVERIES_PER_EVENT {
        company.webhook(&sink.url, json!({})).await;
    }
    let event = company.record_created(&Record::new().numbered(0));
    Api::of(&server).post("/v1/events", event).await.json(202);
    sink.wait_for(usize::try_from(DELIVERIES_PER_EVENT).expect("few")).await;
    bluehook_tests::wait::until("the outcomes are recorded", || settled(&server)).await;
    server.kill();
    multiply(&place.file("bluehook.db"), events);
    place
}

async fn settled(server: &Server) -> Option<()> {
    let page = Api::of(server).get("/v1/deliveries?limit=50").await.json(200);
    let items = page["items"].as_array().expect("items").clone();
    items.iter().all(|item| item["status"] == "SUCCEEDED").then_some(())
}

/// From an event to its copy: a millisecond later.
const LATER: i64 = 1 << 22;

/// The numbers of a row of a webhook's list.
const OF_LIST: i64 = 256;

/// Copies the one event and its deliveries, with the attempt of each, until the log is long; one in a thousand failed.
fn multiply(database: &Path, events: i64) {
    let connection = Connection::open(database).expect("the database");
    let event: i64 =
        connection.query_row("SELECT max(number) FROM events", [], |row| row.get(0)).expect("an event");
    // How far each number lies below the one above it, in seven bits a byte.
    let below = "80808002".repeat(usize::try_from(OF_LIST - 1).expect("few"));
    let count =
        |to: i64| format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to})");
    let (events, lists) = (count(events), count(events / OF_LIST));
    let batch = format!(
        "PRAGMA foreign_keys = OFF; BEGIN;
         INSERT INTO events (number, caller_id, type, company_id, project_id, user_id, occurred_at, received_at,
             first_delivery, deliveries, targets, previous_value, current_value, packed_values)
           {events} SELECT number + i * {LATER}, NULL, type, company_id, project_id, user_id, occurred_at, received_at + i,
             first_delivery + i * {LATER}, deliveries, targets, previous_value, current_value, packed_values FROM n, events
             WHERE number = {event};
         INSERT INTO deliveries (number, event, webhook, revision, type, status, tries, attempts, created_at,
             first_attempt_at, last_attempt_at, last_status_code, first_attempt)
           {events} SELECT number + i * {LATER}, event + i * {LATER}, webhook, revision, type,
             CASE WHEN i % 1000 = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END, 1, 1, created_at + i, first_attempt_at + i,
             last_attempt_at + i, last_status_code, first_attempt FROM n, deliveries AS d WHERE d.event = {event};
         INSERT INTO lists (webhook, last, held, numbers)
           {lists} SELECT webhook, number + i * {OF_LIST} * {LATER}, 0, x'{below}' FROM n, deliveries
             WHERE event = {event};
         UPDATE settings SET value = (SELECT max(number) FROM events) WHERE name = 'open-from';
         COMMIT; PRAGMA wal_checkpoint(TRUNCATE);"
    );
    connection.execute_batch(&batch).expect("the log is filled");
}

/// Milliseconds that each list took, the slowest of three.
async fn lists(place: &Place) -> Vec<(&'static str, f64)> {
    let server = place.serve();
    let api = Api::of(&server);
    let page = api.get("/v1/deliveries?limit=1").await.json(200);
    let webhook = page["items"][0]["webhookId"].as_str().expect("a webhook").to_owned();
    let old = page["items"][0]["createdAt"].as_str().expect("a time").to_owned();
    let mut took = Vec::new();
    for (name, filter) in LISTS {
        let path =
            format!("/v1/deliveries?limit=50{filter}").replace("{webhook}", &webhook).replace("{old}", &old);
        let mut slowest: f64 = 0.0;
        for _ in 0..3 {
            let began = Instant::now();
            api.get(&path).await.json(200);
            slowest = slowest.max(began.elapsed().as_secs_f64() * 1_000.0);
        }
        took.push((name, slowest));
    }
    took
}
