//! Where the lines of webhooks stand: no bare delivery of a webhook that is to be sent is of an event before its cursor. And up
//! to where numbers were given.

use bluehook_core::time::Millis;
use rusqlite::{Connection, OptionalExtension};

use super::{
    numbers::{STEP, Steps, TIMED},
    sequence, settings, webhooks,
};
use crate::{Result, model::WebhookKey};

/// The setting that has the common cursor.
const OPEN_FROM: &str = "open-from";

/// The setting that has what time the clock said when cursors were moved.
const LATEST: &str = "latest-time";

/// The setting that has the last number of a log that was cut.
const LAST_NUMBER: &str = "last-number";

/// The cursor of a webhook: its own, or the common one.
pub(super) fn of(connection: &Connection, webhook: WebhookKey) -> Result<i64> {
    let own = webhooks::cursor(connection, webhook)?;
    own.map_or_else(|| common(connection), Ok)
}

/// The first of all cursors.
pub(super) fn first(connection: &Connection) -> Result<i64> {
    let sql = "SELECT min(lagging_since) FROM webhooks";
    let own: Option<i64> = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let common = common(connection)?;
    Ok(own.map_or(common, |own| own.min(common)))
}

fn common(connection: &Connection) -> Result<i64> {
    Ok(number(connection, OPEN_FROM)?.unwrap_or(0))
}

/// The common cursor, and what time the clock said when it was last moved.
pub(super) fn open_from(connection: &Connection) -> Result<(i64, Option<Millis>)> {
    Ok((common(connection)?, number(connection, LATEST)?))
}

/// Moves the common cursor.
pub(super) fn put_open_from(connection: &Connection, event: i64, at: Millis) -> Result<()> {
    settings::set(connection, OPEN_FROM, &event.to_string())?;
    settings::set(connection, LATEST, &at.to_string())
}

/// The last number that was given: in what is logged, or in what was before it was cut.
pub(super) fn last_number(connection: &Connection) -> Result<i64> {
    let sql = "SELECT number + deliveries * ?1 FROM events WHERE number >= ?2 ORDER BY number DESC LIMIT 1";
    let logged = connection.query_row(sql, [STEP, TIMED], |row| row.get(0)).optional()?;
    let known = [logged, number(connection, LAST_NUMBER)?, Some(sequence::last(connection)?), Some(TIMED)];
    Ok(known.into_iter().flatten().max().unwrap_or(TIMED))
}

/// Keeps the last number beside the log.
pub(super) fn put_last_number(connection: &Connection, last: i64) -> Result<()> {
    if number(connection, LAST_NUMBER)? == Some(last) {
        return Ok(());
    }
    settings::set(connection, LAST_NUMBER, &last.to_string())
}

fn number(connection: &Connection, setting: &str) -> Result<Option<i64>> {
    Ok(settings::get(connection, setting)?.and_then(|text| text.parse().ok()))
}

/// From which numbers on they are ahead of the clock, and by how much.
pub(super) fn steps(connection: &Connection) -> Result<Steps> {
    let mut statement = connection.prepare_cached("SELECT number, ahead FROM clock_steps ORDER BY number")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Steps(rows.collect::<rusqlite::Result<_>>()?))
}

/// From this number on they are.
pub(super) fn put_step(connection: &Connection, number: i64, ahead: Millis) -> Result<()> {
    let sql = "INSERT INTO clock_steps (number, ahead) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute([number, ahead])?;
    Ok(())
}
