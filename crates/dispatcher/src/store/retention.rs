//! Taking away what is older than the retention time, in pieces that no write has to wait long for.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension};

use super::{Context, changes, deliveries, events, jobs, sums};
use crate::{
    Result,
    sums::{Move, SLOT, Slot, hour_of, slot_of},
};

/// The most events that one piece takes away, with their deliveries and attempts.
const PIECE: i64 = 500;

/// Takes away one piece of what was taken in before `before`, in whole hours, and the sums of hours that are gone. True when
/// there may be more.
///
/// An event stays as long as one of its deliveries is still to be attempted, and so do the rest of its hour and what came
/// after it.
pub(crate) fn prune(connection: &Connection, context: &mut Context, before: Millis) -> Result<bool> {
    let more_changes = changes::delete_before(connection, before, PIECE)?;
    let end = end(connection, context.lagging.first(), before)?;
    let piece = events::oldest(connection, PIECE)?;
    let (mut removed, mut delivery_end) = (0, 0);
    for event in piece.iter().take_while(|event| event.received_at < end * SLOT) {
        events::delete(connection, event)?;
        delivery_end = event.first_delivery + event.deliveries;
        removed += 1;
    }
    if removed > 0 {
        for (webhook, count) in deliveries::held_before(connection, delivery_end)? {
            let gone =
                Move { from: Some(Status::Held), to: None, count, ..Move::made(webhook, 0, Status::Held) };
            context.moves_unsummed(gone);
        }
        deliveries::delete_before(connection, delivery_end)?;
    }
    if removed < PIECE {
        jobs::delete_before(connection, before)?;
        sums::forget_before(connection, end)?;
    }
    Ok(removed == PIECE || more_changes)
}

/// The first slot that stays: an hour's first.
fn end(connection: &Connection, owing: Option<i64>, before: Millis) -> Result<Slot> {
    let live = [first_live_event(connection)?, owing].into_iter().flatten().min();
    let live = live.map(|number| events::received_at(connection, number)).transpose()?.flatten();
    Ok(hour_of(slot_of(live.unwrap_or(Millis::MAX).min(before))))
}

/// The first event that something is still to happen for.
fn first_live_event(connection: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT min(first) FROM (SELECT min(event) AS first FROM deliveries WHERE due_at IS NOT NULL
               UNION ALL SELECT min(event) FROM deliveries WHERE status = 'DELIVERING')";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.flatten())
}
