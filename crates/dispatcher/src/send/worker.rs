//! The threads that send. A webhook belongs to one of them, so its connections are reused and its limits need no lock.

use std::{sync::Arc, thread::JoinHandle};

use super::net::Clients;
use crate::{
    Result,
    clock::Clock,
    config::Config,
    know::Known,
    ledger::{Store, counters::Counters},
    line::Unstarted,
    threads::Threads,
};

// One webhook's queue and connections.
mod lane;

// How long its answers take.
mod answers;

// How many of its requests are under way at once.
mod pace;

// Whether so much is that more at once brings little.
mod crowd;

// One thread: lanes, and a fair turn for each.
mod turns;

/// What every worker works with.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) known: Known,
    pub(crate) ids: crate::id::Ids,
    pub(crate) clients: Clients,
    pub(crate) counters: Arc<Counters>,
}

impl Unstarted {
    /// Starts the threads. They report to the store.
    pub(crate) fn start(
        self,
        surroundings: &Surroundings,
        store: &Store,
        threads: &Threads,
    ) -> Result<Vec<JoinHandle<()>>> {
        let count = self.0.len();
        let start = |(number, receiver)| {
            let (surroundings, store) = (surroundings.clone(), store.clone());
            let max_in_flight = surroundings.config.max_in_flight.div_ceil(count);
            threads.start(format!("bluehook-worker-{number}"), move || {
                actix_rt::System::new().block_on(turns::run(receiver, surroundings, store, max_in_flight));
            })
        };
        self.0.into_iter().enumerate().map(start).collect()
    }
}
