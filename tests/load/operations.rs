//! What people do all day, a hundred times a second and at random, beside events: how long does the slowest post of an event
//! wait for its 202?

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant, SystemTime},
};

use actix_web::rt::spawn;
use awc::http::Method;
use bluehook_core::time;
use bluehook_tests::{api::Api, company::Company};
use serde_json::json;
use tokio::{
    task::JoinHandle,
    time::{Interval, MissedTickBehavior, interval},
};

use crate::{record::Record, sink::Sink, spread::percentile, stage::Stage};

const EVENTS_PER_SECOND: u32 = 200;
const OPERATIONS_PER_SECOND: u32 = 100;

/// How many webhooks there are at least and at most: the operations make and delete them.
const WEBHOOKS: std::ops::Range<usize> = 5..20;

/// A replay sends what was made in this span, so long ago.
const REPLAYED: [Duration; 2] = [Duration::from_secs(2), Duration::from_millis(1_500)];

/// What is asked for, as a list or otherwise. `{webhook}` is any of the webhooks.
const READ: [&str; 8] = [
    "/v1/deliveries?limit=50",
    "/v1/deliveries?limit=50&webhookId={webhook}",
    "/v1/deliveries?limit=50&status=FAILED",
    "/v1/events?limit=50",
    "/v1/webhooks?limit=50",
    "/v1/webhooks/{webhook}",
    "/v1/webhooks/{webhook}/stats",
    "/v1/webhooks/{webhook}/history",
];

/// The waits of posts in milliseconds: p99 and the longest; and how many operations were answered per second.
pub(crate) async fn measure(stage: &Stage, length: Duration) -> [f64; 3] {
    let sink = Sink::start();
    let server = stage.place().with("WEBHOOK_LIMIT_PER_COMPANY", "1000").serve();
    let company = Company::create(&server, "operations").await;
    let crowd = Rc::new(Crowd::new(Api::of(&server), company, sink.url.clone()));
    for _ in WEBHOOKS {
        crowd.make().await;
    }
    let posting = spawn(post(crowd.clone(), length));
    let operating = spawn(operate(crowd.clone(), length));
    let mut waits = posting.await.expect("the posts end");
    operating.await.expect("the operations end");
    waits.sort_by(f64::total_cmp);
    let rate = f64::from(crowd.answered.get()) / length.as_secs_f64();
    [percentile(&waits, 99.0), percentile(&waits, 100.0), rate]
}

/// Those who post events and those who operate.
struct Crowd {
    api: Api,
    company: Company,
    url: String,
    webhooks: RefCell<Vec<String>>,
    dice: Cell<u64>,
    answered: Cell<u32>,
}

impl Crowd {
    fn new(api: Api, company: Company, url: String) -> Crowd {
        let webhooks = RefCell::default();
        Crowd { api, company, url, webhooks, dice: Cell::new(0x9E37_79B9_7F4A_7C15), answered: Cell::new(0) }
    }

    /// A number below this one: the same ones in every run (xorshift).
    fn below(&self, end: usize) -> usize {
        let mut dice = self.dice.get();
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        self.dice.set(dice);
        usize::try_from(dice % u64::try_from(end).expect("a small number")).expect("a small number")
    }

    fn any_webhook(&self) -> String {
        let webhooks = self.webhooks.borrow();
        webhooks[self.below(webhooks.len())].clone()
    }

    async fn make(&self) {
        let webhook = self.company.webhook(&self.url, json!({})).await;
        self.webhooks.borrow_mut().push(webhook["id"].as_str().expect("an id").to_owned());
    }

    async fn delete(&self) {
        let place = self.below(self.webhooks.borrow().len());
        let webhook = self.webhooks.borrow_mut().swap_remove(place);
        self.send(Method::DELETE, &format!("/v1/webhooks/{webhook}"), String::new()).await;
    }

    /// One operation: making, deleting, switching, changing, replaying, reading.
    async fn operate(&self) {
        let (webhook, count) = (self.any_webhook(), self.webhooks.borrow().len());
        let of_webhook = |action: &str| format!("/v1/webhooks/{webhook}{action}");
        match self.below(10) {
            0 if count < WEBHOOKS.end => self.make().await,
            1 if count > WEBHOOKS.start => self.delete().await,
            2 => self.send(Method::POST, &of_webhook("/disable"), String::new()).await,
            3 => self.send(Method::POST, &of_webhook("/enable"), String::new()).await,
            4 => {
                let name = json!({"name": format!("Webhook {}", self.below(1_000))});
                self.send(Method::PATCH, &of_webhook(""), name.to_string()).await;
            }
            5 => {
                let [since, until] = REPLAYED.map(ago);
                let span = json!({"since": since, "until": until});
                self.send(Method::POST, &of_webhook("/replay"), span.to_string()).await;
            }
            _ => {
                let path = READ[self.below(READ.len())].replace("{webhook}", &webhook);
                self.send(Method::GET, &path, String::new()).await;
            }
        }
        self.answered.set(self.answered.get() + 1);
    }

    /// A webhook may be gone, a replay under way, a turn not free: only what is the server's own fault ends the measurement.
    async fn send(&self, method: Method, path: &str, body: String) {
        let answer = self.api.send(method.clone(), path, body).await.expect("an answer");
        assert!(answer.status < 500, "{method} {path}: {} {}", answer.status, answer.text());
    }

    /// Posts an event; gives how long that took in milliseconds.
    async fn post(&self, value: &str) -> f64 {
        let began = Instant::now();
        let answer = self.api.post("/v1/events", self.company.record_created(value)).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        began.elapsed().as_secs_f64() * 1_000.0
    }
}

/// The moment so long ago, as the API reads it.
fn ago(span: Duration) -> String {
    let then = SystemTime::now().checked_sub(span).expect("a later clock");
    let then = then.duration_since(SystemTime::UNIX_EPOCH).expect("a clock after 1970");
    time::format(i64::try_from(then.as_millis()).expect("a time"))
}

/// Posts events for so long; gives how long each post took.
async fn post(crowd: Rc<Crowd>, length: Duration) -> Vec<f64> {
    let record = Record::new();
    let mut posts = Vec::new();
    let mut beats = beats(EVENTS_PER_SECOND);
    for number in 0..EVENTS_PER_SECOND as usize * seconds(length) {
        beats.tick().await;
        let (crowd, value) = (crowd.clone(), record.numbered(number));
        posts.push(spawn(async move { crowd.post(&value).await }));
    }
    ended(posts).await
}

/// Operates for so long.
async fn operate(crowd: Rc<Crowd>, length: Duration) {
    let mut operations = Vec::new();
    let mut beats = beats(OPERATIONS_PER_SECOND);
    for _ in 0..OPERATIONS_PER_SECOND as usize * seconds(length) {
        beats.tick().await;
        let crowd = crowd.clone();
        operations.push(spawn(async move { crowd.operate().await }));
    }
    ended(operations).await;
}

fn seconds(length: Duration) -> usize {
    usize::try_from(length.as_secs()).expect("a short time")
}

fn beats(per_second: u32) -> Interval {
    let mut beats = interval(Duration::from_secs(1) / per_second);
    beats.set_missed_tick_behavior(MissedTickBehavior::Burst);
    beats
}

async fn ended<T>(tasks: Vec<JoinHandle<T>>) -> Vec<T> {
    let mut outcomes = Vec::with_capacity(tasks.len());
    for task in tasks {
        outcomes.push(task.await.expect("it ends"));
    }
    outcomes
}
