//! The keys that a database is sealed with, changed for the newest one, while everything goes on or while nobody has it open.

use std::path::Path;

use bluehook_core::time::Millis;
use rusqlite::{Connection, Transaction};
use serde_json::json;

use crate::{
    Conflict, Dispatcher, Error, Keyring, Result,
    id::{Ids, Kind},
    ledger::Context,
    model::{
        audit::{Action, Author, FieldChange, Note, Object},
        job::Job,
    },
    schedule,
    seal::KeyId,
    store::{self, audit, jobs, webhooks},
};

impl Dispatcher {
    /// Begins to seal everything with the newest key. It goes on by itself, also after a restart.
    ///
    /// # Errors
    /// [`Error::Conflict`] when one is under way, [`Error::Store`].
    pub async fn rotate_keys(&self) -> Result<Job> {
        let author = self.author.clone();
        let begin = move |tx: &Transaction<'_>, context: &mut Context| {
            if jobs::running(tx)?.is_some() {
                return Err(Error::Conflict(Conflict::KeysUnderWay));
            }
            let (keys, now) = (&context.config.encryption_key, context.clock.now());
            let number = begin(tx, (keys, &context.ids), &author, now)?;
            jobs::get(tx, &context.ids, number)?.ok_or(Error::NotFound("Job"))
        };
        let job = self.store.change(begin).await?;
        self.workers.wake.notify_one();
        Ok(job)
    }

    /// A job of the database as a whole, and how far it is.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn job(&self, id: &str) -> Result<Option<Job>> {
        let Some(number) = self.ids.number(Kind::Replay, id) else { return Ok(None) };
        let ids = self.ids.clone();
        self.store.read(move |connection| jobs::get(connection, &ids, number)).await
    }
}

/// Begins to seal everything with the newest key, and notes who wants it, and of which keys the newest is the next. Their
/// ids say nothing of them.
fn begin(
    connection: &Connection,
    (keys, ids): (&Keyring, &Ids),
    author: &Author,
    now: Millis,
) -> Result<i64> {
    let number = jobs::insert(connection, webhooks::count_sealed(connection)?, now)?;
    let told = |id: Option<KeyId>| json!(id.map(|id| id.to_string()));
    let before = told(store::keys::sealed_with(connection)?);
    let note = Note {
        action: Action::KeyRotated,
        object: Object::new("JOB", &ids.of(Kind::Replay, number), None),
        owner: None,
        webhook_id: None,
        changes: FieldChange::between("encryptionKey", before, told(keys.newest_id())).into_iter().collect(),
    };
    audit::insert(connection, now, (author, None), &note)?;
    Ok(number)
}

/// Seals everything in a database that nobody has open with the newest key.
///
/// # Errors
/// [`Error::Store`] when it cannot be opened, or another process has it; [`Error::Config`] when a key is missing.
pub fn rotate_keys(database: &Path, keys: &Keyring, now: Millis) -> Result<u64> {
    let rotate = || {
        let opened = store::open(database)?;
        let connection = &opened.connection;
        store::keys::check(connection, keys)?;
        drop(webhooks::load(connection, keys)?);
        drop(store::keys::marks(connection, keys)?);
        let number = if let Some(job) = jobs::running(connection)? {
            job.number
        } else {
            let ids = store::ids::of_database(connection)?;
            let tx = connection.unchecked_transaction()?;
            let number = begin(&tx, (keys, &ids), &Author::server(), now)?;
            tx.commit()?;
            number
        };
        let mut sealed = 0;
        while let Some(job) = jobs::running(connection)?.filter(|job| job.number == number) {
            let tx = connection.unchecked_transaction()?;
            schedule::keys::step(&tx, keys, &job, now)?;
            tx.commit()?;
            sealed = jobs::done(connection, number)?;
        }
        Ok(sealed)
    };
    rotate().map_err(|error: Error| error.of_database(database))
}

/// Whether somebody has a database open: another process, or this one.
pub fn is_open(database: &Path) -> bool {
    store::is_open(database)
}
