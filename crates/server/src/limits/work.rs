//! Work that takes long, such as filters on large values: a little at a time, and never on the threads that answer others.
//! It may wait so long; the person who asks may have so much of it under way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bluehook_dispatcher::Dispatcher;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{Limit, Limits};
use crate::{
    auth::{Caller, Owner},
    problem::{Code, Detail, Problem},
};

/// The most that one person has under way.
const OF_PERSON: usize = 2;

/// The most reading of the log that one person has under way; more waits.
const READS_OF_PERSON: usize = 4;

/// How long something may wait for its turn and take, together.
const DEADLINE: Duration = Duration::from_secs(10);

/// The seconds after which one may try again.
const RETRY_AFTER: u32 = 1;

/// What everybody has under way.
#[derive(Default)]
pub(crate) struct Work {
    asked: Turns,
    reads: Turns,
}

/// The turns of each person that has some.
#[derive(Default)]
struct Turns(Mutex<HashMap<Owner, Arc<Semaphore>>>);

impl Turns {
    /// A person's turns. Those of people who have nothing under way are forgotten.
    fn of(&self, owner: &Owner, most: usize) -> Arc<Semaphore> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !turns.contains_key(owner) {
            turns.retain(|_, turns| Arc::strong_count(turns) > 1);
        }
        turns.entry(owner.clone()).or_insert_with(|| Arc::new(Semaphore::new(most))).clone()
    }
}

impl Limits {
    /// A turn for a preview, a dry run or a count, if the person has one left.
    pub(crate) fn turn(&self, caller: &Caller) -> Result<Option<OwnedSemaphorePermit>, Problem> {
        self.heavy(caller)?;
        let Caller::User(owner) = caller else { return Ok(None) };
        self.work.asked.of(owner, OF_PERSON).try_acquire_owned().map(Some).map_err(|_| {
            self.refusals().note(Limit::Work);
            Problem::rate_limited(OF_PERSON, "PERSON", RETRY_AFTER)
        })
    }

    /// A turn to read much of the log: one waits for it.
    pub(crate) async fn read_turn(&self, caller: &Caller) -> Result<Option<OwnedSemaphorePermit>, Problem> {
        let Caller::User(owner) = caller else { return Ok(None) };
        let turn = self.work.reads.of(owner, READS_OF_PERSON).acquire_owned();
        if let Ok(turn) = timeout(DEADLINE, turn).await {
            return Ok(turn.ok());
        }
        self.refusals().note(Limit::Work);
        Err(Problem::rate_limited(READS_OF_PERSON, "PERSON", RETRY_AFTER))
    }

    /// Does something that takes long on another thread, and waits for it.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        dispatcher: &Dispatcher,
        caller: &Caller,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = self.turn(caller)?;
        // The turn goes along: work that nobody waits for any more is still under way.
        let company = match caller {
            Caller::Service => "",
            Caller::User(owner) => &owner.company_id,
        };
        let done = dispatcher.aside(company, move || {
            let done = work();
            drop(turn);
            done
        });
        if let Ok(done) = timeout(DEADLINE, done).await {
            return Ok(done?);
        }
        self.refusals().note(Limit::Work);
        Err(Problem::new(Code::Overloaded, Detail::TooSlow).retry_after(RETRY_AFTER))
    }
}
