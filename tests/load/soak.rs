//! A soak: minutes of mixed load beside receivers that fail in every way, with a restart by SIGKILL at the beginning. Nothing
//! that was accepted may be lost, and memory may not grow.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::rt::spawn;
use awc::http::Method;
use bluehook_tests::{api::Api, company::Company, server::Server};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use crate::{isolation::add_dead, process, record::Record, sink::Sink, stage::Stage};

const PER_SECOND: u32 = 100;
/// How many receivers hang, and how many refuse.
const DEAD: usize = 10;
/// Memory is compared with what it was then, or after a sixth of the time where that is sooner.
const SETTLED_AFTER: Duration = Duration::from_mins(5);
/// The most that memory may grow after that.
const MAX_GROWTH: f64 = 1.1;

/// Runs for so many minutes, a line each, and ends the program when something was lost or memory grew.
pub(crate) async fn run(stage: &Stage, minutes: u32) {
    let length = Duration::from_mins(minutes.into());
    let sinks = [Sink::start(), Sink::start()];
    let place = stage.place().with("RETRY_SCHEDULE", "1s,5s,30s").with("TIMEOUT", "2s");
    let mut server = place.serve();
    let company = Company::create(&server, "soak").await;
    for sink in &sinks {
        company.webhook(&sink.url, json!({})).await;
    }
    let hanging = add_dead(&company, DEAD).await;
    let posted = Rc::new(Posted::default());
    let (began, settled_after) = (Instant::now(), SETTLED_AFTER.min(length / 6));
    let mut settled = None;
    for minute in 1..=minutes {
        if minute == (minutes / 10).max(1) {
            server.kill();
            server = place.serve();
        }
        post_for_a_minute(&server, &company, &posted).await;
        let memory = process::resident_mib(server.id());
        if settled.is_none() && began.elapsed() >= settled_after {
            settled = Some(memory);
        }
        println!(
            "minute {minute}: {} accepted, {memory:.1} MiB, {} descriptors",
            posted.accepted.get(),
            process::descriptors(server.id())
        );
    }
    for sink in &sinks {
        sink.wait_for_each(&posted.numbers()).await;
    }
    let (memory, settled) = (process::resident_mib(server.id()), settled.expect("it settled"));
    println!(
        "all {} accepted events arrived at both; memory {settled:.1} to {memory:.1} MiB",
        posted.accepted.get()
    );
    assert!(memory <= settled * MAX_GROWTH, "memory grew by more than a tenth");
    drop(hanging);
}

/// What was posted, and how much of it was accepted.
#[derive(Default)]
struct Posted {
    next: Cell<usize>,
    accepted: Cell<usize>,
}

impl Posted {
    /// The number of every event: each is posted until it is accepted.
    fn numbers(&self) -> Vec<usize> {
        (0..self.next.get()).collect()
    }
}

async fn post_for_a_minute(server: &Server, company: &Company, posted: &Rc<Posted>) {
    let (api, record) = (Api::of(server), Record::new());
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut posts = Vec::new();
    for _ in 0..60 * PER_SECOND {
        ticks.tick().await;
        let number = posted.next.replace(posted.next.get() + 1);
        let (api, event) = (api.clone(), company.record_created(&record.numbered(number)));
        let posted = Rc::clone(posted);
        posts.push(spawn(async move {
            let answer = api.send(Method::POST, "/v1/events", event).await.expect("an answer");
            assert_eq!(answer.status, 202, "{}", answer.text());
            posted.accepted.set(posted.accepted.get() + 1);
        }));
    }
    for post in posts {
        post.await.expect("the post ends");
    }
}
