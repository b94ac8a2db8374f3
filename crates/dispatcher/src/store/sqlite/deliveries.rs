//! Rows of deliveries: written when something came of one, and when somebody sends it again.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    attempts, first,
    rows::{Held, Waiting},
};
use crate::{
    Result,
    model::{WebhookKey, cause::ErrorClass, failure::FailureKind, log::CancelledBecause},
    store::change::{Became, Ending, NewRow},
};

/// The largest first attempt that is kept in its delivery's row, in bytes: a row is written whole whenever it moves.
const MAX_IN_ROW: usize = 1_024;

/// Puts a row in for a delivery that something came of. Its first attempt is kept in it, or beside it where it is large.
pub(super) fn insert(connection: &Connection, row: &NewRow, became: &Became<'_>) -> Result<()> {
    let sql = "INSERT INTO deliveries (number, event, webhook, revision, type, created_at, status, due_at, tries, attempts,
                 first_attempt_at, last_attempt_at, last_status_code, last_failure, first_attempt)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    let (status, due_at, tries) = match became {
        Became::Ended(ending) => (ending.step.status, ending.step.next_attempt_at, ending.tries),
        Became::Due { status, tries, at } => (*status, Some(*at), *tries),
        Became::Postponed { at, .. } => (Status::Pending, Some(*at), 0),
        Became::Aside(status, _) => (*status, None, 0),
    };
    let ending = became.ending();
    let (status_code, failure) = ending.map_or((None, None), Ending::code);
    let packed = ending.map(|ending| first::pack(&ending.attempt));
    let is_large = packed.as_ref().is_some_and(|packed| packed.len() > MAX_IN_ROW);
    connection.prepare_cached(sql)?.execute(params![
        row.number,
        row.event,
        row.webhook,
        row.revision,
        row.event_type.name(),
        row.created_at,
        status.name(),
        due_at,
        tries,
        ending.map_or(0, |ending| ending.attempt.ordinal),
        ending.map(|ending| ending.attempt.started_at),
        ending.map(|ending| ending.ended_at),
        status_code,
        failure.map(FailureKind::name),
        packed.filter(|_| !is_large),
    ])?;
    if let Some(ending) = ending.filter(|_| is_large) {
        attempts::insert(connection, &ending.attempt)?;
    }
    if let Became::Aside(_, Some(because)) = became {
        cancel_because(connection, row.number, *because)
    } else {
        Ok(())
    }
}

/// Moves a delivery that has a row.
pub(super) fn update(connection: &Connection, number: i64, became: &Became<'_>) -> Result<()> {
    match became {
        Became::Ended(ending) => settle(connection, number, ending),
        Became::Due { status, tries, at } => {
            for table in ["held_by_filter", "cancelled"] {
                let sql = format!("DELETE FROM {table} WHERE delivery = ?1");
                connection.prepare_cached(&sql)?.execute([number])?;
            }
            let sql = "UPDATE deliveries SET status = ?2, tries = ?3, due_at = ?4 WHERE number = ?1";
            execute(connection, sql, params![number, status.name(), tries, at])
        }
        Became::Postponed { at, first_attempt_at } => {
            let sql = "UPDATE deliveries SET due_at = ?2, first_attempt_at = ?3 WHERE number = ?1";
            execute(connection, sql, params![number, at, first_attempt_at])
        }
        Became::Aside(status, because) => {
            let sql = "UPDATE deliveries SET status = ?2, due_at = NULL WHERE number = ?1";
            execute(connection, sql, params![number, status.name()])?;
            because.map_or(Ok(()), |because| cancel_because(connection, number, because))
        }
    }
}

fn settle(connection: &Connection, number: i64, ending: &Ending<'_>) -> Result<()> {
    let sql = "UPDATE deliveries SET status = ?2, due_at = ?3, tries = ?4, attempts = ?5,
                 first_attempt_at = coalesce(first_attempt_at, ?6), last_attempt_at = ?7, last_status_code = ?8,
                 last_failure = ?9
               WHERE number = ?1";
    let (status_code, failure) = ending.code();
    let values = params![
        number,
        ending.step.status.name(),
        ending.step.next_attempt_at,
        ending.tries,
        ending.attempt.ordinal,
        ending.attempt.started_at,
        ending.ended_at,
        status_code,
        failure.map(FailureKind::name),
    ];
    if connection.prepare_cached(sql)?.execute(values)? == 0 {
        // It is gone: nothing would ever take its attempt away.
        return Ok(());
    }
    attempts::insert(connection, &ending.attempt)
}

/// Notes why a delivery was cancelled although its webhook is there.
fn cancel_because(connection: &Connection, number: i64, because: CancelledBecause) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO cancelled (delivery, because) VALUES (?1, ?2)";
    execute(connection, sql, params![number, because.name()])
}

fn execute(connection: &Connection, sql: &str, values: impl rusqlite::Params) -> Result<()> {
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// The first deliveries with rows that are held for a webhook.
pub(super) fn held(connection: &Connection, webhook: WebhookKey, limit: usize) -> Result<Vec<Held>> {
    let sql =
        "SELECT number, attempts, created_at FROM deliveries INDEXED BY deliveries_by_webhook_and_status
               WHERE webhook = ?1 AND status = 'HELD' ORDER BY number LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![webhook, limit_of(limit)], |row| {
        Ok(Held { number: row.get(0)?, attempts: row.get(1)?, created_at: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const WAITING: &str = "number, event, revision, due_at, tries, attempts, first_attempt_at, created_at, last_status_code, \
                       last_failure, last_attempt_at";

/// What waits for its time for a webhook, what is due first first, at most `limit`.
pub(super) fn waiting(connection: &Connection, webhook: WebhookKey, limit: usize) -> Result<Vec<Waiting>> {
    let sql = format!(
        "SELECT {WAITING} FROM deliveries INDEXED BY deliveries_waiting WHERE webhook = ?1 AND due_at IS NOT NULL
         ORDER BY due_at LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![webhook, limit_of(limit)], read_waiting)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The same by number, above `after`.
pub(super) fn waiting_after(
    connection: &Connection,
    webhook: WebhookKey,
    after: i64,
    limit: usize,
) -> Result<Vec<Waiting>> {
    let of = |status: Status| {
        format!(
            "SELECT * FROM (SELECT {WAITING} FROM deliveries INDEXED BY deliveries_by_webhook_and_status
               WHERE webhook = ?1 AND status = '{}' AND number > ?2 ORDER BY number LIMIT ?3)",
            status.name()
        )
    };
    let sql = format!("{} UNION ALL {} ORDER BY number LIMIT ?3", of(Status::Pending), of(Status::Retrying));
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![webhook, after, limit_of(limit)], read_waiting)?;
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
        last_attempt_at: row.get(10)?,
        created_at: row.get(7)?,
        class: ErrorClass::of_last(row.get(8)?, row.get_ref(9)?.as_str_or_null()?),
    })
}

/// The next webhook after this one that something with a row waits for, and when its first is due.
pub(super) fn next_waiting(
    connection: &Connection,
    after: WebhookKey,
) -> Result<Option<(WebhookKey, Millis)>> {
    let sql = "SELECT webhook, due_at FROM deliveries INDEXED BY deliveries_waiting
               WHERE due_at IS NOT NULL AND webhook > ?1 ORDER BY webhook, due_at LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([after], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
