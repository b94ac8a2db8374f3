//! The keys that a database is sealed with: looked at when it is opened, so that a wrong one never starts, and changed for
//! the newest one, step by step, while everything goes on.

use std::path::Path;

use base64::{Engine, prelude::BASE64_STANDARD};
use bluehook_core::time::Millis;
use rusqlite::{Connection, Transaction};
use serde_json::json;
use zeroize::Zeroizing;

use crate::{
    Conflict, Dispatcher, EncryptionKey, Error, Keyring, Result,
    audit::{Action, Author, FieldChange, Note, Object},
    id::{Ids, Kind},
    job::{Job, JobState},
    seal::{self, KeyId},
    store::{self, Context, audit, jobs, settings, webhooks},
};

/// Where the database's own key is kept, sealed: what opens it is the right key.
const DATABASE_KEY: &str = "database-key";

/// How many webhooks one step of a rotation seals again.
const STEP: usize = 100;

/// The pause between two steps.
const PAUSE: Millis = 20;

/// What marks are made with in a database: a key of its own, which stays when the keys are changed, and those that marks from
/// before may be made with.
pub(crate) struct Marks(Vec<EncryptionKey>);

impl Marks {
    /// The marks of a text, the one to keep first.
    pub(crate) fn of<'a>(&'a self, text: &'a str) -> impl Iterator<Item = [u8; 32]> + 'a {
        self.0.iter().map(move |key| key.fingerprint(text))
    }
}

/// Checks that the keys are those of a database.
///
/// # Errors
/// [`Error::Config`] when none of them is.
pub(crate) fn check(connection: &Connection, keys: &Keyring) -> Result<()> {
    match settings::get(connection, DATABASE_KEY)? {
        Some(kept) => own(&kept, keys).map(drop),
        None => Ok(()),
    }
}

/// Takes the database's own key, and makes it when there is none yet. All that is sealed in it has been opened before.
pub(crate) fn marks(connection: &Connection, keys: &Keyring) -> Result<Marks> {
    let own = if let Some(kept) = settings::get(connection, DATABASE_KEY)? {
        own(&kept, keys)?
    } else {
        let made = EncryptionKey::generate();
        keep(connection, keys, &made.to_base64())?;
        made
    };
    Ok(Marks([&[own], keys.keys()].concat()))
}

fn own(kept: &str, keys: &Keyring) -> Result<EncryptionKey> {
    EncryptionKey::from_base64(&opened(kept, keys)?)
}

fn opened(kept: &str, keys: &Keyring) -> Result<Zeroizing<String>> {
    let damaged = |_| Error::Store("its key is damaged".to_owned());
    keys.open(DATABASE_KEY, &BASE64_STANDARD.decode(kept).map_err(damaged)?).map(Zeroizing::new).map_err(|_| {
        Error::Config(format!(
            "encryption-key: the database is not sealed with {}; give the key that it was sealed with, after the newest one \
             if there is a newer one",
            keys.ids()
        ))
    })
}

fn keep(connection: &Connection, keys: &Keyring, own: &str) -> Result<()> {
    settings::set(connection, DATABASE_KEY, &BASE64_STANDARD.encode(keys.seal(DATABASE_KEY, own)?))
}

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
    let kept = settings::get(connection, DATABASE_KEY)?.and_then(|kept| BASE64_STANDARD.decode(kept).ok());
    let told = |id: Option<KeyId>| json!(id.map(|id| id.to_string()));
    let before = told(kept.as_deref().and_then(seal::key_of));
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

/// Seals some more with the newest key. Gives the time to go on when there is more.
pub(crate) fn go_on(tx: &Transaction<'_>, context: &mut Context, now: Millis) -> Result<Option<Millis>> {
    let Some(job) = jobs::running(tx)? else { return Ok(None) };
    let more = step(tx, &context.config.encryption_key, &job, now)?;
    Ok(more.then_some(now + PAUSE))
}

/// The next step: the webhooks after those that are done, and after the last of them the database's own key, which says that
/// the older keys are not needed any more.
fn step(connection: &Connection, keys: &Keyring, job: &jobs::Running, now: Millis) -> Result<bool> {
    let sealed = match webhooks::seal_again(connection, keys, job.position, STEP) {
        Err(Error::Config(problem)) => {
            jobs::end(connection, job.number, JobState::Failed, Some(&problem), now)?;
            return Ok(false);
        }
        sealed => sealed?,
    };
    if let Some(last) = sealed.last {
        jobs::advance(connection, job.number, last, sealed.count)?;
        return Ok(true);
    }
    if let Some(kept) = settings::get(connection, DATABASE_KEY)? {
        keep(connection, keys, &opened(&kept, keys)?)?;
    }
    jobs::end(connection, job.number, JobState::Completed, None, now)?;
    tracing::info!("everything is sealed with the newest key; older ones are not needed any more");
    Ok(false)
}

/// Seals everything in a database that nobody has open with the newest key.
///
/// # Errors
/// [`Error::Store`] when it cannot be opened, or another process has it; [`Error::Config`] when a key is missing.
pub fn rotate_keys(database: &Path, keys: &Keyring, now: Millis) -> Result<u64> {
    let rotate = || {
        let opened = store::open(database)?;
        let connection = &opened.connection;
        check(connection, keys)?;
        drop(webhooks::load(connection, keys)?);
        drop(marks(connection, keys)?);
        let number = if let Some(job) = jobs::running(connection)? {
            job.number
        } else {
            let ids = Ids::of_database(connection)?;
            let tx = connection.unchecked_transaction()?;
            let number = begin(&tx, (keys, &ids), &Author::server(), now)?;
            tx.commit()?;
            number
        };
        let mut sealed = 0;
        while let Some(job) = jobs::running(connection)?.filter(|job| job.number == number) {
            let tx = connection.unchecked_transaction()?;
            step(&tx, keys, &job, now)?;
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
