//! The sequence numbers of events from before they were their numbers.

use bluehook_core::{request, time::Millis};
use rusqlite::{Connection, OptionalExtension};

use super::{numbers, settings};
use crate::Result;

/// The setting that has the last number of a log that was cut.
const NAME: &str = "last-sequence";
/// The lane of events from before numbers were kept.
const OLD_LANE: i64 = 1_023;

/// The sequence number of an event: its number, or the one that was kept, or one made of what is known of it.
pub(super) fn of(kept: Option<i64>, received_at: Millis, number: i64) -> i64 {
    if number >= numbers::TIMED {
        return number;
    }
    kept.unwrap_or_else(|| request::first_sequence(received_at) | (number & 0xfff) << 10 | OLD_LANE)
}

/// The last number that was given out.
pub(super) fn last(connection: &Connection) -> Result<i64> {
    let sql = "SELECT sequence, received_at, number FROM events ORDER BY number DESC LIMIT 1";
    let newest =
        connection.query_row(sql, [], |row| Ok(of(row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let kept = kept(connection)?;
    Ok(newest.into_iter().chain(kept).max().unwrap_or(0))
}

fn kept(connection: &Connection) -> Result<Option<i64>> {
    Ok(settings::get(connection, NAME)?.and_then(|text| text.parse().ok()))
}
