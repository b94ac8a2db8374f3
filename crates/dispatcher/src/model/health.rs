//! How a webhook fares, as one word with what it follows from. Pure: what happened is passed in.

use bluehook_core::time::Millis;

use super::cause::Cause;

/// So many attempts in a row that failed make a webhook [`HealthState::Failing`].
pub(crate) const FAILURES_IN_A_ROW: u32 = 3;

/// How long something may wait before a webhook that works is [`HealthState::Lagging`].
pub(crate) const LAG: Millis = 60_000;

/// How a webhook fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthState {
    /// It is on, and no attempt ended yet.
    New,
    /// It is on, and its receiver takes what it is sent.
    Working,
    /// It is on, and the newest attempts failed.
    Failing,
    /// It works, but what waits for it waits too long.
    Lagging,
    /// It is off.
    Off,
}

impl HealthState {
    /// Every state.
    pub const ALL: [HealthState; 5] = [
        HealthState::New,
        HealthState::Working,
        HealthState::Failing,
        HealthState::Lagging,
        HealthState::Off,
    ];

    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            HealthState::New => "NEW",
            HealthState::Working => "WORKING",
            HealthState::Failing => "FAILING",
            HealthState::Lagging => "LAGGING",
            HealthState::Off => "OFF",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<HealthState> {
        HealthState::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// How a webhook fares, and since when. What waits for it is not looked at here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The word.
    pub state: HealthState,
    /// Since when it is so.
    pub since: Millis,
    /// Since when it is on.
    pub on_since: Millis,
    /// When an attempt last ended.
    pub last_attempt_at: Option<Millis>,
    /// When an attempt last succeeded.
    pub last_success_at: Option<Millis>,
    /// How many attempts failed in a row, to the present URL, since it is on.
    pub failures: u32,
    /// The failure that was seen last, of these.
    pub cause: Option<Cause>,
}

impl Health {
    /// A webhook that was made now.
    pub(crate) fn new(at: Millis) -> Health {
        Health {
            state: HealthState::New,
            since: at,
            on_since: at,
            last_attempt_at: None,
            last_success_at: None,
            failures: 0,
            cause: None,
        }
    }

    /// After an attempt that ended at `at`. It counts for the state when it was made since the webhook is on, and to where
    /// it is called now.
    pub(crate) fn attempted(mut self, at: Millis, failure: Option<Cause>, counts: bool) -> Health {
        self.last_attempt_at = self.last_attempt_at.max(Some(at));
        if failure.is_none() {
            self.last_success_at = self.last_success_at.max(Some(at));
        }
        if !counts || self.state == HealthState::Off {
            return self;
        }
        match failure {
            None => {
                self.failures = 0;
                self.cause = None;
            }
            Some(cause) => {
                self.failures = self.failures.saturating_add(1);
                self.cause = Some(Cause { count: self.failures, ..cause });
            }
        }
        let failing = self.failures >= FAILURES_IN_A_ROW;
        self.becomes(if failing { HealthState::Failing } else { HealthState::Working }, at)
    }

    /// The same, when it is found that attempts ended later than was known.
    pub(crate) fn known_later(mut self, at: Millis, succeeded: Option<Millis>) -> Health {
        self.last_attempt_at = self.last_attempt_at.max(Some(at));
        self.last_success_at = self.last_success_at.max(succeeded);
        self
    }

    /// Whether another differs from this in nothing but when attempts last ended.
    pub(crate) fn differs_in_times_only(&self, other: &Health) -> bool {
        let Health { last_attempt_at, last_success_at, .. } = *other;
        Health { last_attempt_at, last_success_at, ..self.clone() } == *other
    }

    /// After it was switched off.
    pub(crate) fn switched_off(self, at: Millis) -> Health {
        self.becomes(HealthState::Off, at)
    }

    /// After it was switched on, or its URL was changed: what was before says nothing any more.
    pub(crate) fn begun_anew(self, at: Millis, is_on: bool) -> Health {
        let on_since = if self.state == HealthState::Off { at } else { self.on_since };
        let state = match (is_on, self.last_attempt_at) {
            (false, _) => HealthState::Off,
            (true, None) => HealthState::New,
            (true, Some(_)) => HealthState::Working,
        };
        Health { failures: 0, cause: None, on_since, ..self }.becomes(state, at)
    }

    fn becomes(mut self, state: HealthState, at: Millis) -> Health {
        if self.state != state {
            self.state = state;
            self.since = at;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cause::ErrorClass;

    fn failure(at: Millis) -> Cause {
        let class = ErrorClass::Tls;
        Cause { class, failure: None, status_code: None, at, delivery_id: None, count: 1 }
    }

    #[test]
    fn three_failures_in_a_row_are_failing_until_a_success() {
        let mut health = Health::new(0);
        let mut states = Vec::new();
        for (at, fails) in [(1, true), (2, false), (3, true), (4, true), (5, true), (6, false)] {
            health = health.attempted(at, fails.then(|| failure(at)), true);
            states.push((health.state.name(), health.since, health.cause.as_ref().map(|cause| cause.count)));
        }
        let expected = [
            ("WORKING", 1, Some(1)),
            ("WORKING", 1, None),
            ("WORKING", 1, Some(1)),
            ("WORKING", 1, Some(2)),
            ("FAILING", 5, Some(3)),
            ("WORKING", 6, None),
        ];
        assert_eq!(states, expected);
        assert_eq!((health.last_attempt_at, health.last_success_at), (Some(6), Some(6)));
    }

    #[test]
    fn what_was_sent_elsewhere_or_before_says_nothing() {
        let failing = (1..4).fold(Health::new(0), |health, at| health.attempted(at, Some(failure(at)), true));
        let moved = failing.clone().begun_anew(9, true);
        assert_eq!((moved.state, moved.since, moved.failures), (HealthState::Working, 9, 0));
        assert_eq!(moved.clone().attempted(10, Some(failure(10)), false).failures, 0);
        let off = failing.switched_off(11);
        assert_eq!(off.clone().attempted(12, None, true).state, HealthState::Off);
        assert_eq!(off.begun_anew(13, true).on_since, 13);
        assert_eq!(Health::new(0).switched_off(1).begun_anew(2, true).state, HealthState::New);
    }
}
