//! rescue: takes up what waits in the store — retries that are due, what there was no room for, what a crash left behind.
//!
//! New events do not come this way: they go from the commit straight to a worker. A lost wake-up costs at most one poll.

use std::time::Duration;

use bluehook_core::time::Millis;
use tokio::{
    sync::{oneshot, watch},
    time,
};

use super::{away, keys, replay, upkeep};
use crate::{
    Error, Result,
    clock::Clock,
    kill,
    ledger::{Context, Lasting, Store, Write, Writing},
    line::{Job, Message, Workers},
};

// How much one look touches, and what it takes up.
mod look;

// What waits for its time.
mod due;

// What there was no room for.
mod owed;

// What is held for nobody.
mod gone;

pub(crate) use look::Look;

/// The longest time between two looks at the store.
const POLL: Duration = Duration::from_secs(1);
/// How often the sums are brought up to date.
const FOLD_EVERY: Millis = 2_000;
/// How often old entries of the log are looked for.
const PRUNE_EVERY: Millis = 60_000;

/// Looks at the store whenever something may be due, until `ended` says so.
pub(crate) async fn run(
    store: Store,
    workers: Workers,
    clock: Clock,
    (retention, audit_retention): (Duration, Duration),
    mut ended: watch::Receiver<bool>,
) {
    let mut pruned_at: Option<Millis> = None;
    // None where there is more to fold.
    let mut folded_at = Some(clock.now());
    let mut latest = clock.now();
    loop {
        latest = keep_to_clock(&store, latest, clock.now()).await;
        let now = clock.now();
        let prunes = pruned_at.is_none_or(|at| (now - at).abs() >= PRUNE_EVERY);
        // Before old events go: what is folded after that would stay until the next time. A start takes up first what waits.
        let folds = folded_at.is_none_or(|at| (now - at).abs() >= FOLD_EVERY);
        if folds || prunes && pruned_at.is_some() {
            folded_at = (!upkeep::keep_sums(&store, &clock).await).then_some(now);
        }
        let next_due = match take_up(&store).await {
            Ok(next_due) => next_due,
            Err(error) => {
                tracing::error!(%error, "waiting deliveries could not be taken up");
                None
            }
        };
        if prunes {
            pruned_at = Some(now);
            upkeep::prune(&store, (retention, audit_retention)).await;
        }
        let now = clock.now();
        let next_due = if folded_at.is_none() { Some(now) } else { next_due };
        let wait =
            next_due.map_or(POLL, |at| Duration::from_millis(u64::try_from(at - now).unwrap_or(0)).min(POLL));
        workers.plan(now + i64::try_from(wait.as_millis()).unwrap_or(0));
        tokio::select! {
            () = time::sleep(wait) => {}
            () = workers.wake.notified() => {}
            () = clock.moved() => {}
            _ = ended.wait_for(|ended| *ended) => return,
        }
    }
}

/// A clock that was set back must not make anything wait longer than its pause. Gives the time up to which that is seen to.
async fn keep_to_clock(store: &Store, latest: Millis, now: Millis) -> Millis {
    if now >= latest {
        return now;
    }
    let begin = move |_: &Writing<'_>, context: &mut Context| {
        context.due.set_back(now, latest - now);
        Ok(())
    };
    match store.change(begin).await {
        Ok(()) => now,
        Err(error) => {
            tracing::error!(%error, "waiting deliveries could not be moved to a clock that was set back");
            latest
        }
    }
}

/// One look. Gives the time when something is due that is not yet.
async fn take_up(store: &Store) -> Result<Option<Millis>> {
    let (reply, answer) = oneshot::channel();
    store.submit(Box::new(TakeUp { found: None, reply }))?;
    answer.await.map_err(|_| Error::ShuttingDown)?
}

/// What is taken up goes to the workers in the order of the group that it is in: what came after it waits behind it.
struct TakeUp {
    found: Option<(Vec<Job>, Option<Millis>)>,
    reply: oneshot::Sender<Result<Option<Millis>>>,
}

impl Write for TakeUp {
    fn looks(&self) -> bool {
        true
    }

    fn apply(&mut self, writing: &Writing<'_>, context: &mut Context) -> Result<()> {
        self.found = None;
        self.found = Some(look(writing, context)?);
        Ok(())
    }

    fn committed(self: Box<Self>, lasting: &Lasting) {
        let (jobs, next_due) = self.found.unwrap_or_default();
        if !jobs.is_empty() {
            kill::point("claimed");
        }
        for job in jobs {
            // A worker that has ended leaves the delivery to the next start.
            let _ = lasting.workers.tell(job.webhook, Message::Deliver(job));
        }
        // The rescue may have ended.
        let _ = self.reply.send(Ok(next_due));
    }

    fn failed(self: Box<Self>, error: Error) -> Option<Box<dyn Write>> {
        let _ = self.reply.send(Err(error));
        None
    }
}

/// Goes through what something is to happen for, as far as one look may; the next goes on where this one ends.
///
/// What it finds in the store is from before it: what one step writes, the others do not see. So no two of them write of the
/// same delivery. What waits is moved to a clock that was set back in a look of its own. The rest is each about others:
/// - what waits and has a row, of webhooks that are off or gone (`due`);
/// - what is held, of webhooks that are gone (`gone`);
/// - what is bare and not held (`owed`);
/// - what waits for nobody, of webhooks that are on, but for what is in memory by now (`replay`).
fn look(writing: &Writing<'_>, context: &mut Context) -> Result<(Vec<Job>, Option<Millis>)> {
    let now = context.clock.now();
    let mut look = Look::new(now);
    let again_at = if due::move_back(writing, context, &mut look)? {
        Some(now)
    } else {
        go_through(writing, context, &mut look)?
    };
    context.move_cursors(writing)?;
    // A replay may have made something due. What is due already is due now.
    let next_due = [again_at, context.due.first()].into_iter().flatten().min();
    Ok((look.jobs, next_due.map(|at| at.max(now))))
}

/// Gives the time to go on when there is more.
fn go_through(writing: &Writing<'_>, context: &mut Context, look: &mut Look) -> Result<Option<Millis>> {
    let now = look.now;
    let plan = replay::plan(writing, context, look)?;
    due::take_due(writing, context, look)?;
    let again_at = [
        gone::cancel_held(writing, context, look)?,
        owed::take_owed(writing, context, look)?,
        replay::go_on(writing, context, look, plan)?,
        keys::go_on(writing, context, now)?,
        away::switch_off_away(writing, context, now)?,
    ];
    Ok(again_at.into_iter().flatten().min())
}

#[cfg(test)]
mod tests;
