//! The same warning or error again and again: the first is told, then a count once a minute, and the end of it.

use std::{
    collections::HashMap,
    fmt::{self, Write},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::layer::{Context, Layer};

/// How often a flood is counted; and after so long a quiet it is over.
const MINUTE: Duration = Duration::from_mins(1);

/// The most floods that are told apart; beyond, those from one place in the program are one.
const MAX_FLOODS: usize = 256;

/// A field that is another each time, whatever else is the same.
const REQUEST_ID: &str = "request_id";

/// What is repeated now. Cloned freely.
#[derive(Clone, Default)]
pub(super) struct Floods(Arc<Mutex<HashMap<u64, Flood>>>);

struct Flood {
    level: Level,
    message: String,
    /// When it was last told, or counted.
    told_at: Instant,
    /// Those since then.
    untold: u64,
    /// All but the first.
    repeated: u64,
}

/// A line about a flood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) level: Level,
    pub(super) message: String,
    pub(super) count: u64,
}

impl Floods {
    /// Whether this one is told now; if not, it is counted.
    fn admits(&self, key: u64, now: Instant, what: impl FnOnce() -> (Level, String)) -> bool {
        let mut floods = self.lock();
        if let Some(flood) = floods.get_mut(&key) {
            (flood.untold, flood.repeated) = (flood.untold + 1, flood.repeated + 1);
            return false;
        }
        let (level, message) = what();
        floods.insert(key, Flood { level, message, told_at: now, untold: 0, repeated: 0 });
        true
    }

    /// What is to be told now: counts, and floods that are over.
    pub(super) fn due(&self, now: Instant) -> Vec<Told> {
        let mut told = Vec::new();
        self.lock().retain(|_, flood| {
            if now.duration_since(flood.told_at) < MINUTE {
                return true;
            }
            let goes_on = flood.untold > 0;
            if goes_on {
                let message = format!("{}: again and again in the last minute", flood.message);
                told.push(Told { level: flood.level, message, count: flood.untold });
                (flood.told_at, flood.untold) = (now, 0);
            } else if flood.repeated > 0 {
                let message = format!("{}: not again for a minute", flood.message);
                told.push(Told { level: Level::INFO, message, count: flood.repeated });
            }
            goes_on
        });
        told
    }

    /// How long until something is to be told, at most.
    pub(super) fn next_due(&self, now: Instant) -> Duration {
        let left = |flood: &Flood| MINUTE.saturating_sub(now.duration_since(flood.told_at));
        self.lock().values().map(left).min().unwrap_or(MINUTE)
    }

    fn key(&self, event: &Event<'_>, said: &Said) -> u64 {
        let mut hasher = DefaultHasher::new();
        event.metadata().callsite().hash(&mut hasher);
        if self.lock().len() < MAX_FLOODS {
            said.all.hash(&mut hasher);
        }
        hasher.finish()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Flood>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for Floods {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let level = *event.metadata().level();
        if level > Level::WARN {
            return true;
        }
        let mut said = Said::default();
        event.record(&mut said);
        let key = self.key(event, &said);
        self.admits(key, Instant::now(), || (level, said.message))
    }
}

/// What an event says in words. Numbers differ from one to the next, and are no part of it.
#[derive(Default)]
struct Said {
    message: String,
    all: String,
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == REQUEST_ID {
            return;
        }
        // Writing to text cannot fail.
        let _ = write!(self.all, "{}={value:?};", field.name());
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            "error" | "detail" => drop(write!(self.message, " ({value:?})")),
            _ => {}
        }
    }

    fn record_u64(&mut self, _: &Field, _: u64) {}

    fn record_i64(&mut self, _: &Field, _: i64) {}

    fn record_f64(&mut self, _: &Field, _: f64) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHAT: fn() -> (Level, String) = || (Level::ERROR, "writing failed".to_owned());

    fn count(floods: &Floods, now: Instant) -> Vec<(Level, u64)> {
        floods.due(now).into_iter().map(|told| (told.level, told.count)).collect()
    }

    #[test]
    fn the_first_then_a_count_once_a_minute_then_the_end() {
        let (floods, start) = (Floods::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        let admitted = (0..500).filter(|_| floods.admits(1, start, WHAT)).count();
        assert_eq!((admitted, count(&floods, after(59))), (1, vec![]));
        assert_eq!(floods.next_due(after(59)), Duration::from_secs(1));
        assert_eq!(count(&floods, after(60)), [(Level::ERROR, 499)]);
        assert!(!floods.admits(1, after(61), WHAT));
        assert_eq!(count(&floods, after(119)), []);
        assert_eq!(count(&floods, after(120)), [(Level::ERROR, 1)]);
        assert_eq!(count(&floods, after(180)), [(Level::INFO, 500)]);
        assert!(floods.admits(1, after(181), WHAT), "another time it is told again");
    }

    #[test]
    fn what_happens_once_is_told_once() {
        let (floods, start) = (Floods::default(), Instant::now());
        assert!(floods.admits(1, start, WHAT) && floods.admits(2, start, WHAT));
        assert_eq!(count(&floods, start + MINUTE), []);
        assert_eq!(floods.lock().len(), 0);
    }
}
