//! Rows: the keys that webhooks were made for.

use bluehook_core::time::Millis;
use rusqlite::{Connection, OptionalExtension, params};

use super::rows::Creation;
use crate::{Result, model::WebhookKey};

/// What was made for a key.
pub(super) fn find(connection: &Connection, key: &[u8]) -> Result<Option<Creation>> {
    let mut statement =
        connection.prepare_cached("SELECT webhook, content, created_at FROM creations WHERE key = ?1")?;
    let found = statement.query_row([key], |row| {
        Ok(Creation { webhook: row.get(0)?, content: row.get(1)?, created_at: row.get(2)? })
    });
    Ok(found.optional()?)
}

/// Notes that a webhook was made for a key.
pub(super) fn insert(
    connection: &Connection,
    (key, content): (&[u8], &[u8]),
    webhook: WebhookKey,
    now: Millis,
) -> Result<()> {
    let sql = "INSERT INTO creations (key, content, webhook, created_at) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![key, content, webhook, now])?;
    Ok(())
}

/// Forgets the keys from before a time.
pub(super) fn forget(connection: &Connection, before: Millis) -> Result<()> {
    connection.prepare_cached("DELETE FROM creations WHERE created_at < ?1")?.execute([before])?;
    Ok(())
}
