//! rescue: takes up what waits in the store — retries that are due, what there was no room for, what a crash left behind.
//!
//! New events do not come this way: they go from the commit straight to a worker. A lost wake-up costs at most one poll.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use bluehook_core::{delivery::Status, event::Event, request::Stamp, time::Millis};
use rusqlite::{Connection, Transaction};
use tokio::{
    sync::watch,
    time::{self, Instant},
};

use crate::{
    Result, away,
    changes::DeliveryStep,
    clock::Clock,
    keys, kill,
    know::{Entry, WebhookKey},
    lag, replay,
    store::{
        Context, Store, deliveries, events,
        webhooks::{self, Revisions},
    },
    sums::Move,
    upkeep,
    worker::{Job, Message, Place, Workers},
};

/// The longest time between two looks at the store.
const POLL: Duration = Duration::from_secs(1);
/// The most deliveries that are taken up for one webhook in one look.
const MAX_CLAIM: usize = 256;
/// The most deliveries that are put aside for one webhook in one look.
const MAX_ASIDE: usize = 1_000;
/// The most rows that one look touches.
const MAX_TOUCHED: usize = 1_024;
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
    let mut next_fold = clock.now();
    let mut latest = clock.now();
    loop {
        latest = keep_to_clock(&store, latest, clock.now()).await;
        let next_due = match take_up(&store, &workers).await {
            Ok(next_due) => next_due,
            Err(error) => {
                tracing::error!(%error, "waiting deliveries could not be taken up");
                None
            }
        };
        let now = clock.now();
        if pruned_at.is_none_or(|at| (now - at).abs() >= PRUNE_EVERY) {
            pruned_at = Some(now);
            upkeep::prune(&store, (retention, audit_retention)).await;
        }
        if (now - next_fold).abs() >= FOLD_EVERY {
            next_fold = now;
            upkeep::keep_sums(&store).await;
        }
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
    match store.change(move |tx, _| deliveries::clock_set_back(tx, now, latest - now)).await {
        Ok(()) => now,
        Err(error) => {
            tracing::error!(%error, "waiting deliveries could not be moved to a clock that was set back");
            latest
        }
    }
}

/// One look. Gives the time when something is due that is not yet.
async fn take_up(store: &Store, workers: &Workers) -> Result<Option<Millis>> {
    let (jobs, next_due) = store.change(look).await?;
    if !jobs.is_empty() {
        kill::point("claimed");
    }
    for job in jobs {
        workers.tell(job.webhook, Message::Deliver(job))?;
    }
    Ok(next_due)
}

/// No webhook has this number, and all others are above it.
const NOBODY: WebhookKey = 0;

/// The webhooks that were the last to have their turn, where not all could have one in a transaction.
#[derive(Default)]
pub(crate) struct Turns {
    /// Of those that something waits for.
    due: WebhookKey,
    /// Of those that are owed something.
    owed: WebhookKey,
}

/// Webhooks that are gone, as long as something may be held for them.
pub(crate) struct Gone(BTreeSet<WebhookKey>);

impl Gone {
    /// Those of a database.
    pub(crate) fn read(connection: &Connection) -> Result<Gone> {
        Ok(Gone(webhooks::gone_with_held(connection)?))
    }

    /// One more.
    pub(crate) fn add(&mut self, key: WebhookKey) {
        self.0.insert(key);
    }

    /// One of them.
    fn first(&self) -> Option<WebhookKey> {
        self.0.first().copied()
    }

    /// Nothing is held for this one any more.
    fn forget(&mut self, key: WebhookKey) {
        self.0.remove(&key);
    }
}

/// What one look comes to, and how much of it there may still be.
struct Look {
    now: Millis,
    allowance: Allowance,
    jobs: Vec<Job>,
    sources: Sources,
}

/// How many more rows one look may touch: whoever else wants to write is not to wait long for it.
pub(crate) struct Allowance(usize);

impl Allowance {
    /// So many rows, at the most.
    pub(crate) fn at_most(&self, rows: usize) -> usize {
        rows.min(self.0)
    }

    /// Whether there are none left.
    pub(crate) fn is_spent(&self) -> bool {
        self.0 == 0
    }

    /// So many were touched.
    pub(crate) fn spend(&mut self, rows: usize) {
        self.0 = self.0.saturating_sub(rows);
    }
}

/// Goes through what something is to happen for, as far as one look may; the next goes on where this one ends.
fn look(tx: &Transaction<'_>, context: &mut Context) -> Result<(Vec<Job>, Option<Millis>)> {
    let now = context.clock.now();
    let (allowance, sources) = (Allowance(MAX_TOUCHED), Sources::default());
    let mut look = Look { now, allowance, jobs: Vec::new(), sources };
    let next_due = [
        away::switch_off_away(tx, context, now)?,
        replay::go_on(tx, context, now, &mut look.allowance)?,
        keys::go_on(tx, context, now)?,
        take_due(tx, context, &mut look)?,
        cancel_held(tx, context, &mut look)?,
        take_owed(tx, context, &mut look)?,
    ];
    Ok((look.jobs, next_due.into_iter().flatten().min()))
}

/// Goes through the webhooks that something waits for. What is due is taken as far as their workers have room. Gives when
/// something is due that is not yet.
fn take_due(tx: &Transaction<'_>, context: &mut Context, look: &mut Look) -> Result<Option<Millis>> {
    // Who was not reached the last time comes first; the others after that.
    let first = context.turns.due;
    let (mut after, mut began_anew) = (first, false);
    let mut next_due = None;
    loop {
        let waiting = deliveries::next_waiting(tx, after)?;
        let Some((webhook, due_at)) = waiting.filter(|(webhook, _)| !began_anew || *webhook <= first) else {
            if began_anew || first == NOBODY {
                break;
            }
            (after, began_anew) = (NOBODY, true);
            continue;
        };
        if look.allowance.is_spent() {
            context.turns.due = after;
            return Ok(Some(look.now));
        }
        after = webhook;
        let again_at = match context.entry(webhook) {
            None => put_aside(tx, context, webhook, Status::Cancelled, look)?,
            Some(entry) if !entry.webhook.enabled => put_aside(tx, context, webhook, Status::Held, look)?,
            Some(_) if due_at > look.now => Some(due_at),
            Some(entry) => {
                claim(tx, context, &entry, look)?;
                None
            }
        };
        next_due = [next_due, again_at].into_iter().flatten().min();
    }
    context.turns.due = NOBODY;
    Ok(next_due)
}

/// Goes through the webhooks that are owed events of the log. Gives now as the time to go on when there is more to put
/// aside.
fn take_owed(tx: &Transaction<'_>, context: &mut Context, look: &mut Look) -> Result<Option<Millis>> {
    let mut again_at = None;
    for key in context.lagging.keys_after(context.turns.owed) {
        if look.allowance.is_spent() {
            return Ok(Some(look.now));
        }
        context.turns.owed = key;
        let aside = match context.entry(key) {
            Some(entry) if entry.webhook.enabled => {
                claim_owed(tx, context, &entry, look)?;
                continue;
            }
            Some(_) => Status::Held,
            None => Status::Cancelled,
        };
        let put = stretch(tx, context, key, (aside, MAX_ASIDE), look)?;
        context.backlog_changes(-i64::try_from(put.len()).unwrap_or(0));
        if context.lagging.since(key).is_some() {
            again_at = Some(look.now);
        }
    }
    context.turns.owed = NOBODY;
    Ok(again_at)
}

/// Writes out what a webhook is owed, at most so many deliveries, in a status.
fn stretch(
    tx: &Transaction<'_>,
    context: &mut Context,
    key: WebhookKey,
    (status, limit): (Status, usize),
    look: &mut Look,
) -> Result<Vec<lag::Owed>> {
    let written = lag::stretch(tx, context, key, status, look.allowance.at_most(limit))?;
    look.allowance.spend(written.len() + lag::COST_OF_LOOKING);
    Ok(written)
}

/// Takes up what a webhook is owed, when a good part of its room is free.
fn claim_owed(tx: &Transaction<'_>, context: &mut Context, entry: &Entry, look: &mut Look) -> Result<()> {
    if !entry.load.is_half_free() {
        entry.load.overflow();
        return Ok(());
    }
    let places = reserve(entry, context, look);
    let claimed = stretch(tx, context, entry.key, (Status::Delivering, places.len()), look)?;
    if context.lagging.since(entry.key).is_some() {
        entry.load.overflow();
    }
    for (owed, place) in claimed.into_iter().zip(places) {
        let Some((event, stamp)) = look.sources.event(tx, owed.event)? else { continue };
        let revision = look.sources.revisions.get(tx, owed.revision)?;
        let (number, webhook) = (owed.number, entry.key);
        look.jobs.push(Job {
            number,
            webhook,
            revision,
            event,
            event_number: owed.event,
            stamp,
            tries: 0,
            attempts: 0,
            first_attempt_at: None,
            created_at: owed.received_at,
            class: None,
            place,
            queued: Instant::now(),
        });
    }
    Ok(())
}

/// Takes as many places in memory as there are for a webhook, up to what one look takes up.
fn reserve(entry: &Entry, context: &Context, look: &Look) -> Vec<Place> {
    let reserve = || Place::reserve(&entry.load, &context.workers.wake);
    std::iter::from_fn(reserve).take(look.allowance.at_most(entry.load.free().min(MAX_CLAIM))).collect()
}

/// What waits for a webhook that is off or gone waits no longer. In pieces: gives now as the time to go on.
fn put_aside(
    tx: &Transaction<'_>,
    context: &mut Context,
    webhook: WebhookKey,
    status: Status,
    look: &mut Look,
) -> Result<Option<Millis>> {
    let limit = look.allowance.at_most(MAX_ASIDE);
    let moved = deliveries::put_waiting_aside(tx, webhook, status, limit)?;
    for deliveries::Moved { number, attempts, created_at } in &moved {
        context.delivery_changes((webhook, *number), DeliveryStep::Moved, status, *attempts);
        let waited_as = deliveries::waits_as(*attempts);
        context.moves(*number, Move::moved(webhook, *created_at, waited_as, status));
    }
    look.allowance.spend(moved.len());
    context.backlog_changes(-i64::try_from(moved.len()).unwrap_or(0));
    Ok((moved.len() == limit).then_some(look.now))
}

/// What is held for webhooks that were deleted is held for nobody. Gives now as the time to go on when there is more.
fn cancel_held(tx: &Transaction<'_>, context: &mut Context, look: &mut Look) -> Result<Option<Millis>> {
    while let Some(webhook) = context.gone.first() {
        let limit = look.allowance.at_most(MAX_ASIDE);
        if limit == 0 {
            return Ok(Some(look.now));
        }
        let moved = deliveries::cancel_held(tx, webhook, limit)?;
        for deliveries::Moved { number, attempts, created_at } in &moved {
            let step = DeliveryStep::Moved;
            context.delivery_changes((webhook, *number), step, Status::Cancelled, *attempts);
            context.moves(*number, Move::moved(webhook, *created_at, Status::Held, Status::Cancelled));
        }
        look.allowance.spend(moved.len());
        if moved.is_empty() {
            context.gone.forget(webhook);
        }
    }
    Ok(None)
}

fn claim(tx: &Transaction<'_>, context: &mut Context, entry: &Entry, look: &mut Look) -> Result<()> {
    let places = reserve(entry, context, look);
    if places.is_empty() {
        entry.load.overflow();
        return Ok(());
    }
    let claimed = deliveries::claim(tx, entry.key, look.now, places.len())?;
    look.allowance.spend(claimed.len());
    if claimed.len() == places.len() {
        // There may be more: the worker asks again when it has room.
        entry.load.overflow();
    }
    for (claimed, place) in claimed.into_iter().zip(places) {
        let waited_as = deliveries::waits_as(claimed.attempts);
        let taken = Move::moved(entry.key, claimed.created_at, waited_as, Status::Delivering);
        context.moves(claimed.number, taken);
        let Some((event, stamp)) = look.sources.event(tx, claimed.event)? else { continue };
        look.jobs.push(Job {
            number: claimed.number,
            webhook: entry.key,
            revision: look.sources.revisions.get(tx, claimed.revision)?,
            event,
            event_number: claimed.event,
            stamp,
            tries: claimed.tries,
            attempts: claimed.attempts,
            first_attempt_at: claimed.first_attempt_at,
            created_at: claimed.created_at,
            class: claimed.class,
            place,
            queued: Instant::now(),
        });
    }
    Ok(())
}

/// What bodies are rendered from, read once for one look.
#[derive(Default)]
struct Sources {
    revisions: Revisions,
    events: HashMap<i64, Option<(Arc<Event>, Stamp)>>,
}

impl Sources {
    fn event(&mut self, tx: &Transaction<'_>, number: i64) -> Result<Option<(Arc<Event>, Stamp)>> {
        if let Some(known) = self.events.get(&number) {
            return Ok(known.clone());
        }
        let found = events::get_stamped(tx, number)?.map(|(event, stamp)| (Arc::new(event), stamp));
        self.events.insert(number, found.clone());
        Ok(found)
    }
}
