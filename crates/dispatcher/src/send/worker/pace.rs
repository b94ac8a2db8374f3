//! How many requests of one webhook are under way at once, and when the next may be: learnt from how its receiver answers.

use std::time::Duration;

use tokio::time::Instant;

use super::{answers::Answers, crowd::Others};

/// How many requests may be under way to a receiver that is not known to answer.
const FIRST_WINDOW: usize = 4;
/// An answer quicker than this lets more requests be under way at once.
const QUICK: Duration = Duration::from_millis(500);
/// How long what waits does so for a connection that is in use, at most, before one more is opened: that costs both sides more
/// than to wait for the next answer.
const PATIENCE: Duration = Duration::from_millis(10);
/// The same in a crowd, since the last connection was opened: one more at a time.
const CROWDED: Duration = Duration::from_millis(50);
/// The same when answers wait for each other, too: then more connections mostly make them wait longer.
const HURT: Duration = Duration::from_secs(1);
/// An answer that takes longer than this however little goes on does not wait for this machine.
const SLOW: Duration = Duration::from_millis(50);
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
    /// When the last of them was opened.
    opened: Option<Instant>,
    /// When the last request was begun.
    begun: Option<Instant>,
    answers: Answers,
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
            opened: None,
            begun: None,
            answers: Answers::default(),
        }
    }

    /// Whether nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight == 0
    }

    /// Whether one of `waiting` may be sent now; if only the time speaks against it, when.
    pub(super) fn may_send(
        &self,
        waiting: Waiting,
        max_in_flight: usize,
        others: Others,
        now: Instant,
    ) -> Turn {
        if waiting.count == 0 || self.in_flight >= self.window.min(max_in_flight) {
            return Turn::No;
        }
        match self.resting_until.max(self.next_slot) {
            Some(at) if at > now => Turn::At(at),
            _ => self.connection(waiting, others, now),
        }
    }

    /// Whether there is a connection for one more request, or it is time for another one.
    fn connection(&self, waiting: Waiting, others: Others, now: Instant) -> Turn {
        if self.in_flight < self.connections.max(1) {
            return Turn::Now;
        }
        let is_crowded = matches!(others, Others::Many { .. });
        if self.falls_behind(waiting.count) && !(is_crowded && self.answers.quickest < SLOW) {
            return Turn::Now;
        }
        let since = if is_crowded { self.opened } else { self.begun };
        match since.map(|since| since + self.patience(is_crowded, waiting, others)) {
            Some(at) if at > now => Turn::At(at),
            _ => Turn::Now,
        }
    }

    /// How long what waits does so for a connection that is in use.
    fn patience(&self, is_crowded: bool, waiting: Waiting, others: Others) -> Duration {
        if !is_crowded {
            PATIENCE
        } else if self.answers.are_unhurt() || others.wait_less_than(waiting.since) {
            CROWDED
        } else {
            HURT
        }
    }

    /// Whether what waits takes too long over the connections that are in use, even when every answer is as quick as can be.
    fn falls_behind(&self, waiting: usize) -> bool {
        let [waiting, in_flight] =
            [waiting, self.in_flight].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        self.answers.quickest.saturating_mul(waiting) > PATIENCE.saturating_mul(in_flight)
    }

    /// One request begins. `rate` is the webhook's own limit, in requests per second.
    pub(super) fn begin(&mut self, rate: Option<u32>, now: Instant) {
        self.in_flight += 1;
        if self.in_flight > self.connections {
            self.connections = self.in_flight;
            self.opened = Some(now);
        }
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
            self.answers.learn(took, now);
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

/// What waits for its turn: how many, and since when the first of them does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) count: usize,
    pub(super) since: Instant,
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

/// A receiver that keeps failing is given a rest, so that its backlog costs others nothing.
fn pause_after(failures: u32) -> Option<Duration> {
    let doublings = failures.checked_sub(3)?.min(8);
    Some((Duration::from_millis(50) * 2_u32.pow(doublings)).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests;
