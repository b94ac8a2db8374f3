//! The process is ended in the middle of the work, three times, by SIGKILL or by SIGTERM: what was answered with 202
//! arrives, and nothing else; and the sums say what the log says.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::{Arc, Mutex},
};

use awc::http::Method;
use bluehook_tests::{
    api::Api,
    company::Company,
    receiver::{Received, Receiver},
    server::{Place, Server},
    wait::{until, within},
};
use serde_json::{Value, json};
use tokio::sync::watch;

const EVENTS: usize = 10_000;
const CONCURRENCY: usize = 64;

/// The server is ended as soon as so many events were answered.
const ENDED_AT: [usize; 3] = [2_500, 5_000, 7_500];

/// Of so many events one is wrong, and has to be refused.
const ONE_WRONG_IN: usize = 50;

/// No event is posted more often than this: each end can interrupt it at most twice.
const TRIES: usize = 10;

#[actix_web::test]
async fn accepted_events_arrive_though_the_process_is_killed() {
    assert!(check(Server::kill).await > 0, "no post was under way when the server was killed");
}

#[actix_web::test]
async fn accepted_events_arrive_though_the_process_is_told_to_end() {
    check(|server| {
        let status = server.terminate();
        assert!(status.success(), "it ends by itself, and well: {status}");
    })
    .await;
}

/// Ends the server again and again while events are posted: how many posts that interrupted.
async fn check(end: impl Fn(Server)) -> usize {
    let place = Place::new();
    let mut server = place.serve();
    let arrived = Arrived::default();
    let receiver = arrived.receiver();
    let company = Company::create(&server, "crash").await;
    let webhook = company.webhook(receiver.url(), json!({})).await;

    let work = Rc::new(Work::new(company, Api::of(&server)));
    let workers: Vec<_> =
        (0..CONCURRENCY).map(|_| actix_web::rt::spawn(Rc::clone(&work).post_all())).collect();
    for end_at in ENDED_AT {
        let mut answered = work.answered.subscribe();
        within("events are answered", answered.wait_for(|answered| *answered >= end_at)).await.unwrap();
        end(server);
        server = place.serve();
        work.api.replace(Api::of(&server));
    }
    for worker in workers {
        within("the last events are answered", worker).await.unwrap();
    }

    let accepted = work.accepted.take();
    assert_eq!(accepted.len(), EVENTS - EVENTS / ONE_WRONG_IN);
    arrived.wait_for(accepted.len()).await;
    assert_eq!(arrived.ids(), accepted);
    sums_equal_the_log(&Api::of(&server), webhook["id"].as_str().unwrap(), accepted.len()).await;
    work.interrupted.get()
}

/// What the sums say of a webhook, and what the log says, delivery by delivery.
async fn sums_equal_the_log(api: &Api, id: &str, count: usize) {
    let sum = |counts: &Value| counts.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum::<u64>();
    let shown = async || api.get(&format!("/v1/webhooks/{id}?include=activity")).await.json(200);
    // The last to arrive is recorded a moment later.
    let activity = until("all are recorded", async || {
        let activity = shown().await["activity"].take();
        (sum(&activity["other"]) == 0).then_some(activity)
    })
    .await;
    let log = statuses(api, id).await;
    assert_eq!(log, HashMap::from([("SUCCEEDED".to_owned(), count)]));
    assert_eq!(activity["total"], count, "{activity}");
    assert_eq!(sum(&activity["succeeded"]), count as u64, "{activity}");
    assert_eq!(sum(&activity["failed"]), 0, "{activity}");
    let stats = api.get(&format!("/v1/webhooks/{id}/stats?window=24h")).await.json(200);
    assert_eq!(
        (&stats["deliveries"]["total"], &stats["deliveries"]["succeeded"]),
        (&json!(count), &json!(count))
    );
}

/// How many deliveries the log has in each status.
async fn statuses(api: &Api, id: &str) -> HashMap<String, usize> {
    let mut counted = HashMap::new();
    let mut cursor = String::new();
    loop {
        let page = api.get(&format!("/v1/deliveries?webhookId={id}&limit=200{cursor}")).await.json(200);
        for delivery in page["items"].as_array().unwrap() {
            *counted.entry(delivery["status"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let Some(next) = page["nextCursor"].as_str() else { return counted };
        cursor = format!("&cursor={next}");
    }
}

/// The events to post, and what became of them.
struct Work {
    company: Company,
    api: RefCell<Api>,
    next: Cell<usize>,
    accepted: RefCell<HashSet<String>>,
    answered: watch::Sender<usize>,
    interrupted: Cell<usize>,
}

impl Work {
    fn new(company: Company, api: Api) -> Work {
        Work {
            company,
            api: RefCell::new(api),
            next: Cell::default(),
            accepted: RefCell::default(),
            answered: watch::Sender::new(0),
            interrupted: Cell::default(),
        }
    }

    async fn post_all(self: Rc<Self>) {
        while self.next.get() < EVENTS {
            let number = self.next.replace(self.next.get() + 1);
            self.post(number).await;
            self.answered.send_modify(|answered| *answered += 1);
        }
    }

    /// Posts one event until it is answered: a connection that broke says nothing about what became of it.
    async fn post(&self, number: usize) {
        let id = format!("event-{number}");
        let is_wrong = number.is_multiple_of(ONE_WRONG_IN);
        let kind = if is_wrong { "TODO_CRATED" } else { "TODO_CREATED" };
        let event = self.company.event(kind, "null", &format!(r#"{{"id":"{id}"}}"#));
        let body = event.replacen('{', &format!(r#"{{"id":"{id}","#), 1);
        for _ in 0..TRIES {
            let api = self.api.borrow().clone();
            let Ok(answer) = api.send(Method::POST, "/v1/events", body.clone()).await else {
                self.interrupted.set(self.interrupted.get() + 1);
                continue;
            };
            if answer.status == 503 {
                self.interrupted.set(self.interrupted.get() + 1);
                continue;
            }
            match answer.status {
                200 | 202 if !is_wrong => self.accepted.borrow_mut().insert(id),
                400 | 422 if is_wrong => true,
                other => panic!("{id} was answered with {other}: {}", answer.text()),
            };
            return;
        }
        panic!("{id} was never answered");
    }
}

/// The ids of the records that arrived.
#[derive(Clone, Default)]
struct Arrived(Arc<(Mutex<HashSet<String>>, watch::Sender<usize>)>);

impl Arrived {
    fn receiver(&self) -> Receiver {
        let arrived = self.clone();
        Receiver::scripted(move |received| {
            arrived.note(received.last().unwrap());
            204.into()
        })
    }

    fn note(&self, received: &Received) {
        let body: Value = serde_json::from_slice(&received.body).unwrap();
        let mut ids = self.0.0.lock().unwrap();
        ids.insert(body["currentValue"]["id"].as_str().unwrap().to_owned());
        self.0.1.send_replace(ids.len());
    }

    async fn wait_for(&self, count: usize) {
        let mut arrived = self.0.1.subscribe();
        within("every accepted event arrives", arrived.wait_for(|arrived| *arrived >= count)).await.unwrap();
    }

    fn ids(&self) -> HashSet<String> {
        self.0.0.lock().unwrap().clone()
    }
}
