//! Events through the real program as fast as they go: posted by so many callers at once, each waiting for its 202.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::rt::spawn;
use bluehook_tests::{api::Api, company::Company, server::Place};
use serde_json::json;

use crate::{ceiling, process, record::Record, relay::Relay, sink::Sink, stage::Stage};

/// Callers that post at the same time: some, as many as hide the wait for the disk only in part.
pub(crate) const CALLERS: usize = 64;

/// Many of them, so that there is always another group to commit.
pub(crate) const MANY_CALLERS: usize = 512;

/// Companies, each with one webhook that gets the company's events.
const COMPANIES: usize = 16;

const DURATION: Duration = Duration::from_secs(10);

/// What was seen of a server, or of a relay in its place.
pub(crate) struct Throughput {
    /// Events answered with 202 per second, and events that arrived per second, over the whole time that each took.
    pub(crate) per_second: [f64; 2],
    /// Processor time of the server per event, milliseconds, everything included.
    pub(crate) cpu_ms: f64,
}

/// Starts a server on an empty database and posts for [`DURATION`].
pub(crate) async fn measure(stage: &Stage, callers: usize) -> Throughput {
    measure_in(&stage.place(), callers).await
}

/// The same on a database that may hold something already.
pub(crate) async fn measure_in(place: &Place, callers: usize) -> Throughput {
    let sink = Sink::start();
    let server = place.serve();
    let mut companies = Vec::new();
    for number in 0..COMPANIES {
        let company = Company::create(&server, &format!("load-{number}")).await;
        company.webhook(&sink.url, json!({})).await;
        companies.push(company);
    }
    let before = process::cpu_ms(server.id());
    let work = Rc::new(Work { api: Api::of(&server), companies, record: Record::new(), next: Cell::new(0) });
    let per_second = work.clone().run(&sink, callers).await;
    let events = f64::from(u32::try_from(work.next.get()).unwrap());
    Throughput { per_second, cpu_ms: (process::cpu_ms(server.id()) - before) / events }
}

/// What the same callers reach when their events are only signed and sent on: arrivals per second.
pub(crate) async fn ceiling(callers: usize) -> f64 {
    let sink = Sink::start();
    let relay = Relay::start(Some(sink.url.clone()), callers);
    let companies =
        (0..COMPANIES).map(|number| Company::unknown(&relay.url, &format!("load-{number}"))).collect();
    let api = Api::at(&relay.url);
    let work = Rc::new(Work { api, companies, record: Record::new(), next: Cell::new(0) });
    let [_, delivered] = work.run(&sink, callers).await;
    delivered
}

/// What bare awc loops send while the same callers post to a handler that does nothing: answered requests per second.
pub(crate) async fn ceiling_beside_posts(callers: usize) -> f64 {
    let idle = Relay::start(None, callers);
    let companies =
        (0..COMPANIES).map(|number| Company::unknown(&idle.url, &format!("load-{number}"))).collect();
    let work =
        Rc::new(Work { api: Api::at(&idle.url), companies, record: Record::new(), next: Cell::new(0) });
    let sending = std::thread::spawn(move || ceiling::measure(callers));
    work.post(Instant::now(), callers).await;
    sending.join().expect("the loops end")
}

/// What the callers share.
struct Work {
    api: Api,
    companies: Vec<Company>,
    record: Record,
    next: Cell<usize>,
}

impl Work {
    /// Posts for [`DURATION`], and waits for the last arrival.
    async fn run(self: Rc<Self>, sink: &Sink, callers: usize) -> [f64; 2] {
        let began = Instant::now();
        self.clone().post(began, callers).await;
        let accepting = began.elapsed();
        let accepted = self.next.get();
        let arrivals = sink.wait_for(accepted).await;
        let delivering = arrivals.iter().map(|(_, at)| at.duration_since(began)).max().unwrap();
        [accepting, delivering].map(|time| rate(accepted, time))
    }

    /// Posts for [`DURATION`].
    async fn post(self: Rc<Self>, began: Instant, callers: usize) {
        let callers: Vec<_> =
            (0..callers).map(|_| spawn(Rc::clone(&self).post_until(began + DURATION))).collect();
        for caller in callers {
            caller.await.unwrap();
        }
    }

    async fn post_until(self: Rc<Self>, end: Instant) {
        while Instant::now() < end {
            let number = self.next.replace(self.next.get() + 1);
            let company = self.companies.get(number % COMPANIES).unwrap();
            let answer =
                self.api.post("/v1/events", company.record_created(&self.record.numbered(number))).await;
            assert_eq!(answer.status, 202, "{}", answer.text());
        }
    }
}

fn rate(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / time.as_secs_f64()
}
