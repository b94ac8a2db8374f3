//! How old things are, for taking them away: a clock that is ahead for a moment destroys nothing.

use std::time::Duration;

use bluehook_core::time::Millis;

use crate::clock::Clock;

/// A clock further ahead than this is not believed at once.
pub(crate) const LEAP: Millis = 3_600_000;

/// For so long of running it has to stay ahead.
const PATIENCE: Millis = 3_600_000;

/// The age that things have by now, as of the last time that it was kept.
pub(crate) struct Ageing {
    age: Age,
    kept_at: Duration,
}

impl Ageing {
    /// Going on from what was kept, or else from the time of what was logged last, or else from now.
    pub(crate) fn new(kept: Option<Age>, logged: Option<Millis>, clock: &Clock) -> Ageing {
        let now = clock.now();
        let age = kept.unwrap_or_else(|| Age::at(logged.map_or(now, |logged| logged.min(now))));
        Ageing { age, kept_at: clock.running() }
    }

    /// What time it is believed to be.
    pub(crate) fn now(&self, clock: &Clock) -> Age {
        self.age.after(clock.running().saturating_sub(self.kept_at), clock.now())
    }

    /// The same, to go on from.
    pub(crate) fn keep(&mut self, clock: &Clock) -> Age {
        *self = Ageing { age: self.now(clock), kept_at: clock.running() };
        self.age
    }
}

/// What time it is believed to be. What is taken away is taken away by this, never by the clock itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Age {
    /// The time.
    pub(crate) now: Millis,
    /// For how long of running the clock has been further ahead than is believed.
    ahead_for: Millis,
}

impl Age {
    /// Believing this.
    pub(crate) fn at(now: Millis) -> Age {
        Age { now, ahead_for: 0 }
    }

    /// After running for so long, when the clock says `wall`. A clock that is behind is believed: nothing is taken away for
    /// that.
    pub(crate) fn after(self, ran: Duration, wall: Millis) -> Age {
        let ran = Millis::try_from(ran.as_millis()).unwrap_or(Millis::MAX);
        let steady = self.now.saturating_add(ran);
        let ahead_for = self.ahead_for.saturating_add(ran);
        if wall.saturating_sub(steady) <= LEAP || ahead_for >= PATIENCE {
            return Age::at(wall);
        }
        Age { now: steady, ahead_for }
    }

    /// As it is kept in the database.
    pub(crate) fn to_text(self) -> String {
        format!("{} {}", self.now, self.ahead_for)
    }

    /// Reads what was kept.
    pub(crate) fn from_text(text: &str) -> Option<Age> {
        let (now, ahead_for) = text.split_once(' ')?;
        Some(Age { now: now.parse().ok()?, ahead_for: ahead_for.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Millis = 60_000;
    const DAY: Millis = 24 * 60 * MINUTE;

    /// What is believed after steps of so many minutes of running, each with by how much the clock is ahead of the truth.
    fn believed(steps: &[(Millis, Millis)]) -> Millis {
        let (mut truth, mut age) = (0, Age::at(0));
        for (ran, ahead) in steps {
            truth += ran * MINUTE;
            let kept = Age::from_text(&age.to_text()).unwrap();
            assert_eq!(kept, age);
            age = age.after(Duration::from_millis((ran * MINUTE).unsigned_abs()), truth + ahead);
        }
        age.now - truth
    }

    #[test]
    fn what_is_believed() {
        for (steps, ahead) in [
            (vec![(1, 0), (1, 0)], 0),
            // Set right by a little, ahead and back.
            (vec![(1, 30 * MINUTE)], 30 * MINUTE),
            (vec![(1, 30 * MINUTE), (1, 0)], 0),
            // Forty days ahead for a moment, for most of an hour, for an hour.
            (vec![(1, 40 * DAY), (1, 0), (1, 0)], 0),
            (vec![(1, 40 * DAY), (58, 40 * DAY)], 0),
            (vec![(1, 40 * DAY), (59, 40 * DAY)], 40 * DAY),
            // An hour in all, and never in one piece.
            (vec![(40, 40 * DAY), (1, 0), (40, 40 * DAY), (1, 0)], 0),
            // Behind, and right again after a month behind.
            (vec![(1, -DAY)], -DAY),
            (vec![(1, -30 * DAY), (1, 0)], -30 * DAY),
            (vec![(1, -30 * DAY), (1, 0), (59, 0)], 0),
        ] {
            assert_eq!(believed(&steps), ahead, "{steps:?}");
        }
    }

    #[test]
    fn what_was_not_kept_so_is_not_read() {
        for text in ["", "1", "a b", "1 2 3", "1 "] {
            assert_eq!(Age::from_text(text), None, "{text}");
        }
    }
}
