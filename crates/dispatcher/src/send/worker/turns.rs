//! One worker thread: it gives every webhook with something to send its turn, and starts attempts up to the limits.
//!
//! Receivers that are not known to answer share half of the room, so that however many of them hang, the ones that work
//! find a place at once.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap, VecDeque},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::{self, Instant},
};

use super::{Surroundings, crowd::Crowd, lane::Lane, pace::Turn};
use crate::{
    know::{Entry, membership::kept_from_webhook},
    ledger::{
        Store, Write,
        record::{Aside, Subject},
    },
    line::{Ask, Asked, Job, Message},
    model::{WebhookKey, log::CancelledBecause},
    send::deliver,
};

/// Runs until it is told to end and its last attempt has ended.
pub(super) async fn run(
    mut messages: mpsc::UnboundedReceiver<Message>,
    surroundings: Surroundings,
    store: Store,
    max_in_flight: usize,
) {
    // Tokio's intervals cannot be zero.
    let sweep_every = (surroundings.config.idle_timeout / 4).max(Duration::from_millis(1));
    let worker = Rc::new(Worker {
        surroundings,
        store: RefCell::new(Some(store)),
        max_in_flight,
        state: RefCell::default(),
        changed: Notify::new(),
    });
    let mut sweep = time::interval(sweep_every);
    loop {
        let next_rest_over = worker.clone().give_turns();
        tokio::select! {
            message = messages.recv() => match message {
                Some(message) => if !worker.hear(message, &mut messages) { break },
                None => break,
            },
            () = worker.changed.notified() => {}
            () = until(next_rest_over) => worker.end_rests(),
            _ = sweep.tick() => worker.close_cold(),
        }
        worker.tell_outcomes();
    }
    worker.drain().await;
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

struct Worker {
    surroundings: Surroundings,
    store: RefCell<Option<Store>>,
    max_in_flight: usize,
    state: RefCell<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    lanes: HashMap<WebhookKey, Lane>,
    /// Lanes that may send, in the order of their turns.
    line: VecDeque<WebhookKey>,
    /// When lanes stand in line again that may send later.
    resting: BTreeSet<(Instant, WebhookKey)>,
    in_flight: usize,
    unproven_in_flight: usize,
    crowd: Crowd,
    /// What came of attempts since the store was last told.
    outcomes: Vec<Box<dyn Write>>,
}

/// The most messages that are heard before turns are given again.
const HEARD_AT_ONCE: usize = 256;

impl Worker {
    /// Hears what came in. False when this was the last of it.
    fn hear(self: &Rc<Self>, first: Message, messages: &mut mpsc::UnboundedReceiver<Message>) -> bool {
        let mut next = Some(first);
        let mut heard = 0;
        while let Some(message) = next {
            match message {
                Message::Deliver(job) => self.queue(job),
                Message::Ask { entry, ask, reply } => self.ask(entry, ask, reply),
                Message::End => return false,
            }
            heard += 1;
            next = if heard < HEARD_AT_ONCE { messages.try_recv().ok() } else { None };
        }
        true
    }

    fn queue(&self, job: Job) {
        let key = job.webhook;
        let state = &mut *self.state.borrow_mut();
        let lane = state.lanes.entry(key).or_insert_with(|| Lane::new(self.surroundings.clients.client()));
        lane.waiting.push_back(job);
        if !lane.in_line {
            lane.in_line = true;
            state.line.push_back(key);
        }
    }

    fn entry(&self, key: WebhookKey) -> Option<Arc<Entry>> {
        self.surroundings.known.now().entry(key).cloned()
    }

    /// Starts what may be started. Gives the time when the next resting lane may go on.
    fn give_turns(self: Rc<Self>) -> Option<Instant> {
        let now = Instant::now();
        let turns = self.state.borrow().line.len();
        for _ in 0..turns {
            if self.state.borrow().in_flight >= self.max_in_flight {
                break;
            }
            let Some(key) = self.state.borrow_mut().line.pop_front() else { break };
            self.give_turn(key, now);
        }
        self.state.borrow().resting.first().map(|(at, _)| *at)
    }

    /// One lane's turn: it sends what it may, and goes back in line when that was not all.
    fn give_turn(self: &Rc<Self>, key: WebhookKey, now: Instant) {
        let entry = self.entry(key);
        let proven = entry.as_ref().is_some_and(|entry| entry.load.is_proven());
        let per_webhook = self.surroundings.config.max_in_flight_per_webhook;
        loop {
            let state = &mut *self.state.borrow_mut();
            let full = state.in_flight >= self.max_in_flight
                || (!proven && state.unproven_in_flight >= self.max_in_flight.div_ceil(2));
            let others = state.crowd.others(now);
            let Some(lane) = state.lanes.get_mut(&key) else { return };
            match lane.may_send(per_webhook, others, now) {
                Turn::Now if full => {
                    state.line.push_back(key);
                    return;
                }
                Turn::Now => {}
                Turn::At(at) => {
                    lane.in_line = false;
                    if lane.wakes_at.is_none_or(|known| at < known) {
                        lane.wakes_at = Some(at);
                        state.resting.insert((at, key));
                    }
                    return;
                }
                Turn::No => {
                    lane.in_line = false;
                    return;
                }
            }
            let rate = entry.as_ref().and_then(|entry| entry.webhook.rate_limit_per_second);
            let Some(job) = lane.take(rate, now) else { return };
            let one = state.crowd.begin(key, now.saturating_duration_since(job.queued), now);
            let client = lane.client.clone();
            state.in_flight += 1;
            state.unproven_in_flight += usize::from(!proven);
            let (worker, entry) = (self.clone(), entry.clone());
            actix_rt::spawn(async move {
                worker.clone().attempt(job, entry, client, proven).await;
                worker.state.borrow_mut().crowd.end(&one);
            });
        }
    }

    /// Attempts one delivery and hands its outcome to the store.
    async fn attempt(
        self: Rc<Self>,
        job: Job,
        entry: Option<Arc<Entry>>,
        client: crate::send::net::Client,
        proven: bool,
    ) {
        let key = job.webhook;
        let began = Instant::now();
        let kept = entry.as_ref().and_then(|entry| self.kept_from(entry, &job));
        let sendable = entry.filter(|entry| entry.webhook.enabled && kept.is_none());
        let success = if let Some(entry) = sendable {
            let record = deliver::attempt(job, &entry, &client, &self.surroundings).await;
            let success = record.is_success();
            self.ends_as(Box::new(record));
            success
        } else {
            self.ends_as(Box::new(Aside { delivery: Subject::of(&job), kept, place: job.place }));
            true
        };
        self.ended(key, success, began, proven);
    }

    /// Why a delivery is kept from the webhook's creator now; none when it is not.
    fn kept_from(&self, entry: &Entry, job: &Job) -> Option<CancelledBecause> {
        let world = self.surroundings.known.now();
        kept_from_webhook(&world, &entry.webhook, &job.event.project_id, job.event_number)
    }

    fn ended(&self, key: WebhookKey, success: bool, began: Instant, was_proven: bool) {
        let state = &mut *self.state.borrow_mut();
        state.in_flight = state.in_flight.saturating_sub(1);
        state.unproven_in_flight = state.unproven_in_flight.saturating_sub(usize::from(!was_proven));
        if let Some(lane) = state.lanes.get_mut(&key) {
            let per_webhook = self.surroundings.config.max_in_flight_per_webhook;
            lane.pace.ended(success, began.elapsed(), per_webhook, Instant::now());
            if !lane.in_line && !lane.waiting.is_empty() {
                lane.in_line = true;
                state.line.push_back(key);
            }
        }
        self.changed.notify_one();
    }

    /// What came of an attempt is told with what comes of others at the same moment.
    fn ends_as(&self, outcome: Box<dyn Write>) {
        self.state.borrow_mut().outcomes.push(outcome);
    }

    fn tell_outcomes(&self) {
        let outcomes = std::mem::take(&mut self.state.borrow_mut().outcomes);
        if let Some(store) = &*self.store.borrow()
            && !outcomes.is_empty()
        {
            store.submit_later(outcomes);
        }
    }

    fn ask(self: &Rc<Self>, entry: Arc<Entry>, ask: Ask, reply: oneshot::Sender<Asked>) {
        let worker = self.clone();
        actix_rt::spawn(async move {
            let client = worker.surroundings.clients.client();
            let asked = deliver::ask(&entry, ask, &client, &worker.surroundings).await;
            // Who asked may have gone away.
            let _ = reply.send(asked);
        });
    }

    /// Lanes whose time has come stand in line again.
    fn end_rests(&self) {
        let state = &mut *self.state.borrow_mut();
        let now = Instant::now();
        while let Some((at, key)) = state.resting.first().copied()
            && at <= now
        {
            state.resting.pop_first();
            let Some(lane) = state.lanes.get_mut(&key) else { continue };
            lane.wakes_at = lane.wakes_at.filter(|wakes_at| *wakes_at > at);
            if !lane.in_line && !lane.waiting.is_empty() {
                lane.in_line = true;
                state.line.push_back(key);
            }
        }
    }

    fn close_cold(&self) {
        let after = self.surroundings.config.idle_timeout;
        self.state.borrow_mut().lanes.retain(|_, lane| lane.in_line || !lane.is_cold(after));
    }

    /// Ends: what is under way ends by itself within its time; what waits stays in the store, taken up at the next start.
    async fn drain(&self) {
        self.state.borrow_mut().lanes.values_mut().for_each(|lane| lane.waiting.clear());
        while self.state.borrow().in_flight > 0 {
            self.changed.notified().await;
        }
        self.tell_outcomes();
        self.store.borrow_mut().take();
    }
}
