//! One look: how much of the store it may still touch, and what it takes up.

use std::{collections::HashMap, rc::Rc, sync::Arc, time::Duration};

use bluehook_core::{delivery::Status, event::Event, request::Stamp, time::Millis};
use tokio::time::Instant;

use crate::{
    Result,
    know::Entry,
    ledger::Context,
    line::{Job, Place},
    model::{WebhookKey, cause::ErrorClass},
    store::{
        Snapshot,
        made::Made,
        rows::{Revisions, Tail, Waiting},
    },
};

/// The most rows that one look touches.
pub(super) const MAX_TOUCHED: usize = 1_024;

/// So many rows that are only read cost as much as one that is written.
pub(super) const READS_OF_A_ROW: usize = 4;

/// The most deliveries that are taken up for one webhook in one look.
const MAX_CLAIM: usize = 256;

/// What one look comes to, and how much of it there may still be.
pub(crate) struct Look {
    pub(crate) now: Millis,
    pub(crate) allowance: Allowance,
    pub(super) jobs: Vec<Job>,
    sources: Sources,
    tail: Option<Rc<Tail>>,
}

/// How many more rows one look may touch: whoever else wants to write is not to wait long for it.
pub(crate) struct Allowance(usize);

impl Allowance {
    /// So many rows, at the most.
    pub(crate) fn at_most(&self, rows: usize) -> usize {
        rows.min(self.0)
    }

    /// Whether there are none left.
    pub(crate) fn is_spent(&self) -> bool {
        self.0 == 0
    }

    /// So many were touched.
    pub(crate) fn spend(&mut self, rows: usize) {
        self.0 = self.0.saturating_sub(rows);
    }
}

impl Look {
    /// One that begins now.
    pub(super) fn new(now: Millis) -> Look {
        let (allowance, sources) = (Allowance(MAX_TOUCHED), Sources::default());
        Look { now, allowance, jobs: Vec::new(), sources, tail: None }
    }

    /// So much later, when that is over for certain.
    pub(crate) fn after(&self, pause: Duration) -> Millis {
        self.now.saturating_add(Millis::try_from(pause.as_millis()).unwrap_or(Millis::MAX)).saturating_add(1)
    }

    /// What of the lists is not folded yet, as it was when this look needed it first.
    pub(crate) fn tail(&mut self, before: &dyn Snapshot) -> Result<Rc<Tail>> {
        if let Some(tail) = &self.tail {
            return Ok(tail.clone());
        }
        let tail = Rc::new(before.tail()?);
        self.tail = Some(tail.clone());
        Ok(tail)
    }

    /// The next deliveries of a webhook with a number above `after`, oldest first, at most `limit`.
    pub(super) fn listed_after(
        &mut self,
        before: &dyn Snapshot,
        webhook: WebhookKey,
        after: i64,
        limit: usize,
    ) -> Result<Vec<i64>> {
        let mut found = before.listed_after(webhook, after, limit)?;
        if found.len() < limit {
            self.tail(before)?.go_on(&mut found, webhook, after, limit);
        }
        Ok(found)
    }

    /// Makes a job of a delivery. False when its event is gone.
    pub(super) fn take(
        &mut self,
        before: &dyn Snapshot,
        webhook: WebhookKey,
        taken: &Taken,
        place: Place,
    ) -> Result<bool> {
        let Some((event, stamp)) = self.sources.event(before, taken.event)? else { return Ok(false) };
        self.jobs.push(Job {
            number: taken.number,
            webhook,
            revision: self.sources.revisions.get(before, taken.revision)?,
            event,
            event_number: taken.event,
            stamp,
            stands: taken.stands,
            tries: taken.tries,
            attempts: taken.attempts,
            first_attempt_at: taken.first_attempt_at,
            created_at: taken.created_at,
            class: taken.class,
            place,
            queued: Instant::now(),
        });
        Ok(true)
    }
}

/// Takes as many places in memory as there are for a webhook, up to what one look takes up.
pub(super) fn reserve(entry: &Entry, context: &Context, look: &Look) -> Vec<Place> {
    if context.workers.have_ended() {
        return Vec::new();
    }
    let reserve = || Place::reserve(&entry.load, &context.workers.wake);
    std::iter::from_fn(reserve).take(look.allowance.at_most(entry.load.free().min(MAX_CLAIM))).collect()
}

/// A delivery that is taken up.
pub(super) struct Taken {
    number: i64,
    event: i64,
    revision: i64,
    stands: Status,
    tries: u32,
    attempts: u32,
    first_attempt_at: Option<Millis>,
    created_at: Millis,
    class: Option<ErrorClass>,
}

impl Taken {
    /// One that waited for its time.
    pub(super) fn of(waiting: &Waiting) -> Taken {
        Taken {
            number: waiting.number,
            event: waiting.event,
            revision: waiting.revision,
            stands: waiting.status(),
            tries: waiting.tries,
            attempts: waiting.attempts,
            first_attempt_at: waiting.first_attempt_at,
            created_at: waiting.created_at,
            class: waiting.class,
        }
    }

    /// A bare one.
    pub(super) fn of_made(made: &Made) -> Taken {
        Taken {
            number: made.number,
            event: made.event,
            revision: made.revision,
            stands: made.how.status(),
            tries: 0,
            attempts: 0,
            first_attempt_at: None,
            created_at: made.created_at,
            class: None,
        }
    }
}

/// What bodies are rendered from, read once for one look.
#[derive(Default)]
struct Sources {
    revisions: Revisions,
    events: HashMap<i64, Option<(Arc<Event>, Stamp)>>,
}

impl Sources {
    fn event(&mut self, before: &dyn Snapshot, number: i64) -> Result<Option<(Arc<Event>, Stamp)>> {
        if let Some(known) = self.events.get(&number) {
            return Ok(known.clone());
        }
        let found = before.event(number)?.map(|(event, stamp)| (Arc::new(event), stamp));
        self.events.insert(number, found.clone());
        Ok(found)
    }
}
