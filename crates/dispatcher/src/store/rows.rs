//! Rows as they are read.

use std::{collections::HashMap, sync::Arc};

use bluehook_core::{delivery::Status, event::EventType, time::Millis};

use super::{folding::Lists, made::Made};
use crate::{
    know::Revision,
    model::{
        WebhookKey,
        cause::ErrorClass,
        changes::{DeliveryStep, Position, WebhookStep},
        log::Delivery,
    },
};

/// A delivery that waits for its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) revision: i64,
    pub(crate) due_at: Millis,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Option<Millis>,
    pub(crate) last_attempt_at: Option<Millis>,
    pub(crate) created_at: Millis,
    /// The class of its last attempt, if that failed.
    pub(crate) class: Option<ErrorClass>,
}

impl Waiting {
    /// Where it stands.
    pub(crate) const fn status(&self) -> Status {
        waits_as(self.attempts)
    }
}

/// Where a delivery waits: before its first attempt, or between two.
pub(crate) const fn waits_as(attempts: u32) -> Status {
    if attempts == 0 { Status::Pending } else { Status::Retrying }
}

/// A delivery that is held, and has a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) number: i64,
    /// How many of its attempts had ended.
    pub(crate) attempts: u32,
    pub(crate) created_at: Millis,
}

/// How a delivery stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) webhook: WebhookKey,
    pub(crate) status: Status,
    pub(crate) tries: u32,
    /// How many of its attempts ended.
    pub(crate) attempts: u32,
    pub(crate) event_type: EventType,
    pub(crate) created_at: Millis,
    /// How it was made, if it is bare.
    pub(crate) bare: Option<Made>,
}

impl Standing {
    /// How a bare delivery stands.
    pub(crate) fn of_bare(made: Made) -> Standing {
        Standing {
            webhook: made.webhook,
            status: made.how.status(),
            tries: 0,
            attempts: 0,
            event_type: made.event_type,
            created_at: made.created_at,
            bare: Some(made),
        }
    }
}

/// A delivery with what is needed to render its body again.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) delivery: Delivery,
    pub(crate) event: i64,
    pub(crate) url: String,
    pub(crate) company_id: String,
    pub(crate) created_by_id: String,
    pub(crate) payload_format: String,
    pub(crate) body_object: String,
}

/// A delivery of a webhook's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) number: i64,
    /// Whether it was held when it was made.
    pub(crate) was_held: bool,
}

/// The deliveries of commits that are not folded yet, by webhook, numbers rising: read once for a look. Some of them may be in
/// the lists already: what of a webhook's is in its list are its first ones, so the numbers above those are its tail.
#[derive(Default)]
pub(crate) struct Tail(pub(super) Lists);

impl Tail {
    pub(super) fn of(&self, webhook: WebhookKey) -> &[Listed] {
        self.0.get(&webhook).map_or(&[], Vec::as_slice)
    }

    /// Those of a webhook with a number above this one.
    pub(super) fn above(&self, webhook: WebhookKey, number: i64) -> &[Listed] {
        let all = self.of(webhook);
        all.get(all.partition_point(|listed| listed.number <= number)..).unwrap_or_default()
    }

    /// Adds to the deliveries of a webhook's list above `after` those that are not in it yet, until they are `limit`.
    pub(crate) fn go_on(&self, listed: &mut Vec<i64>, webhook: WebhookKey, after: i64, limit: usize) {
        let last = listed.last().copied().unwrap_or(after);
        let more = self.above(webhook, last).iter().map(|listed| listed.number);
        listed.extend(more.take(limit.saturating_sub(listed.len())));
    }
}

/// What was made for a caller's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Creation {
    pub(crate) webhook: WebhookKey,
    pub(crate) content: Vec<u8>,
    pub(crate) created_at: Millis,
}

/// A replay that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunningReplay {
    pub(crate) number: i64,
    pub(crate) webhook: WebhookKey,
    pub(crate) statuses: Vec<Status>,
    pub(crate) event: Option<EventType>,
    pub(crate) since: Millis,
    pub(crate) until: Millis,
    /// The last delivery that was handed over, or the one before the first.
    pub(crate) position: i64,
}

/// Who may be sent what happened in a project, by an event's number.
pub(crate) type MaySend<'a> = &'a dyn Fn(&str, i64) -> bool;

/// The next deliveries of a replay, and whether each may be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Again {
    pub(crate) numbers: Vec<(i64, bool)>,
    /// Up to where was looked; none when there is nothing more.
    pub(crate) reached: Option<i64>,
}

/// A job that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunningJob {
    pub(crate) number: i64,
    /// The last webhook that is done.
    pub(crate) position: i64,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    Webhook { step: WebhookStep, id: String },
    Delivery { step: DeliveryStep, status: Status, attempts: u32, number: i64 },
}

/// What changed after a place.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) rows: Vec<(Position, Changed)>,
    /// The place after them.
    pub(crate) next: Position,
    pub(crate) more: bool,
    /// What followed the place is not there any more.
    pub(crate) is_broken: bool,
}

/// Revisions that were read for one purpose, each once.
#[derive(Default)]
pub(crate) struct Revisions(HashMap<i64, Arc<Revision>>);

impl Revisions {
    /// The revision with this key.
    pub(crate) fn get(&mut self, snapshot: &dyn super::Snapshot, key: i64) -> crate::Result<Arc<Revision>> {
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let found = snapshot.revision(key)?;
        let found = found.ok_or_else(|| crate::Error::Store(format!("revision {key} is missing")))?;
        self.0.insert(key, found.clone());
        Ok(found)
    }
}
