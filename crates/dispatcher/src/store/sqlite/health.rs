//! Rows of how webhooks fare, of why they are off, and of what their health was.

use std::collections::HashMap;

use bluehook_core::time::Millis;
use rusqlite::{Connection, Row, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error, Result,
    model::{
        WebhookKey,
        cause::Cause,
        health::{Health, HealthState},
        standing::{HealthChange, Off, OffBy, Probe},
    },
};

/// The most changes of health that are kept of one webhook.
pub(crate) const MAX_HISTORY: usize = 200;

/// Notes how a webhook fares.
pub(crate) fn put(connection: &Connection, webhook: WebhookKey, health: &Health) -> Result<()> {
    let sql = "INSERT INTO health (webhook, state, since, on_since, last_attempt_at, last_success_at, failures, cause)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
               ON CONFLICT (webhook) DO UPDATE SET state = excluded.state, since = excluded.since,
                 on_since = excluded.on_since, last_attempt_at = excluded.last_attempt_at,
                 last_success_at = excluded.last_success_at, failures = excluded.failures, cause = excluded.cause";
    connection.prepare_cached(sql)?.execute(params![
        webhook,
        health.state.name(),
        health.since,
        health.on_since,
        health.last_attempt_at,
        health.last_success_at,
        health.failures,
        health.cause.as_ref().map(json).transpose()?,
    ])?;
    Ok(())
}

/// How every webhook fares.
pub(crate) fn load(connection: &Connection) -> Result<HashMap<WebhookKey, Health>> {
    let sql = "SELECT webhook, state, since, on_since, last_attempt_at, last_success_at, failures, cause FROM health";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut healths = HashMap::new();
    while let Some(row) = rows.next()? {
        let health = Health {
            state: state(row, 1)?,
            since: row.get(2)?,
            on_since: row.get(3)?,
            last_attempt_at: row.get(4)?,
            last_success_at: row.get(5)?,
            failures: row.get(6)?,
            cause: read(row, 7)?,
        };
        healths.insert(row.get(0)?, health);
    }
    Ok(healths)
}

fn state(row: &Row<'_>, column: usize) -> Result<HealthState> {
    let word = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(HealthState::from_name(word).unwrap_or(HealthState::Working))
}

/// Notes why a webhook is off, or that it is on.
pub(crate) fn put_off(connection: &Connection, webhook: WebhookKey, off: Option<&Off>) -> Result<()> {
    let Some(off) = off else {
        connection.prepare_cached("DELETE FROM switched_off WHERE webhook = ?1")?.execute([webhook])?;
        return Ok(());
    };
    let sql = "INSERT INTO switched_off (webhook, by, at, person, cause, probe) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (webhook) DO UPDATE SET by = excluded.by, at = excluded.at, person = excluded.person,
                 cause = excluded.cause, probe = excluded.probe";
    connection.prepare_cached(sql)?.execute(params![
        webhook,
        off.by.name(),
        off.at,
        off.person,
        off.cause.as_ref().map(json).transpose()?,
        off.probe.as_ref().map(json).transpose()?,
    ])?;
    Ok(())
}

/// Why every webhook that is off is so.
pub(crate) fn load_off(connection: &Connection) -> Result<HashMap<WebhookKey, Off>> {
    let mut statement =
        connection.prepare("SELECT webhook, by, at, person, cause, probe FROM switched_off")?;
    let mut rows = statement.query([])?;
    let mut offs = HashMap::new();
    while let Some(row) = rows.next()? {
        let off = Off {
            by: by(row, 1)?.unwrap_or(OffBy::Unknown),
            at: row.get(2)?,
            person: row.get(3)?,
            cause: read(row, 4)?,
            probe: read::<Probe>(row, 5)?,
        };
        offs.insert(row.get(0)?, off);
    }
    Ok(offs)
}

fn by(row: &Row<'_>, column: usize) -> Result<Option<OffBy>> {
    let word = row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    Ok(word.and_then(OffBy::from_name))
}

/// Notes a change of a webhook's health; of the oldest, those beyond the limit go.
pub(crate) fn changed(connection: &Connection, webhook: WebhookKey, change: &HealthChange) -> Result<()> {
    let sql =
        "INSERT INTO health_history (webhook, at, state, by, person, cause) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.prepare_cached(sql)?.execute(params![
        webhook,
        change.at,
        change.state.name(),
        change.by.map(OffBy::name),
        change.person,
        change.cause.as_ref().map(json).transpose()?,
    ])?;
    let sql = "DELETE FROM health_history WHERE webhook = ?1 AND number <= (SELECT number FROM health_history
                 WHERE webhook = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)";
    connection
        .prepare_cached(sql)?
        .execute(params![webhook, i64::try_from(MAX_HISTORY).unwrap_or(i64::MAX)])?;
    Ok(())
}

/// The newest changes of a webhook's health, newest first.
pub(crate) fn history(
    connection: &Connection,
    webhook: WebhookKey,
    limit: usize,
) -> Result<Vec<HealthChange>> {
    let sql = "SELECT at, state, by, person, cause FROM health_history WHERE webhook = ?1
               ORDER BY number DESC LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![webhook, i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(HealthChange {
            at: row.get::<_, Millis>(0)?,
            state: state(row, 1)?,
            by: by(row, 2)?,
            person: row.get(3)?,
            cause: read::<Cause>(row, 4)?,
        });
    }
    Ok(changes)
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Store(error.to_string()))
}

fn read<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    Ok(text.and_then(|text| serde_json::from_str(text).ok()))
}
