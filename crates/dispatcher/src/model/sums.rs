//! Sums: how many of a webhook's deliveries stand where, by when they were made, and how long their attempts took.

use bluehook_core::{delivery::Status, time::Millis};

use super::{WebhookKey, cause::ErrorClass};

// How often attempts took how long.
mod latencies;

pub(crate) use latencies::Latencies;

/// A stretch of 5 minutes, counted from 1970.
pub(crate) type Slot = i64;

/// The length of a slot.
pub(crate) const SLOT: Millis = 300_000;

/// What is not counted by time is in no slot.
pub(crate) const NO_SLOT: Slot = 0;

/// The slots of an hour.
pub(crate) const SLOTS_PER_HOUR: Slot = 12;

/// The slot that a time is in.
pub(crate) const fn slot_of(at: Millis) -> Slot {
    at.div_euclid(SLOT)
}

/// The first slot of a slot's hour.
pub(crate) const fn hour_of(slot: Slot) -> Slot {
    slot.div_euclid(SLOTS_PER_HOUR) * SLOTS_PER_HOUR
}

/// One move of a delivery, or the same move of several that were made in one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) webhook: WebhookKey,
    pub(crate) slot: Slot,
    /// Where they stood; none when they were made.
    pub(crate) from: Option<Status>,
    /// Where they stand; none when they were taken away.
    pub(crate) to: Option<Status>,
    /// How the attempt ended that moved it.
    pub(crate) attempt: Option<Attempted>,
    /// How many.
    pub(crate) count: u64,
}

/// An attempt that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempted {
    /// The class of the delivery's attempt before, if that failed.
    pub(crate) before: Option<ErrorClass>,
    /// The class of this one, if it failed.
    pub(crate) class: Option<ErrorClass>,
    /// How long it took: the histogram's piece.
    pub(crate) piece: u8,
}

impl Move {
    /// A delivery that was made.
    pub(crate) fn made(webhook: WebhookKey, created_at: Millis, status: Status) -> Move {
        Move::of(webhook, created_at, (None, Some(status)))
    }

    /// A delivery that moved.
    pub(crate) fn moved(webhook: WebhookKey, created_at: Millis, from: Status, to: Status) -> Move {
        Move::of(webhook, created_at, (Some(from), Some(to)))
    }

    /// The same, of which the sums do not hear: of a delivery that is counted later, or that is taken away.
    pub(crate) fn unsummed(self) -> Move {
        Move { slot: NO_SLOT, ..self }
    }

    fn of(webhook: WebhookKey, created_at: Millis, (from, to): (Option<Status>, Option<Status>)) -> Move {
        Move { webhook, slot: slot_of(created_at), from, to, attempt: None, count: 1 }
    }
}

/// What is counted: of deliveries made in one stretch of time, or by how much that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Deliveries by where they stand, in the order of [`Status::ALL`].
    pub(crate) statuses: [i64; Status::ALL.len()],
    /// Attempts that succeeded.
    pub(crate) succeeded: i64,
    /// Attempts that failed, by class.
    pub(crate) failed: [i64; ErrorClass::ALL.len()],
    /// Deliveries by the class of their last attempt, those whose last attempt failed.
    pub(crate) last_failed: [i64; ErrorClass::ALL.len()],
    /// How long attempts took.
    pub(crate) took: Latencies,
}

impl Counts {
    /// Adds a move.
    pub(crate) fn take(&mut self, moved: &Move) {
        let count = i64::try_from(moved.count).unwrap_or(i64::MAX);
        add(&mut self.statuses, moved.from.map(place), -count);
        add(&mut self.statuses, moved.to.map(place), count);
        if let Some(attempt) = moved.attempt {
            self.attempted(attempt);
        }
    }

    /// Adds an attempt that ended.
    pub(crate) fn attempted(&mut self, attempt: Attempted) {
        add(&mut self.last_failed, attempt.before.map(class_place), -1);
        add(&mut self.last_failed, attempt.class.map(class_place), 1);
        add(&mut self.failed, attempt.class.map(class_place), 1);
        self.succeeded += i64::from(attempt.class.is_none());
        self.took.add(attempt.piece, 1);
    }

    /// Adds others.
    pub(crate) fn merge(&mut self, other: &Counts) {
        let pairs = self.statuses.iter_mut().zip(&other.statuses);
        let pairs = pairs.chain(self.failed.iter_mut().zip(&other.failed));
        for (mine, theirs) in pairs.chain(self.last_failed.iter_mut().zip(&other.last_failed)) {
            *mine += theirs;
        }
        self.succeeded += other.succeeded;
        self.took.merge(&other.took);
    }

    /// How many deliveries stand there.
    pub(crate) fn in_status(&self, status: Status) -> u64 {
        unsigned(self.statuses.get(place(status)).copied().unwrap_or(0))
    }
}

fn add(counts: &mut [i64], place: Option<usize>, by: i64) {
    if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
        *count += by;
    }
}

pub(crate) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// A status's place in [`Status::ALL`].
pub(crate) fn place(status: Status) -> usize {
    Status::ALL.iter().position(|known| *known == status).unwrap_or(0)
}

/// A class's place in [`ErrorClass::ALL`].
pub(crate) fn class_place(class: ErrorClass) -> usize {
    ErrorClass::ALL.iter().position(|known| *known == class).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_counts_where_it_stands_and_its_attempts_add_up() {
        let mut counts = Counts::default();
        counts.take(&Move::made(1, 7, Status::Delivering));
        let tls = Some(ErrorClass::Tls);
        let failed = Attempted { before: None, class: tls, piece: 9 };
        let retried = Move::moved(1, 7, Status::Delivering, Status::Retrying);
        counts.take(&Move { attempt: Some(failed), ..retried });
        counts.take(&Move::moved(1, 7, Status::Retrying, Status::Delivering));
        let passed = Attempted { before: tls, class: None, piece: 9 };
        let done = Move::moved(1, 7, Status::Delivering, Status::Succeeded);
        counts.take(&Move { attempt: Some(passed), ..done });
        assert_eq!(counts.statuses, [0, 0, 1, 0, 0, 0, 0]);
        assert_eq!((counts.succeeded, counts.failed[3], counts.last_failed[3]), (1, 1, 0));
    }
}
