//! What statistics look at: a webhook's newest deliveries with their attempts, by its index.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, params};

use super::{attempts::ATTEMPTS_PER_DELIVERY, deliveries};
use crate::{
    Result,
    cause::ErrorClass,
    know::WebhookKey,
    stats::{MAX_STATS_DELIVERIES, MAX_SUMMARY_DELIVERIES, Seen, Summary},
};

/// Shows the newest deliveries of a webhook that were made since a time, newest first, up to the limit. Gives whether
/// there were more.
pub(crate) fn newest(
    connection: &Connection,
    webhook: WebhookKey,
    since: Millis,
    mut show: impl FnMut(Seen),
) -> Result<bool> {
    let sql = "SELECT number, status, created_at FROM deliveries WHERE webhook = ?1 AND number >= ?2
               ORDER BY number DESC LIMIT ?3";
    let limit = i64::try_from(MAX_STATS_DELIVERIES + 1).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![webhook, deliveries::first_since(connection, since)?, limit])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        if count == MAX_STATS_DELIVERIES {
            return Ok(true);
        }
        count += 1;
        let status = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        show(Seen {
            status: Status::from_name(status).unwrap_or(Status::Pending),
            created_at: row.get(2)?,
            attempts: attempts(connection, row.get(0)?)?,
        });
    }
    Ok(false)
}

/// How the newest deliveries of a webhook fared.
pub(crate) fn summary(connection: &Connection, webhook: WebhookKey) -> Result<Summary> {
    let sql = "SELECT status FROM deliveries INDEXED BY deliveries_by_webhook WHERE webhook = ?1
               ORDER BY number DESC LIMIT ?2";
    let limit = i64::try_from(MAX_SUMMARY_DELIVERIES).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![webhook, limit])?;
    let mut summary = Summary::default();
    while let Some(row) = rows.next()? {
        let status = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        summary.add(Status::from_name(status).unwrap_or(Status::Pending));
    }
    Ok(summary)
}

/// How long each attempt of a delivery took, and the class of those that failed.
fn attempts(connection: &Connection, delivery: i64) -> Result<Vec<(u64, Option<ErrorClass>)>> {
    let sql = "SELECT duration_us, status_code, failure FROM attempts WHERE number >= ?1 AND number < ?2";
    let from = delivery * ATTEMPTS_PER_DELIVERY;
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([from, from + ATTEMPTS_PER_DELIVERY], |row| {
        let took = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
        Ok((took, ErrorClass::of_last(row.get(1)?, row.get_ref(2)?.as_str_or_null()?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
