//! Whether so much is under way on a worker that one more connection to a receiver brings little: then answers mostly wait for
//! this machine or for each other, and connections cost both sides.

use std::time::Duration;

use tokio::time::Instant;

use crate::model::WebhookKey;

/// So many requests under way at once are a crowd.
const MANY: usize = 32;
/// How much longer than what is usual something waits before it is its own receiver that is slow.
const SLOWER: Duration = Duration::from_millis(50);
/// One in so many is what the latest counts for in what is usual.
const MEMORY: u32 = 16;

/// What a worker knows of what is under way on it.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    /// How long what began lately had waited for its turn.
    usual: Duration,
    /// The webhook of the last of that.
    last: Option<WebhookKey>,
}

/// The same, as one webhook's pace looks at it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Others {
    /// Little is under way.
    Few,
    /// Much is. What waits for a webhook waits longer than what waits for others when it does so since before this.
    Many { usual: Option<Instant> },
}

impl Crowd {
    /// A request of this webhook begins that had waited for so long. One webhook alone says nothing of the others.
    pub(super) fn begin(&mut self, webhook: WebhookKey, waited: Duration) {
        if self.last.replace(webhook) == Some(webhook) {
            return;
        }
        self.usual = self.usual.saturating_sub(self.usual / MEMORY) + waited / MEMORY;
    }

    /// What a webhook's pace has to know, with so many requests under way.
    pub(super) fn others(&self, in_flight: usize, now: Instant) -> Others {
        if in_flight < MANY {
            return Others::Few;
        }
        Others::Many { usual: now.checked_sub(self.usual.saturating_mul(2) + SLOWER) }
    }
}

impl Others {
    /// Whether what waits since then waits longer than what waits for others.
    pub(super) fn wait_less_than(self, since: Instant) -> bool {
        matches!(self, Others::Many { usual: Some(usual) } if since < usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_compared_with_what_others_waited() {
        let now = Instant::now() + Duration::from_mins(1);
        let ago = |millis| now - Duration::from_millis(millis);
        let mut crowd = Crowd::default();
        assert!(matches!(crowd.others(MANY - 1, now), Others::Few));
        assert!(!crowd.others(MANY - 1, now).wait_less_than(ago(10_000)));
        let others = crowd.others(MANY, now);
        assert!(!others.wait_less_than(ago(50)) && others.wait_less_than(ago(51)));
        (0..1_000).for_each(|_| crowd.begin(1, Duration::from_millis(200)));
        assert!(crowd.others(MANY, now).wait_less_than(ago(80)), "one alone says little of others");
        (0..1_000).for_each(|number| crowd.begin(number % 2, Duration::from_millis(200)));
        let others = crowd.others(MANY, now);
        assert!(!others.wait_less_than(ago(440)) && others.wait_less_than(ago(451)));
    }
}
