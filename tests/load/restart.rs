//! After a SIGKILL under load: how soon what was under way is under way again.

use std::time::Instant;

use actix_web::rt::spawn;
use bluehook_tests::{api::Api, company::Company};
use serde_json::json;

use crate::{record::Record, sink::Sink, stage::Stage};

/// So many events are posted; the server is killed when half of them arrived.
const EVENTS: usize = 4_000;
const CALLERS: usize = 64;

/// Milliseconds from "listening" to the arrival of everything that had been accepted, and how many arrived twice.
pub(crate) async fn measure(stage: &Stage) -> [f64; 2] {
    let sink = Sink::start();
    let place = stage.place();
    let server = place.serve();
    let company = std::rc::Rc::new(Company::create(&server, "restart").await);
    company.webhook(&sink.url, json!({})).await;
    let record = std::rc::Rc::new(Record::new());
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (api, company, record) = (Api::of(&server), company.clone(), record.clone());
            spawn(async move {
                let mut accepted = Vec::new();
                for number in (caller..EVENTS).step_by(CALLERS) {
                    let event = company.record_created(&record.numbered(number));
                    match api.send(awc::http::Method::POST, "/v1/events", event).await {
                        Ok(answer) if answer.status == 202 => accepted.push(number),
                        _ => break,
                    }
                }
                accepted
            })
        })
        .collect();
    sink.wait_for(EVENTS / 2).await;
    server.kill();
    let mut accepted = Vec::new();
    for caller in callers {
        accepted.extend(caller.await.expect("the caller ends"));
    }
    let _server = place.serve();
    let ready = Instant::now();
    let arrivals = sink.wait_for_each(&accepted).await;
    let late = arrivals.iter().map(|(_, at)| at.saturating_duration_since(ready)).max().expect("arrivals");
    let distinct: std::collections::HashSet<usize> = arrivals.iter().map(|(number, _)| *number).collect();
    let twice = arrivals.len() - distinct.len();
    [late.as_secs_f64() * 1_000.0, f64::from(u32::try_from(twice).expect("a count"))]
}
