//! rescue: takes up what waits in the store — retries that are due, what there was no room for, what a crash left behind.
//!
//! New events do not come this way: they go from the commit straight to a worker. A lost wake-up costs at most one poll.

use std::{collections::HashMap, sync::Arc, time::Duration};

use bluehook_core::{delivery::Status, event::Event, request::Stamp, time::Millis};
use rusqlite::Transaction;
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
    store::{Context, Store, audit, deliveries, events, retention, sequence, sums, webhooks::Revisions},
    sums::Move,
    worker::{Job, Message, Place, Workers},
};

/// The longest time between two looks at the store.
const POLL: Duration = Duration::from_secs(1);
/// The most deliveries that are taken up for one webhook in one look.
const MAX_CLAIM: usize = 256;
/// The most deliveries that are put aside for one webhook in one look.
const MAX_ASIDE: usize = 1_000;
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
    let mut next_prune = clock.now();
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
        if now >= next_prune {
            next_prune = now + PRUNE_EVERY;
            prune(&store, now, retention).await;
            prune_audit(&store, now, audit_retention).await;
        }
        if (now - next_fold).abs() >= FOLD_EVERY {
            next_fold = now;
            keep_sums(&store).await;
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

/// Goes through the webhooks that something waits for. What is due is taken as far as their workers have room.
fn look(tx: &Transaction<'_>, context: &mut Context) -> Result<(Vec<Job>, Option<Millis>)> {
    let now = context.clock.now();
    let away_until = away::switch_off_away(tx, context, now)?;
    let soonest = [away_until, replay::go_on(tx, context, now)?, keys::go_on(tx, context, now)?];
    let mut next_due = soonest.into_iter().flatten().min();
    let mut jobs = Vec::new();
    let mut sources = Sources::default();
    let mut after = i64::MIN;
    while let Some((webhook, due_at)) = deliveries::next_waiting(tx, after)? {
        after = webhook;
        let again_at = match context.entry(webhook) {
            None => put_aside(tx, context, webhook, Status::Cancelled, now)?,
            Some(entry) if !entry.webhook.enabled => put_aside(tx, context, webhook, Status::Held, now)?,
            Some(_) if due_at > now => Some(due_at),
            Some(entry) => {
                claim(tx, context, &entry, now, &mut sources, &mut jobs)?;
                None
            }
        };
        next_due = [next_due, again_at].into_iter().flatten().min();
    }
    let again_at = lag::catch_up(tx, context, now, |tx, context, entry| {
        claim_owed(tx, context, entry, &mut sources, &mut jobs)
    })?;
    Ok((jobs, [next_due, again_at].into_iter().flatten().min()))
}

/// Takes up what a webhook is owed, when a good part of its room is free.
fn claim_owed(
    tx: &Transaction<'_>,
    context: &mut Context,
    entry: &Entry,
    sources: &mut Sources,
    jobs: &mut Vec<Job>,
) -> Result<()> {
    if !entry.load.is_half_free() {
        entry.load.overflow();
        return Ok(());
    }
    let places = reserve(entry, context);
    let claimed = lag::stretch(tx, context, entry.key, Status::Delivering, places.len())?;
    if context.lagging.since(entry.key).is_some() {
        entry.load.overflow();
    }
    for (owed, place) in claimed.into_iter().zip(places) {
        let Some((event, stamp)) = sources.event(tx, owed.event)? else { continue };
        let revision = sources.revisions.get(tx, owed.revision)?;
        let (number, webhook) = (owed.number, entry.key);
        jobs.push(Job {
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
fn reserve(entry: &Entry, context: &Context) -> Vec<Place> {
    let reserve = || Place::reserve(&entry.load, &context.workers.wake);
    std::iter::from_fn(reserve).take(entry.load.free().min(MAX_CLAIM)).collect()
}

/// What waits for a webhook that is off or gone waits no longer. In pieces: gives now as the time to go on.
fn put_aside(
    tx: &Transaction<'_>,
    context: &mut Context,
    webhook: WebhookKey,
    status: Status,
    now: Millis,
) -> Result<Option<Millis>> {
    let moved = deliveries::put_waiting_aside(tx, webhook, status, MAX_ASIDE)?;
    for deliveries::Moved { number, attempts, created_at } in &moved {
        context.delivery_changes((webhook, *number), DeliveryStep::Moved, status, *attempts);
        let waited_as = deliveries::waits_as(*attempts);
        context.moves(*number, Move::moved(webhook, *created_at, waited_as, status));
    }
    context.backlog_changes(-i64::try_from(moved.len()).unwrap_or(0));
    Ok((moved.len() == MAX_ASIDE).then_some(now))
}

fn claim(
    tx: &Transaction<'_>,
    context: &mut Context,
    entry: &Entry,
    now: Millis,
    sources: &mut Sources,
    jobs: &mut Vec<Job>,
) -> Result<()> {
    let places = reserve(entry, context);
    if places.is_empty() {
        entry.load.overflow();
        return Ok(());
    }
    let claimed = deliveries::claim(tx, entry.key, now, places.len())?;
    if claimed.len() == places.len() {
        // There may be more: the worker asks again when it has room.
        entry.load.overflow();
    }
    for (claimed, place) in claimed.into_iter().zip(places) {
        let waited_as = deliveries::waits_as(claimed.attempts);
        let taken = Move::moved(entry.key, claimed.created_at, waited_as, Status::Delivering);
        context.moves(claimed.number, taken);
        let Some((event, stamp)) = sources.event(tx, claimed.event)? else { continue };
        jobs.push(Job {
            number: claimed.number,
            webhook: entry.key,
            revision: sources.revisions.get(tx, claimed.revision)?,
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

/// Brings the sums up to date, in pieces.
async fn keep_sums(store: &Store) {
    let piece = |tx: &Transaction<'_>, context: &mut Context| {
        let now = context.clock.now();
        let more = sums::fold(tx, now)? | sums::into_hours(tx, now)?;
        if context.uncounted().is_empty() {
            return Ok(more);
        }
        let left = sums::count(tx, now)?;
        context.counted(left.clone());
        Ok(more || !left.is_empty())
    };
    loop {
        match store.change(piece).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return tracing::error!(%error, "sums could not be brought up to date"),
        }
    }
}

/// One piece. The last sequence number is kept beside the log, which may lose its last event.
fn prune_piece(tx: &Transaction<'_>, before: Millis, context: &mut Context) -> Result<bool> {
    sequence::keep(tx, context.last_sequence())?;
    retention::prune(tx, context, before)
}

fn time_before(now: Millis, kept: Duration) -> Millis {
    now.saturating_sub_unsigned(u64::try_from(kept.as_millis()).unwrap_or(u64::MAX))
}

async fn prune_audit(store: &Store, now: Millis, kept: Duration) {
    let before = time_before(now, kept);
    loop {
        match store.change(move |tx, _| audit::prune(tx, before)).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                return tracing::error!(%error, "old entries of the audit trail could not be taken away");
            }
        }
    }
}

async fn prune(store: &Store, now: Millis, retention: Duration) {
    let before = time_before(now, retention);
    loop {
        match store.change(move |tx, context| prune_piece(tx, before, context)).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return tracing::error!(%error, "old entries could not be taken away"),
        }
    }
}
