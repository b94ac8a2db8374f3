//! How long a receiver's answers take, learnt from each.

use std::time::Duration;

use tokio::time::Instant;

/// One in so many is what the latest answer counts for in what is usual.
const MEMORY: u32 = 8;
/// So many answers have to be known to say what is usual.
const KNOWN: u32 = 4;

/// How long answers take: nothing while it is not known.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// The quickest lately: what the receiver takes when nothing here delays it.
    pub(super) quickest: Duration,
    /// What they take now.
    usual: Duration,
    /// How many there were.
    count: u32,
    /// When the quickest was learnt, or grew last.
    at: Option<Instant>,
}

impl Answers {
    /// One more answer. The quickest grows by a hundredth each second, so that it follows a receiver that became slow.
    pub(super) fn learn(&mut self, took: Duration, now: Instant) {
        let Some(at) = self.at else {
            *self = Answers { quickest: took, usual: took, count: 1, at: Some(now) };
            return;
        };
        let seconds = u32::try_from((now - at).as_secs()).unwrap_or(u32::MAX);
        if seconds > 0 {
            self.at = Some(now);
            self.quickest = self.quickest.saturating_add(self.quickest.saturating_mul(seconds) / 100);
        }
        self.quickest = self.quickest.min(took);
        self.usual = self.usual.saturating_sub(self.usual / MEMORY) + took / MEMORY;
        self.count = self.count.saturating_add(1);
    }

    /// Whether it is known that they come about as quickly as ever: what is under way does not make them wait for each other.
    pub(super) fn are_unhurt(&self) -> bool {
        self.count >= KNOWN && self.usual <= self.quickest.saturating_add(self.quickest / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_that_became_slow_is_known_as_slow_in_time() {
        let (began, millis) = (Instant::now(), Duration::from_millis);
        let mut answers = Answers::default();
        answers.learn(millis(1), began);
        let mut learn = |seconds: u64, took: Duration| {
            answers.learn(took, began + Duration::from_secs(seconds));
            answers.quickest
        };
        assert_eq!(learn(0, millis(50)), millis(1));
        assert_eq!(learn(100, millis(50)), millis(2));
        assert_eq!(learn(600, millis(50)), millis(12));
        assert_eq!(learn(2_000, millis(50)), millis(50));
        assert_eq!(learn(2_000, millis(1)), millis(1));
    }

    #[test]
    fn answers_that_wait_for_each_other_are_known_as_hurt() {
        let (now, millis) = (Instant::now(), Duration::from_millis);
        let mut answers = Answers::default();
        for took in [10, 11, 12] {
            answers.learn(millis(took), now);
            assert!(!answers.are_unhurt(), "that is not known enough");
        }
        answers.learn(millis(11), now);
        assert!(answers.are_unhurt());
        (0..20).for_each(|_| answers.learn(millis(20), now));
        assert!(!answers.are_unhurt());
    }
}
