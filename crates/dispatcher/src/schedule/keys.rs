//! Everything is sealed with the newest key, step by step, while everything goes on.

use bluehook_core::time::Millis;

use crate::{
    Error, Result,
    ledger::{Context, Writing},
    model::job::JobState,
    seal::Keyring,
    store::{Change, Group, keys, rows::RunningJob},
};

/// How many webhooks one step of a rotation seals again.
const STEP: usize = 100;

/// The pause between two steps.
const PAUSE: Millis = 20;

/// Seals some more with the newest key. Gives the time to go on when there is more.
pub(super) fn go_on(writing: &Writing<'_>, context: &mut Context, now: Millis) -> Result<Option<Millis>> {
    let group = writing.look()?;
    let Some(job) = group.before().running_job()? else { return Ok(None) };
    let more = step(group, &context.config.encryption_key, &job, now)?;
    Ok(more.then_some(now + PAUSE))
}

/// The next step: the webhooks after those that are done, and after the last of them the database's own key, which says that
/// the older keys are not needed any more.
pub(crate) fn step(group: &dyn Group, keyring: &Keyring, job: &RunningJob, now: Millis) -> Result<bool> {
    let number = job.number;
    let ended = |state, detail: Option<String>| {
        group.put(Change::JobEnded { number, state, detail: detail.map(Into::into), at: now })
    };
    let sealed = match group.seal_again(keyring, job.position, STEP) {
        Err(Error::Config(problem)) => {
            ended(JobState::Failed, Some(problem))?;
            return Ok(false);
        }
        sealed => sealed?,
    };
    if let Some(position) = sealed.last {
        group.put(Change::JobReached { number, position, done: sealed.count })?;
        return Ok(true);
    }
    if let Some((name, value)) = keys::sealed_again(group.before(), keyring)? {
        group.put(Change::Setting(name, Some(&value)))?;
    }
    ended(JobState::Completed, None)?;
    tracing::info!("everything is sealed with the newest key; older ones are not needed any more");
    Ok(false)
}
