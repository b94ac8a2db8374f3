//! When a failed delivery is tried again: a schedule with jitter, and what the receiver asked for.

use alloc::vec::Vec;

use crate::{delivery::Ended, time::Millis};

// What a receiver asks for.
mod after;

pub use after::retry_after;

/// The longest pause that a `Retry-After` is honoured for: one hour.
pub const MAX_RETRY_AFTER: u64 = 3_600_000;

/// The most pauses a schedule may have.
pub const MAX_PAUSES: usize = 20;

/// The pauses between attempts, in milliseconds: one attempt more than pauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pauses: Vec<u64>,
}

impl Default for Policy {
    /// 5 s, 1 min, 10 min, 1 h: five attempts in all.
    fn default() -> Policy {
        Policy { pauses: Vec::from([5_000, 60_000, 600_000, 3_600_000]) }
    }
}

/// What the policy says after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Again, at this time.
    RetryAt(Millis),
    /// That was the last attempt.
    UsedUp,
    /// The receiver is gone for good.
    Gone,
}

impl Policy {
    /// A policy with these pauses in milliseconds; none means a single attempt. Pauses beyond [`MAX_PAUSES`] are cut off.
    pub fn new(mut pauses: Vec<u64>) -> Policy {
        pauses.truncate(MAX_PAUSES);
        Policy { pauses }
    }

    /// The pauses in milliseconds.
    pub fn pauses(&self) -> &[u64] {
        &self.pauses
    }

    /// How many attempts a delivery has.
    pub fn attempts(&self) -> u32 {
        u32::try_from(self.pauses.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// What follows attempt `number` (from 1), which failed at `now`. `chance` is any random number: it spreads retries
    /// over ±10% of the pause. A `Retry-After` on 409 (this delivery is being handled), 429 and 503 lengthens the pause, up to
    /// [`MAX_RETRY_AFTER`]; it never shortens it.
    pub fn after_failure(&self, number: u32, ended: Ended, now: Millis, chance: u32) -> Verdict {
        if ended.is_gone() {
            return Verdict::Gone;
        }
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let Some(pause) = self.pauses.get(index) else { return Verdict::UsedUp };
        let asked = match ended {
            Ended::Answered { code: 409 | 429 | 503, retry_after: Some(asked) } => asked.min(MAX_RETRY_AFTER),
            _ => 0,
        };
        let pause = jittered(*pause, chance).max(asked);
        Verdict::RetryAt(now.saturating_add_unsigned(pause))
    }
}

/// The pause, moved by up to a tenth either way.
fn jittered(pause: u64, chance: u32) -> u64 {
    let permille = u64::from(chance % 201) + 900;
    pause.saturating_mul(permille) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BROKEN: Ended = Ended::Answered { code: 500, retry_after: None };

    fn asked(code: u16, retry_after: u64) -> Ended {
        Ended::Answered { code, retry_after: Some(retry_after) }
    }

    #[test]
    fn five_attempts_by_default() {
        let policy = Policy::default();
        assert_eq!(policy.attempts(), 5);
        // 100 of 201 is the middle: no jitter.
        for (number, pause) in [(1, 5_000), (2, 60_000), (3, 600_000), (4, 3_600_000)] {
            assert_eq!(policy.after_failure(number, BROKEN, 10, 100), Verdict::RetryAt(10 + pause));
        }
        assert_eq!(policy.after_failure(5, BROKEN, 10, 100), Verdict::UsedUp);
        assert_eq!(Policy::new(Vec::new()).after_failure(1, BROKEN, 10, 0), Verdict::UsedUp);
    }

    #[test]
    fn retry_after_lengthens_and_is_capped() {
        let after = |ended| Policy::default().after_failure(1, ended, 0, 100);
        assert_eq!(after(asked(429, 30_000)), Verdict::RetryAt(30_000));
        assert_eq!(after(asked(503, u64::MAX)), Verdict::RetryAt(3_600_000));
        assert_eq!(after(asked(503, 1)), Verdict::RetryAt(5_000));
        assert_eq!(after(asked(409, 60_000)), Verdict::RetryAt(60_000));
        assert_eq!(after(asked(500, 30_000)), Verdict::RetryAt(5_000));
        assert_eq!(after(asked(410, 30_000)), Verdict::Gone);
    }

    proptest! {
        #[test]
        fn jitter_stays_within_a_tenth(pause in 0_u64..86_400_000, chance: u32) {
            let moved = jittered(pause, chance);
            prop_assert!(moved >= pause * 9 / 10 && moved <= pause * 11 / 10);
        }
    }
}
