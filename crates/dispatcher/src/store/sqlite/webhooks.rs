//! Rows of webhooks, of their revisions, and of what their creators are to be told.

use std::{collections::BTreeMap, sync::Arc};

use bluehook_core::{
    event::EventType,
    filter::Filter,
    time::Millis,
    webhook::{PayloadFormat, Status, Webhook},
};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use zeroize::Zeroizing;

use super::{health, settings};
use crate::{
    Error, Result,
    know::{Entry, Load, Revision},
    model::{WebhookKey, health::Health, standing::Off},
    seal::Keyring,
    store::{
        change::{Secrets, WebhookRow},
        lane::SealedAgain,
        secrets::headers_of,
    },
};

/// Reads every webhook that is not deleted.
pub(super) fn load(connection: &Connection, key: &Keyring) -> Result<Vec<Entry>> {
    let sql =
        "SELECT key, id, uid, name, url, status, enabled, events, project_ids, company_id, created_by_id,
                 created_at, updated_at, payload_format, description, rate_limit_per_second, sealed_headers,
                 sealed_secret, sealed_next_secret, next_secret_at, revision, filter, secret_made_at,
                 next_secret_made_at
               FROM webhooks WHERE deleted_at IS NULL";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let (mut healths, mut offs) = (health::load(connection)?, health::load_off(connection)?);
    let open = |row: Sealed| {
        let (health, off) = (healths.remove(&row.key), offs.remove(&row.key));
        row.open(connection, key, health, off)
    };
    rows.into_iter().map(open).collect()
}

struct Sealed {
    key: WebhookKey,
    webhook: Webhook,
    headers: Option<Vec<u8>>,
    secrets: Secrets,
    revision: i64,
    filter: Option<String>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Sealed> {
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let webhook = Webhook {
        id: row.get(1)?,
        uid: row.get(2)?,
        name: row.get(3)?,
        url: row.get(4)?,
        status: Status::from_name(text(5)?).unwrap_or(Status::Unhealthy),
        enabled: row.get(6)?,
        events: words(text(7)?).filter_map(EventType::from_name).collect(),
        project_ids: words(text(8)?).map(str::to_owned).collect(),
        company_id: row.get(9)?,
        created_by_id: row.get(10)?,
        created_at: row.get(11)?,
        updated_at: row.get(12)?,
        payload_format: PayloadFormat::from_name(text(13)?).unwrap_or_default(),
        filter: None,
        description: row.get(14)?,
        headers: Vec::new(),
        rate_limit_per_second: row.get(15)?,
    };
    Ok(Sealed {
        key: row.get(0)?,
        webhook,
        headers: row.get(16)?,
        secrets: Secrets {
            current: row.get(17)?,
            made_at: row.get(22)?,
            next: row.get(18)?,
            next_at: row.get(19)?,
            next_made_at: row.get(23)?,
        },
        revision: row.get(20)?,
        filter: row.get(21)?,
    })
}

impl Sealed {
    fn open(
        mut self,
        connection: &Connection,
        key: &Keyring,
        health: Option<Health>,
        off: Option<Off>,
    ) -> Result<Entry> {
        self.webhook.filter = self.filter.as_deref().map(|text| filter(&self.webhook, text)).transpose()?;
        if let Some(sealed) = &self.headers {
            let json = key.open(&headers_of(&self.webhook.id), sealed)?;
            self.webhook.headers =
                serde_json::from_str(&json).map_err(|error| Error::Store(error.to_string()))?;
        }
        let keys = self.secrets.open(key, &self.webhook)?;
        let load = Load::default();
        if let Some(health) = health {
            // A receiver that took something once is thought to take more.
            load.attempted(health.last_success_at.is_some());
            load.fares(health);
        }
        let revision = revision(connection, self.revision)?
            .ok_or_else(|| Error::Store(format!("webhook {} has no revision", self.webhook.id)))?;
        Ok(Entry {
            key: self.key,
            webhook: Arc::new(self.webhook),
            revision,
            keys: Arc::new(keys),
            off: off.map(Arc::new),
            load: Arc::new(load),
        })
    }
}

/// A filter that was valid when it was saved. Without it the webhook would be sent what it did not want.
fn filter(webhook: &Webhook, text: &str) -> Result<Filter> {
    Filter::parse(text)
        .map_err(|_| Error::Store(format!("the filter of webhook {} is not valid", webhook.id)))
}

/// Seals secrets again that are not sealed with the newest key; whether there were some.
fn seal_secrets_again(secrets: &mut Secrets, keys: &Keyring, owner: &str) -> Result<bool> {
    let mut changed = false;
    for sealed in [&mut secrets.current, &mut secrets.next].into_iter().flatten() {
        changed |= sealed_again(keys, owner, sealed)?;
    }
    Ok(changed)
}

/// A webhook's secrets at rest.
pub(super) fn secrets(connection: &Connection, number: WebhookKey) -> Result<Secrets> {
    let sql = "SELECT sealed_secret, secret_made_at, sealed_next_secret, next_secret_at, next_secret_made_at
               FROM webhooks WHERE key = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([number], |row| {
        let (current, made_at, next) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Secrets { current, made_at, next, next_at: row.get(3)?, next_made_at: row.get(4)? })
    })?)
}

/// Gives a webhook other secrets.
pub(super) fn put_secrets(connection: &Connection, number: WebhookKey, secrets: &Secrets) -> Result<()> {
    let sql = "UPDATE webhooks SET sealed_secret = ?2, secret_made_at = ?3, sealed_next_secret = ?4,
                 next_secret_at = ?5, next_secret_made_at = ?6
               WHERE key = ?1";
    let Secrets { current, made_at, next, next_at, next_made_at } = secrets;
    let values = params![number, current, made_at, next, next_at, next_made_at];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Seals something again when it is not sealed with the newest key; whether it was not.
fn sealed_again(keys: &Keyring, owner: &str, sealed: &mut Vec<u8>) -> Result<bool> {
    if keys.is_newest(sealed) {
        return Ok(false);
    }
    *sealed = keys.seal(owner, &Zeroizing::new(keys.open(owner, sealed)?))?;
    Ok(true)
}

/// How many webhooks have something sealed.
pub(super) fn count_sealed(connection: &Connection) -> Result<u64> {
    let sql = format!("SELECT count(*) FROM webhooks WHERE {SEALED}");
    let count: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Seals the next webhooks' secrets and headers with the newest key, where they are not.
///
/// # Errors
/// [`Error::Config`] when the key that one is sealed with is missing.
pub(super) fn seal_again(
    connection: &Connection,
    keys: &Keyring,
    after: WebhookKey,
    most: usize,
) -> Result<SealedAgain> {
    let sql = format!(
        "SELECT key, id, sealed_headers FROM webhooks WHERE key > ?1 AND {SEALED} ORDER BY key LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement.query_map([after, most], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<(WebhookKey, String, Option<Vec<u8>>)>>>()?;
    for (number, id, headers) in &rows {
        let mut secrets = secrets(connection, *number)?;
        if seal_secrets_again(&mut secrets, keys, id)? {
            put_secrets(connection, *number, &secrets)?;
        }
        let mut headers = headers.clone();
        if let Some(sealed) = &mut headers
            && sealed_again(keys, &headers_of(id), sealed)?
        {
            let sql = "UPDATE webhooks SET sealed_headers = ?2 WHERE key = ?1";
            connection.prepare_cached(sql)?.execute(params![number, &*sealed])?;
        }
    }
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    Ok(SealedAgain { last: rows.last().map(|(number, ..)| *number), count })
}

/// Of the webhooks those with something sealed.
const SEALED: &str = "coalesce(sealed_secret, sealed_next_secret, sealed_headers) IS NOT NULL";

/// Lists are kept as words with line ends between: no id and no event has one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
}

fn join<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join("\n")
}

/// A revision by its key.
pub(super) fn revision(connection: &Connection, key: i64) -> Result<Option<Arc<Revision>>> {
    let sql = "SELECT key, payload_format, body_object FROM revisions WHERE key = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([key], |row| {
        Ok(Arc::new(Revision {
            key: row.get(0)?,
            payload_format: PayloadFormat::from_name(row.get_ref(1)?.as_str()?).unwrap_or_default(),
            body_object: row.get(2)?,
        }))
    });
    Ok(found.optional()?)
}

/// The setting that has the last key of a revision, when revisions were taken away.
const LAST_REVISION: &str = "last-revision";

/// The keys of the next webhook and of the next revision.
pub(super) fn next_keys(connection: &Connection) -> Result<(WebhookKey, i64)> {
    let sql = "SELECT 1 + max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'webhooks'), 0),
                              coalesce((SELECT max(key) FROM webhooks), 0))";
    let webhook = connection.query_row(sql, [], |row| row.get(0))?;
    Ok((webhook, last_revision(connection)? + 1))
}

fn last_revision(connection: &Connection) -> Result<i64> {
    let kept = settings::get(connection, LAST_REVISION)?.and_then(|text| text.parse().ok());
    let sql = "SELECT coalesce(max(key), 0) FROM revisions";
    let last: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(last.max(kept.unwrap_or(0)))
}

/// Keeps the last key of a revision: some are to be taken away.
pub(super) fn keep_last_revision(connection: &Connection) -> Result<()> {
    settings::set(connection, LAST_REVISION, &last_revision(connection)?.to_string())
}

/// Writes a webhook as it is now.
pub(super) fn put(connection: &Connection, row: &WebhookRow<'_>) -> Result<()> {
    let sql =
        "INSERT INTO webhooks (key, id, uid, company_id, created_at, name, description, url, status, enabled, events,
                 project_ids, payload_format, rate_limit_per_second, sealed_headers, revision, updated_at, filter,
                 created_by_id)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
         ON CONFLICT (key) DO UPDATE SET name = ?6, description = ?7, url = ?8, status = ?9, enabled = ?10, events = ?11,
                 project_ids = ?12, payload_format = ?13, rate_limit_per_second = ?14, sealed_headers = ?15,
                 revision = ?16, updated_at = ?17, filter = ?18, created_by_id = ?19";
    let webhook = row.webhook;
    connection.prepare_cached(sql)?.execute(params![
        row.key,
        webhook.id,
        webhook.uid,
        webhook.company_id,
        webhook.created_at,
        webhook.name,
        webhook.description,
        webhook.url,
        webhook.status.name(),
        webhook.enabled,
        join(webhook.events.iter().map(|event| event.name())),
        join(webhook.project_ids.iter().map(String::as_str)),
        webhook.payload_format.name(),
        webhook.rate_limit_per_second,
        row.sealed_headers,
        row.revision,
        webhook.updated_at,
        webhook.filter.as_ref().map(Filter::as_json),
        webhook.created_by_id,
    ])?;
    Ok(())
}

/// Puts a revision in.
pub(super) fn insert_revision(
    connection: &Connection,
    (webhook, url): (WebhookKey, &str),
    revision: &Revision,
    made_after: i64,
) -> Result<()> {
    let sql = "INSERT INTO revisions (key, webhook, url, payload_format, body_object, made_after)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let Revision { key, payload_format, body_object } = revision;
    let values = params![key, webhook, url, payload_format.name(), body_object, made_after];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Marks a webhook as deleted and forgets its secret. What waited for it is cancelled; what was held, too.
pub(super) fn delete(connection: &Connection, number: WebhookKey, now: Millis) -> Result<()> {
    let sql =
        "UPDATE webhooks SET deleted_at = ?2, enabled = 0, sealed_secret = NULL, sealed_next_secret = NULL,
                 next_secret_at = NULL, secret_made_at = NULL, next_secret_made_at = NULL, sealed_headers = NULL
               WHERE key = ?1";
    connection.prepare_cached(sql)?.execute(params![number, now])?;
    for table in ["switched_off", "health", "health_history"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE webhook = ?1"))?.execute([number])?;
    }
    Ok(())
}

/// The keys of the webhooks that are all of this, deleted ones too: the log still speaks of them.
pub(super) fn keys(
    connection: &Connection,
    id: Option<&str>,
    company_id: Option<&str>,
    created_by_id: Option<&str>,
) -> Result<Vec<i64>> {
    let conditions = [("id = ?", id), ("company_id = ?", company_id), ("created_by_id = ?", created_by_id)];
    let given = conditions.into_iter().filter_map(|(condition, value)| Some((condition, value?)));
    let (conditions, values): (Vec<_>, Vec<_>) = given.unzip();
    let sql = match conditions.as_slice() {
        [] => "SELECT key FROM webhooks".to_owned(),
        given => format!("SELECT key FROM webhooks WHERE {}", given.join(" AND ")),
    };
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Keeps the cursor of a webhook's line, or that it has none of its own.
pub(super) fn put_cursor(connection: &Connection, number: WebhookKey, event: Option<i64>) -> Result<()> {
    connection
        .prepare_cached("UPDATE webhooks SET lagging_since = ?2 WHERE key = ?1")?
        .execute(params![number, event])?;
    Ok(())
}

/// The cursors of lines that have one of their own, deleted webhooks' too.
pub(super) fn cursors(connection: &Connection) -> Result<BTreeMap<WebhookKey, i64>> {
    let sql = "SELECT key, lagging_since FROM webhooks WHERE lagging_since IS NOT NULL";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The cursor of a webhook's line, if it has one of its own.
pub(super) fn cursor(connection: &Connection, number: WebhookKey) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT lagging_since FROM webhooks WHERE key = ?1")?;
    Ok(statement.query_row([number], |row| row.get(0)).optional()?.flatten())
}

/// Notes that a webhook's creator is to be told that it was switched off.
pub(super) fn notify_disabled(
    connection: &Connection,
    (number, user_id): (WebhookKey, &str),
    delivery: Option<i64>,
    now: Millis,
) -> Result<()> {
    let sql = "INSERT INTO notifications (user_id, webhook, kind, delivery, created_at)
               VALUES (?1, ?2, 'WEBHOOK_DISABLED', ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![user_id, number, delivery, now])?;
    Ok(())
}
