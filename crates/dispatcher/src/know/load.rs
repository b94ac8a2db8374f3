//! How busy a webhook is, and how it fared lately: counted as things happen, the same in every version of what is known.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
};

use bluehook_core::delivery::Status;

use crate::model::{health::Health, sums::Move};

/// How busy a webhook is, and how it fared lately.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Deliveries that are in a worker's memory.
    reserved: AtomicUsize,
    /// More are waiting in the store because there was no room.
    overflowed: AtomicBool,
    /// Whether the last attempt that ended succeeded.
    proven: AtomicBool,
    /// How it fares, as it is on disk.
    health: Mutex<Option<Health>>,
    /// Deliveries that are still to be attempted.
    live: AtomicI64,
    /// Deliveries that are held.
    held: AtomicI64,
    /// Its oldest delivery in memory that no attempt was made for; 0 for none.
    oldest_bare: AtomicI64,
}

/// The most deliveries of one webhook in memory while its receiver takes them.
const ROOM_PROVEN: usize = 1_024;
/// The same while it is not known to: enough to find out.
const ROOM_UNPROVEN: usize = 64;

impl Load {
    /// Takes a place in memory for one more delivery, if there is room.
    pub(crate) fn reserve(&self) -> bool {
        let room = self.room();
        let taken =
            self.reserved.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < room).then_some(n + 1));
        if taken.is_err() {
            self.overflowed.store(true, Ordering::Release);
        }
        taken.is_ok()
    }

    /// Gives a place back. True when it is time to fetch what overflowed.
    pub(crate) fn release(&self) -> bool {
        let before = self.reserved.fetch_sub(1, Ordering::AcqRel);
        before <= self.room() / 2 + 1 && self.overflowed.swap(false, Ordering::AcqRel)
    }

    /// Whether there is room for a good many more deliveries.
    pub(crate) fn is_half_free(&self) -> bool {
        self.free() >= self.room() / 2
    }

    /// How many more deliveries there is room for.
    pub(crate) fn free(&self) -> usize {
        self.room().saturating_sub(self.reserved.load(Ordering::Acquire))
    }

    /// More are waiting in the store than were fetched.
    pub(crate) fn overflow(&self) {
        self.overflowed.store(true, Ordering::Release);
    }

    fn room(&self) -> usize {
        if self.is_proven() { ROOM_PROVEN } else { ROOM_UNPROVEN }
    }

    /// Whether its receiver took what was last sent.
    pub(crate) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Acquire)
    }

    /// Notes how an attempt ended.
    pub(crate) fn attempted(&self, success: bool) {
        self.proven.store(success, Ordering::Release);
    }

    /// How it fares, as it is on disk.
    pub(crate) fn health(&self) -> Option<Health> {
        self.health.lock().ok()?.clone()
    }

    /// Notes how it fares, once that is on disk.
    pub(crate) fn fares(&self, health: Health) {
        if let Ok(mut known) = self.health.lock() {
            *known = Some(health);
        }
    }

    /// Counts a move that is on disk.
    pub(crate) fn count(&self, moved: &Move) {
        let count = i64::try_from(moved.count).unwrap_or(0);
        for (status, by) in [(moved.from, -count), (moved.to, count)] {
            match status {
                Some(status) if status.is_live() => drop(self.live.fetch_add(by, Ordering::AcqRel)),
                Some(Status::Held) => drop(self.held.fetch_add(by, Ordering::AcqRel)),
                _ => {}
            }
        }
    }

    /// Begins with these counts: deliveries that are to be attempted, and that are held.
    pub(crate) fn begin_with(&self, [live, held]: [i64; 2]) {
        self.live.store(live, Ordering::Release);
        self.held.store(held, Ordering::Release);
    }

    /// Notes which delivery in memory is the oldest that no attempt was made for.
    pub(crate) fn note_oldest_bare(&self, delivery: Option<i64>) {
        self.oldest_bare.store(delivery.unwrap_or(0), Ordering::Release);
    }

    /// Its oldest delivery in memory that no attempt was made for.
    pub(crate) fn oldest_bare(&self) -> Option<i64> {
        Some(self.oldest_bare.load(Ordering::Acquire)).filter(|delivery| *delivery > 0)
    }

    /// Deliveries that are to be attempted, and that are held.
    pub(crate) fn waiting(&self) -> [u64; 2] {
        [&self.live, &self.held].map(|count| u64::try_from(count.load(Ordering::Acquire)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_depends_on_how_the_receiver_fares() {
        let load = Load::default();
        assert_eq!((0..100).filter(|_| load.reserve()).count(), ROOM_UNPROVEN);
        load.attempted(true);
        assert_eq!(load.free(), ROOM_PROVEN - ROOM_UNPROVEN);
        assert!(load.release(), "half empty, and more is waiting");
        assert!(!load.release(), "told only once");
        load.attempted(false);
        assert_eq!(load.free(), 2);
    }
}
