//! What waits for its time and has a row: taken up when it is due, moved when the clock was set back, put aside when its webhook is
//! off or gone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, Transaction};

use super::{
    NOBODY,
    look::{Look, MAX_TOUCHED, READS_OF_A_ROW, Taken, reserve},
};
use crate::{
    Result,
    changes::DeliveryStep,
    know::{Entry, WebhookKey},
    store::{
        Context,
        deliveries::{self, Waiting},
    },
    sums::Move,
};

/// The most deliveries that are put aside or moved for one webhook in one look.
const MAX_ASIDE: usize = 1_000;

/// When something with a row is due for each webhook: never later than it is, and earlier where nobody looked lately.
#[derive(Default)]
pub(crate) struct Due {
    of: BTreeMap<WebhookKey, Millis>,
    order: BTreeSet<(Millis, WebhookKey)>,
    /// Webhooks for which more is due than there was room for.
    crowded: BTreeSet<WebhookKey>,
    /// Times when the clock was set back, until what waits was moved.
    set_back: VecDeque<SetBack>,
    /// The same before this transaction, and the webhooks that it looked at.
    before: (VecDeque<SetBack>, Vec<WebhookKey>),
}

/// A clock that was set back.
#[derive(Clone, Copy)]
struct SetBack {
    to: Millis,
    by: Millis,
    /// The webhook that is being seen to, and the last of its deliveries that was.
    at: (WebhookKey, i64),
}

impl Due {
    /// What a store has, which was written to until some time: a look for each webhook that something waits for.
    pub(crate) fn read(connection: &Connection, (now, until): (Millis, Option<Millis>)) -> Result<Due> {
        let (mut due, mut after) = (Due::default(), NOBODY);
        while let Some((webhook, at)) = deliveries::next_waiting(connection, after)? {
            due.note(webhook, at);
            after = webhook;
        }
        if until.is_some_and(|until| until > now) {
            due.set_back(now, 0);
        }
        due.keep_changes();
        Ok(due)
    }

    /// Something is due for a webhook at a time.
    pub(crate) fn note(&mut self, webhook: WebhookKey, at: Millis) {
        match self.of.get(&webhook) {
            Some(known) if *known <= at => return,
            Some(known) => drop(self.order.remove(&(*known, webhook))),
            None => {}
        }
        self.of.insert(webhook, at);
        self.order.insert((at, webhook));
    }

    /// A webhook is to be looked at, if anything waits for it.
    pub(crate) fn look_at(&mut self, webhook: WebhookKey) {
        if self.of.contains_key(&webhook) || self.crowded.contains(&webhook) {
            self.note(webhook, Millis::MIN);
        }
    }

    /// The next webhook that something is due for.
    fn next(&mut self, now: Millis) -> Option<WebhookKey> {
        let (at, webhook) = self.order.first().copied().filter(|(at, _)| *at <= now)?;
        self.order.remove(&(at, webhook));
        self.of.remove(&webhook);
        self.before.1.push(webhook);
        Some(webhook)
    }

    /// The transaction failed: what it looked at is looked at again.
    pub(crate) fn forget_changes(&mut self) {
        let (set_back, looked_at) = std::mem::take(&mut self.before);
        self.set_back = set_back;
        for webhook in looked_at {
            self.note(webhook, Millis::MIN);
        }
        self.keep_changes();
    }

    /// The transaction is in the file.
    pub(crate) fn keep_changes(&mut self) {
        self.before.0.clone_from(&self.set_back);
        self.before.1.clear();
    }

    /// When something is due first.
    fn first(&self) -> Option<Millis> {
        self.order.first().map(|(at, _)| *at)
    }

    /// The clock was set back: what waits is to be moved.
    pub(super) fn set_back(&mut self, to: Millis, by: Millis) {
        self.set_back.push_back(SetBack { to, by, at: (NOBODY, 0) });
    }
}

/// Moves what waits to a clock that was set back. Gives now as the time to go on when there is more.
pub(super) fn move_back(
    tx: &Transaction<'_>,
    context: &mut Context,
    look: &mut Look,
) -> Result<Option<Millis>> {
    while let Some(mut job) = context.due.set_back.pop_front() {
        let limit = look.allowance.at_most(MAX_ASIDE);
        if limit == 0 {
            context.due.set_back.push_front(job);
            return Ok(Some(look.now));
        }
        let (webhook, _) = job.at;
        look.allowance.spend(1);
        let moved = deliveries::clock_set_back(tx, job.at, (job.to, job.by), limit)?;
        look.allowance.spend(moved.len());
        let next = match moved.last() {
            Some(last) if moved.len() == limit => Some((webhook, *last)),
            _ => deliveries::next_waiting(tx, webhook)?.map(|(next, _)| (next, 0)),
        };
        context.due.note(webhook, Millis::MIN);
        if let Some(at) = next {
            job.at = at;
            context.due.set_back.push_front(job);
        }
    }
    Ok(None)
}

/// Goes through the webhooks that something is due for. It is taken as far as there is room in memory. Gives when something is due that is
/// not yet.
pub(super) fn take_due(
    tx: &Transaction<'_>,
    context: &mut Context,
    look: &mut Look,
) -> Result<Option<Millis>> {
    for webhook in std::mem::take(&mut context.due.crowded) {
        match context.entry(webhook) {
            // It is told when there is.
            Some(entry) if entry.webhook.enabled && !entry.load.is_half_free() => {
                entry.load.overflow();
                context.due.crowded.insert(webhook);
            }
            _ => context.due.note(webhook, look.now),
        }
    }
    // Some is left to those that are owed something.
    let reserve = look.allowance.at_most(MAX_TOUCHED) / 4;
    while look.allowance.at_most(MAX_TOUCHED) > reserve
        && let Some(webhook) = context.due.next(look.now)
    {
        look.allowance.spend(1);
        match context.entry(webhook) {
            None => put_aside(tx, context, webhook, Status::Cancelled, look)?,
            Some(entry) if !entry.webhook.enabled => put_aside(tx, context, webhook, Status::Held, look)?,
            Some(entry) => claim(tx, context, &entry, look)?,
        }
    }
    Ok(context.due.first())
}

/// What waits for a webhook that is off or gone waits no longer, but for what is in memory: that is put aside there.
fn put_aside(
    tx: &Transaction<'_>,
    context: &mut Context,
    webhook: WebhookKey,
    status: Status,
    look: &mut Look,
) -> Result<()> {
    let limit = look.allowance.at_most(MAX_ASIDE);
    let waiting = deliveries::waiting(tx, webhook, limit + context.lines.rows(webhook))?;
    let mut put = 0;
    for waiting in waiting
        .into_iter()
        .filter(|waiting| !context.lines.holds(webhook, waiting.number))
        .collect::<Vec<_>>()
    {
        if put == limit {
            context.due.note(webhook, look.now);
            break;
        }
        put += 1;
        let Waiting { number, attempts, created_at, .. } = waiting;
        deliveries::put_aside(tx, number, status)?;
        context.delivery_changes((webhook, number), DeliveryStep::Moved, status, attempts);
        let waited_as = deliveries::waits_as(attempts);
        context.moves(number, Move::moved(webhook, created_at, waited_as, status));
    }
    look.allowance.spend(put);
    context.backlog_changes(-i64::try_from(put).unwrap_or(0));
    if put == limit {
        context.due.note(webhook, look.now);
    }
    Ok(())
}

/// Takes up what is due for a webhook, as far as there is room.
fn claim(tx: &Transaction<'_>, context: &mut Context, entry: &Entry, look: &mut Look) -> Result<()> {
    let mut places = reserve(entry, context, look);
    let rows = context.lines.rows(entry.key);
    look.allowance.spend(rows / READS_OF_A_ROW);
    let limit = places.len() + rows + 1;
    for waiting in deliveries::waiting(tx, entry.key, limit)? {
        if context.lines.holds(entry.key, waiting.number) {
            continue;
        }
        if waiting.due_at > look.now {
            context.due.note(entry.key, waiting.due_at);
            break;
        }
        let Some(place) = places.pop() else {
            // The worker asks again when it has room.
            entry.load.overflow();
            context.due.crowded.insert(entry.key);
            break;
        };
        look.allowance.spend(1);
        let number = waiting.number;
        if look.take(tx, entry.key, &Taken::of(&waiting), place)? {
            context.lines.take_row(entry.key, number);
        }
    }
    Ok(())
}
