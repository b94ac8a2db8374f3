//! One event that a thousand webhooks want.

use std::{path::Path, time::Instant};

use bluehook_tests::{api::Api, company::Company, server::Place};
use rusqlite::Connection;
use serde_json::json;

use crate::{record::Record, sink::Sink};

const WEBHOOKS: usize = 1_000;

/// Milliseconds until the last of them has it, and how many times the database holds the event's values then.
pub(crate) async fn measure(disk: &Path) -> [f64; 2] {
    let sink = Sink::start();
    let place = Place::in_folder(disk).with("WEBHOOK_LIMIT_PER_COMPANY", "2000");
    let server = place.serve();
    let company = Company::create(&server, "fan-out").await;
    for _ in 0..WEBHOOKS {
        company.webhook(&sink.url, json!({})).await;
    }
    let (api, record) = (Api::of(&server), Record::new());
    let began = Instant::now();
    let answer = api.post("/v1/events", company.record_created(&record.numbered(0))).await.json(202);
    assert_eq!(answer["deliveries"], json!(WEBHOOKS));
    let arrivals = sink.wait_for(WEBHOOKS).await;
    let last = arrivals.iter().map(|(_, at)| at.duration_since(began)).max().expect("arrivals");
    server.kill();
    let connection = Connection::open(place.file("bluehook.db")).expect("the database");
    let copies = connection.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).expect("a count");
    [last.as_secs_f64() * 1_000.0, copies]
}
