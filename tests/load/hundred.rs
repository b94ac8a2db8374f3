//! One event that a hundred webhooks want, each of a host of its own: how fast events of that kind go, and how soon the last
//! of the hundred has one that comes alone.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::rt::spawn;
use bluehook_tests::{api::Api, company::Company, server::Server};
use serde_json::json;
use tokio::time::interval;

use crate::{process, record::Record, sink::Sink, spread::percentile, stage::Stage};

const WEBHOOKS: usize = 100;

/// Callers that post the events of a burst, each waiting for its 202.
const CALLERS: usize = 16;

/// Events that come alone: those that are counted, and those before, which open the connections.
const ALONE: usize = 20;
const BEFORE: usize = 2;

/// How far apart they come.
const APART: Duration = Duration::from_millis(200);

/// A server whose events go to a hundred hosts.
struct Hundred {
    sink: Sink,
    server: Server,
    company: Company,
    record: Record,
}

impl Hundred {
    async fn start(stage: &Stage) -> Hundred {
        let sink = Sink::start_everywhere();
        let server = stage.place().serve();
        let company = Company::create(&server, "hundred").await;
        for host in 1..=WEBHOOKS {
            company.webhook(&format!("http://127.2.0.{host}:{}/hook", sink.port), json!({})).await;
        }
        Hundred { sink, server, company, record: Record::new() }
    }

    async fn post(&self, api: &Api, number: usize) {
        let answer = api.post("/v1/events", self.company.record_created(&self.record.numbered(number))).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
}

/// Deliveries per second over so many events on a fresh server, and its processor time per delivery in milliseconds.
pub(crate) async fn burst(stage: &Stage, events: usize) -> [f64; 2] {
    let hundred = Rc::new(Hundred::start(stage).await);
    let api = Api::of(&hundred.server);
    let before = process::cpu_ms(hundred.server.id());
    let began = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (hundred, api) = (hundred.clone(), api.clone());
            spawn(async move {
                for number in (caller..events).step_by(CALLERS) {
                    hundred.post(&api, number).await;
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("the caller ends");
    }
    let arrivals = hundred.sink.wait_for(events * WEBHOOKS).await;
    let last = arrivals.iter().map(|(_, at)| at.duration_since(began)).max().expect("arrivals");
    let deliveries = f64::from(u32::try_from(events * WEBHOOKS).expect("a count"));
    [deliveries / last.as_secs_f64(), (process::cpu_ms(hundred.server.id()) - before) / deliveries]
}

/// Milliseconds until the last of the hundred has an event that comes alone: the median, and the slowest.
pub(crate) async fn alone(stage: &Stage) -> [f64; 2] {
    let hundred = Hundred::start(stage).await;
    let api = Api::of(&hundred.server);
    let mut ticks = interval(APART);
    let mut took = Vec::new();
    for number in 0..BEFORE + ALONE {
        ticks.tick().await;
        let began = Instant::now();
        hundred.post(&api, number).await;
        let arrivals = hundred.sink.wait_for((number + 1) * WEBHOOKS).await;
        let last = arrivals.iter().map(|(_, at)| at.duration_since(began)).max().expect("arrivals");
        if number >= BEFORE {
            took.push(last.as_secs_f64() * 1_000.0);
        }
    }
    took.sort_by(f64::total_cmp);
    [percentile(&took, 50.0), percentile(&took, 100.0)]
}
