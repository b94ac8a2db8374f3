//! Plain data, and rules without I/O.

// Why an attempt failed.
pub(crate) mod cause;
pub(crate) mod failure;

// Events, deliveries and attempts as they are told.
pub(crate) mod log;

// How a webhook fares, why one is off, and what it was before.
pub(crate) mod health;
pub(crate) mod standing;

// How a webhook fared.
pub(crate) mod stats;
pub(crate) mod sums;

// What is asked for, and what is told.
pub(crate) mod audit;
pub(crate) mod changes;
pub(crate) mod directory;
pub(crate) mod dry_run;
pub(crate) mod job;
pub(crate) mod metrics;
pub(crate) mod replay;
pub(crate) mod url_check;
pub(crate) mod webhooks;

// What time it is believed to be.
pub(crate) mod age;

/// A webhook's number in the store.
pub(crate) type WebhookKey = i64;
