//! Events through the real program as fast as they go: posted by so many callers at once, each waiting for its 202.

use std::{
    cell::Cell,
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::rt::spawn;
use bluehook_tests::{api::Api, company::Company, server::Place};
use serde_json::json;

use crate::{record::Record, sink::Sink};

/// Callers that post at the same time.
pub(crate) const CONCURRENCY: usize = 64;

/// Companies, each with one webhook that gets the company's events.
const COMPANIES: usize = 16;

const DURATION: Duration = Duration::from_secs(10);

/// Starts a server on an empty database and posts for [`DURATION`]. Gives, per second and over the whole time that it
/// took, the events answered with 202, and the events that arrived.
pub(crate) async fn measure(disk: &Path) -> [f64; 2] {
    let sink = Sink::start();
    let place = Place::in_folder(disk);
    let server = place.serve();
    let mut companies = Vec::new();
    for number in 0..COMPANIES {
        let company = Company::create(&server, &format!("load-{number}")).await;
        company.webhook(&sink.url, json!({})).await;
        companies.push(company);
    }
    let work = Rc::new(Work { api: Api::of(&server), companies, record: Record::new(), next: Cell::new(0) });

    let began = Instant::now();
    let callers: Vec<_> =
        (0..CONCURRENCY).map(|_| spawn(Rc::clone(&work).post_until(began + DURATION))).collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let accepting = began.elapsed();
    let accepted = work.next.get();
    let arrivals = sink.wait_for(accepted).await;
    let delivering = arrivals.iter().map(|(_, at)| at.duration_since(began)).max().unwrap();
    [accepting, delivering].map(|time| rate(accepted, time))
}

/// What the callers share.
struct Work {
    api: Api,
    companies: Vec<Company>,
    record: Record,
    next: Cell<usize>,
}

impl Work {
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
