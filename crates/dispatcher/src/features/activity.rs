//! How webhooks fared, from their sums: the last 24 hours of many, and four windows of one.

use bluehook_core::{delivery::Status, time::Millis};

use crate::{
    Dispatcher, Result,
    model::{
        WebhookKey,
        cause::ErrorClass,
        stats::{Bucket, ClassCount, Stats, success_rate},
        sums::{Counts, Latencies, SLOT, unsigned},
    },
    store::Snapshot,
};

const HOUR: Millis = 3_600_000;

/// The hours that an [`Activity`] is of.
const HOURS: usize = 24;

/// A window that is told from the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// 12 pieces of 5 minutes.
    Hour,
    /// 24 pieces of an hour.
    Day,
    /// 56 pieces of 3 hours.
    Week,
    /// 120 pieces of 6 hours.
    Month,
}

impl Window {
    /// Every window.
    pub const ALL: [Window; 4] = [Window::Hour, Window::Day, Window::Week, Window::Month];

    /// Its length.
    pub const fn length(self) -> Millis {
        match self {
            Window::Hour => HOUR,
            Window::Day => 24 * HOUR,
            Window::Week => 7 * 24 * HOUR,
            Window::Month => 30 * 24 * HOUR,
        }
    }

    /// The length of a piece.
    pub const fn step(self) -> Millis {
        match self {
            Window::Hour => SLOT,
            Window::Day => HOUR,
            Window::Week => 3 * HOUR,
            Window::Month => 6 * HOUR,
        }
    }

    /// The window of this length.
    pub fn of(length: Millis) -> Option<Window> {
        Window::ALL.into_iter().find(|window| window.length() == length)
    }

    /// Where its first piece begins: at a multiple of the step, so that the last one is still running.
    fn since(self, now: Millis) -> Millis {
        now.div_euclid(self.step()) * self.step() - self.length() + self.step()
    }

    /// How many pieces it has.
    fn pieces(self) -> usize {
        usize::try_from(self.length() / self.step()).unwrap_or(0)
    }
}

/// How a webhook fared in the last 24 hours, the one that is running included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Activity {
    /// Where the first hour begins.
    pub since: Millis,
    /// Deliveries that succeeded, by the hour in which they were made.
    pub succeeded: Vec<u64>,
    /// Deliveries that failed for good.
    pub failed: Vec<u64>,
    /// Deliveries that stand elsewhere.
    pub other: Vec<u64>,
    /// All of these.
    pub total: u64,
    /// The share of those that succeeded among those that succeeded or failed.
    pub success_rate: Option<f64>,
    /// 95 of 100 attempts took at most this long, in microseconds.
    pub p95_us: Option<u64>,
    /// When the newest delivery was made.
    pub last_delivery_at: Option<Millis>,
}

impl Activity {
    fn new(since: Millis) -> Activity {
        let hours = || vec![0; HOURS];
        Activity { since, succeeded: hours(), failed: hours(), other: hours(), ..Activity::default() }
    }

    fn add(&mut self, piece: usize, counts: &Counts) {
        let parts = [&mut self.succeeded, &mut self.failed, &mut self.other];
        for (hours, count) in parts.into_iter().zip(three(counts)) {
            if let Some(known) = hours.get_mut(piece) {
                *known += count;
            }
        }
    }

    fn finish(&mut self, took: &Latencies) {
        let [succeeded, failed, other] =
            [&self.succeeded, &self.failed, &self.other].map(|hours| hours.iter().sum::<u64>());
        self.total = succeeded + failed + other;
        self.success_rate = success_rate(succeeded, failed);
        self.p95_us = took.told().p95;
    }
}

/// Deliveries that succeeded, that failed, and the others.
fn three(counts: &Counts) -> [u64; 3] {
    let (succeeded, failed) = (counts.in_status(Status::Succeeded), counts.in_status(Status::Failed));
    let all = unsigned(counts.statuses.iter().sum());
    [succeeded, failed, all.saturating_sub(succeeded + failed)]
}

/// What is counted of one webhook, by pieces of a window.
struct Pieces {
    window: Window,
    since: Millis,
    counts: Vec<Counts>,
}

impl Pieces {
    fn new(window: Window, now: Millis) -> Pieces {
        Pieces { window, since: window.since(now), counts: vec![Counts::default(); window.pieces()] }
    }

    fn add(&mut self, slot: i64, counts: &Counts) {
        let piece = usize::try_from((slot * SLOT - self.since) / self.window.step());
        if let Some(known) = piece.ok().and_then(|piece| self.counts.get_mut(piece)) {
            known.merge(counts);
        }
    }

    fn whole(&self) -> Counts {
        let mut whole = Counts::default();
        self.counts.iter().for_each(|counts| whole.merge(counts));
        whole
    }
}

/// The counts of webhooks, in their order.
fn read(snapshot: &dyn Snapshot, keys: &[WebhookKey], window: Window, now: Millis) -> Result<Vec<Pieces>> {
    let mut all: Vec<Pieces> = keys.iter().map(|_| Pieces::new(window, now)).collect();
    let places: std::collections::HashMap<_, _> = keys.iter().zip(0..).map(|(key, at)| (*key, at)).collect();
    let first = window.since(now).div_euclid(SLOT);
    snapshot.sums(keys, first..i64::MAX, &mut |key, slot, counts| {
        let pieces = places.get(&key).and_then(|at: &usize| all.get_mut(*at));
        if let Some(pieces) = pieces {
            pieces.add(slot, counts);
        }
    })?;
    Ok(all)
}

/// How webhooks fared in the last 24 hours, in their order.
pub(crate) fn of(snapshot: &dyn Snapshot, keys: &[WebhookKey], now: Millis) -> Result<Vec<Activity>> {
    let mut activities = Vec::with_capacity(keys.len());
    let all = read(snapshot, keys, Window::Day, now)?;
    let tail = snapshot.tail()?;
    for (key, pieces) in keys.iter().zip(all) {
        let mut activity = Activity::new(pieces.since);
        for (piece, counts) in pieces.counts.iter().enumerate() {
            activity.add(piece, counts);
        }
        activity.finish(&pieces.whole().took);
        activity.last_delivery_at = snapshot.last_made(&tail, *key)?;
        activities.push(activity);
    }
    Ok(activities)
}

/// How one webhook fared in a window.
pub(crate) fn stats(snapshot: &dyn Snapshot, key: WebhookKey, window: Window, now: Millis) -> Result<Stats> {
    let is_partial = !snapshot.uncounted()?.is_empty();
    let found = read(snapshot, &[key], window, now)?;
    let pieces = found.into_iter().next().unwrap_or_else(|| Pieces::new(window, now));
    let whole = pieces.whole();
    let starts = (0..).map(|piece| pieces.since + piece * window.step());
    Ok(Stats {
        since: pieces.since,
        until: now,
        step: window.step(),
        is_partial,
        deliveries: Status::ALL.map(|status| whole.in_status(status)),
        attempts_succeeded: unsigned(whole.succeeded),
        attempts_failed: unsigned(whole.failed.iter().sum()),
        latency: whole.took.told(),
        errors: errors(&whole),
        buckets: starts.zip(&pieces.counts).map(|(since, counts)| bucket(since, counts)).collect(),
    })
}

fn bucket(since: Millis, counts: &Counts) -> Bucket {
    let [succeeded, failed, other] = three(counts);
    Bucket { since, succeeded, failed, other, latency: counts.took.told() }
}

/// The classes that were met, the most frequent first.
fn errors(counts: &Counts) -> Vec<ClassCount> {
    let both = counts.last_failed.iter().zip(&counts.failed);
    let all = ErrorClass::ALL.into_iter().zip(both).map(|(class, (deliveries, attempts))| ClassCount {
        class,
        deliveries: unsigned(*deliveries),
        attempts: unsigned(*attempts),
    });
    crate::model::stats::most_frequent(all.collect())
}

impl Dispatcher {
    /// How a webhook fared in a window, told from the sums.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Store`].
    pub async fn window(&self, webhook_id: &str, window: Window) -> Result<Stats> {
        let (key, now) = (self.entry(webhook_id)?.key, self.clock.now());
        self.store.read(move |snapshot| stats(snapshot, key, window, now)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_begin_at_multiples_and_end_with_a_piece_that_runs() {
        let now = 1_700_000_123_456;
        for (window, pieces) in
            [(Window::Hour, 12), (Window::Day, 24), (Window::Week, 56), (Window::Month, 120)]
        {
            let (since, step) = (window.since(now), window.step());
            assert_eq!((since % step, window.pieces()), (0, pieces), "{window:?}");
            let end = since + window.length();
            assert!(end > now && end - now <= step, "{window:?}");
            assert_eq!(Window::of(window.length()), Some(window));
        }
    }
}
