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
//! The path of an event, in reading order: [`Dispatcher::dispatch`] → `know::select` → `ledger::accept` and
//! the commit → a `send::worker` → `send::deliver` → `ledger::record`. `schedule::rescue` takes up what waits in the store.
//!
//! The modules are rooms: who stands below in this file imports none that stands above, which `cargo xtask lint` checks.

// Opening, wiring, shutting down.
mod dispatcher;

// What people ask for.
mod features;

// What goes on by and by.
mod schedule;

// The threads that send, and the only place with sockets.
mod send;

// The thread that writes, and what is decided as it writes.
mod ledger;

// What goes between those two.
mod line;

// What is decided, as pure rules.
mod decide;

// The store: groups of changes in, rows out.
mod store;

// What is known in memory.
mod know;

// Plain data, and rules without I/O.
mod model;

// The ground: threads, time, settings, errors, ids, secrets.
mod background;
mod clock;
mod config;
mod conflict;
mod error;
mod id;
mod kill;
mod seal;
mod terms;
mod threads;
mod trouble;

// What tests of whole dispatchers live in.
#[cfg(test)]
mod house;

// What fuzzing calls.
#[doc(hidden)]
pub mod fuzzed;

pub use clock::Clock;
pub use config::Config;
pub use conflict::Conflict;
pub use error::{Busy, Counted, Error, Result};
pub use features::{
    Dispatcher,
    activity::{Activity, Window},
    changes::{Change, Changes, NoPosition},
    checks::MAX_PROJECTS,
    dry_run::{Choice, DryRun, MAX_DRY_RUN},
    fares::Fares,
    hand_over::{Candidate, Unfit},
    keys::{is_open, rotate_keys},
    listing::all_in,
    membership::Sight,
    migrate::{Schema, look_at, migrate, schema},
    secrets::Expected,
    test_send::Sample,
};
pub use know::{WebhookCounts, membership::Need};
pub use model::{
    audit::{Action, AuditQuery, Audited, Author, FieldChange, Note, Object, Who},
    cause::{Cause, ErrorClass},
    changes::{ChangeQuery, DeliveryStep, Position, WebhookStep},
    directory::{Births, Changed, Company, DirectoryChange, Project, Role, User},
    dry_run::Example,
    failure::{Failure, FailureKind, Params, Reason},
    health::{Health, HealthState},
    job::{Job, JobState},
    log::{
        Accepted, Attempt, BodyCut, CancelledBecause, Delivery, DeliveryDetail, DeliveryQuery, EventDetail,
        EventQuery, MAX_ATTEMPTS, Outcome, Page, PageQuery, Phases, Response, StoredEvent, Test,
    },
    metrics::{Histogram, Metrics},
    replay::{Replay, ReplayQuery, ReplayState},
    standing::{Actor, Backlog, HealthChange, Off, OffBy, Probe, SecretInfo},
    stats::{Bucket, ClassCount, Latency, MAX_STATS_DELIVERIES, MAX_SUMMARY_DELIVERIES, Stats, Summary},
    url_check::{Certificate, Failed, Step, UrlCheck},
    webhooks::{Created, NewWebhook, Rotated, SecretChoice, Updated, WebhookChange, WebhookQuery},
};
pub use seal::{EncryptionKey, Keyring};
pub use terms::Terms;
pub use trouble::Trouble;
