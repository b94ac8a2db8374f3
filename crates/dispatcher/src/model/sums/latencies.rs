//! How often attempts took how long: a histogram whose bounds are 0.1 ms × 1.1ⁿ up to 60 s. A piece is told as the geometric
//! middle of its bounds, which is at most 4.9% beside what was measured.

use crate::model::stats::Latency;

/// The upper bound of the first piece, in microseconds.
const FIRST: f64 = 100.0;

/// What each bound is times the one before.
const GROWTH: f64 = 1.1;

/// The last piece: its bound is the first beyond 60 s, and what took longer is in it, too.
const LAST: u8 = 140;

/// How often each piece was met, by piece; sorted, and without those that were not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Latencies(Vec<(u8, i64)>);

impl Latencies {
    /// The piece of something that took so many microseconds.
    pub(crate) fn piece(took_us: u64) -> u8 {
        #[expect(clippy::cast_precision_loss, reason = "exact below 285 years")]
        let steps = ((took_us.max(1) as f64 / FIRST).ln() / GROWTH.ln()).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
        let piece = steps.clamp(0.0, f64::from(LAST)) as u8;
        piece
    }

    /// What a piece is told as, in microseconds.
    fn middle(piece: u8) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 95 and 64,000,000"
        )]
        let middle = (FIRST * GROWTH.powf(f64::from(piece) - 0.5)).round() as u64;
        middle
    }

    pub(crate) fn add(&mut self, piece: u8, count: i64) {
        match self.0.binary_search_by_key(&piece, |(piece, _)| *piece) {
            Ok(at) => {
                if let Some((_, known)) = self.0.get_mut(at) {
                    *known += count;
                }
            }
            Err(at) => self.0.insert(at, (piece, count)),
        }
    }

    pub(crate) fn merge(&mut self, other: &Latencies) {
        for (piece, count) in &other.0 {
            self.add(*piece, *count);
        }
    }

    pub(crate) fn pieces(&self) -> &[(u8, i64)] {
        &self.0
    }

    /// The percentiles.
    pub(crate) fn told(&self) -> Latency {
        let total: i64 = self.0.iter().map(|(_, count)| count).sum();
        let at = |percent: i64| {
            let rank = (total * percent + 99) / 100;
            let mut below = 0;
            let reaches = |(_, count): &&(u8, i64)| {
                below += count;
                below >= rank.max(1)
            };
            self.0.iter().find(reaches).map(|(piece, _)| Latencies::middle(*piece))
        };
        Latency { p50: at(50), p95: at(95), p99: at(99) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_within_five_percent_of_what_was_measured() {
        for took in [100_u64, 101, 777, 12_345, 250_000, 7_000_000, 59_999_999] {
            let told = Latencies::middle(Latencies::piece(took));
            assert!(told.abs_diff(took) * 20 <= took, "{took} is told as {told}");
        }
        assert_eq!((Latencies::piece(0), Latencies::piece(u64::MAX)), (0, LAST));
    }

    #[test]
    fn percentiles_are_those_of_the_pieces() {
        let mut took = Latencies::default();
        assert_eq!(took.told(), Latency::default());
        for ms in 1..=100 {
            took.add(Latencies::piece(ms * 1_000), 1);
        }
        let told = took.told();
        for (told, expected) in [(told.p50, 50_000), (told.p95, 95_000), (told.p99, 99_000)] {
            assert!(told.unwrap().abs_diff(expected) * 20 <= expected, "{told:?} {expected}");
        }
    }
}
