//! One event that a thousand webhooks want.

use std::{fs, path::Path, time::Instant};

use bluehook_tests::{api::Api, company::Company, server::Place};
use serde_json::json;

use crate::{record::Record, sink::Sink};

const WEBHOOKS: usize = 1_000;

/// Milliseconds until the last of them has it, and by how many KiB the database grew.
pub(crate) async fn measure(disk: &Path) -> [f64; 2] {
    let sink = Sink::start();
    let place = Place::in_folder(disk).with("WEBHOOK_LIMIT_PER_COMPANY", "2000");
    let server = place.serve();
    let company = Company::create(&server, "fan-out").await;
    for _ in 0..WEBHOOKS {
        company.webhook(&sink.url, json!({})).await;
    }
    let (api, record) = (Api::of(&server), Record::new());
    let before = size_kib(&place.file("bluehook.db-wal"));
    let began = Instant::now();
    let answer = api.post("/v1/events", company.record_created(&record.numbered(0))).await.json(202);
    assert_eq!(answer["deliveries"], json!(WEBHOOKS));
    let arrivals = sink.wait_for(WEBHOOKS).await;
    let last = arrivals.iter().map(|(_, at)| at.duration_since(began)).max().expect("arrivals");
    // All of it in the write-ahead log: the event once, the deliveries, and their outcomes as they came in.
    [last.as_secs_f64() * 1_000.0, size_kib(&place.file("bluehook.db-wal")) - before]
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files")]
fn size_kib(path: &Path) -> f64 {
    fs::metadata(path).map_or(0.0, |file| file.len() as f64 / 1024.0)
}
