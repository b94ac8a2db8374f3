//! Rows of deliveries.

use std::collections::HashMap;

use bluehook_core::{
    delivery::{Status, Step},
    event::EventType,
    time::Millis,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{attempts::ATTEMPTS_PER_DELIVERY, events, search};
use crate::{
    Result,
    cause::ErrorClass,
    failure::FailureKind,
    id::{Ids, Kind},
    log::{CancelledBecause, Delivery},
};

/// The highest number so far.
pub(crate) fn last(connection: &Connection) -> Result<i64> {
    let sql = "SELECT number FROM deliveries ORDER BY number DESC LIMIT 1";
    Ok(connection.query_row(sql, [], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// A delivery to be put in.
pub(crate) struct NewDelivery {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) webhook: i64,
    pub(crate) revision: i64,
    pub(crate) event_type: EventType,
    pub(crate) status: Status,
    pub(crate) created_at: Millis,
}

pub(crate) fn insert(connection: &Connection, new: &NewDelivery) -> Result<()> {
    let due_at = (new.status == Status::Pending).then_some(new.created_at);
    let sql = "INSERT INTO deliveries (number, event, webhook, revision, type, status, due_at, created_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(sql)?.execute(params![
        new.number,
        new.event,
        new.webhook,
        new.revision,
        new.event_type.name(),
        new.status.name(),
        due_at,
        new.created_at,
    ])?;
    Ok(())
}

/// Notes that a delivery is held because its webhook's filter would have cost too much.
pub(crate) fn hold_by_filter(connection: &Connection, number: i64) -> Result<()> {
    let sql = "INSERT INTO held_by_filter (delivery) VALUES (?1)";
    connection.prepare_cached(sql)?.execute([number])?;
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

/// Moves a delivery on after an attempt. Only one that is under way is moved: false when it is not.
pub(crate) fn settle(connection: &Connection, ending: &Ending) -> Result<bool> {
    let sql = "UPDATE deliveries SET status = ?2, due_at = ?3, tries = ?4, attempts = ?5,
                 first_attempt_at = coalesce(first_attempt_at, ?6), last_attempt_at = ?7, last_status_code = ?8,
                 last_failure = ?9
               WHERE number = ?1 AND status = 'DELIVERING'";
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

/// Moves a delivery that was taken by a worker to where it waits for nobody: `HELD` or `CANCELLED`.
/// Gives it as it was; none when it was not under way.
pub(crate) fn put_aside(connection: &Connection, number: i64, status: Status) -> Result<Option<Moved>> {
    let sql = "UPDATE deliveries SET status = ?2 WHERE number = ?1 AND status = 'DELIVERING'
               RETURNING number, attempts, created_at";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![number, status.name()], moved).optional()?)
}

/// A delivery that moved.
pub(crate) struct Moved {
    pub(crate) number: i64,
    /// How many of its attempts had ended.
    pub(crate) attempts: u32,
    pub(crate) created_at: Millis,
}

fn moved(row: &Row<'_>) -> rusqlite::Result<Moved> {
    Ok(Moved { number: row.get(0)?, attempts: row.get(1)?, created_at: row.get(2)? })
}

/// Where a delivery waits that is not under way: before its first attempt, or between two.
pub(crate) const fn waits_as(attempts: u32) -> Status {
    if attempts == 0 { Status::Pending } else { Status::Retrying }
}

/// Makes everything that was under way when the process ended due now, and tells of each. Returns how many.
pub(crate) fn recover(
    connection: &Connection,
    now: Millis,
    mut tell: impl FnMut(i64, Moved),
) -> Result<usize> {
    let sql =
        "UPDATE deliveries SET status = CASE attempts WHEN 0 THEN 'PENDING' ELSE 'RETRYING' END, due_at = ?1
               WHERE status = 'DELIVERING' RETURNING number, attempts, created_at, webhook";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([now])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        tell(row.get(3)?, moved(row)?);
        count += 1;
    }
    Ok(count)
}

/// Moves what waits to a clock that was set back, by as much as is known: what was attempted at a time that is to come
/// again waits its pause from now.
pub(crate) fn clock_set_back(connection: &Connection, now: Millis, by: Millis) -> Result<()> {
    let sql = "UPDATE deliveries SET first_attempt_at = min(first_attempt_at, ?1), due_at = CASE
                 WHEN status = 'PENDING' THEN ?1
                 WHEN last_attempt_at > ?1 THEN min(?1 + max(due_at - last_attempt_at, 0), max(due_at - ?2, ?1))
                 ELSE max(due_at - ?2, ?1) END
               WHERE due_at > ?1";
    connection.execute(sql, [now, by])?;
    Ok(())
}

/// How many deliveries are still to be attempted.
pub(crate) fn backlog(connection: &Connection) -> Result<i64> {
    let sql = "SELECT (SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL)
                    + (SELECT count(*) FROM deliveries WHERE status = 'DELIVERING')";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// The next webhook after this one that something is waiting for, and when its first is due.
pub(crate) fn next_waiting(connection: &Connection, after: i64) -> Result<Option<(i64, Millis)>> {
    let sql = "SELECT webhook, due_at FROM deliveries WHERE due_at IS NOT NULL AND webhook > ?1
               ORDER BY webhook, due_at LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([after], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// A delivery that was taken out of the store to be attempted.
pub(crate) struct Claimed {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) revision: i64,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Option<Millis>,
    pub(crate) created_at: Millis,
    /// The class of its last attempt, if that failed.
    pub(crate) class: Option<ErrorClass>,
}

/// Takes up to `limit` deliveries of a webhook that are due.
pub(crate) fn claim(
    connection: &Connection,
    webhook: i64,
    now: Millis,
    limit: usize,
) -> Result<Vec<Claimed>> {
    let sql = "UPDATE deliveries SET status = 'DELIVERING', due_at = NULL WHERE number IN
                 (SELECT number FROM deliveries WHERE due_at <= ?2 AND webhook = ?1 ORDER BY due_at LIMIT ?3)
               RETURNING number, event, revision, tries, attempts, first_attempt_at, created_at, last_status_code,
                 last_failure";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![webhook, now, limit_of(limit)], |row| {
        Ok(Claimed {
            number: row.get(0)?,
            event: row.get(1)?,
            revision: row.get(2)?,
            tries: row.get(3)?,
            attempts: row.get(4)?,
            first_attempt_at: row.get(5)?,
            created_at: row.get(6)?,
            class: ErrorClass::of_last(row.get(7)?, row.get_ref(8)?.as_str_or_null()?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Moves up to `limit` waiting deliveries of a webhook that is off or gone to where they wait for nobody. Gives them as
/// they were.
pub(crate) fn put_waiting_aside(
    connection: &Connection,
    webhook: i64,
    status: Status,
    limit: usize,
) -> Result<Vec<Moved>> {
    let sql = "UPDATE deliveries SET status = ?2, due_at = NULL WHERE number IN
                 (SELECT number FROM deliveries WHERE due_at IS NOT NULL AND webhook = ?1 ORDER BY due_at LIMIT ?3)
               RETURNING number, attempts, created_at";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![webhook, status.name(), limit_of(limit)], moved)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Cancels up to `limit` deliveries that are held for a webhook which is gone, the oldest first. Gives them as they were.
pub(crate) fn cancel_held(connection: &Connection, webhook: i64, limit: usize) -> Result<Vec<Moved>> {
    let sql = "UPDATE deliveries SET status = 'CANCELLED' WHERE number IN
                 (SELECT number FROM deliveries INDEXED BY deliveries_by_webhook_and_status
                  WHERE webhook = ?1 AND status = 'HELD' ORDER BY number LIMIT ?2)
               RETURNING number, attempts, created_at";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![webhook, limit_of(limit)], moved)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many deliveries of each webhook wait or are held: the webhook, the status, how many.
pub(crate) fn kept(connection: &Connection) -> Result<Vec<(i64, Status, u64)>> {
    let mut kept = Vec::new();
    for status in [Status::Pending, Status::Retrying, Status::Held] {
        let sql = format!(
            "SELECT webhook, count(*) FROM deliveries WHERE status = '{}' GROUP BY webhook",
            status.name()
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            kept.push((row.get(0)?, status, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0)));
        }
    }
    Ok(kept)
}

/// How many deliveries before a number are held, by webhook.
pub(crate) fn held_before(connection: &Connection, number: i64) -> Result<Vec<(i64, u64)>> {
    let sql =
        "SELECT webhook, count(*) FROM deliveries WHERE status = 'HELD' AND number < ?1 GROUP BY webhook";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement
        .query_map([number], |row| Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// When the oldest delivery of a webhook in a status was made.
pub(crate) fn oldest_in(connection: &Connection, webhook: i64, status: Status) -> Result<Option<Millis>> {
    let sql = format!(
        "SELECT created_at FROM deliveries WHERE webhook = ?1 AND status = '{}' ORDER BY number LIMIT 1",
        status.name()
    );
    Ok(connection.prepare_cached(&sql)?.query_row([webhook], |row| row.get(0)).optional()?)
}

/// The most deliveries under way that are looked at for the oldest of each webhook.
const MAX_UNDER_WAY: i64 = 20_000;

/// When the oldest delivery under way of each webhook was made.
pub(crate) fn oldest_under_way(connection: &Connection) -> Result<HashMap<i64, Millis>> {
    let sql =
        "SELECT webhook, created_at FROM deliveries WHERE status = 'DELIVERING' ORDER BY number LIMIT ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([MAX_UNDER_WAY])?;
    let mut oldest = HashMap::new();
    while let Some(row) = rows.next()? {
        oldest.entry(row.get(0)?).or_insert(row.get(1)?);
    }
    Ok(oldest)
}

/// When the newest delivery of a webhook was made.
pub(crate) fn last_made(connection: &Connection, webhook: i64) -> Result<Option<Millis>> {
    let sql = "SELECT created_at FROM deliveries INDEXED BY deliveries_by_webhook WHERE webhook = ?1
               ORDER BY number DESC LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([webhook], |row| row.get(0)).optional()?)
}

/// The event of the oldest delivery in a status that is live.
pub(crate) fn oldest_event_in(connection: &Connection, status: Status) -> Result<Option<i64>> {
    let index = if status == Status::Delivering { "deliveries_under_way" } else { "deliveries_by_status" };
    let sql = format!(
        "SELECT event FROM deliveries INDEXED BY {index} WHERE status = '{}' ORDER BY number LIMIT 1",
        status.name()
    );
    Ok(connection.prepare_cached(&sql)?.query_row([], |row| row.get(0)).optional()?)
}

/// Takes away up to `limit` attempts of deliveries with a number before this. True when there may be more.
pub(crate) fn delete_attempts_before(connection: &Connection, number: i64, limit: i64) -> Result<bool> {
    let sql = "DELETE FROM attempts WHERE number IN
                 (SELECT number FROM attempts WHERE number < ?1 ORDER BY number LIMIT ?2)";
    let gone = connection.prepare_cached(sql)?.execute([number * ATTEMPTS_PER_DELIVERY, limit])?;
    Ok(i64::try_from(gone).is_ok_and(|gone| gone == limit))
}

/// Takes away every delivery with a number before this. Its attempts are gone.
pub(crate) fn delete_before(connection: &Connection, number: i64) -> Result<()> {
    connection.prepare_cached("DELETE FROM held_by_filter WHERE delivery < ?1")?.execute([number])?;
    connection.prepare_cached("DELETE FROM cancelled WHERE delivery < ?1")?.execute([number])?;
    connection.prepare_cached("DELETE FROM deliveries WHERE number < ?1")?.execute([number])?;
    Ok(())
}

/// Whose a delivery is: its company and its webhook's creator.
pub(crate) fn owner(connection: &Connection, number: i64) -> Result<Option<(String, String)>> {
    let sql =
        "SELECT company_id, created_by_id FROM deliveries JOIN webhooks ON key = webhook WHERE number = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The project that a delivery tells of, and its event's number.
pub(crate) fn told_of(connection: &Connection, number: i64) -> Result<Option<(String, i64)>> {
    let sql = "SELECT e.project_id, e.number FROM deliveries AS d JOIN events AS e ON e.number = d.event
               WHERE d.number = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Where a delivery stands, whose it is, and when it was made.
pub(crate) fn standing(connection: &Connection, number: i64) -> Result<Option<(Status, i64, Millis)>> {
    let sql = "SELECT status, webhook, created_at FROM deliveries WHERE number = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([number], |row| {
        let status = Status::from_name(row.get_ref(0)?.as_str()?).unwrap_or(Status::Pending);
        Ok((status, row.get(1)?, row.get(2)?))
    });
    Ok(found.optional()?)
}

/// Makes a delivery that no worker has due now. One that was settled begins its schedule anew. Gives where it stands then,
/// and how many of its attempts ended.
pub(crate) fn make_due(connection: &Connection, number: i64, now: Millis) -> Result<Option<(Status, u32)>> {
    let sql =
        "UPDATE deliveries SET due_at = ?2, tries = CASE WHEN status = 'RETRYING' THEN tries ELSE 0 END,
                 status = CASE attempts WHEN 0 THEN 'PENDING' ELSE 'RETRYING' END
               WHERE number = ?1 AND status != 'DELIVERING' RETURNING status, attempts";
    connection.prepare_cached("DELETE FROM held_by_filter WHERE delivery = ?1")?.execute([number])?;
    connection.prepare_cached("DELETE FROM cancelled WHERE delivery = ?1")?.execute([number])?;
    let mut statement = connection.prepare_cached(sql)?;
    let moved = statement.query_row([number, now], |row| {
        Ok((Status::from_name(row.get_ref(0)?.as_str()?).unwrap_or(Status::Pending), row.get(1)?))
    });
    Ok(moved.optional()?)
}

/// The number of the first delivery made at or after a time.
pub(crate) fn first_since(connection: &Connection, at: Millis) -> Result<i64> {
    let is_before = "SELECT created_at < ?2 FROM deliveries WHERE number >= ?1 LIMIT 1";
    search::first_since(connection, is_before, last(connection)? + 1, at)
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// What [`read`] reads, of `deliveries AS d JOIN webhooks AS w JOIN events AS e`.
const COLUMNS: &str = "d.number, w.id, e.number, e.caller_id, d.type, e.project_id, d.status, d.attempts, \
    d.created_at, d.last_attempt_at, d.due_at, d.last_status_code, d.last_failure, \
    EXISTS (SELECT 1 FROM held_by_filter AS h WHERE h.delivery = d.number), \
    (SELECT because FROM cancelled AS c WHERE c.delivery = d.number)";

/// The tables that [`COLUMNS`] are of.
const TABLES: &str =
    "deliveries AS d JOIN webhooks AS w ON w.key = d.webhook JOIN events AS e ON e.number = d.event";

/// A delivery as lists show it.
pub(crate) fn listed(connection: &Connection, ids: &Ids, number: i64) -> Result<Option<Delivery>> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE d.number = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([number], |row| read(row, ids)).optional()?)
}

fn read(row: &Row<'_>, ids: &Ids) -> rusqlite::Result<Delivery> {
    let event_id: Option<String> = row.get(3)?;
    let status = Status::from_name(row.get_ref(6)?.as_str()?).unwrap_or(Status::Pending);
    let due_at: Option<Millis> = row.get(10)?;
    Ok(Delivery {
        id: ids.of(Kind::Delivery, row.get(0)?),
        webhook_id: row.get(1)?,
        event_id: event_id.map_or_else(|| row.get(2).map(|number| ids.of(Kind::Event, number)), Ok)?,
        event_type: events::event_type(row, 4)?,
        project_id: row.get(5)?,
        status,
        attempts: row.get(7)?,
        created_at: row.get(8)?,
        last_attempt_at: row.get(9)?,
        next_attempt_at: due_at.filter(|_| status == Status::Retrying),
        last_status_code: row.get(11)?,
        last_error: row.get(12)?,
        held_by_filter: row.get(13)?,
        cancelled_because: match status {
            Status::Cancelled => {
                let because = row.get_ref(14)?.as_str_or_null()?.and_then(CancelledBecause::from_name);
                Some(because.unwrap_or(CancelledBecause::WebhookDeleted))
            }
            _ => None,
        },
        event_number: row.get(2)?,
    })
}

/// A delivery with what is needed to render its body again.
pub(crate) struct Found {
    pub(crate) delivery: Delivery,
    pub(crate) event: i64,
    pub(crate) url: String,
    pub(crate) company_id: String,
    pub(crate) created_by_id: String,
    pub(crate) payload_format: String,
    pub(crate) body_object: String,
}

pub(crate) fn get(connection: &Connection, ids: &Ids, number: i64) -> Result<Option<Found>> {
    let sql = format!(
        "SELECT {COLUMNS}, w.url, w.company_id, w.created_by_id, r.payload_format, r.body_object
         FROM {TABLES} JOIN revisions AS r ON r.key = d.revision WHERE d.number = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row([number], |row| {
        Ok(Found {
            delivery: read(row, ids)?,
            event: row.get(2)?,
            url: row.get(15)?,
            company_id: row.get(16)?,
            created_by_id: row.get(17)?,
            payload_format: row.get(18)?,
            body_object: row.get(19)?,
        })
    });
    Ok(found.optional()?)
}
