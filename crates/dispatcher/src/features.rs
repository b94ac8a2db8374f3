//! What people ask for, a file each.

use std::{
    sync::{Arc, Mutex, atomic::AtomicI64},
    thread::JoinHandle,
};

use tokio::sync::watch;

use crate::{
    Result, Terms,
    background::Background,
    clock::Clock,
    id::Ids,
    know::{Entry, Known},
    ledger::{Store, accept::Gate, counters::Counters},
    line::Workers,
    model::audit::Author,
    send::net::{Guard, check::Checker},
    store::Condition,
    threads::Threads,
};

// Events taken in, and read again.
mod dispatch;
mod reading;

// Sending again.
mod again;
pub(crate) mod replay;

// What a webhook would get if it chose differently; what its receiver says now.
pub(crate) mod dry_run;
mod probe;
pub(crate) mod test_send;

// What is found out about a URL before it is saved.
mod url_check;

// What changed, for those who follow.
pub(crate) mod changes;

// How webhooks fare.
pub(crate) mod activity;
pub(crate) mod fares;
mod stats;

// Making and changing webhooks; the directory.
pub(crate) mod checks;
mod choices;
mod creation;
pub(crate) mod hand_over;
mod headers;
pub(crate) mod listing;
mod manage;
pub(crate) mod membership;
pub(crate) mod secrets;
mod telling;

// Who did what.
mod audit;

// Small settings; what a dispatcher says of itself.
mod itself;
mod settings;

// The keys that a database is sealed with, and its schema, without serving, too.
pub(crate) mod keys;
pub(crate) mod migrate;

use manage::WEBHOOK_NOT_FOUND;
use test_send::Tests;

/// A number that nothing has.
pub(crate) const NO_SUCH: i64 = -1;

/// Takes events in and sends them, signed, to the webhooks that want them. Cloned freely; all clones are one.
#[derive(Clone)]
pub struct Dispatcher {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) known: Known,
    pub(crate) guard: Guard,
    pub(crate) checker: Checker,
    pub(crate) terms: Arc<Terms>,
    pub(crate) workers: Workers,
    pub(crate) store: Store,
    pub(crate) tests: Tests,
    pub(crate) gate: Gate,
    pub(crate) background: Background,
    /// Whose changes are made through this one.
    pub(crate) author: Arc<Author>,
    pub(crate) commits: watch::Receiver<u64>,
    /// The number after the last commit on disk that changed something.
    pub(crate) changes_end: Arc<AtomicI64>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) condition: Condition,
    pub(crate) threads: Threads,
    pub(crate) ending: Arc<Ending>,
}

/// What shutting down needs.
pub(crate) struct Ending {
    pub(crate) begun: watch::Sender<bool>,
    pub(crate) threads: Mutex<Vec<JoinHandle<()>>>,
    pub(crate) writer: Mutex<Option<JoinHandle<()>>>,
}

impl Dispatcher {
    pub(crate) fn entry(&self, id: &str) -> Result<Arc<Entry>> {
        self.known.now().find(id).cloned().ok_or(WEBHOOK_NOT_FOUND)
    }

    /// The first event of the time of a company and a person, as far as they are named.
    pub(crate) fn first_event(&self, company_id: Option<&str>, user_id: Option<&str>) -> i64 {
        self.known.now().directory.first_event(company_id, user_id)
    }
}
