//! What waits for its time and has a row: taken up when it is due, moved when the clock was set back, put aside when its webhook is
//! off or gone.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::Transaction;

use super::look::{Look, MAX_TOUCHED, READS_OF_A_ROW, Taken, reserve};
use crate::{
    Result,
    know::Entry,
    ledger::Context,
    model::{WebhookKey, changes::DeliveryStep, sums::Move},
    store::deliveries::{self, Waiting},
};

/// The most deliveries that are put aside or moved for one webhook in one look.
const MAX_ASIDE: usize = 1_000;

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
    let waiting = waiting.into_iter().filter(|waiting| !context.lines.holds(webhook, waiting.number));
    let waiting: Vec<_> = waiting.take(limit).collect();
    let put = waiting.len();
    for Waiting { number, attempts, created_at, .. } in waiting {
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
