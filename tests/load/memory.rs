//! What a server holds when nothing goes on: before anything did, and half a minute after a burst of large events.

use std::{rc::Rc, time::Duration};

use actix_web::rt::spawn;
use bluehook_tests::{api::Api, company::Company};
use serde_json::json;
use tokio::time::sleep;

use crate::{process, record::Record, sink::Sink, stage::Stage};

const EVENTS: usize = 100_000;
const CALLERS: usize = 32;

/// How long it is left alone before its memory is read.
const BEFORE: Duration = Duration::from_secs(5);
const AFTER: Duration = Duration::from_secs(30);

/// MiB: idle, and after the burst.
pub(crate) async fn measure(stage: &Stage) -> [f64; 2] {
    let sink = Sink::start();
    let server = stage.place().serve();
    let company = Rc::new(Company::create(&server, "memory").await);
    company.webhook(&sink.url, json!({})).await;
    sleep(BEFORE).await;
    let idle = process::resident_mib(server.id());
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| spawn(post(Api::of(&server), company.clone(), (caller..EVENTS).step_by(CALLERS))))
        .collect();
    for caller in callers {
        caller.await.expect("the caller ends");
    }
    sink.wait_for(EVENTS).await;
    sleep(AFTER).await;
    [idle, process::resident_mib(server.id())]
}

/// Posts these numbers, each in an event of 3.3 KB: the record before and after.
async fn post(api: Api, company: Rc<Company>, numbers: impl Iterator<Item = usize>) {
    let record = Record::new();
    for number in numbers {
        let value = record.numbered(number);
        let answer = api.post("/v1/events", company.event("TODO_NAME_CHANGED", &value, &value)).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
}
