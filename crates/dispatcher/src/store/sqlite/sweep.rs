//! Taking away what no event of the log is told of any more, and giving back the room: piece by piece, when there are no old
//! events left.

use bluehook_core::time::Millis;
use rusqlite::Connection;

use super::{creations, webhooks};
use crate::Result;

/// The most rows of a kind that one piece takes away.
const PIECE: i64 = 256;

/// The most pages that one piece gives back.
const PAGES: i64 = 64;

/// Takes away one piece of what is from before `before`. True when there may be more.
pub(crate) fn sweep(connection: &Connection, before: Millis) -> Result<bool> {
    creations::forget(connection, before)?;
    let mut more = false;
    for sql in [
        // The numbers of replays and jobs are one row; the last one is never given again.
        "DELETE FROM replays WHERE number IN
           (SELECT number FROM replays WHERE state != 'RUNNING' AND created_at < ?1
              AND number < (SELECT max(number) FROM replays) ORDER BY number LIMIT ?2)",
        "DELETE FROM notifications WHERE number IN
           (SELECT number FROM notifications WHERE created_at < ?1 ORDER BY number LIMIT ?2)",
    ] {
        more |= is_full(connection.prepare_cached(sql)?.execute([before, PIECE])?);
    }
    Ok(more | deleted(connection, before)? | give_back(connection)?)
}

/// Deleted webhooks that nothing in the log is about and for which nothing waits, with what was known of them. The last key of a
/// revision stays known: it is never given again. What is so old and not folded yet may be about any of them.
fn deleted(connection: &Connection, before: Millis) -> Result<bool> {
    let sql = "SELECT key FROM webhooks WHERE deleted_at < ?1 AND lagging_since IS NULL
                 AND NOT EXISTS (SELECT 1 FROM lists WHERE lists.webhook = key)
                 AND NOT EXISTS (SELECT 1 FROM fares WHERE fares.webhook = key AND (live > 0 OR held > 0))
                 AND NOT EXISTS (SELECT 1 FROM replays WHERE replays.webhook = key)
                 AND NOT EXISTS (SELECT 1 FROM creations WHERE creations.webhook = key)
                 AND NOT EXISTS (SELECT 1 FROM changes WHERE commit_number > (SELECT folded FROM sums_made)
                                   AND committed_at < ?1)
               ORDER BY key LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([before, PIECE], |row| row.get(0))?;
    let gone = rows.collect::<rusqlite::Result<Vec<i64>>>()?;
    if !gone.is_empty() {
        webhooks::keep_last_revision(connection)?;
    }
    for key in &gone {
        for sql in [
            "DELETE FROM revisions WHERE webhook = ?1",
            "DELETE FROM fares WHERE webhook = ?1",
            "DELETE FROM sums WHERE webhook = ?1",
            "DELETE FROM webhooks WHERE key = ?1",
        ] {
            connection.prepare_cached(sql)?.execute([key])?;
        }
    }
    Ok(is_full(gone.len()))
}

/// Makes the file smaller while more than a tenth of it is free: what comes next needs some of it.
fn give_back(connection: &Connection) -> Result<bool> {
    let pages = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let free = |all: i64| Ok::<_, rusqlite::Error>(pages("freelist_count")? > all / 10);
    if !free(pages("page_count")?)? {
        return Ok(false);
    }
    connection.execute_batch(&format!("PRAGMA incremental_vacuum({PAGES});"))?;
    Ok(free(pages("page_count")?)?)
}

fn is_full(rows: usize) -> bool {
    i64::try_from(rows).is_ok_and(|rows| rows >= PIECE)
}
