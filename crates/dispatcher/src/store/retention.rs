//! Taking away what is older than the retention time, in pieces that no write has to wait long for.

use bluehook_core::time::Millis;
use rusqlite::{Connection, OptionalExtension, params};

use crate::Result;

/// The most events that one piece takes away, with their deliveries and attempts.
const PIECE: i64 = 500;

/// Takes away one piece of what is older than `before`. True when there may be more.
///
/// An event stays as long as one of its deliveries is still to be attempted.
pub(crate) fn prune(connection: &Connection, before: Millis) -> Result<bool> {
    let sql = "SELECT number, received_at FROM events ORDER BY number LIMIT 1 OFFSET ?1";
    let piece_end: Option<(i64, Millis)> = connection
        .prepare_cached(sql)?
        .query_row([PIECE], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let sql = "SELECT min(number) FROM events WHERE received_at >= ?1";
    let end = match piece_end {
        Some((number, received_at)) if received_at < before => number,
        _ => match connection.prepare_cached(sql)?.query_row([before], |row| row.get::<_, Option<i64>>(0))? {
            Some(number) => number,
            None => i64::MAX,
        },
    };
    let end = match first_live_event(connection, end)? {
        Some(live) => live.min(end),
        None => end,
    };
    let removed = remove_before(connection, end)?;
    Ok(removed > 0 && piece_end.is_some_and(|(number, _)| number == end))
}

/// The first event before `end` that something is still to happen for.
fn first_live_event(connection: &Connection, end: i64) -> Result<Option<i64>> {
    let sql = "SELECT min(event) FROM deliveries WHERE (due_at IS NOT NULL OR status = 'DELIVERING') AND event < ?1";
    Ok(connection.prepare_cached(sql)?.query_row([end], |row| row.get(0))?)
}

fn remove_before(connection: &Connection, end: i64) -> Result<usize> {
    let sql = "SELECT max(first_delivery + deliveries) FROM events WHERE number < ?1";
    let Some(delivery_end) =
        connection.prepare_cached(sql)?.query_row([end], |row| row.get::<_, Option<i64>>(0))?
    else {
        return Ok(0);
    };
    connection.prepare_cached("DELETE FROM attempts WHERE number < ?1")?.execute([delivery_end * 1_024])?;
    connection.prepare_cached("DELETE FROM deliveries WHERE number < ?1")?.execute([delivery_end])?;
    connection.prepare_cached("DELETE FROM event_ids WHERE event < ?1")?.execute([end])?;
    Ok(connection.prepare_cached("DELETE FROM events WHERE number < ?1")?.execute(params![end])?)
}
