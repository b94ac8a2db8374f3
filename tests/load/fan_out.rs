//! One event that a thousand webhooks want.

use std::time::Instant;

use bluehook_tests::{api::Api, company::Company};
use serde_json::json;

use crate::{record::Record, sink::Sink, stage::Stage};

const WEBHOOKS: usize = 1_000;

/// Milliseconds until the last of them has it.
pub(crate) async fn measure(stage: &Stage) -> f64 {
    let sink = Sink::start();
    let place = stage.place().with("WEBHOOK_LIMIT_PER_COMPANY", "2000");
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
    last.as_secs_f64() * 1_000.0
}
