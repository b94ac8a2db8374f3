//! Taking away what is older than the retention time, in pieces that no write has to wait long for.

use bluehook_core::time::Millis;
use rusqlite::{Connection, OptionalExtension};

use super::{changes, deliveries, events};
use crate::Result;

/// The most events that one piece takes away, with their deliveries and attempts.
const PIECE: i64 = 500;

/// Takes away one piece of what was taken in before `before`. True when there may be more.
///
/// An event stays as long as one of its deliveries is still to be attempted, and so does what came after it. `owing` is
/// the first event that a lagging webhook is owed.
pub(crate) fn prune(connection: &Connection, before: Millis, owing: Option<i64>) -> Result<bool> {
    let more_changes = changes::delete_before(connection, before, PIECE)?;
    let piece = events::oldest(connection, PIECE)?;
    let old = piece.iter().take_while(|event| event.received_at < before);
    let live = [first_live_event(connection)?, owing].into_iter().flatten().min().unwrap_or(i64::MAX);
    let (mut removed, mut delivery_end) = (0, 0);
    for event in old.take_while(|event| event.number < live) {
        events::delete(connection, event)?;
        delivery_end = event.first_delivery + event.deliveries;
        removed += 1;
    }
    if removed > 0 {
        deliveries::delete_before(connection, delivery_end)?;
    }
    Ok(removed == PIECE || more_changes)
}

/// The first event that something is still to happen for.
fn first_live_event(connection: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT min(first) FROM (SELECT min(event) AS first FROM deliveries WHERE due_at IS NOT NULL
               UNION ALL SELECT min(event) FROM deliveries WHERE status = 'DELIVERING')";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.flatten())
}
