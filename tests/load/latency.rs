//! The time from posting an event to its arrival, on a machine that has little else to do: 50 events a second, each
//! posted when its time has come, whether the ones before it were answered or not.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::rt::spawn;
use bluehook_tests::{api::Api, company::Company, server::Place};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use crate::{record::Record, sink::Sink, spread::percentile, stage::Stage};

const PER_SECOND: u32 = 50;

/// The first second warms up and is not counted.
const WARM_UP: usize = PER_SECOND as usize;
const COUNTED: usize = 10 * PER_SECOND as usize;

/// Milliseconds with an empty log: p50, p95, p99.
pub(crate) async fn measure(stage: &Stage) -> [f64; 3] {
    measure_in(&stage.place()).await
}

/// The same with what is there.
pub(crate) async fn measure_in(place: &Place) -> [f64; 3] {
    let sink = Sink::start();
    let server = place.serve();
    let company = Rc::new(Company::create(&server, "latency").await);
    company.webhook(&sink.url, json!({})).await;
    let (api, record) = (Api::of(&server), Record::new());

    let mut posted = Vec::with_capacity(WARM_UP + COUNTED);
    let mut posts = Vec::with_capacity(WARM_UP + COUNTED);
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for number in 0..WARM_UP + COUNTED {
        ticks.tick().await;
        let event = company.record_created(&record.numbered(number));
        posted.push(Instant::now());
        posts.push(spawn(post(api.clone(), event)));
    }
    for post in posts {
        post.await.unwrap();
    }
    let arrivals = sink.wait_for(WARM_UP + COUNTED).await;
    percentiles(&posted, &arrivals)
}

async fn post(api: Api, event: String) {
    let answer = api.post("/v1/events", event).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
}

fn percentiles(posted: &[Instant], arrivals: &[(usize, Instant)]) -> [f64; 3] {
    let counted = arrivals.iter().filter(|(number, _)| *number >= WARM_UP);
    let took = counted.map(|(number, at)| at.duration_since(*posted.get(*number).unwrap()));
    let mut took: Vec<f64> = took.map(|took| took.as_secs_f64() * 1_000.0).collect();
    took.sort_by(f64::total_cmp);
    [50.0, 95.0, 99.0].map(|percent| percentile(&took, percent))
}
