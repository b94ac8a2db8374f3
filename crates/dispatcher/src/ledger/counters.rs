//! What happened since the start, counted where it happens: one atomic addition each.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use bluehook_core::delivery::Status;

use crate::{
    model::{
        changes::DeliveryStep,
        metrics::{self, Histogram},
    },
    store::entries::{Entries, Entry},
};

/// The upper bounds of how long a commit takes, in microseconds.
const COMMIT_BOUNDS: [u64; BOUNDS] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];
/// The upper bounds of how long an attempt takes, in microseconds.
const ATTEMPT_BOUNDS: [u64; BOUNDS] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
    10_000_000,
];
const BOUNDS: usize = 13;

/// Counts.
pub(crate) struct Counters {
    accepted: AtomicU64,
    duplicates: AtomicU64,
    refused: AtomicU64,
    created: AtomicU64,
    /// Attempts that ended, by where they led.
    attempted: [AtomicU64; Status::ALL.len()],
    /// Moves that were no attempts, by where they led.
    moved: [AtomicU64; Status::ALL.len()],
    held_at_once: AtomicU64,
    in_flight: AtomicI64,
    pub(crate) commits: Durations,
    pub(crate) attempts: Durations,
}

impl Default for Counters {
    fn default() -> Counters {
        Counters {
            accepted: AtomicU64::default(),
            duplicates: AtomicU64::default(),
            refused: AtomicU64::default(),
            created: AtomicU64::default(),
            attempted: Default::default(),
            moved: Default::default(),
            held_at_once: AtomicU64::default(),
            in_flight: AtomicI64::default(),
            commits: Durations::new(&COMMIT_BOUNDS),
            attempts: Durations::new(&ATTEMPT_BOUNDS),
        }
    }
}

impl Counters {
    /// An event is on disk, or was before.
    pub(crate) fn accepted(&self, duplicate: bool) {
        add(if duplicate { &self.duplicates } else { &self.accepted });
    }

    /// An event was not taken in because too much waits.
    pub(crate) fn refused(&self) {
        add(&self.refused);
    }

    /// A group is in the store that changed this.
    pub(crate) fn changed(&self, entries: &Entries) {
        for entry in entries.iter() {
            let Entry::Delivery { step, status, .. } = entry else { continue };
            match step {
                DeliveryStep::Created => {
                    add(&self.created);
                    if status == Status::Held {
                        add(&self.held_at_once);
                    }
                }
                DeliveryStep::Attempted => by_status(&self.attempted, status).map_or((), add),
                DeliveryStep::Moved => by_status(&self.moved, status).map_or((), add),
            }
        }
    }

    /// A request is under way until what this gives is dropped.
    pub(crate) fn in_flight(self: &Arc<Self>) -> InFlight {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(self.clone())
    }

    /// What was counted so far; `backlog` and `queued` are known elsewhere, and what is not counted here.
    pub(crate) fn read(&self, backlog: u64, queued: u64) -> metrics::Metrics {
        let attempted = |status| by_status(&self.attempted, status).map_or(0, get);
        let moved = |status| by_status(&self.moved, status).map_or(0, get);
        metrics::Metrics {
            events_accepted: get(&self.accepted),
            events_duplicate: get(&self.duplicates),
            events_refused: get(&self.refused),
            deliveries_created: get(&self.created),
            deliveries_succeeded: attempted(Status::Succeeded),
            deliveries_failed: attempted(Status::Failed),
            deliveries_held: get(&self.held_at_once) + attempted(Status::Held) + moved(Status::Held),
            deliveries_cancelled: attempted(Status::Cancelled) + moved(Status::Cancelled),
            attempts_retried: attempted(Status::Retrying),
            in_flight: u64::try_from(self.in_flight.load(Ordering::Relaxed)).unwrap_or(0),
            backlog,
            queued,
            commits: self.commits.read(),
            attempts: self.attempts.read(),
            ..metrics::Metrics::default()
        }
    }
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

fn by_status(counters: &[AtomicU64; Status::ALL.len()], status: Status) -> Option<&AtomicU64> {
    counters.get(Status::ALL.iter().position(|known| *known == status)?)
}

/// A request that is under way.
pub(crate) struct InFlight(Arc<Counters>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How long things took, by upper bounds.
pub(crate) struct Durations {
    bounds: &'static [u64; BOUNDS],
    counts: [AtomicU64; BOUNDS],
    longer: AtomicU64,
    sum: AtomicU64,
}

impl Durations {
    fn new(bounds: &'static [u64; BOUNDS]) -> Durations {
        Durations {
            bounds,
            counts: Default::default(),
            longer: AtomicU64::default(),
            sum: AtomicU64::default(),
        }
    }

    pub(crate) fn observe(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let place = self.bounds.partition_point(|bound| *bound < micros);
        add(self.counts.get(place).unwrap_or(&self.longer));
        self.sum.fetch_add(micros, Ordering::Relaxed);
    }

    fn read(&self) -> Histogram {
        let counts = self.counts.iter().map(get);
        Histogram {
            buckets: self.bounds.iter().copied().zip(counts).collect(),
            longer: get(&self.longer),
            sum_us: get(&self.sum),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fall_into_the_first_bound_that_holds_them() {
        let durations = Durations::new(&COMMIT_BOUNDS);
        for micros in [0, 100, 101, 5_000_000, 5_000_001] {
            durations.observe(Duration::from_micros(micros));
        }
        let read = durations.read();
        let filled: Vec<_> = read.buckets.iter().copied().filter(|(_, count)| *count > 0).collect();
        assert_eq!(filled, [(100, 2), (250, 1), (5_000_000, 1)]);
        assert_eq!((read.longer, read.sum_us), (1, 10_000_202));
    }

    #[test]
    fn what_was_held_at_once_or_later_is_held() {
        let (counters, mut entries) = (Counters::default(), Entries::default());
        let delivery =
            |number, step, status| Entry::Delivery { webhook: 1, number, step, status, attempts: 0 };
        for (number, step, status) in [
            (1, DeliveryStep::Created, Status::Held),
            (2, DeliveryStep::Created, Status::Delivering),
            (2, DeliveryStep::Moved, Status::Held),
            (3, DeliveryStep::Attempted, Status::Retrying),
        ] {
            entries.push(delivery(number, step, status));
        }
        counters.changed(&entries);
        let read = counters.read(5, 6);
        assert_eq!((read.deliveries_created, read.deliveries_held, read.attempts_retried), (2, 2, 1));
        assert_eq!((read.backlog, read.queued), (5, 6));
    }
}
