//! So many in a time, for each of many: of each only the time is kept at which all that it took is paid for.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// So many in a time, and so many at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) count: u32,
    pub(crate) per: Duration,
    pub(crate) burst: u32,
}

/// The most that are known at once. Of more, those that took nothing lately are forgotten, then all: for a moment nobody
/// is held back, and memory stays bounded.
const MAX_KNOWN: usize = 100_000;

/// A rate for each of many.
pub(crate) struct Rates<K> {
    rate: Rate,
    paid_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Eq + Hash> Rates<K> {
    pub(crate) fn new(rate: Rate) -> Rates<K> {
        Rates { rate, paid_at: Mutex::default() }
    }

    /// How many there may be in the time.
    pub(crate) fn count(&self) -> usize {
        usize::try_from(self.rate.count).unwrap_or(usize::MAX)
    }

    /// Takes one more, or tells after how many seconds there is one again.
    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), u32> {
        let mut paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        if paid_at.len() >= MAX_KNOWN && !paid_at.contains_key(&key) {
            paid_at.retain(|_, at| *at > now);
            if paid_at.len() >= MAX_KNOWN {
                paid_at.clear();
            }
        }
        let at = paid_at.entry(key).or_insert(now);
        self.check(*at, now)?;
        *at = now.max(*at) + self.price();
        Ok(())
    }

    /// The same without taking.
    pub(crate) fn look(&self, key: &K, now: Instant) -> Result<(), u32> {
        let paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        paid_at.get(key).map_or(Ok(()), |at| self.check(*at, now))
    }

    /// The time that one takes to be paid for.
    fn price(&self) -> Duration {
        self.rate.per / self.rate.count.max(1)
    }

    fn check(&self, paid_at: Instant, now: Instant) -> Result<(), u32> {
        let owed = paid_at.saturating_duration_since(now);
        let credit = self.price() * self.rate.burst.saturating_sub(1);
        match owed.checked_sub(credit).filter(|wait| !wait.is_zero()) {
            None => Ok(()),
            Some(wait) => Err(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_in_a_time_and_so_many_at_once() {
        let rates = Rates::new(Rate { count: 60, per: Duration::from_mins(1), burst: 3 });
        let begin = Instant::now();
        let take = |key, seconds| rates.take(key, begin + Duration::from_secs(seconds));
        assert_eq!((0..5).filter(|_| take("a", 0).is_ok()).count(), 3);
        assert_eq!(take("a", 0), Err(2), "less than two seconds");
        assert_eq!(rates.look(&"a", begin), Err(2));
        assert_eq!((take("b", 0), rates.look(&"c", begin)), (Ok(()), Ok(())));
        assert_eq!((take("a", 1), take("a", 1)), (Ok(()), Err(2)));
        assert_eq!((0..5).filter(|_| take("a", 100).is_ok()).count(), 3);
    }

    #[test]
    fn only_so_many_are_known() {
        let rates = Rates::new(Rate { count: 1, per: Duration::from_mins(1), burst: 1 });
        let now = Instant::now();
        for n in 0..MAX_KNOWN + 10 {
            rates.take(n, now).unwrap();
        }
        assert!(rates.paid_at.lock().unwrap().len() <= MAX_KNOWN);
    }
}
