//! What those who post wait right after a burst, while what it left is put away, beside what they wait on a fresh database:
//! 50 events a second, each posted when its time has come, until its 202.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::rt::spawn;
use bluehook_tests::{api::Api, company::Company};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use crate::{record::Record, sink::Sink, spread::percentile, stage::Stage, throughput::CALLERS};

/// How many events the burst has.
const BURST: usize = 50_000;

const PER_SECOND: u32 = 50;

const COUNTED: usize = 1_000;

/// Milliseconds from a POST to its 202: p99 and the slowest, on a fresh database and right after a burst.
pub(crate) async fn measure(stage: &Stage) -> [[f64; 2]; 2] {
    [after(stage, 0).await, after(stage, BURST).await]
}

async fn after(stage: &Stage, burst: usize) -> [f64; 2] {
    let sink = Sink::start();
    let server = stage.place().serve();
    let company = Company::create(&server, "burst").await;
    company.webhook(&sink.url, json!({})).await;
    let poster =
        Rc::new(Poster { api: Api::of(&server), company, record: Record::new(), next: Cell::new(0) });
    let callers: Vec<_> = (0..CALLERS).map(|_| spawn(poster.clone().post_up_to(burst))).collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let took = poster.paced().await;
    [percentile(&took, 99.0), percentile(&took, 100.0)]
}

struct Poster {
    api: Api,
    company: Company,
    record: Record,
    next: Cell<usize>,
}

impl Poster {
    async fn post_up_to(self: Rc<Self>, count: usize) {
        while self.next.get() < count {
            self.clone().post().await;
        }
    }

    async fn post(self: Rc<Self>) -> Duration {
        let number = self.next.replace(self.next.get() + 1);
        let event = self.company.record_created(&self.record.numbered(number));
        let began = Instant::now();
        let answer = self.api.post("/v1/events", event).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        began.elapsed()
    }

    /// Milliseconds, sorted.
    async fn paced(self: Rc<Self>) -> Vec<f64> {
        let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut posts = Vec::with_capacity(COUNTED);
        for _ in 0..COUNTED {
            ticks.tick().await;
            posts.push(spawn(self.clone().post()));
        }
        let mut took = Vec::with_capacity(COUNTED);
        for post in posts {
            took.push(post.await.unwrap().as_secs_f64() * 1_000.0);
        }
        took.sort_by(f64::total_cmp);
        took
    }
}
