//! How a webhook fared, as it is told: counts, latencies, a series.

use bluehook_core::{delivery::Status, time::Millis};

use super::cause::ErrorClass;

/// The most deliveries that are looked at; of a webhook with more, the newest.
pub const MAX_STATS_DELIVERIES: usize = 10_000;

/// The most deliveries that a [`Summary`] is of.
pub const MAX_SUMMARY_DELIVERIES: usize = 100;

/// How a webhook fared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// Where the time begins.
    pub since: Millis,
    /// Where it ends: now.
    pub until: Millis,
    /// The length of the series' pieces.
    pub step: Millis,
    /// Whether there were more than [`MAX_STATS_DELIVERIES`]: only the newest are counted then.
    pub is_partial: bool,
    /// How many of the deliveries made in this time stand where, in the order of [`Status::ALL`].
    pub deliveries: [u64; Status::ALL.len()],
    /// Attempts of these deliveries that were answered with 2xx.
    pub attempts_succeeded: u64,
    /// Attempts of these deliveries that failed.
    pub attempts_failed: u64,
    /// How long attempts took.
    pub latency: Latency,
    /// The classes of failure that were met, the most frequent first.
    pub errors: Vec<ClassCount>,
    /// The series, oldest first, without gaps.
    pub buckets: Vec<Bucket>,
}

/// How long attempts took, in microseconds. None when there was no attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Half of them at most this long.
    pub p50: Option<u64>,
    /// 95 of 100.
    pub p95: Option<u64>,
    /// 99 of 100.
    pub p99: Option<u64>,
}

/// How often a class of failure was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassCount {
    /// The class.
    pub class: ErrorClass,
    /// Deliveries whose last attempt failed so.
    pub deliveries: u64,
    /// Attempts that failed so.
    pub attempts: u64,
}

/// Those that were met, the most frequent first.
pub(crate) fn most_frequent(mut all: Vec<ClassCount>) -> Vec<ClassCount> {
    all.retain(|count| count.deliveries + count.attempts > 0);
    all.sort_by_key(|count| std::cmp::Reverse((count.attempts, count.deliveries)));
    all
}

/// One piece of the series: deliveries by when they were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bucket {
    /// Where it begins.
    pub since: Millis,
    /// Deliveries that succeeded.
    pub succeeded: u64,
    /// Deliveries that failed.
    pub failed: u64,
    /// Deliveries that stand elsewhere.
    pub other: u64,
    /// How long the attempts of these deliveries took.
    pub latency: Latency,
}

/// How a webhook's newest deliveries fared, of which there are at most [`MAX_SUMMARY_DELIVERIES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many deliveries it is of.
    pub deliveries: u64,
    /// Of these, those that succeeded.
    pub succeeded: u64,
    /// Of these, those that failed for good.
    pub failed: u64,
}

impl Summary {
    pub(crate) fn add(&mut self, status: Status) {
        self.deliveries += 1;
        self.succeeded += u64::from(status == Status::Succeeded);
        self.failed += u64::from(status == Status::Failed);
    }

    /// The share of deliveries that succeeded among those that succeeded or failed; none when there are none.
    pub fn success_rate(&self) -> Option<f64> {
        success_rate(self.succeeded, self.failed)
    }
}

/// The share of those that succeeded; none when there are none of both.
pub(crate) fn success_rate(succeeded: u64, failed: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "exact below 9 × 10¹⁵")]
    (succeeded + failed > 0).then(|| succeeded as f64 / (succeeded + failed) as f64)
}

impl Stats {
    /// The share of deliveries that succeeded among those that succeeded or failed; none when there are none.
    pub fn success_rate(&self) -> Option<f64> {
        success_rate(self.in_status(Status::Succeeded), self.in_status(Status::Failed))
    }

    /// How many deliveries stand there.
    pub fn in_status(&self, status: Status) -> u64 {
        Status::ALL.iter().zip(self.deliveries).find(|(known, _)| **known == status).map_or(0, |(_, n)| n)
    }
}

/// A delivery with its attempts, as they are looked at.
pub(crate) struct Seen {
    pub(crate) status: Status,
    pub(crate) created_at: Millis,
    /// How long each attempt took, and the class of those that failed.
    pub(crate) attempts: Vec<(u64, Option<ErrorClass>)>,
}
