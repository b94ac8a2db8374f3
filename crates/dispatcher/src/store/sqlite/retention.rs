//! Taking away what is older than the retention time, event by event, in pieces that no write has to wait long for.
//!
//! An event stays as long as one of its deliveries is still to be attempted, and no other stays with it. At twice the
//! retention time it goes, too.

use std::collections::HashMap;

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::Connection;

use super::{changes, jobs, settings, sums, sweep};
use crate::{
    Result,
    model::{
        WebhookKey,
        age::Age,
        sums::{Move, SLOT, Slot, hour_of, slot_of},
    },
    store::lane::{Asked, Old, Pruned},
};

// An event, and what goes with it.
mod old;
// What is told of events that are gone: lists, revisions.
mod rest;
// Where old events lie.
mod walk;

/// The setting that has the time as it is believed to be.
const AGE: &str = "believed-time";

/// What time it was believed to be when that was last kept.
pub(crate) fn age(connection: &Connection) -> Result<Option<Age>> {
    Ok(settings::get(connection, AGE)?.and_then(|text| Age::from_text(&text)))
}

/// Keeps what time it is believed to be.
pub(crate) fn keep_age(connection: &Connection, age: &Age) -> Result<()> {
    settings::set(connection, AGE, &age.to_text())
}

/// The most events that one piece looks at.
const PIECE: i64 = 500;

/// The most deliveries, but for those of a piece's last event.
const PIECE_OF_DELIVERIES: i64 = 2_048;

/// The most attempts.
const PIECE_OF_ATTEMPTS: i64 = 4_096;

/// Takes away one piece of what was taken in before a time, in whole hours, and the sums of hours that are gone.
pub(super) fn prune(connection: &Connection, old: &Old<'_>) -> Result<Pruned> {
    let Old { before, now, may_be_bare, is_in_memory, mut swept } = *old;
    let more_changes = changes::delete_before(connection, before, PIECE)?;
    let bounds = Bounds::new(before, now);
    let mut piece = Piece::new(connection, bounds, (may_be_bare, is_in_memory));
    let more = walk::take(&mut piece)?;
    let moves = piece.moves();
    if more {
        return Ok(Pruned { moves, swept, more });
    }
    // With the last of an hour's events its sums go, so that both say the same.
    jobs::delete_before(connection, before)?;
    sums::forget_before(connection, bounds.end)?;
    let more_told = rest::take(connection, may_be_bare, &mut swept)?;
    let more = sweep::sweep(connection, before)? | more_told | more_changes;
    Ok(Pruned { moves, swept, more })
}

/// What is old.
#[derive(Clone, Copy)]
struct Bounds {
    /// The first slot that stays: an hour's first.
    end: Slot,
    /// What is from before this goes, whatever is still to happen to it.
    last: Millis,
    /// The hour that it is.
    hour: Slot,
}

impl Bounds {
    fn new(before: Millis, now: Millis) -> Bounds {
        let last = before.saturating_sub(now.saturating_sub(before).max(0));
        Bounds { end: hour_of(slot_of(before)), last, hour: hour_of(slot_of(now)) }
    }

    fn is_old(&self, age_from: Millis) -> bool {
        age_from < self.end * SLOT
    }
}

/// One piece: what it still may take away, and which deliveries that waited or were held it took away.
struct Piece<'a> {
    connection: &'a Connection,
    bounds: Bounds,
    /// Whether a delivery of a webhook in an event may still have to be sent that has no row.
    may_be_bare: Asked<'a>,
    /// Whether a delivery of a webhook is being sent.
    is_in_memory: Asked<'a>,
    events: i64,
    deliveries: i64,
    attempts: i64,
    gone: HashMap<(WebhookKey, Status), u64>,
}

impl<'a> Piece<'a> {
    fn new(
        connection: &'a Connection,
        bounds: Bounds,
        (may_be_bare, is_in_memory): (Asked<'a>, Asked<'a>),
    ) -> Piece<'a> {
        let (events, deliveries, attempts) = (PIECE, PIECE_OF_DELIVERIES, PIECE_OF_ATTEMPTS);
        let gone = HashMap::new();
        Piece { connection, bounds, may_be_bare, is_in_memory, events, deliveries, attempts, gone }
    }

    /// Whether there is room for one more event.
    fn has_room(&self) -> bool {
        self.events > 0 && self.deliveries > 0 && self.attempts > 0
    }

    /// A delivery is gone that stood there.
    fn is_gone(&mut self, webhook: WebhookKey, status: Status) {
        if status.is_live() || status == Status::Held {
            *self.gone.entry((webhook, status)).or_default() += 1;
        }
    }

    /// What is not there any more, for what counts what waits. The sums do not hear of it: they go with their hour.
    fn moves(self) -> Vec<Move> {
        let gone = |((webhook, status), count)| {
            let moved = Move { from: Some(status), to: None, count, ..Move::made(webhook, 0, status) };
            moved.unsummed()
        };
        self.gone.into_iter().map(gone).collect()
    }
}

#[cfg(test)]
mod tests;
