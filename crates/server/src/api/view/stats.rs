//! How a webhook fared, as the API shows it.

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{Bucket, ClassCount, Latency, Stats};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Instant, milliseconds};

/// How a webhook fared.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct StatsView<'a> {
    webhook_id: &'a str,
    since: Instant,
    until: Instant,
    step_seconds: i64,
    /// Whether there were too many deliveries, and only the newest are counted.
    partial: bool,
    deliveries: Map<String, Value>,
    attempts: AttemptsView,
    success_rate: Option<f64>,
    latency_ms: LatencyView,
    errors: Vec<ErrorsView>,
    buckets: Vec<BucketView>,
}

/// How often a class of failure was met.
#[derive(Serialize)]
struct ErrorsView {
    class: &'static str,
    deliveries: u64,
    attempts: u64,
}

#[derive(Serialize)]
struct AttemptsView {
    total: u64,
    succeeded: u64,
    failed: u64,
}

#[derive(Serialize)]
struct LatencyView {
    p50: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BucketView {
    since: Instant,
    succeeded: u64,
    failed: u64,
    other: u64,
    latency_ms: LatencyView,
}

impl<'a> StatsView<'a> {
    pub(in crate::api) fn new(webhook_id: &'a str, stats: &Stats) -> StatsView<'a> {
        let (succeeded, failed) = (stats.attempts_succeeded, stats.attempts_failed);
        StatsView {
            webhook_id,
            since: Instant(stats.since),
            until: Instant(stats.until),
            step_seconds: stats.step / 1_000,
            partial: stats.is_partial,
            deliveries: deliveries(stats),
            attempts: AttemptsView { total: succeeded + failed, succeeded, failed },
            success_rate: stats.success_rate(),
            latency_ms: LatencyView::new(stats.latency),
            errors: stats.errors.iter().map(ErrorsView::new).collect(),
            buckets: stats.buckets.iter().map(BucketView::new).collect(),
        }
    }
}

/// The count in every status, under the status's word in lower case, and all together.
fn deliveries(stats: &Stats) -> Map<String, Value> {
    let total = ("total".to_owned(), stats.deliveries.iter().sum::<u64>().into());
    let count = |status: Status| (status.name().to_ascii_lowercase(), stats.in_status(status).into());
    std::iter::once(total).chain(Status::ALL.into_iter().map(count)).collect()
}

impl ErrorsView {
    fn new(count: &ClassCount) -> ErrorsView {
        let ClassCount { class, deliveries, attempts } = *count;
        ErrorsView { class: class.name(), deliveries, attempts }
    }
}

impl LatencyView {
    fn new(latency: Latency) -> LatencyView {
        let Latency { p50, p95, p99 } = latency;
        LatencyView { p50: p50.map(milliseconds), p95: p95.map(milliseconds), p99: p99.map(milliseconds) }
    }
}

impl BucketView {
    fn new(bucket: &Bucket) -> BucketView {
        let Bucket { since, succeeded, failed, other, latency } = *bucket;
        BucketView { since: Instant(since), succeeded, failed, other, latency_ms: LatencyView::new(latency) }
    }
}
