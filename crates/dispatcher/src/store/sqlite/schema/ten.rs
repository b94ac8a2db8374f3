//! The tenth step. From here on no row is `DELIVERING`, and what is owed has no row; so what was under way waits again, what
//! was owed is written out for the last time, and lists and counts are made from the rows that there are.

use std::{collections::HashMap, ops::Range};

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Result,
    model::{WebhookKey, changes::DeliveryStep, sums::Move},
    store::{
        folding::{Fares, Lists},
        sqlite::{
            changes::{self, Entries, Entry},
            fares,
            lists::of_webhook::{Listed, making},
            packed, sums,
        },
    },
};

/// The most deliveries that one row of changes tells of.
const TOLD: usize = 4_096;

/// The most numbers that are put into lists at once.
const LISTED: usize = 65_536;

/// Hours are made of slots later, when there is a clock to ask.
const NO_TIME: Millis = 0;

/// What comes after the step's SQL.
pub(super) fn take(connection: &Connection) -> Result<()> {
    let mut telling = Telling::begin(connection)?;
    recover(connection, &mut telling)?;
    write_out(connection, &mut telling)?;
    telling.end()?;
    // Sums only: lists and counts are made from the rows.
    sums::fold_without_lists(connection, NO_TIME)?;
    list(connection)?;
    count(connection)?;
    // Nothing is owed any more, and the place before the values is the right one for targets: those behind them would be found
    // by reading the values.
    let sql = "ALTER TABLE events RENAME COLUMN owed_to TO targets;
               DROP INDEX deliveries_under_way; DROP INDEX deliveries_by_webhook;";
    Ok(connection.execute_batch(sql)?)
}

/// What the step changes, for the sums and for those who follow.
struct Telling<'c> {
    connection: &'c Connection,
    /// When the last commit was made.
    at: Millis,
    /// The deliveries that are not in the sums yet.
    uncounted: Range<i64>,
    entries: Entries,
    moves: Vec<Move>,
    count: usize,
}

impl<'c> Telling<'c> {
    fn begin(connection: &'c Connection) -> Result<Telling<'c>> {
        let sql = "SELECT received_at FROM events ORDER BY number DESC LIMIT 1";
        let logged = connection.query_row(sql, [], |row| row.get(0)).optional()?;
        let at = changes::latest(connection)?.or(logged).unwrap_or(NO_TIME);
        let (entries, uncounted) = (Entries::default(), sums::uncounted(connection)?);
        Ok(Telling { connection, at, uncounted, entries, moves: Vec::new(), count: 0 })
    }

    /// A delivery moved, or was made.
    fn tell(&mut self, number: i64, moved: Move, created: Option<Status>) -> Result<()> {
        if let Some(status) = created {
            let (webhook, step) = (moved.webhook, DeliveryStep::Created);
            self.entries.push(Entry::Delivery { webhook, number, step, status, attempts: 0 });
        }
        if !self.uncounted.contains(&number) {
            self.moves.push(moved);
        }
        self.count += 1;
        if self.count == TOLD { self.end() } else { Ok(()) }
    }

    /// Writes a row of changes.
    fn end(&mut self) -> Result<()> {
        if !self.entries.is_empty() || !self.moves.is_empty() {
            let commit = changes::next_commit(self.connection)?;
            let moves = sums::pack(self.moves.iter());
            changes::insert(self.connection, (commit, self.at), &self.entries, &moves)?;
        }
        self.entries.clear();
        self.moves.clear();
        self.count = 0;
        Ok(())
    }
}

/// What was under way when the process ended is due since it was last attempted, or made.
fn recover(connection: &Connection, telling: &mut Telling<'_>) -> Result<()> {
    let sql = "UPDATE deliveries SET status = CASE attempts WHEN 0 THEN 'PENDING' ELSE 'RETRYING' END,
                 due_at = coalesce(last_attempt_at, created_at)
               WHERE status = 'DELIVERING' RETURNING number, webhook, attempts, created_at";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let status = if row.get::<_, i64>(2)? == 0 { Status::Pending } else { Status::Retrying };
        let moved = Move::moved(row.get(1)?, row.get(3)?, Status::Delivering, status);
        telling.tell(row.get(0)?, moved, None)?;
    }
    Ok(())
}

/// A webhook that is owed events.
struct Lagging {
    /// The first event that it is owed.
    since: i64,
    revision: i64,
    /// Where deliveries to it stand that are made now.
    status: Status,
}

fn lagging(connection: &Connection) -> Result<HashMap<WebhookKey, Lagging>> {
    let sql = "SELECT key, lagging_since, revision, enabled, deleted_at IS NOT NULL FROM webhooks
               WHERE lagging_since IS NOT NULL";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let status = match (row.get(4)?, row.get(3)?) {
            (true, _) => Status::Cancelled,
            (false, false) => Status::Held,
            (false, true) => Status::Pending,
        };
        Ok((row.get(0)?, Lagging { since: row.get(1)?, revision: row.get(2)?, status }))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What events owe becomes rows. An event's last deliveries are those that it owes, in the order of its list.
fn write_out(connection: &Connection, telling: &mut Telling<'_>) -> Result<()> {
    let lagging = lagging(connection)?;
    if let Some(first) = lagging.values().map(|lagging| lagging.since).min() {
        let sql = "SELECT number, type, received_at, first_delivery + deliveries, owed_to FROM events
                   WHERE number >= ?1 AND owed_to IS NOT NULL ORDER BY number";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([first])?;
        while let Some(row) = rows.next()? {
            let owed_to = keys(row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?);
            let end: i64 = row.get(3)?;
            let numbers = end.saturating_sub_unsigned(u64::try_from(owed_to.len()).unwrap_or(0))..end;
            let owing = Owing { event: row.get(0)?, event_type: row.get(1)?, received_at: row.get(2)? };
            for (number, webhook) in numbers.zip(owed_to) {
                let owed = lagging.get(&webhook).filter(|owed| owed.since <= owing.event);
                if let Some(owed) = owed {
                    owing.write_out(connection, telling, (number, webhook), owed)?;
                }
            }
        }
    }
    let sql = "UPDATE webhooks SET lagging_since = NULL WHERE lagging_since IS NOT NULL;
               UPDATE events SET owed_to = NULL WHERE owed_to IS NOT NULL;";
    Ok(connection.execute_batch(sql)?)
}

/// An event that owes something.
struct Owing {
    event: i64,
    event_type: String,
    received_at: Millis,
}

impl Owing {
    fn write_out(
        &self,
        connection: &Connection,
        telling: &mut Telling<'_>,
        (number, webhook): (i64, WebhookKey),
        owed: &Lagging,
    ) -> Result<()> {
        let due_at = (owed.status == Status::Pending).then_some(self.received_at);
        let sql =
            "INSERT INTO deliveries (number, event, webhook, revision, type, status, due_at, created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        connection.prepare_cached(sql)?.execute(params![
            number,
            self.event,
            webhook,
            owed.revision,
            self.event_type,
            owed.status.name(),
            due_at,
            self.received_at,
        ])?;
        telling.tell(number, Move::made(webhook, self.received_at, owed.status), Some(owed.status))
    }
}

fn keys(bytes: &[u8]) -> Vec<WebhookKey> {
    let mut rest = bytes;
    std::iter::from_fn(|| i64::try_from(packed::take(&mut rest)?).ok()).collect()
}

/// Every row is in its webhook's list. What of them is held is found by the index of the rows.
fn list(connection: &Connection) -> Result<()> {
    let sql =
        "SELECT webhook, number FROM deliveries INDEXED BY deliveries_by_webhook ORDER BY webhook, number";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let (mut lists, mut count) = (Lists::default(), 0);
    while let Some(row) = rows.next()? {
        making::add_one(&mut lists, row.get(0)?, Listed { number: row.get(1)?, was_held: false });
        count += 1;
        if count % LISTED == 0 {
            making::put_all(connection, &std::mem::take(&mut lists))?;
        }
    }
    making::put_all(connection, &lists)
}

/// How many deliveries of each webhook stand where.
fn count(connection: &Connection) -> Result<()> {
    let mut gathered = Fares::new();
    for status in [Status::Pending, Status::Retrying, Status::Held] {
        // Written out, so that the index of what is rare is used.
        let sql = format!(
            "SELECT webhook, count(*) FROM deliveries WHERE status = '{}' GROUP BY webhook",
            status.name()
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let count = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
            fares::count(&mut gathered, &Move { count, ..Move::made(row.get(0)?, 0, status) });
        }
    }
    fares::add(connection, &gathered)
}

#[cfg(test)]
mod tests;
