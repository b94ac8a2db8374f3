//! Rows of webhooks, of their revisions, and of what their creators are to be told.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use bluehook_core::{
    event::EventType,
    filter::Filter,
    signature::Secret,
    time::Millis,
    webhook::{PayloadFormat, Status, Webhook},
};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use zeroize::Zeroizing;

use super::health;
use crate::{
    Error, Result,
    know::{Entry, Keys, Load, Revision},
    model::{WebhookKey, health::Health, standing::Off},
    seal::Keyring,
};

/// Reads every webhook that is not deleted.
pub(crate) fn load(connection: &Connection, key: &Keyring) -> Result<Vec<Entry>> {
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

/// A webhook's secrets at rest.
#[derive(Default)]
struct Secrets {
    current: Option<Vec<u8>>,
    made_at: Option<Millis>,
    next: Option<Vec<u8>>,
    next_at: Option<Millis>,
    next_made_at: Option<Millis>,
}

impl Secrets {
    fn open(&self, key: &Keyring, webhook: &Webhook) -> Result<Keys> {
        let open = |sealed: &Option<Vec<u8>>| {
            let text = sealed.as_ref().map(|sealed| key.open(&webhook.id, sealed)).transpose()?;
            text.map(Secret::new).transpose().map_err(|error| Error::Store(error.to_string()))
        };
        let (current, next) = (open(&self.current)?, open(&self.next)?);
        let made_at = self.made_at.unwrap_or(webhook.created_at);
        let keys = Keys::new(current.as_ref().map(|secret| (secret, made_at)));
        Ok(match next.zip(self.next_at) {
            Some((next, at)) => keys.followed_by(&next, at, self.next_made_at.unwrap_or(made_at)),
            None => keys,
        })
    }

    /// Seals what is not sealed with the newest key; whether there was something.
    fn seal_again(&mut self, keys: &Keyring, owner: &str) -> Result<bool> {
        let mut changed = false;
        for sealed in [&mut self.current, &mut self.next].into_iter().flatten() {
            changed |= sealed_again(keys, owner, sealed)?;
        }
        Ok(changed)
    }

    fn read(connection: &Connection, number: WebhookKey) -> Result<Secrets> {
        let sql =
            "SELECT sealed_secret, secret_made_at, sealed_next_secret, next_secret_at, next_secret_made_at
                   FROM webhooks WHERE key = ?1";
        Ok(connection.prepare_cached(sql)?.query_row([number], |row| {
            let (current, made_at, next) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Secrets { current, made_at, next, next_at: row.get(3)?, next_made_at: row.get(4)? })
        })?)
    }

    fn write(&self, connection: &Connection, number: WebhookKey) -> Result<()> {
        let sql = "UPDATE webhooks SET sealed_secret = ?2, secret_made_at = ?3, sealed_next_secret = ?4,
                     next_secret_at = ?5, next_secret_made_at = ?6
                   WHERE key = ?1";
        let Secrets { current, made_at, next, next_at, next_made_at } = self;
        let values = params![number, current, made_at, next, next_at, next_made_at];
        connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Only the newest.
    fn newest(self) -> Secrets {
        match self.next {
            Some(next) => Secrets { current: Some(next), made_at: self.next_made_at, ..Secrets::default() },
            None => self,
        }
    }
}

/// What a webhook's sealed headers are bound to: not the same as its secret.
fn headers_of(id: &str) -> String {
    format!("headers of {id}")
}

/// Seals something again when it is not sealed with the newest key; whether it was not.
fn sealed_again(keys: &Keyring, owner: &str, sealed: &mut Vec<u8>) -> Result<bool> {
    if keys.is_newest(sealed) {
        return Ok(false);
    }
    *sealed = keys.seal(owner, &Zeroizing::new(keys.open(owner, sealed)?))?;
    Ok(true)
}

/// What one step sealed again: up to which webhook it came, if there was one, and how many it looked at.
pub(crate) struct SealedAgain {
    pub(crate) last: Option<WebhookKey>,
    pub(crate) count: i64,
}

/// How many webhooks have something sealed.
pub(crate) fn count_sealed(connection: &Connection) -> Result<u64> {
    let sql = format!("SELECT count(*) FROM webhooks WHERE {SEALED}");
    let count: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Seals the next webhooks' secrets and headers with the newest key, where they are not.
///
/// # Errors
/// [`Error::Config`] when the key that one is sealed with is missing.
pub(crate) fn seal_again(
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
        let mut secrets = Secrets::read(connection, *number)?;
        if secrets.seal_again(keys, id)? {
            secrets.write(connection, *number)?;
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
pub(crate) fn revision(connection: &Connection, key: i64) -> Result<Option<Arc<Revision>>> {
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

/// Revisions that were read for one purpose, each once.
#[derive(Default)]
pub(crate) struct Revisions(HashMap<i64, Arc<Revision>>);

impl Revisions {
    pub(crate) fn get(&mut self, connection: &Connection, key: i64) -> Result<Arc<Revision>> {
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let found =
            revision(connection, key)?.ok_or_else(|| Error::Store(format!("revision {key} is missing")))?;
        self.0.insert(key, found.clone());
        Ok(found)
    }
}

/// Puts a webhook in with its first revision.
pub(crate) fn insert(
    connection: &Connection,
    key: &Keyring,
    webhook: &Webhook,
    secret: Option<&Secret>,
) -> Result<(WebhookKey, Arc<Revision>)> {
    let sealed_secret = secret.map(|secret| key.seal(&webhook.id, secret.expose())).transpose()?;
    let sql =
        "INSERT INTO webhooks (id, uid, company_id, created_by_id, url, status, enabled, events, project_ids,
                 payload_format, sealed_secret, secret_made_at, revision, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '', ?8, ?9, ?11, 0, ?10, ?10)";
    connection.prepare_cached(sql)?.execute(params![
        webhook.id,
        webhook.uid,
        webhook.company_id,
        webhook.created_by_id,
        webhook.url,
        webhook.status.name(),
        webhook.enabled,
        webhook.payload_format.name(),
        sealed_secret,
        webhook.created_at,
        secret.map(|_| webhook.created_at),
    ])?;
    let number = connection.last_insert_rowid();
    let revision = update(connection, key, number, webhook)?;
    Ok((number, revision))
}

/// Writes a webhook as it is now, and makes the revision that later deliveries use.
pub(crate) fn update(
    connection: &Connection,
    key: &Keyring,
    number: WebhookKey,
    webhook: &Webhook,
) -> Result<Arc<Revision>> {
    let revision = insert_revision(connection, number, webhook)?;
    let sealed_headers = if webhook.headers.is_empty() {
        None
    } else {
        let json =
            serde_json::to_string(&webhook.headers).map_err(|error| Error::Store(error.to_string()))?;
        Some(key.seal(&headers_of(&webhook.id), &json)?)
    };
    let sql =
        "UPDATE webhooks SET name = ?2, description = ?3, url = ?4, status = ?5, enabled = ?6, events = ?7,
                 project_ids = ?8, payload_format = ?9, rate_limit_per_second = ?10, sealed_headers = ?11,
                 revision = ?12, updated_at = ?13, filter = ?14, created_by_id = ?15
               WHERE key = ?1";
    connection.prepare_cached(sql)?.execute(params![
        number,
        webhook.name,
        webhook.description,
        webhook.url,
        webhook.status.name(),
        webhook.enabled,
        join(webhook.events.iter().map(|event| event.name())),
        join(webhook.project_ids.iter().map(String::as_str)),
        webhook.payload_format.name(),
        webhook.rate_limit_per_second,
        sealed_headers,
        revision.key,
        webhook.updated_at,
        webhook.filter.as_ref().map(Filter::as_json),
        webhook.created_by_id,
    ])?;
    Ok(revision)
}

fn insert_revision(connection: &Connection, number: WebhookKey, webhook: &Webhook) -> Result<Arc<Revision>> {
    let body_object = webhook.to_body_object();
    let sql = "INSERT INTO revisions (webhook, url, payload_format, body_object, made_after)
               VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(number), 0) FROM events))";
    let mut statement = connection.prepare_cached(sql)?;
    statement.execute(params![number, webhook.url, webhook.payload_format.name(), body_object])?;
    let key = connection.last_insert_rowid();
    Ok(Arc::new(Revision { key, payload_format: webhook.payload_format, body_object }))
}

/// Gives a webhook a new secret, which takes over at a time; the one that is in force until then stays beside it.
pub(crate) fn rotate(
    connection: &Connection,
    key: &Keyring,
    number: WebhookKey,
    webhook: &Webhook,
    rotation: &Rotation<'_>,
) -> Result<Keys> {
    let mut known = Secrets::read(connection, number)?;
    if known.next_at.is_some_and(|at| at <= rotation.now) {
        known = known.newest();
    }
    let sealed = key.seal(&webhook.id, rotation.secret.expose())?;
    let made_at = Some(rotation.now);
    let secrets = if known.current.is_some() && rotation.takes_over_at > rotation.now {
        let (current, at) = (known.current, Some(rotation.takes_over_at));
        Secrets { current, made_at: known.made_at, next: Some(sealed), next_at: at, next_made_at: made_at }
    } else {
        Secrets { current: Some(sealed), made_at, ..Secrets::default() }
    };
    secrets.write(connection, number)?;
    secrets.open(key, webhook)
}

/// Lets only the newest secret sign.
pub(crate) fn finish_rotation(
    connection: &Connection,
    key: &Keyring,
    number: WebhookKey,
    webhook: &Webhook,
) -> Result<Keys> {
    let secrets = Secrets::read(connection, number)?.newest();
    secrets.write(connection, number)?;
    secrets.open(key, webhook)
}

/// Takes a webhook's secrets away.
pub(crate) fn remove_secrets(connection: &Connection, number: WebhookKey) -> Result<()> {
    Secrets::default().write(connection, number)
}

/// A new secret, and when it takes over.
pub(crate) struct Rotation<'a> {
    pub(crate) secret: &'a Secret,
    pub(crate) now: Millis,
    pub(crate) takes_over_at: Millis,
}

/// Marks a webhook as deleted and forgets its secret. What waited for it is cancelled; what was held, too.
pub(crate) fn delete(connection: &Connection, number: WebhookKey, now: Millis) -> Result<()> {
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
pub(crate) fn keys(
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
pub(crate) fn lag(connection: &Connection, number: WebhookKey, since: Option<i64>) -> Result<()> {
    connection
        .prepare_cached("UPDATE webhooks SET lagging_since = ?2 WHERE key = ?1")?
        .execute(params![number, since])?;
    Ok(())
}

/// The cursors of lines that have one of their own, deleted webhooks' too.
pub(crate) fn lagging(connection: &Connection) -> Result<BTreeMap<WebhookKey, i64>> {
    let sql = "SELECT key, lagging_since FROM webhooks WHERE lagging_since IS NOT NULL";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The cursor of a webhook's line, if it has one of its own.
pub(crate) fn lagging_since(connection: &Connection, number: WebhookKey) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT lagging_since FROM webhooks WHERE key = ?1")?;
    Ok(statement.query_row([number], |row| row.get(0)).optional()?.flatten())
}

/// Notes that a webhook's creator is to be told that it was switched off.
pub(crate) fn notify_disabled(
    connection: &Connection,
    number: WebhookKey,
    user_id: &str,
    delivery: Option<i64>,
    now: Millis,
) -> Result<()> {
    let sql = "INSERT INTO notifications (user_id, webhook, kind, delivery, created_at)
               VALUES (?1, ?2, 'WEBHOOK_DISABLED', ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![user_id, number, delivery, now])?;
    Ok(())
}
