//! The keys that a database is sealed with, changed for the newest one, while everything goes on or while nobody has it open.

use std::path::Path;

use bluehook_core::time::Millis;
use serde_json::json;

use crate::{
    Conflict, Dispatcher, Error, Keyring, Result,
    id::{Ids, Kind},
    ledger::{Context, Writing},
    model::{
        audit::{Action, Author, FieldChange, Note, Object},
        job::{Job, JobState},
    },
    schedule,
    seal::KeyId,
    store::{self, Change, Group, Lane, Unwritten, sqlite},
};

impl Dispatcher {
    /// Begins to seal everything with the newest key. It goes on by itself, also after a restart.
    ///
    /// # Errors
    /// [`Error::Conflict`] when one is under way, [`Error::Store`].
    pub async fn rotate_keys(&self) -> Result<Job> {
        let author = self.author.clone();
        let begin = move |writing: &Writing<'_>, context: &mut Context| {
            let group = writing.look()?;
            if group.before().running_job()?.is_some() {
                return Err(Error::Conflict(Conflict::KeysUnderWay));
            }
            let (keys, now) = (&context.config.encryption_key, context.clock.now());
            let (number, total) = begin(group, (keys, &context.ids), &author, now)?;
            Ok(begun(context.ids.of(Kind::Replay, number), total, now))
        };
        let job = self.store.look_and_change(begin).await?;
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
        self.store.read(move |snapshot| snapshot.job(&ids, number)).await
    }
}

/// Begins to seal everything with the newest key, and notes who wants it, and of which keys the newest is the next. Their
/// ids say nothing of them. Gives the number of the job, and how much there is to do.
fn begin(
    group: &dyn Group,
    (keys, ids): (&Keyring, &Ids),
    author: &Author,
    now: Millis,
) -> Result<(i64, u64)> {
    let before = group.before();
    let (number, total) = (before.next_job()?, before.count_sealed()?);
    let told = |id: Option<KeyId>| json!(id.map(|id| id.to_string()));
    let sealed_with = told(store::keys::sealed_with(before)?);
    let changes = FieldChange::between("encryptionKey", sealed_with, told(keys.newest_id()));
    let note = Note {
        action: Action::KeyRotated,
        object: Object::new("JOB", &ids.of(Kind::Replay, number), None),
        owner: None,
        webhook_id: None,
        changes: changes.into_iter().collect(),
    };
    group.put(Change::Job { number, total, at: now })?;
    group.put(Change::Audit { at: now, author, births: None, note: &note })?;
    Ok((number, total))
}

/// A job that has done nothing yet.
fn begun(id: String, total: u64, at: Millis) -> Job {
    Job { id, state: JobState::Running, total, done: 0, created_at: at, ended_at: None, detail: None }
}

/// Seals everything in a database that nobody has open with the newest key.
///
/// # Errors
/// [`Error::Store`] when it cannot be opened, or another process has it; [`Error::Config`] when a key is missing.
pub fn rotate_keys(database: &Path, keys: &Keyring, now: Millis) -> Result<u64> {
    let rotate = || {
        let mut open = sqlite::open(database)?;
        seal_all(&mut *open.lane, keys, now)
    };
    rotate().map_err(|error: Error| error.of_database(database))
}

/// Goes on with the job that seals everything, or begins one, until it ends. Gives how much it sealed.
fn seal_all(lane: &mut dyn Lane, keys: &Keyring, now: Millis) -> Result<u64> {
    store::keys::check(lane.snapshot(), keys)?;
    drop(lane.snapshot().webhooks(keys)?);
    drop(store::keys::marks(lane, keys)?);
    let ids = store::ids::of(lane)?;
    let mut number = lane.snapshot().running_job()?.map(|job| job.number);
    if number.is_none() {
        let begin_job = &mut |group: &dyn Group| {
            number = Some(begin(group, (keys, &ids), &Author::server(), now)?.0);
            Ok(())
        };
        lane.write(begin_job).map_err(Unwritten::error)?;
    }
    let mut sealed = 0;
    while let Some(job) = lane.snapshot().running_job()?.filter(|job| Some(job.number) == number) {
        let step = &mut |group: &dyn Group| schedule::keys::step(group, keys, &job, now).map(drop);
        lane.write(step).map_err(Unwritten::error)?;
        sealed = lane.snapshot().job(&ids, job.number)?.map_or(sealed, |job| job.done);
    }
    Ok(sealed)
}

/// Whether somebody has a database open: another process, or this one.
pub fn is_open(database: &Path) -> bool {
    sqlite::is_open(database)
}
