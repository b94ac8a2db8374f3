//! What is told of a delivery: from its row, or, as long as it is bare, from the event that made it.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{
    events, made,
    rows::{Standing, Told},
};
use crate::{
    Result,
    id::{Ids, Kind},
    model::{
        WebhookKey,
        log::{CancelledBecause, Delivery},
    },
    store::made::{Made, MadeAs},
};

/// What [`read`] reads, of [`TABLES`].
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
    let row = connection.prepare_cached(&sql)?.query_row([number], |row| read(row, ids)).optional()?;
    if row.is_some() {
        return Ok(row);
    }
    let Some(made) = bare(connection, number)? else { return Ok(None) };
    let sql =
        "SELECT w.id, e.caller_id FROM events AS e JOIN webhooks AS w ON w.key = ?2 WHERE e.number = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_row([made.event, made.webhook], |row| Ok(read_bare(&made, ids, row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

fn read(row: &Row<'_>, ids: &Ids) -> rusqlite::Result<Delivery> {
    let event_number = row.get(2)?;
    let status = status(row, 6)?;
    let due_at: Option<Millis> = row.get(10)?;
    Ok(Delivery {
        id: ids.of(Kind::Delivery, row.get(0)?),
        webhook_id: row.get(1)?,
        event_id: event_id(ids, row.get(3)?, event_number),
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
        event_number,
    })
}

fn read_bare(made: &Made, ids: &Ids, webhook_id: String, caller_id: Option<String>) -> Delivery {
    Delivery {
        id: ids.of(Kind::Delivery, made.number),
        webhook_id,
        event_id: event_id(ids, caller_id, made.event),
        event_type: made.event_type,
        project_id: made.project_id.clone(),
        status: made.how.status(),
        attempts: 0,
        created_at: made.created_at,
        last_attempt_at: None,
        next_attempt_at: None,
        last_status_code: None,
        last_error: None,
        held_by_filter: made.how == MadeAs::HeldByFilter,
        cancelled_because: None,
        event_number: made.event,
    }
}

/// The id of an event: the caller's, or one of ours.
fn event_id(ids: &Ids, caller_id: Option<String>, number: i64) -> String {
    caller_id.unwrap_or_else(|| ids.of(Kind::Event, number))
}

/// The status in a column.
pub(crate) fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<Status> {
    Ok(Status::from_name(row.get_ref(column)?.as_str()?).unwrap_or(Status::Pending))
}

/// The delivery with this number.
pub(crate) fn get(connection: &Connection, ids: &Ids, number: i64) -> Result<Option<Told>> {
    let Some(delivery) = listed(connection, ids, number)? else { return Ok(None) };
    let (webhook, revision) = match bare(connection, number)? {
        Some(made) => (made.webhook, made.revision),
        None => source(connection, number)?,
    };
    let sql = "SELECT w.url, w.company_id, w.created_by_id, r.payload_format, r.body_object
               FROM webhooks AS w JOIN revisions AS r ON r.key = ?2 WHERE w.key = ?1";
    let found = connection.prepare_cached(sql)?.query_row([webhook, revision], |row| {
        Ok(Told {
            event: delivery.event_number,
            delivery,
            url: row.get(0)?,
            company_id: row.get(1)?,
            created_by_id: row.get(2)?,
            payload_format: row.get(3)?,
            body_object: row.get(4)?,
        })
    });
    Ok(found.optional()?)
}

/// The webhook and the revision of a delivery that has a row.
fn source(connection: &Connection, number: i64) -> Result<(WebhookKey, i64)> {
    let sql = "SELECT webhook, revision FROM deliveries WHERE number = ?1";
    let found = connection.prepare_cached(sql)?.query_row([number], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?.unwrap_or_default())
}

/// Whose a delivery is: its company and its webhook's creator.
pub(crate) fn owner(connection: &Connection, number: i64) -> Result<Option<(String, String)>> {
    let Some(standing) = stands(connection, number)? else { return Ok(None) };
    let sql = "SELECT company_id, created_by_id FROM webhooks WHERE key = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([standing.webhook], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// The project that a delivery tells of, and its event's number.
pub(crate) fn told_of(connection: &Connection, number: i64) -> Result<Option<(String, i64)>> {
    let sql = "SELECT e.project_id, e.number FROM deliveries AS d JOIN events AS e ON e.number = d.event
               WHERE d.number = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let row = statement.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    if row.is_some() {
        return Ok(row);
    }
    Ok(bare(connection, number)?.map(|made| (made.project_id, made.event)))
}

/// How the delivery with this number stands.
pub(crate) fn stands(connection: &Connection, number: i64) -> Result<Option<Standing>> {
    let sql = "SELECT webhook, status, type, created_at, tries, attempts FROM deliveries WHERE number = ?1";
    let row = connection.prepare_cached(sql)?.query_row([number], |row| {
        Ok(Standing {
            webhook: row.get(0)?,
            status: status(row, 1)?,
            event_type: events::event_type(row, 2)?,
            created_at: row.get(3)?,
            tries: row.get(4)?,
            attempts: row.get(5)?,
            bare: None,
        })
    });
    let row = row.optional()?;
    if row.is_some() {
        return Ok(row);
    }
    Ok(made(connection, number)?.map(Standing::of_bare))
}

/// The delivery with this number, if it is bare.
pub(crate) fn bare(connection: &Connection, number: i64) -> Result<Option<Made>> {
    if row_status(connection, number)?.is_some() { Ok(None) } else { made(connection, number) }
}

/// The delivery with this number as it was made. None lies between the number of one and that of the next.
fn made(connection: &Connection, number: i64) -> Result<Option<Made>> {
    Ok(made::by_number(connection, number)?.filter(|made| made.number == number))
}

/// Where a delivery stands that has a row; none when it is bare.
pub(crate) fn row_status(connection: &Connection, number: i64) -> Result<Option<Status>> {
    let mut statement = connection.prepare_cached("SELECT status FROM deliveries WHERE number = ?1")?;
    Ok(statement.query_row([number], |row| status(row, 0)).optional()?)
}

/// When the oldest delivery of a webhook was made that has a row and is in a status.
pub(crate) fn oldest_in(
    connection: &Connection,
    webhook: WebhookKey,
    status: Status,
) -> Result<Option<Millis>> {
    let sql = format!(
        "SELECT created_at FROM deliveries INDEXED BY deliveries_by_webhook_and_status
         WHERE webhook = ?1 AND status = '{}' ORDER BY number LIMIT 1",
        status.name()
    );
    Ok(connection.prepare_cached(&sql)?.query_row([webhook], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests;
