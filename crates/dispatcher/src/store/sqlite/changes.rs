//! Rows of changes: one for each commit that changed something, with all that it changed in a few bytes each.
//!
//! Commits are numbered without gaps, so that whoever comes back with a number knows whether anything is missing.

use std::collections::HashMap;

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Result,
    model::{
        WebhookKey,
        changes::{ChangeQuery, DeliveryStep, Position},
    },
    store::rows::{Changed, Reading},
};

pub(super) use crate::store::entries::{Entries, Entry, read};

/// The most entries that one reading goes through, wanted or not.
const MAX_SCANNED: usize = 50_000;

/// The number after the last commit that changed something.
pub(crate) fn next_commit(connection: &Connection) -> Result<i64> {
    let sql = "SELECT commit_number FROM changes ORDER BY commit_number DESC LIMIT 1";
    let last: Option<i64> = connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    Ok(last.unwrap_or(0) + 1)
}

/// When the last commit that changed something was made.
pub(crate) fn latest(connection: &Connection) -> Result<Option<Millis>> {
    let sql = "SELECT committed_at FROM changes ORDER BY commit_number DESC LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?)
}

/// Puts a commit's changes in, with what it adds to the sums.
pub(crate) fn insert(
    connection: &Connection,
    (commit, at): (i64, Millis),
    entries: &Entries,
    moves: &[u8],
) -> Result<()> {
    let sql = "INSERT INTO changes (commit_number, committed_at, entries, moves) VALUES (?1, ?2, ?3, ?4)";
    let moves = (!moves.is_empty()).then_some(moves);
    connection.prepare_cached(sql)?.execute(params![commit, at, entries.as_bytes(), moves])?;
    Ok(())
}

/// Takes away up to `limit` rows that are older than `before`, of those that are folded; the newest stays, so that numbers go
/// on from it. True when there may be more.
pub(crate) fn delete_before(connection: &Connection, before: Millis, limit: i64) -> Result<bool> {
    let sql = "SELECT commit_number, committed_at FROM changes ORDER BY commit_number LIMIT ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([limit], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Millis>(1)?)))?;
    let oldest = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let Some((commit, _)) = oldest.iter().take_while(|(_, at)| *at < before).last() else { return Ok(false) };
    let sql = "DELETE FROM changes WHERE commit_number <= ?1 AND commit_number < ?2
                 AND commit_number <= (SELECT folded FROM sums_made)";
    let removed = connection.prepare_cached(sql)?.execute([*commit, next_commit(connection)? - 1])?;
    Ok(i64::try_from(removed) == Ok(limit))
}

/// The deliveries that a commit made: the webhook, the number, and where each stood.
pub(crate) fn made(entries: &[u8]) -> impl Iterator<Item = (WebhookKey, i64, Status)> {
    read(entries).filter_map(|entry| match entry {
        Entry::Delivery { webhook, number, step: DeliveryStep::Created, status, .. } => {
            Some((webhook, number, status))
        }
        _ => None,
    })
}

/// The next changes after a place, and before another, that are asked for, at most `limit`.
pub(crate) fn since(
    connection: &Connection,
    (from, end): (Position, Position),
    query: &ChangeQuery,
    limit: usize,
) -> Result<Reading> {
    let start = start(connection, from, end)?;
    let mut reading = Reading { next: start, is_broken: start != from, ..Reading::default() };
    let mut webhooks = Webhooks { connection, query, known: HashMap::new() };
    let sql = "SELECT commit_number, entries FROM changes WHERE commit_number >= ?1 AND commit_number < ?2
               ORDER BY commit_number";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([start.commit, end.commit])?;
    let mut scanned = 0;
    while let Some(row) = rows.next()? {
        let commit = row.get(0)?;
        let seen = if commit == start.commit { start.seen } else { 0 };
        for (place, entry) in (1_u32..).zip(read(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)) {
            if place <= seen {
                continue;
            }
            if reading.rows.len() == limit || scanned == MAX_SCANNED {
                reading.more = true;
                return Ok(reading);
            }
            scanned += 1;
            reading.next = Position { commit, seen: place };
            if let Some(id) = webhooks.wanted(entry.webhook())? {
                reading.rows.push((reading.next, found(entry, id)));
            }
        }
        reading.next = Position { commit: commit + 1, seen: 0 };
    }
    Ok(reading)
}

/// Where to read from: the given place, or the oldest that is still known when there is a gap behind it.
fn start(connection: &Connection, from: Position, end: Position) -> Result<Position> {
    let sql = "SELECT commit_number FROM changes ORDER BY commit_number LIMIT 1";
    let oldest: Option<i64> = connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    let oldest = Position { commit: oldest.unwrap_or(end.commit), seen: 0 };
    Ok(if from < oldest || from > end { oldest } else { from })
}

fn found(entry: Entry, id: &str) -> Changed {
    match entry {
        Entry::Webhook { step, .. } => Changed::Webhook { step, id: id.to_owned() },
        Entry::Delivery { step, status, attempts, number, .. } => {
            Changed::Delivery { step, status, attempts, number }
        }
    }
}

/// The webhooks that one reading met.
struct Webhooks<'a> {
    connection: &'a Connection,
    query: &'a ChangeQuery,
    known: HashMap<WebhookKey, Option<String>>,
}

impl Webhooks<'_> {
    /// The webhook's id, if it is asked for. A deleted one is known, too.
    fn wanted(&mut self, key: WebhookKey) -> Result<Option<&str>> {
        if !self.known.contains_key(&key) {
            let wanted = self.look_up(key)?;
            self.known.insert(key, wanted);
        }
        Ok(self.known.get(&key).and_then(Option::as_deref))
    }

    fn look_up(&self, key: WebhookKey) -> Result<Option<String>> {
        let sql = "SELECT id, company_id, created_by_id FROM webhooks WHERE key = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row([key], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        });
        let found = found.optional()?;
        let covered = found.filter(|(id, company, creator)| self.query.covers(id, company, creator));
        Ok(covered.map(|(id, ..)| id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::schema;

    fn end(connection: &Connection) -> Position {
        Position { commit: next_commit(connection).unwrap(), seen: 0 }
    }

    #[test]
    fn old_rows_go_piece_by_piece_and_numbers_go_on() {
        let connection = Connection::open_in_memory().unwrap();
        schema::bring_up_to_date(&connection).unwrap();
        for commit in 1..=5 {
            insert(&connection, (commit, commit * 10), &Entries::default(), &[]).unwrap();
        }
        assert!(!delete_before(&connection, 40, 2).unwrap(), "nothing is folded");
        connection.execute("UPDATE sums_made SET folded = 5", []).unwrap();
        let is_broken = |commit| {
            let from = Position { commit, seen: 0 };
            since(&connection, (from, end(&connection)), &ChangeQuery::default(), 10).unwrap().is_broken
        };
        assert!(!is_broken(1));
        assert!(delete_before(&connection, 40, 2).unwrap(), "two of three");
        assert!(!delete_before(&connection, 40, 2).unwrap(), "the third");
        assert!(is_broken(3) && !is_broken(4));
        while delete_before(&connection, 1_000, 2).unwrap() {}
        assert_eq!(end(&connection), Position { commit: 6, seen: 0 });
        assert!(is_broken(4) && !is_broken(5) && is_broken(7));
    }
}
