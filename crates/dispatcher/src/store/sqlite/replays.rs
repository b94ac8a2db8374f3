//! Rows of replays.

use bluehook_core::{delivery::Status, event::EventType};
use rusqlite::{Connection, OptionalExtension, params};

use super::rows::RunningReplay;
use crate::{
    Result,
    id::{Ids, Kind},
    model::replay::{Replay, ReplayState},
    store::change::NewReplay,
};

/// Puts a replay in.
pub(super) fn insert(connection: &Connection, new: &NewReplay<'_>) -> Result<()> {
    let statuses: Vec<&str> = new.query.statuses().into_iter().map(Status::name).collect();
    let sql =
        "INSERT INTO replays (number, webhook, statuses, type, until, position, state, total, done, created_at, since)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'RUNNING', ?7, 0, ?8, ?9)";
    connection.prepare_cached(sql)?.execute(params![
        new.number,
        new.webhook,
        statuses.join(" "),
        new.query.event.map(EventType::name),
        new.query.until,
        new.position,
        i64::try_from(new.total).unwrap_or(i64::MAX),
        new.at,
        new.query.since,
    ])?;
    Ok(())
}

pub(super) fn get(connection: &Connection, ids: &Ids, number: i64) -> Result<Option<Replay>> {
    let sql = "SELECT r.number, w.id, r.state, r.total, r.done, r.created_at, r.skipped
               FROM replays AS r JOIN webhooks AS w ON w.key = r.webhook WHERE r.number = ?1";
    let found = connection.prepare_cached(sql)?.query_row([number], |row| {
        let count = |column: usize| row.get::<_, i64>(column).map(|n| u64::try_from(n).unwrap_or(0));
        Ok(Replay {
            id: ids.of(Kind::Replay, row.get(0)?),
            webhook_id: row.get(1)?,
            state: ReplayState::from_name(row.get_ref(2)?.as_str()?).unwrap_or(ReplayState::Cancelled),
            total: count(3)?,
            done: count(4)?,
            created_at: row.get(5)?,
            skipped: count(6)?,
        })
    });
    Ok(found.optional()?)
}

/// Every replay that goes on.
pub(super) fn running(connection: &Connection) -> Result<Vec<RunningReplay>> {
    let sql =
        "SELECT number, webhook, statuses, type, until, position, since FROM replays WHERE state = 'RUNNING'";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(RunningReplay {
            number: row.get(0)?,
            webhook: row.get(1)?,
            statuses: row.get_ref(2)?.as_str()?.split(' ').filter_map(Status::from_name).collect(),
            event: row.get_ref(3)?.as_str_or_null()?.and_then(EventType::from_name),
            until: row.get(4)?,
            position: row.get(5)?,
            since: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes how far a replay is, and how many it handed over and passed over on the way there.
pub(super) fn advance(
    connection: &Connection,
    number: i64,
    position: i64,
    (done, skipped): (i64, i64),
) -> Result<()> {
    let sql = "UPDATE replays SET position = ?2, done = done + ?3, skipped = skipped + ?4 WHERE number = ?1";
    connection.prepare_cached(sql)?.execute([number, position, done, skipped])?;
    Ok(())
}

/// Ends a replay that goes on.
pub(super) fn end(connection: &Connection, number: i64, state: ReplayState) -> Result<()> {
    let sql = "UPDATE replays SET state = ?2 WHERE number = ?1 AND state = 'RUNNING'";
    connection.prepare_cached(sql)?.execute(params![number, state.name()])?;
    Ok(())
}
