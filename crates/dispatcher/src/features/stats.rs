//! How a webhook fared: counts, latencies and a series over a time that lies behind.

use bluehook_core::{delivery::Status, time::Millis};

use crate::{
    Dispatcher, Result,
    model::{
        cause::ErrorClass,
        stats::{Bucket, ClassCount, Latency, Seen, Stats, most_frequent},
        sums::class_place,
    },
    store::Snapshot,
};

/// The lengths of the series' pieces that there are.
const STEPS: [Millis; 6] = [60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000];
/// The most pieces of a series, where the longest step allows it.
const MAX_BUCKETS: Millis = 48;

impl Dispatcher {
    /// How a webhook fared in the last `window` milliseconds. Looks at no more than [`crate::MAX_STATS_DELIVERIES`] deliveries.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Store`].
    pub async fn stats(&self, webhook_id: &str, window: Millis) -> Result<Stats> {
        let entry = self.entry(webhook_id)?;
        let (key, until) = (entry.key, self.clock.now());
        let since = until.saturating_sub(window.max(1));
        let read = move |snapshot: &dyn Snapshot| {
            let mut gathered = Gathered::new(since, until);
            gathered.stats.is_partial = snapshot.newest(key, since, &mut |seen| gathered.add(&seen))?;
            Ok(gathered.finish())
        };
        self.store.look_through(&self.background, &entry.webhook.company_id, read).await
    }
}

/// What was looked at so far.
struct Gathered {
    stats: Stats,
    errors: [(u64, u64); ErrorClass::ALL.len()],
    step: Millis,
    took: Vec<u64>,
    took_in: Vec<Vec<u64>>,
}

impl Gathered {
    fn new(since: Millis, until: Millis) -> Gathered {
        let step = step(until - since);
        let first = since.div_euclid(step) * step;
        let starts = (0..).map(|n| first + n * step).take_while(|start| *start <= until);
        let buckets: Vec<Bucket> = starts.map(|since| Bucket { since, ..Bucket::default() }).collect();
        let took_in = vec![Vec::new(); buckets.len()];
        Gathered {
            stats: Stats { since, until, step, buckets, ..Stats::default() },
            errors: Default::default(),
            step,
            took: Vec::new(),
            took_in,
        }
    }

    fn add(&mut self, seen: &Seen) {
        let status = Status::ALL.iter().position(|status| *status == seen.status).unwrap_or(0);
        if let Some(count) = self.stats.deliveries.get_mut(status) {
            *count += 1;
        }
        let first = self.stats.buckets.first().map_or(0, |bucket| bucket.since);
        let place = usize::try_from((seen.created_at - first) / self.step).unwrap_or(usize::MAX);
        let place = place.min(self.stats.buckets.len().saturating_sub(1));
        if let Some(bucket) = self.stats.buckets.get_mut(place) {
            match seen.status {
                Status::Succeeded => bucket.succeeded += 1,
                Status::Failed => bucket.failed += 1,
                _ => bucket.other += 1,
            }
        }
        if let Some((_, Some(class))) = seen.attempts.last()
            && let Some((deliveries, _)) = self.error(*class)
        {
            *deliveries += 1;
        }
        for (took, class) in &seen.attempts {
            self.stats.attempts_succeeded += u64::from(class.is_none());
            self.stats.attempts_failed += u64::from(class.is_some());
            if let Some((_, attempts)) = class.and_then(|class| self.error(class)) {
                *attempts += 1;
            }
            self.took.push(*took);
            if let Some(took_in) = self.took_in.get_mut(place) {
                took_in.push(*took);
            }
        }
    }

    fn error(&mut self, class: ErrorClass) -> Option<&mut (u64, u64)> {
        self.errors.get_mut(class_place(class))
    }

    fn finish(self) -> Stats {
        let mut stats = self.stats;
        let errors = ErrorClass::ALL.into_iter().zip(self.errors);
        let errors = errors.map(|(class, (deliveries, attempts))| ClassCount { class, deliveries, attempts });
        stats.errors = most_frequent(errors.collect());
        stats.latency = latency(self.took);
        for (bucket, took) in stats.buckets.iter_mut().zip(self.took_in) {
            bucket.latency = latency(took);
        }
        stats
    }
}

/// The shortest step that makes no more than the most pieces.
fn step(window: Millis) -> Millis {
    let fits = |step: &Millis| window / step <= MAX_BUCKETS;
    STEPS.into_iter().find(fits).unwrap_or(86_400_000)
}

fn latency(mut took: Vec<u64>) -> Latency {
    took.sort_unstable();
    let at = |percent: usize| took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    Latency { p50: at(50), p95: at(95), p99: at(99) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        assert_eq!(latency(Vec::new()), Latency::default());
        assert_eq!(latency(vec![7]), Latency { p50: Some(7), p95: Some(7), p99: Some(7) });
        let hundred = latency((1..=100).rev().collect());
        assert_eq!(hundred, Latency { p50: Some(50), p95: Some(95), p99: Some(99) });
    }

    #[test]
    fn the_series_has_no_gaps_and_not_too_many_pieces() {
        const HOUR: Millis = 3_600_000;
        for (hours, pieces) in [(1, 13), (24, 25), (24 * 7, 29), (24 * 30, 31)] {
            let gathered = Gathered::new(7_000_000_000, 7_000_000_000 + hours * HOUR);
            let buckets = &gathered.stats.buckets;
            assert_eq!(buckets.len(), pieces, "{hours} h");
            assert!(buckets.windows(2).all(|pair| pair[1].since - pair[0].since == gathered.step));
        }
    }

    #[test]
    fn a_delivery_is_counted_once_in_all_and_once_in_its_piece() {
        let mut gathered = Gathered::new(0, 3_600_000);
        for (status, created_at) in
            [(Status::Succeeded, 1), (Status::Failed, 3_599_999), (Status::Held, 3_600_000)]
        {
            let class = (status != Status::Succeeded).then_some(ErrorClass::Http5xx);
            gathered.add(&Seen { status, created_at, attempts: vec![(10, class)] });
        }
        let stats = gathered.finish();
        assert_eq!(stats.success_rate(), Some(0.5));
        assert_eq!(stats.deliveries.iter().sum::<u64>(), 3);
        assert_eq!((stats.attempts_succeeded, stats.attempts_failed), (1, 2));
        let count = ClassCount { class: ErrorClass::Http5xx, deliveries: 2, attempts: 2 };
        assert_eq!(stats.errors, [count]);
        let pieces: Vec<_> = stats.buckets.iter().map(|b| b.succeeded + b.failed + b.other).collect();
        assert_eq!((pieces.iter().sum::<u64>(), pieces[0], stats.buckets[0].latency.p50), (3, 1, Some(10)));
    }
}
