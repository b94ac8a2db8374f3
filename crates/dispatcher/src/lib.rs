//! Bluehook's dispatcher: an event in, signed HTTP requests out, every attempt recorded.
//!
//! ```no_run
//! # async fn example() -> bluehook_dispatcher::Result<()> {
//! use bluehook_core::event::Event;
//! use bluehook_dispatcher::{Config, Dispatcher, EncryptionKey};
//!
//! let dispatcher = Dispatcher::open(Config::new("bluehook.db", EncryptionKey::generate())).await?;
//! let event = br#"{"event":"TODO_CREATED","companyId":"c","projectId":"p","userId":"u","currentValue":{"title":"Hi"}}"#;
//! let event = Event::parse(event).map_err(bluehook_dispatcher::Error::Invalid)?;
//! let accepted = dispatcher.dispatch(event).await?; // on disk now
//! println!("{} goes to {} webhooks", accepted.id, accepted.deliveries);
//! dispatcher.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! The path of an event, in reading order: [`Dispatcher::dispatch`] → `accept` → `select` → the store's commit →
//! a `worker` → `deliver` → `record`. `rescue` takes up what waits in the store.

// What a caller meets: opening, dispatching, asking, shutting down.
mod dispatcher;

// The path of an event.
mod accept;
mod deliver;
mod lines;
mod record;
mod rescue;
mod select;
mod upkeep;

// Sending again.
mod again;
mod replay;

// What a webhook would get if it chose differently; what its receiver says now.
mod dry_run;
mod test_send;

// What is found out about a URL before it is saved.
mod url_check;

// What changed, for those who follow.
mod changes;

// How a webhook fares, why one is off, and what it was before.
mod cause;
mod fares;
mod health;
mod standing;

// How a webhook fared.
mod activity;
mod stats;
mod sums;

// What happened, in numbers.
mod counters;
mod metrics;

// Making and changing webhooks; the directory.
mod away;
mod checks;
mod choices;
mod creation;
mod hand_over;
mod headers;
mod listing;
mod manage;
mod membership;
mod secrets;
mod switching;
mod telling;

// Who did what.
mod audit;

// What is known in memory.
mod know;

// The threads that send.
mod worker;

// Threads for what takes long.
mod background;

// Starting threads, and telling of one that was lost.
mod threads;

// The only place with sockets.
mod net;

// The only place with SQL.
mod store;

// The schema brought up to date without serving.
mod migrate;

// The keys that a database is sealed with.
mod keys;

// Jobs of the database as a whole.
mod job;

// Where tests end the process.
mod kill;

// What tests of whole dispatchers live in.
#[cfg(test)]
mod house;

// What fuzzing calls.
#[doc(hidden)]
pub mod fuzzed;

// What a caller gives and gets.
mod age;
mod clock;
mod config;
mod conflict;
mod directory;
mod error;
mod failure;
mod id;
mod log;
mod seal;
mod terms;
mod trouble;
mod webhooks;

pub use activity::{Activity, Window};
pub use audit::{Action, AuditQuery, Audited, Author, FieldChange, Note, Object, Who};
pub use cause::{Cause, ErrorClass};
pub use changes::{Change, ChangeQuery, Changes, DeliveryStep, NoPosition, Position, WebhookStep};
pub use checks::MAX_PROJECTS;
pub use clock::Clock;
pub use config::Config;
pub use conflict::Conflict;
pub use directory::{Births, Changed, Company, DirectoryChange, Project, Role, User};
pub use dispatcher::Dispatcher;
pub use dry_run::{Choice, DryRun, Example, MAX_DRY_RUN};
pub use error::{Busy, Counted, Error, Result};
pub use failure::{Failure, FailureKind, Params, Reason};
pub use fares::Fares;
pub use hand_over::{Candidate, Unfit};
pub use health::{Health, HealthState};
pub use job::{Job, JobState};
pub use keys::{is_open, rotate_keys};
pub use know::WebhookCounts;
pub use listing::all_in;
pub use log::{
    Accepted, Attempt, BodyCut, CancelledBecause, Delivery, DeliveryDetail, DeliveryQuery, EventDetail,
    EventQuery, MAX_ATTEMPTS, Outcome, Page, PageQuery, Phases, Response, StoredEvent, Test,
};
pub use membership::{Need, Sight};
pub use metrics::{Histogram, Metrics};
pub use migrate::{Schema, look_at, migrate, schema};
pub use replay::{Replay, ReplayQuery, ReplayState};
pub use seal::{EncryptionKey, Keyring};
pub use secrets::Expected;
pub use standing::{Actor, Backlog, HealthChange, Off, OffBy, Probe, SecretInfo};
pub use stats::{Bucket, ClassCount, Latency, MAX_STATS_DELIVERIES, MAX_SUMMARY_DELIVERIES, Stats, Summary};
pub use terms::Terms;
pub use test_send::Sample;
pub use trouble::Trouble;
pub use url_check::{Certificate, Failed, Step, UrlCheck};
pub use webhooks::{Created, NewWebhook, Rotated, SecretChoice, Updated, WebhookChange, WebhookQuery};
