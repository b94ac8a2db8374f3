//! What was refused: counted for those who watch, and logged once in a while rather than for each request.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Whatever was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Connections,
    Credentials,
    Requests,
    Work,
    Bodies,
    Streams,
    Sending,
}

impl Limit {
    pub(crate) const ALL: [Limit; 7] = [
        Limit::Connections,
        Limit::Credentials,
        Limit::Requests,
        Limit::Work,
        Limit::Bodies,
        Limit::Streams,
        Limit::Sending,
    ];

    /// The word in metrics and in the log.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Limit::Connections => "connections",
            Limit::Credentials => "credentials",
            Limit::Requests => "requests",
            Limit::Work => "work",
            Limit::Bodies => "bodies",
            Limit::Streams => "streams",
            Limit::Sending => "sending",
        }
    }
}

/// How often one limit is logged at most.
const LOGGED_EVERY: Duration = Duration::from_mins(5);

/// What was refused. Cloned freely; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Refusals(Arc<[Count; Limit::ALL.len()]>);

#[derive(Default)]
struct Count {
    refused: AtomicU64,
    logged_at: Mutex<Option<Instant>>,
}

impl Refusals {
    /// Something was refused because of a limit.
    pub(crate) fn note(&self, limit: Limit) {
        let Some(count) = self.of(limit) else { return };
        let refused = count.refused.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_to_be_logged(Instant::now()) {
            tracing::warn!(
                limit = limit.name(),
                refused,
                "callers are held back by a limit; more of the same is counted in bluehook_refusals_total"
            );
        }
    }

    /// How often each limit was met.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Limit::ALL
            .iter()
            .zip(self.0.iter())
            .map(|(limit, count)| (limit.name(), count.refused.load(Ordering::Relaxed)))
    }

    fn of(&self, limit: Limit) -> Option<&Count> {
        let at = Limit::ALL.iter().position(|known| *known == limit)?;
        self.0.get(at)
    }
}

impl Count {
    fn is_to_be_logged(&self, now: Instant) -> bool {
        let mut logged_at = self.logged_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = logged_at.is_none_or(|at| now.saturating_duration_since(at) >= LOGGED_EVERY);
        if is_due {
            *logged_at = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_counted_and_logged_once_in_a_while() {
        let refusals = Refusals::default();
        refusals.note(Limit::Work);
        refusals.clone().note(Limit::Work);
        let counted: Vec<_> = refusals.counts().filter(|(_, count)| *count > 0).collect();
        assert_eq!(counted, [("work", 2)]);
        let (count, now) = (Count::default(), Instant::now());
        assert!(count.is_to_be_logged(now));
        assert!(!count.is_to_be_logged(now + LOGGED_EVERY / 2));
        assert!(count.is_to_be_logged(now + LOGGED_EVERY));
    }
}
