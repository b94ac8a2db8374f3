//! Choices that follow from one number: a history that failed is told, and made again, by few of them.

use std::ops::Range;

/// Throws the same again from the same number on.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn from(seed: u64) -> Dice {
        Dice(seed)
    }

    /// `SplitMix64`.
    pub(super) fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap();
        usize::try_from(self.any() % end).unwrap()
    }

    pub(super) fn within(&mut self, range: Range<i64>) -> i64 {
        let width = range.end.saturating_sub(range.start).max(1).unsigned_abs();
        range.start.saturating_add_unsigned(self.any() % width)
    }

    /// Whether it is one of so many times.
    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(super) fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.below(all.len())).cloned()
    }

    /// One of them, or none: one of three times.
    pub(super) fn maybe<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if self.one_in(3) { None } else { self.pick(all) }
    }
}
