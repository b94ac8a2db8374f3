//! Everything is sealed with the newest key, step by step, while everything goes on.

use bluehook_core::time::Millis;
use rusqlite::{Connection, Transaction};

use crate::{
    Error, Result,
    ledger::Context,
    model::job::JobState,
    seal::Keyring,
    store::{jobs, keys, webhooks},
};

/// How many webhooks one step of a rotation seals again.
const STEP: usize = 100;

/// The pause between two steps.
const PAUSE: Millis = 20;

/// Seals some more with the newest key. Gives the time to go on when there is more.
pub(crate) fn go_on(tx: &Transaction<'_>, context: &mut Context, now: Millis) -> Result<Option<Millis>> {
    let Some(job) = jobs::running(tx)? else { return Ok(None) };
    let more = step(tx, &context.config.encryption_key, &job, now)?;
    Ok(more.then_some(now + PAUSE))
}

/// The next step: the webhooks after those that are done, and after the last of them the database's own key, which says that
/// the older keys are not needed any more.
pub(crate) fn step(
    connection: &Connection,
    keyring: &Keyring,
    job: &jobs::Running,
    now: Millis,
) -> Result<bool> {
    let sealed = match webhooks::seal_again(connection, keyring, job.position, STEP) {
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
    keys::seal_again(connection, keyring)?;
    jobs::end(connection, job.number, JobState::Completed, None, now)?;
    tracing::info!("everything is sealed with the newest key; older ones are not needed any more");
    Ok(false)
}
