//! What happened since the start and what is under way, in numbers for operators.

/// The numbers of one dispatcher. Counts begin with its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Events that were taken in.
    pub events_accepted: u64,
    /// Events that had been taken in before.
    pub events_duplicate: u64,
    /// Events that were refused because too much waits.
    pub events_refused: u64,
    /// Deliveries that were made.
    pub deliveries_created: u64,
    /// Deliveries that succeeded.
    pub deliveries_succeeded: u64,
    /// Deliveries whose attempts were used up.
    pub deliveries_failed: u64,
    /// Deliveries that were held because their webhook is off.
    pub deliveries_held: u64,
    /// Deliveries that were cancelled because their webhook was deleted.
    pub deliveries_cancelled: u64,
    /// Attempts that failed and are followed by another.
    pub attempts_retried: u64,
    /// Requests that are under way.
    pub in_flight: u64,
    /// Deliveries that are still to be attempted, those under way included.
    pub backlog: u64,
    /// Events that wait for the disk.
    pub queued: u64,
    /// Bytes of the write-ahead log that are in use.
    pub log_bytes: u64,
    /// Whether the write-ahead log cannot be emptied, since something reads the database without an end.
    pub log_held: bool,
    /// How long commits take.
    pub commits: Histogram,
    /// How long attempts take.
    pub attempts: Histogram,
}

/// How often something took how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Upper bounds in microseconds, ascending, each with how many were at most this long but longer than the bound before.
    pub buckets: Vec<(u64, u64)>,
    /// How many were longer than the last bound.
    pub longer: u64,
    /// All of them together, in microseconds.
    pub sum_us: u64,
}
