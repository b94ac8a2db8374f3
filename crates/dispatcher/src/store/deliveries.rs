//! Rows of deliveries: written when something came of one, and when somebody sends it again.

use bluehook_core::{
    delivery::{Status, Step},
    event::EventType,
    time::Millis,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::made::Made;
use crate::{
    Result,
    model::{WebhookKey, cause::ErrorClass, failure::FailureKind, log::CancelledBecause},
};

/// A row to be put in.
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

/// Puts a delivery in that no attempt was made for, where it waits for nobody.
pub(crate) fn insert(connection: &Connection, row: &NewRow, status: Status) -> Result<()> {
    put(connection, row, status, None)
}

/// Puts a delivery in that is due now.
pub(crate) fn insert_due(connection: &Connection, row: &NewRow, now: Millis) -> Result<()> {
    put(connection, row, Status::Pending, Some(now))
}

fn put(connection: &Connection, row: &NewRow, status: Status, due_at: Option<Millis>) -> Result<()> {
    let sql = "INSERT INTO deliveries (number, event, webhook, revision, type, status, due_at, created_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(sql)?.execute(params![
        row.number,
        row.event,
        row.webhook,
        row.revision,
        row.event_type.name(),
        status.name(),
        due_at,
        row.created_at,
    ])?;
    Ok(())
}

/// Notes why a delivery was cancelled although its webhook is there.
pub(crate) fn cancel_because(connection: &Connection, number: i64, because: CancelledBecause) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO cancelled (delivery, because) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute(params![number, because.name()])?;
    Ok(())
}

/// How an attempt ended, for its delivery's row.
pub(crate) struct Ending {
    pub(crate) delivery: i64,
    pub(crate) step: Step,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) started_at: Millis,
    pub(crate) ended_at: Millis,
    pub(crate) status_code: Option<u16>,
    pub(crate) failure: Option<FailureKind>,
}

/// Puts a delivery in with its first attempt.
pub(crate) fn insert_ended(connection: &Connection, row: &NewRow, ending: &Ending) -> Result<()> {
    let sql = "INSERT INTO deliveries (number, event, webhook, revision, type, created_at, status, due_at, tries, attempts,
                 first_attempt_at, last_attempt_at, last_status_code, last_failure)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    connection.prepare_cached(sql)?.execute(params![
        row.number,
        row.event,
        row.webhook,
        row.revision,
        row.event_type.name(),
        row.created_at,
        ending.step.status.name(),
        ending.step.next_attempt_at,
        ending.tries,
        ending.attempts,
        ending.started_at,
        ending.ended_at,
        ending.status_code,
        ending.failure.map(FailureKind::name),
    ])?;
    Ok(())
}

/// Moves a delivery on after an attempt. False when it is not there any more.
pub(crate) fn settle(connection: &Connection, ending: &Ending) -> Result<bool> {
    let sql = "UPDATE deliveries SET status = ?2, due_at = ?3, tries = ?4, attempts = ?5,
                 first_attempt_at = coalesce(first_attempt_at, ?6), last_attempt_at = ?7, last_status_code = ?8,
                 last_failure = ?9
               WHERE number = ?1";
    let moved = connection.prepare_cached(sql)?.execute(params![
        ending.delivery,
        ending.step.status.name(),
        ending.step.next_attempt_at,
        ending.tries,
        ending.attempts,
        ending.started_at,
        ending.ended_at,
        ending.status_code,
        ending.failure.map(FailureKind::name),
    ])?;
    Ok(moved == 1)
}

/// Moves a delivery to where it waits for nobody: `HELD` or `CANCELLED`. Gives how many of its attempts had ended; none when
/// it is not there any more.
pub(crate) fn put_aside(connection: &Connection, number: i64, status: Status) -> Result<Option<u32>> {
    let sql = "UPDATE deliveries SET status = ?2, due_at = NULL WHERE number = ?1 RETURNING attempts";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![number, status.name()], |row| row.get(0)).optional()?)
}

/// A delivery that moved.
pub(crate) struct Moved {
    pub(crate) number: i64,
    /// How many of its attempts had ended.
    pub(crate) attempts: u32,
    pub(crate) created_at: Millis,
}

/// Cancels up to `limit` deliveries that are held for a webhook which is gone, the oldest first. Gives them as they were.
pub(crate) fn cancel_held(connection: &Connection, webhook: WebhookKey, limit: usize) -> Result<Vec<Moved>> {
    let sql = "UPDATE deliveries SET status = 'CANCELLED' WHERE number IN
                 (SELECT number FROM deliveries INDEXED BY deliveries_by_webhook_and_status
                  WHERE webhook = ?1 AND status = 'HELD' ORDER BY number LIMIT ?2)
               RETURNING number, attempts, created_at";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![webhook, limit_of(limit)], |row| {
        Ok(Moved { number: row.get(0)?, attempts: row.get(1)?, created_at: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Where a delivery waits: before its first attempt, or between two.
pub(crate) const fn waits_as(attempts: u32) -> Status {
    if attempts == 0 { Status::Pending } else { Status::Retrying }
}

/// A delivery that waits for its time.
pub(crate) struct Waiting {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) revision: i64,
    pub(crate) due_at: Millis,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Option<Millis>,
    pub(crate) created_at: Millis,
    /// The class of its last attempt, if that failed.
    pub(crate) class: Option<ErrorClass>,
}

/// What waits for its time for a webhook, the first that is due first, at most `limit`.
pub(crate) fn waiting(connection: &Connection, webhook: WebhookKey, limit: usize) -> Result<Vec<Waiting>> {
    let sql = "SELECT number, event, revision, due_at, tries, attempts, first_attempt_at, created_at, last_status_code,
                 last_failure
               FROM deliveries INDEXED BY deliveries_waiting WHERE webhook = ?1 AND due_at IS NOT NULL ORDER BY due_at LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![webhook, limit_of(limit)], read_waiting)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read_waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        number: row.get(0)?,
        event: row.get(1)?,
        revision: row.get(2)?,
        due_at: row.get(3)?,
        tries: row.get(4)?,
        attempts: row.get(5)?,
        first_attempt_at: row.get(6)?,
        created_at: row.get(7)?,
        class: ErrorClass::of_last(row.get(8)?, row.get_ref(9)?.as_str_or_null()?),
    })
}

/// The next webhook after this one that something with a row waits for, and when its first is due.
pub(crate) fn next_waiting(
    connection: &Connection,
    after: WebhookKey,
) -> Result<Option<(WebhookKey, Millis)>> {
    let sql = "SELECT webhook, due_at FROM deliveries INDEXED BY deliveries_waiting
               WHERE due_at IS NOT NULL AND webhook > ?1 ORDER BY webhook, due_at LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([after], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Makes a delivery with a row due now. One that was settled begins its schedule anew. Gives where it stands then, and how many
/// of its attempts ended.
pub(crate) fn make_due(connection: &Connection, number: i64, now: Millis) -> Result<Option<(Status, u32)>> {
    connection.prepare_cached("DELETE FROM held_by_filter WHERE delivery = ?1")?.execute([number])?;
    connection.prepare_cached("DELETE FROM cancelled WHERE delivery = ?1")?.execute([number])?;
    let sql =
        "UPDATE deliveries SET due_at = ?2, tries = CASE WHEN status = 'RETRYING' THEN tries ELSE 0 END,
                 status = CASE attempts WHEN 0 THEN 'PENDING' ELSE 'RETRYING' END
               WHERE number = ?1 RETURNING attempts";
    let mut statement = connection.prepare_cached(sql)?;
    let attempts: Option<u32> = statement.query_row([number, now], |row| row.get(0)).optional()?;
    Ok(attempts.map(|attempts| (waits_as(attempts), attempts)))
}

/// Moves what waits for a webhook to a clock that was set back, by as much as is known, piece by piece: what was attempted at a
/// time that is to come again waits its pause from now. Gives the deliveries that were looked at; when these are `limit`, there
/// may be more.
pub(crate) fn clock_set_back(
    connection: &Connection,
    (webhook, after): (WebhookKey, i64),
    (now, by): (Millis, Millis),
    limit: usize,
) -> Result<Vec<i64>> {
    let of = |status: Status| {
        format!(
            "SELECT number FROM (SELECT number FROM deliveries INDEXED BY deliveries_by_webhook_and_status
               WHERE webhook = ?1 AND status = '{}' AND number > ?2 ORDER BY number LIMIT ?3)",
            status.name()
        )
    };
    let sql = format!("{} UNION ALL {} ORDER BY number LIMIT ?3", of(Status::Pending), of(Status::Retrying));
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![webhook, after, limit_of(limit)], |row| row.get::<_, i64>(0))?;
    let numbers = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let sql = "UPDATE deliveries SET first_attempt_at = min(first_attempt_at, ?2), due_at = CASE
                 WHEN status = 'PENDING' THEN ?2
                 WHEN last_attempt_at > ?2 THEN min(?2 + max(due_at - last_attempt_at, 0), max(due_at - ?3, ?2))
                 ELSE max(due_at - ?3, ?2) END
               WHERE number = ?1 AND due_at > ?2";
    let mut update = connection.prepare_cached(sql)?;
    for number in &numbers {
        update.execute([*number, now, by])?;
    }
    Ok(numbers)
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
