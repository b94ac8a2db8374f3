//! What is told of events that are gone: rows of lists, revisions, how far numbers were ahead of the clock. It lies by webhook,
//! and only some webhooks are looked at each time.

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::walk;
use crate::{Result, model::WebhookKey, store::numbers::TIMED};

/// The most webhooks that one piece looks at.
const WEBHOOKS: usize = 256;

/// The most rows that one piece takes away.
const ROWS: i64 = 2_048;

/// Goes on after a webhook. True when there is more of one. `may_be_bare` tells whether a delivery of a webhook from a number
/// on may still have to be sent that has no row: it is found by its list.
pub(super) fn take(
    connection: &Connection,
    may_be_bare: &dyn Fn(WebhookKey, i64) -> bool,
    swept: &mut WebhookKey,
) -> Result<bool> {
    let first_event = first_event(connection)?;
    let sql =
        "DELETE FROM clock_steps WHERE number < (SELECT max(number) FROM clock_steps WHERE number <= ?1)";
    connection.prepare_cached(sql)?.execute([first_event])?;
    let first_listed = walk::first_listed(connection)?;
    let mut left = ROWS;
    for _ in 0..WEBHOOKS {
        let Some(key) = next(connection, *swept)? else {
            *swept = 0;
            return Ok(false);
        };
        left -= delete_lists(connection, (key, first_listed), left, |last| may_be_bare(key, last))?;
        left -= delete_revisions(connection, (key, first_event), left)?;
        if left <= 0 {
            return Ok(true);
        }
        *swept = key;
    }
    Ok(false)
}

/// The first event of all; beyond all when there is none.
fn first_event(connection: &Connection) -> Result<i64> {
    let sql = "SELECT number FROM events ORDER BY number LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or(i64::MAX))
}

/// The next webhook, or one that only a list tells of.
fn next(connection: &Connection, after: WebhookKey) -> Result<Option<WebhookKey>> {
    let next = |sql: &str| connection.prepare_cached(sql)?.query_row([after], |row| row.get(0)).optional();
    let webhook = next("SELECT key FROM webhooks WHERE key > ?1 ORDER BY key LIMIT 1")?;
    let listed = next("SELECT webhook FROM lists WHERE webhook > ?1 ORDER BY webhook LIMIT 1")?;
    Ok(webhook.into_iter().chain(listed).min())
}

/// Rows of a webhook's list that tell only of deliveries before one, but for those that are needed still.
fn delete_lists(
    connection: &Connection,
    (key, first): (WebhookKey, i64),
    limit: i64,
    is_needed: impl Fn(i64) -> bool,
) -> Result<i64> {
    let sql = "SELECT last FROM lists WHERE webhook = ?1 AND last < ?2 ORDER BY last LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([key, first, limit], |row| row.get(0))?;
    let (mut before, mut gone) = (0, 0);
    for last in rows.collect::<rusqlite::Result<Vec<i64>>>()? {
        if !is_needed(last) && !tells_of_survivor(connection, before, last)? {
            gone += deleted(connection, "DELETE FROM lists WHERE webhook = ?1 AND last = ?2", &[key, last])?;
        }
        before = last;
    }
    Ok(gone)
}

/// Whether a row that begins after one delivery and ends with another may tell of an event that survived. An event's number lies
/// before those of its deliveries, and behind those of all others before it; from before, when numbers had no time, it does not.
fn tells_of_survivor(connection: &Connection, before: i64, last: i64) -> Result<bool> {
    let (from, to) = if last < TIMED { (0, TIMED) } else { (before, last) };
    let sql = "SELECT 1 FROM survivors WHERE event >= ?1 AND event < ?2 LIMIT 1";
    Ok(connection.prepare_cached(sql)?.exists([from, to])?)
}

/// A webhook's revisions that no event uses any more: there was a later one before the first event.
fn delete_revisions(connection: &Connection, (key, first): (WebhookKey, i64), limit: i64) -> Result<i64> {
    let sql = "DELETE FROM revisions WHERE key IN
                 (SELECT key FROM revisions WHERE webhook = ?1 AND key <
                    (SELECT max(key) FROM revisions WHERE webhook = ?1 AND made_after < ?2) ORDER BY key LIMIT ?3)";
    deleted(connection, sql, &[key, first, limit])
}

fn deleted(connection: &Connection, sql: &str, values: &[i64]) -> Result<i64> {
    let gone = connection.prepare_cached(sql)?.execute(params_from_iter(values))?;
    Ok(i64::try_from(gone).unwrap_or(i64::MAX))
}
