//! What a group is made of: changes as plain data. Everything that decides has decided by then.

use std::borrow::Cow;

use bluehook_core::{
    delivery::{Status, Step},
    event::{Event, EventType},
    time::Millis,
    webhook::Webhook,
};

use super::{
    entries::Entries,
    made::{Made, Target},
};
use crate::{
    know::Revision,
    model::{
        WebhookKey,
        age::Age,
        audit::{Author, Note},
        directory::{Births, DirectoryChange, Life},
        failure::FailureKind,
        health::Health,
        job::JobState,
        log::{CancelledBecause, Outcome, Phases},
        replay::{ReplayQuery, ReplayState},
        standing::{HealthChange, Off},
        sums::Move,
    },
};

/// One thing that a group writes. A group names each row once, or in the order in which it changes.
pub(crate) enum Change<'a> {
    /// An event is taken in.
    Event(&'a Event, Place<'a>),
    /// From this number on, numbers are so much ahead of the clock.
    ClockStep { number: i64, ahead: Millis },
    /// Something came of a delivery that was bare: it has a row from now on.
    Row(NewRow, Became<'a>),
    /// A delivery that has a row moves.
    Moved(i64, Became<'a>),
    /// What the group changed, for those who follow, and what it adds to the sums: once in a group, when there is any.
    Commit { number: i64, at: Millis, entries: &'a Entries, moves: &'a [Move] },

    /// The common cursor, and what time the clock said then.
    OpenFrom { event: i64, at: Millis },
    /// The cursor of a webhook's line; none when the common one counts.
    Cursor(WebhookKey, Option<i64>),
    /// What time it is believed to be.
    Age(Age),
    /// The last number that was given.
    LastNumber(i64),
    /// A small setting, or that there is none of this name.
    Setting(&'a str, Option<&'a str>),

    /// A webhook, new or as it is now.
    Webhook(WebhookRow<'a>),
    /// What goes into bodies of it from now on.
    Revision { webhook: WebhookKey, url: &'a str, revision: &'a Revision, made_after: i64 },
    /// What it signs with.
    Secrets(WebhookKey, &'a Secrets),
    /// It is deleted; its log stays.
    Deleted(WebhookKey, Millis),
    /// Why it is off, or that it is on.
    Off(WebhookKey, Option<&'a Off>),
    /// How it fares.
    Health(WebhookKey, &'a Health),
    /// Its health changed; the oldest changes beyond the limit go.
    HealthChanged(WebhookKey, HealthChange),
    /// Its creator is to be told that it was switched off.
    Notice { webhook: WebhookKey, user_id: &'a str, delivery: Option<i64>, at: Millis },

    /// The directory was told something; what is made by that begins a life.
    Directory(&'a DirectoryChange, Option<Life>),
    /// Somebody did something.
    Audit { at: Millis, author: &'a Author, births: Option<Births>, note: &'a Note },

    /// A webhook was made for a caller's key.
    Creation { key: &'a [u8], content: &'a [u8], webhook: WebhookKey, at: Millis },
    /// Callers' keys from before a time are forgotten.
    ForgetCreations { before: Millis },

    /// A replay begins.
    Replay(NewReplay<'a>),
    /// It came so far.
    ReplayReached { number: i64, position: i64, done: i64, skipped: i64 },
    /// It ends, if it goes on.
    ReplayEnded(i64, ReplayState),
    /// A job of the database as a whole begins.
    Job { number: i64, total: u64, at: Millis },
    /// It came so far.
    JobReached { number: i64, position: i64, done: i64 },
    /// It ends, if it goes on.
    JobEnded { number: i64, state: JobState, detail: Option<Cow<'a, str>>, at: Millis },
}

/// Where an event goes in the log.
pub(crate) struct Place<'a> {
    pub(crate) number: i64,
    pub(crate) received_at: Millis,
    /// From when its age counts, where that is not then.
    pub(crate) age_from: Option<Millis>,
    /// The deliveries that it makes.
    pub(crate) targets: &'a [Target],
    /// Its values, packed.
    pub(crate) values: &'a [u8],
}

/// What a delivery's row says of it for good.
#[derive(Clone, Debug)]
pub(crate) struct NewRow {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) webhook: WebhookKey,
    pub(crate) revision: i64,
    pub(crate) event_type: EventType,
    pub(crate) created_at: Millis,
}

impl NewRow {
    /// That of a delivery as it was made.
    pub(crate) fn of(made: &Made) -> NewRow {
        NewRow {
            number: made.number,
            event: made.event,
            webhook: made.webhook,
            revision: made.revision,
            event_type: made.event_type,
            created_at: made.created_at,
        }
    }
}

/// Where a delivery with a row stands from now on.
pub(crate) enum Became<'a> {
    /// An attempt ended so.
    Ended(&'a Ending<'a>),
    /// It waits for a time. What kept it from being sent is forgotten.
    Due { status: Status, tries: u32, at: Millis },
    /// It waits for another time: the clock was set back.
    Postponed { at: Millis, first_attempt_at: Option<Millis> },
    /// It waits for nobody: `HELD` or `CANCELLED`, and why, where its webhook is there.
    Aside(Status, Option<CancelledBecause>),
}

impl Became<'_> {
    /// How an attempt ended, if one did.
    pub(crate) const fn ending(&self) -> Option<&Ending<'_>> {
        match self {
            Became::Ended(ending) => Some(ending),
            _ => None,
        }
    }
}

/// How an attempt ended.
pub(crate) struct Ending<'a> {
    /// What is next.
    pub(crate) step: Step,
    pub(crate) tries: u32,
    pub(crate) ended_at: Millis,
    pub(crate) attempt: NewAttempt<'a>,
}

impl Ending<'_> {
    /// The answer's status code, or why there was none.
    pub(crate) const fn code(&self) -> (Option<u16>, Option<FailureKind>) {
        match self.attempt.outcome {
            Outcome::Response(response) => (Some(response.status_code), None),
            Outcome::Failure(failure) => (None, Some(failure.kind)),
        }
    }
}

/// The most attempts of a delivery that are kept, and one.
pub(crate) const ATTEMPTS_PER_DELIVERY: u32 = 1_024;

/// An attempt to be kept. One beyond [`ATTEMPTS_PER_DELIVERY`] is not.
pub(crate) struct NewAttempt<'a> {
    pub(crate) delivery: i64,
    pub(crate) revision: i64,
    pub(crate) ordinal: u32,
    pub(crate) started_at: Millis,
    pub(crate) duration_us: u64,
    /// Its request's headers, packed ([`super::heads`]).
    pub(crate) head: &'a [u8],
    pub(crate) outcome: &'a Outcome,
    pub(crate) reused: bool,
    pub(crate) phases: &'a Phases,
}

/// Headers as one text, a line each, as on the wire.
pub(crate) fn header_lines<'h>(headers: impl Iterator<Item = (&'h str, &'h str)> + Clone) -> String {
    let length = headers.clone().map(|(name, value)| name.len() + value.len() + 3).sum();
    let mut lines = String::with_capacity(length);
    for (name, value) in headers {
        for part in [name, ": ", value, "\n"] {
            lines.push_str(part);
        }
    }
    lines
}

/// Reads them back.
pub(crate) fn headers_in(lines: &str) -> Vec<(String, String)> {
    let headers = lines.lines().filter_map(|line| line.split_once(": "));
    headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A webhook as it is kept.
pub(crate) struct WebhookRow<'a> {
    pub(crate) key: WebhookKey,
    pub(crate) webhook: &'a Webhook,
    /// The key of its revision.
    pub(crate) revision: i64,
    /// Its headers, sealed, where it has any.
    pub(crate) sealed_headers: Option<Vec<u8>>,
}

/// A webhook's secrets at rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    pub(crate) current: Option<Vec<u8>>,
    pub(crate) made_at: Option<Millis>,
    pub(crate) next: Option<Vec<u8>>,
    pub(crate) next_at: Option<Millis>,
    pub(crate) next_made_at: Option<Millis>,
}

/// A replay to be put in.
pub(crate) struct NewReplay<'a> {
    pub(crate) number: i64,
    pub(crate) webhook: WebhookKey,
    pub(crate) query: &'a ReplayQuery,
    /// The delivery before the first that may be sent again.
    pub(crate) position: i64,
    pub(crate) total: u64,
    pub(crate) at: Millis,
}
