//! How many requests of one webhook are under way at once, and when the next may be: learnt from how its receiver answers.

use std::time::Duration;

use tokio::time::Instant;

/// How many requests may be under way to a receiver that is not known to answer.
const FIRST_WINDOW: usize = 4;
/// An answer quicker than this lets more requests be under way at once.
const QUICK: Duration = Duration::from_millis(500);
/// How long what waits does so for a connection that is in use, at most, before one more is opened: that costs both sides more
/// than to wait for the next answer.
const PATIENCE: Duration = Duration::from_millis(10);
/// The longest pause between attempts to a receiver that fails again and again.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The pace of a webhook.
#[derive(Debug)]
pub(super) struct Pace {
    in_flight: usize,
    /// How many may be under way: opens with quick answers, closes with failures.
    window: usize,
    failures: u32,
    resting_until: Option<Instant>,
    /// When the next request may be sent under the webhook's own rate limit.
    next_slot: Option<Instant>,
    /// How many connections there are: the most requests that were under way at once since one failed.
    connections: usize,
    /// When the last request was begun.
    begun: Option<Instant>,
    quickest: Quickest,
}

impl Pace {
    pub(super) fn new() -> Pace {
        Pace {
            in_flight: 0,
            window: FIRST_WINDOW,
            failures: 0,
            resting_until: None,
            next_slot: None,
            connections: 0,
            begun: None,
            quickest: Quickest::default(),
        }
    }

    /// Whether nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight == 0
    }

    /// Whether one of `waiting` may be sent now; if only the time speaks against it, when.
    pub(super) fn may_send(&self, waiting: usize, max_in_flight: usize, now: Instant) -> Turn {
        if waiting == 0 || self.in_flight >= self.window.min(max_in_flight) {
            return Turn::No;
        }
        match self.resting_until.max(self.next_slot) {
            Some(at) if at > now => Turn::At(at),
            _ => self.connection(waiting, now),
        }
    }

    /// Whether there is a connection for one more request, or it is time for another one.
    fn connection(&self, waiting: usize, now: Instant) -> Turn {
        if self.in_flight < self.connections || self.falls_behind(waiting) {
            return Turn::Now;
        }
        match self.begun.map(|begun| begun + PATIENCE) {
            Some(at) if at > now => Turn::At(at),
            _ => Turn::Now,
        }
    }

    /// Whether what waits takes too long over the connections that are in use, even when every answer is as quick as can be.
    fn falls_behind(&self, waiting: usize) -> bool {
        let [waiting, in_flight] =
            [waiting, self.in_flight].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        self.quickest.answer.saturating_mul(waiting) > PATIENCE.saturating_mul(in_flight)
    }

    /// One request begins. `rate` is the webhook's own limit, in requests per second.
    pub(super) fn begin(&mut self, rate: Option<u32>, now: Instant) {
        self.in_flight += 1;
        self.connections = self.connections.max(self.in_flight);
        self.begun = Some(now);
        self.next_slot = rate.filter(|rate| *rate > 0).map(|rate| {
            let gap = Duration::from_secs(1) / rate;
            self.next_slot.unwrap_or(now).max(now.checked_sub(gap).unwrap_or(now)) + gap
        });
    }

    /// Learns from how an attempt ended.
    pub(super) fn ended(&mut self, success: bool, took: Duration, max_in_flight: usize, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if success {
            self.failures = 0;
            self.resting_until = None;
            self.quickest.learn(took, now);
            let step = usize::from(took < QUICK);
            self.window = (self.window + step).min(max_in_flight).max(1);
        } else {
            self.failures = self.failures.saturating_add(1);
            self.window = (self.window / 2).max(1);
            self.connections = self.connections.min(self.in_flight);
            self.resting_until = pause_after(self.failures).map(|pause| now + pause);
        }
    }
}

/// Whether a request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may.
    Now,
    /// It may from then on, or when something ends before.
    At(Instant),
    /// Not before something else happens.
    No,
}

/// The quickest answer lately: what the receiver takes when nothing here delays it. Nothing while it is not known.
#[derive(Debug, Default)]
struct Quickest {
    answer: Duration,
    /// When it was learnt, or grew last.
    at: Option<Instant>,
}

impl Quickest {
    /// One more answer. What was known grows by a hundredth each second, so that it follows a receiver that became slow.
    fn learn(&mut self, took: Duration, now: Instant) {
        let Some(at) = self.at else {
            *self = Quickest { answer: took, at: Some(now) };
            return;
        };
        let seconds = u32::try_from((now - at).as_secs()).unwrap_or(u32::MAX);
        if seconds > 0 {
            self.at = Some(now);
            self.answer = self.answer.saturating_add(self.answer.saturating_mul(seconds) / 100);
        }
        self.answer = self.answer.min(took);
    }
}

/// A receiver that keeps failing is given a rest, so that its backlog costs others nothing.
fn pause_after(failures: u32) -> Option<Duration> {
    let doublings = failures.checked_sub(3)?.min(8);
    Some((Duration::from_millis(50) * 2_u32.pow(doublings)).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than any window here.
    const MOST: usize = 32;

    #[test]
    fn rests_grow_with_failures() {
        let millis = |failures| pause_after(failures).map(|pause| pause.as_millis());
        assert_eq!(
            [1, 2, 3, 4, 8, 9, 100].map(millis),
            [None, None, Some(50), Some(100), Some(1_600), Some(2_000), Some(2_000)]
        );
    }

    /// How many requests begin at this moment, of so many that wait.
    fn begin_all(pace: &mut Pace, mut waiting: usize, now: Instant) -> usize {
        let mut begun = 0;
        while pace.may_send(waiting, MOST, now) == Turn::Now {
            pace.begin(None, now);
            (waiting, begun) = (waiting - 1, begun + 1);
        }
        begun
    }

    /// A pace that has one connection and knows how long an answer takes.
    fn known(answer: Duration, now: Instant) -> Pace {
        let mut pace = Pace::new();
        assert_eq!(begin_all(&mut pace, 1, now), 1);
        pace.ended(true, answer, MOST, now);
        pace
    }

    #[test]
    fn a_receiver_that_is_not_known_gets_one_request_more_each_time_that_patience_ends() {
        let (mut pace, now) = (Pace::new(), Instant::now());
        let mut later = |turns: u32| begin_all(&mut pace, 100, now + PATIENCE * turns);
        assert_eq!([0, 1, 2, 3, 4].map(&mut later), [1, 1, 1, 1, 0]);
    }

    #[test]
    fn what_a_quick_receiver_takes_soon_waits_for_the_connection_that_there_is() {
        let now = Instant::now();
        let mut pace = known(Duration::from_millis(1), now);
        assert_eq!(begin_all(&mut pace, 11, now), 1, "ten more take 10 ms");
        assert_eq!(pace.may_send(10, MOST, now), Turn::At(now + PATIENCE));
        assert_eq!(pace.may_send(10, MOST, now + PATIENCE), Turn::Now, "the answer does not come");
        pace.ended(true, Duration::from_millis(1), MOST, now);
        assert_eq!(pace.may_send(10, MOST, now), Turn::Now, "the connection is free");
    }

    #[test]
    fn what_piles_up_gets_more_connections() {
        let now = Instant::now();
        let mut pace = known(Duration::from_millis(1), now);
        assert_eq!(begin_all(&mut pace, 44, now), 4, "the last is opened for the more than 30 behind three");
        let mut pace = known(Duration::from_millis(100), now);
        assert_eq!(begin_all(&mut pace, 4, now), 4, "a slow receiver gets them all at once");
    }

    #[test]
    fn connections_that_there_are_are_used_at_once() {
        let now = Instant::now();
        let mut pace = known(Duration::from_millis(100), now);
        assert_eq!(begin_all(&mut pace, 5, now), 5);
        (0..5).for_each(|_| pace.ended(true, Duration::from_millis(1), MOST, now));
        assert_eq!(begin_all(&mut pace, 5, now), 5);
        (0..5).for_each(|_| pace.ended(false, Duration::from_millis(1), MOST, now));
        assert!(pace.is_idle() && pace.connections == 0, "failures leave none");
    }

    #[test]
    fn a_receiver_that_became_slow_is_known_as_slow_in_time() {
        let (began, millis) = (Instant::now(), Duration::from_millis);
        let mut pace = known(millis(1), began);
        let mut learn = |seconds: u64, took: Duration| {
            pace.quickest.learn(took, began + Duration::from_secs(seconds));
            pace.quickest.answer
        };
        assert_eq!(learn(0, millis(50)), millis(1));
        assert_eq!(learn(100, millis(50)), millis(2));
        assert_eq!(learn(600, millis(50)), millis(12));
        assert_eq!(learn(2_000, millis(50)), millis(50));
        assert_eq!(learn(2_000, millis(1)), millis(1));
    }
}
