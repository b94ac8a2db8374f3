//! What can be measured of a program, each by a name: what it is, and how often it is taken beside another.

use std::{future::Future, pin::Pin, time::Duration};

use crate::{
    burst, fan_out, hundred, isolation, latency, memory, operations, quiet, restart,
    stage::Stage,
    throughput::{self, CALLERS, MANY_CALLERS},
};

/// Figures that are taken together.
pub(crate) struct Measure {
    /// What it is asked for by.
    pub(crate) name: &'static str,
    pub(crate) figures: &'static [Figure],
    /// How often it is taken.
    pub(crate) rounds: usize,
    /// Takes it once: as many values as there are figures.
    pub(crate) take: fn(&Stage) -> Taking<'_>,
}

/// A measurement under way.
pub(crate) type Taking<'a> = Pin<Box<dyn Future<Output = Vec<f64>> + 'a>>;

/// One of them: what it is, its unit, and with how many decimals it is shown.
pub(crate) struct Figure(pub(crate) &'static str, pub(crate) &'static str, pub(crate) usize);

/// How often what takes seconds is taken, and how often what takes longer.
const OFTEN: usize = 5;
const SELDOM: usize = 2;

/// For how long a program is operated when it is compared.
const OPERATED: Duration = Duration::from_mins(1);

/// All of them, in the order in which they are taken.
pub(crate) const MEASURES: &[Measure] = &[
    Measure {
        name: "throughput",
        figures: &[
            Figure("64 callers: events delivered", "per second", 0),
            Figure("64 callers: processor time per event", "ms", 4),
        ],
        rounds: OFTEN,
        take: |stage| Box::pin(throughput_of(stage, CALLERS)),
    },
    Measure {
        name: "many-callers",
        figures: &[
            Figure("512 callers: events delivered", "per second", 0),
            Figure("512 callers: processor time per event", "ms", 4),
        ],
        rounds: OFTEN,
        take: |stage| Box::pin(throughput_of(stage, MANY_CALLERS)),
    },
    Measure {
        name: "latency",
        figures: &[
            Figure("POST to arrival at 50 events/s, p50", "ms", 2),
            Figure("POST to arrival at 50 events/s, p95", "ms", 2),
            Figure("POST to arrival at 50 events/s, p99", "ms", 2),
        ],
        rounds: OFTEN,
        take: |stage| Box::pin(async { latency::measure(stage).await.to_vec() }),
    },
    Measure {
        name: "quiet",
        figures: &[
            Figure("50 events/s: processor time per event", "ms", 2),
            Figure("50 events/s: pages of the log per event", "pages", 1),
            Figure("50 events/s: bytes of the log per event", "KiB", 1),
        ],
        rounds: OFTEN,
        take: |stage| Box::pin(async { quiet::measure(stage).await.to_vec() }),
    },
    Measure {
        name: "hundred",
        figures: &[
            Figure("100 hosts, 50 events: deliveries", "per second", 0),
            Figure("100 hosts, 50 events: processor time per delivery", "ms", 4),
            Figure("100 hosts, 400 events: deliveries", "per second", 0),
            Figure("100 hosts, 400 events: processor time per delivery", "ms", 4),
            Figure("100 hosts, an event alone: the last has it after, median of 20", "ms", 1),
            Figure("100 hosts, an event alone: the last has it after, slowest of 20", "ms", 1),
        ],
        rounds: OFTEN,
        take: |stage| Box::pin(hundred_of(stage)),
    },
    Measure {
        name: "thousand",
        figures: &[Figure("1 event to 1,000 webhooks: the last has it after", "ms", 0)],
        rounds: OFTEN,
        take: |stage| Box::pin(async { vec![fan_out::measure(stage).await] }),
    },
    Measure {
        name: "restart",
        figures: &[
            Figure("killed under load: all accepted arrived after the restart in", "ms", 0),
            Figure("killed under load: arrived twice", "events", 0),
        ],
        rounds: SELDOM,
        take: |stage| Box::pin(async { restart::measure(stage).await.to_vec() }),
    },
    Measure {
        name: "isolation",
        figures: &[
            Figure("healthy receiver alone, 200 events/s, p99", "ms", 2),
            Figure("the same beside 200 that hang and 200 that refuse, p99", "ms", 2),
        ],
        rounds: SELDOM,
        take: |stage| Box::pin(isolation_of(stage)),
    },
    Measure {
        name: "burst",
        figures: &[
            Figure("POST to 202 at 50 events/s, fresh: p99", "ms", 2),
            Figure("POST to 202 at 50 events/s, fresh: the slowest of 1,000", "ms", 1),
            Figure("the same right after a burst of 50,000 events: p99", "ms", 2),
            Figure("the same right after a burst of 50,000 events: the slowest of 1,000", "ms", 1),
        ],
        rounds: SELDOM,
        take: |stage| Box::pin(async { burst::measure(stage).await.concat() }),
    },
    Measure {
        name: "memory",
        figures: &[
            Figure("memory when idle", "MiB", 1),
            Figure("memory 30 s after 100,000 events of 3.3 KB", "MiB", 1),
        ],
        rounds: SELDOM,
        take: |stage| Box::pin(async { memory::measure(stage).await.to_vec() }),
    },
    Measure {
        name: "operations",
        figures: &[
            Figure("beside 100 operations/s: p99 of posts at 200 events/s", "ms", 1),
            Figure("beside 100 operations/s: the longest of these posts", "ms", 1),
            Figure("operations answered", "per second", 1),
        ],
        rounds: SELDOM,
        take: |stage| Box::pin(async { operations::measure(stage, OPERATED).await.to_vec() }),
    },
];

async fn throughput_of(stage: &Stage, callers: usize) -> Vec<f64> {
    let throughput::Throughput { per_second: [_, delivered], cpu_ms } =
        throughput::measure(stage, callers).await;
    vec![delivered, cpu_ms]
}

async fn hundred_of(stage: &Stage) -> Vec<f64> {
    let few = hundred::burst(stage, 50).await;
    let many = hundred::burst(stage, 400).await;
    [few, many, hundred::alone(stage).await].concat()
}

async fn isolation_of(stage: &Stage) -> Vec<f64> {
    vec![isolation::measure(stage, false).await.p99, isolation::measure(stage, true).await.p99]
}
