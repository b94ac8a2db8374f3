//! One webhook's lane in a worker: what waits, how much of it may be under way, and the connections it uses.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use super::Job;
use crate::net::Client;

/// How many requests may be under way to a receiver that is not known to answer.
const FIRST_WINDOW: usize = 4;
/// An answer quicker than this lets more requests be under way at once.
const QUICK: Duration = Duration::from_millis(500);
/// The longest pause between attempts to a receiver that fails again and again.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A webhook's lane.
pub(super) struct Lane {
    pub(super) waiting: VecDeque<Job>,
    pub(super) client: Client,
    pub(super) in_flight: usize,
    /// Whether it stands in line for its turn.
    pub(super) in_line: bool,
    /// How many may be under way: opens with quick answers, closes with failures.
    window: usize,
    failures: u32,
    resting_until: Option<Instant>,
    /// When the next request may be sent under the webhook's own rate limit.
    next_slot: Option<Instant>,
}

impl Lane {
    pub(super) fn new(client: Client) -> Lane {
        Lane {
            waiting: VecDeque::new(),
            client,
            in_flight: 0,
            in_line: false,
            window: FIRST_WINDOW,
            failures: 0,
            resting_until: None,
            next_slot: None,
        }
    }

    /// Whether a request may be sent now; if only the time speaks against it, when.
    pub(super) fn may_send(&self, max_in_flight: usize, now: Instant) -> Turn {
        if self.waiting.is_empty() || self.in_flight >= self.window.min(max_in_flight) {
            return Turn::No;
        }
        match self.resting_until.max(self.next_slot) {
            Some(at) if at > now => Turn::At(at),
            _ => Turn::Now,
        }
    }

    /// Takes the next delivery to attempt. `rate` is the webhook's own limit, in requests per second.
    pub(super) fn take(&mut self, rate: Option<u32>, now: Instant) -> Option<Job> {
        let job = self.waiting.pop_front()?;
        self.in_flight += 1;
        self.next_slot = rate.filter(|rate| *rate > 0).map(|rate| {
            let gap = Duration::from_secs(1) / rate;
            self.next_slot.unwrap_or(now).max(now.checked_sub(gap).unwrap_or(now)) + gap
        });
        Some(job)
    }

    /// Learns from how an attempt ended.
    pub(super) fn ended(&mut self, success: bool, took: Duration, max_in_flight: usize, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if success {
            self.failures = 0;
            self.resting_until = None;
            let step = usize::from(took < QUICK);
            self.window = (self.window + step).min(max_in_flight).max(1);
        } else {
            self.failures = self.failures.saturating_add(1);
            self.window = (self.window / 2).max(1);
            self.resting_until = pause_after(self.failures).map(|pause| now + pause);
        }
    }

    /// Whether nothing happens here, and nothing did for this long: its connections can be closed.
    pub(super) fn is_cold(&self, after: Duration) -> bool {
        self.in_flight == 0 && self.waiting.is_empty() && self.client.idle() >= after
    }
}

/// Whether a lane may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may.
    Now,
    /// It may from then on.
    At(Instant),
    /// Not before something else happens.
    No,
}

/// A receiver that keeps failing is given a rest, so that its backlog costs others nothing.
fn pause_after(failures: u32) -> Option<Duration> {
    let doublings = failures.checked_sub(3)?.min(8);
    Some((Duration::from_millis(50) * 2_u32.pow(doublings)).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_with_failures() {
        let millis = |failures| pause_after(failures).map(|pause| pause.as_millis());
        assert_eq!(
            [1, 2, 3, 4, 8, 9, 100].map(millis),
            [None, None, Some(50), Some(100), Some(1_600), Some(2_000), Some(2_000)]
        );
    }
}
