//! Thousands of hosts that are called once: their connections have to be closed again.

use std::time::{Duration, Instant};

use bluehook_tests::{api::Api, company::Company};
use serde_json::json;
use tokio::time::interval;

use crate::{process, record::Record, sink::Sink, stage::Stage};

const HOSTS: usize = 5_000;

/// Descriptors before, at most, and after; and seconds from the last arrival until they were back.
pub(crate) async fn measure(stage: &Stage) -> [f64; 4] {
    let sink = Sink::start_everywhere();
    let place = stage.place().with("WEBHOOK_LIMIT_PER_COMPANY", "10000");
    let server = place.serve();
    let company = Company::create(&server, "hosts").await;
    for host in 0..HOSTS {
        let (high, low) = (host / 250, host % 250 + 1);
        let url = format!("http://127.1.{high}.{low}:{}/hook", sink.port);
        company.webhook(&url, json!({})).await;
    }
    let (api, record) = (Api::of(&server), Record::new());
    let before = process::descriptors(server.id());
    api.post("/v1/events", company.record_created(&record.numbered(0))).await.json(202);
    sink.wait_for(HOSTS).await;
    let arrived = Instant::now();
    let mut most = 0;
    let mut ticks = interval(Duration::from_millis(250));
    loop {
        ticks.tick().await;
        let open = process::descriptors(server.id());
        most = most.max(open);
        if open <= before + 4 || arrived.elapsed() > Duration::from_mins(2) {
            return [before, most, open]
                .map(float)
                .into_iter()
                .chain([arrived.elapsed().as_secs_f64()])
                .collect::<Vec<_>>()
                .try_into()
                .expect("four");
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of descriptors")]
fn float(count: usize) -> f64 {
    count as f64
}
