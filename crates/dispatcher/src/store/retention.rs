//! Taking away what is older than the retention time, in pieces that no write has to wait long for.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::Connection;

use super::{Context, changes, deliveries, events, jobs, settings, sums, sweep};
use crate::{
    Result,
    age::Age,
    sums::{Move, SLOT, Slot, hour_of, slot_of},
};

/// The setting that has the time as it is believed to be.
const AGE: &str = "believed-time";

/// What time it was believed to be when that was last kept.
pub(crate) fn age(connection: &Connection) -> Result<Option<Age>> {
    Ok(settings::get(connection, AGE)?.and_then(|text| Age::from_text(&text)))
}

/// Keeps what time it is believed to be, and gives it.
pub(crate) fn keep_age(connection: &Connection, context: &mut Context) -> Result<Millis> {
    let age = context.ageing.keep(&context.clock);
    settings::set(connection, AGE, &age.to_text())?;
    Ok(age.now)
}

/// The most events that one piece takes away.
const PIECE: i64 = 500;

/// The most deliveries, but for those of a piece's last event.
const PIECE_OF_DELIVERIES: i64 = 2_048;

/// The most attempts, or rows of something else beside deliveries.
const PIECE_OF_ATTEMPTS: i64 = 4_096;

/// Takes away one piece of what was taken in before `before`, in whole hours, and the sums of hours that are gone. True when
/// there may be more.
///
/// An event stays as long as one of its deliveries is still to be attempted, and so do the rest of its hour and what came
/// after it.
pub(crate) fn prune(connection: &Connection, context: &mut Context, before: Millis) -> Result<bool> {
    let more_changes = changes::delete_before(connection, before, PIECE)?;
    let end = end(connection, context.lagging.first(), before)?;
    let (piece, is_last) = piece(connection, end)?;
    if let Some(last) = piece.last() {
        let delivery_end = last.first_delivery + last.deliveries;
        if deliveries::delete_attempts_before(connection, delivery_end, PIECE_OF_ATTEMPTS)? {
            return Ok(true);
        }
        for (webhook, count) in deliveries::held_before(connection, delivery_end)? {
            let gone =
                Move { from: Some(Status::Held), to: None, count, ..Move::made(webhook, 0, Status::Held) };
            context.moves_unsummed(gone);
        }
        deliveries::delete_before(connection, delivery_end)?;
        piece.iter().try_for_each(|event| events::delete(connection, event))?;
    }
    if !is_last {
        return Ok(true);
    }
    // With the last of an hour's events its sums go, so that both say the same.
    jobs::delete_before(connection, before)?;
    sums::forget_before(connection, end)?;
    Ok(sweep::sweep(connection, before)? || more_changes)
}

/// The oldest events that go, as many as one piece takes away; and whether there are no more.
fn piece(connection: &Connection, end: Slot) -> Result<(Vec<events::Old>, bool)> {
    let mut piece = events::oldest(connection, PIECE)?;
    let looked_at = piece.len();
    piece.retain(|event| event.received_at < end * SLOT);
    let (old, mut deliveries) = (piece.len(), 0);
    let has_room = |event: &events::Old| {
        let has_room = deliveries < PIECE_OF_DELIVERIES;
        deliveries += event.deliveries;
        has_room
    };
    let count = piece.iter().map(has_room).take_while(|has_room| *has_room).count();
    piece.truncate(count);
    let is_last = count == old && (old < looked_at || i64::try_from(looked_at).is_ok_and(|n| n < PIECE));
    Ok((piece, is_last))
}

/// The first slot that stays: an hour's first.
fn end(connection: &Connection, owing: Option<i64>, before: Millis) -> Result<Slot> {
    let live = [first_live_event(connection)?, owing].into_iter().flatten().min();
    let live = live.map(|number| events::received_at(connection, number)).transpose()?.flatten();
    Ok(hour_of(slot_of(live.unwrap_or(Millis::MAX).min(before))))
}

/// The first event that something is still to happen for. Events and their deliveries are in one order.
fn first_live_event(connection: &Connection) -> Result<Option<i64>> {
    let mut first = None;
    for status in Status::ALL.into_iter().filter(|status| status.is_live()) {
        let oldest = deliveries::oldest_event_in(connection, status)?;
        first = [first, oldest].into_iter().flatten().min();
    }
    Ok(first)
}
