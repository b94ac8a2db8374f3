//! What waits for its time and has a row: taken up when it is due, put aside when its webhook is off or gone, moved when the
//! clock was set back.

use bluehook_core::delivery::Status;

use super::look::{Look, MAX_TOUCHED, READS_OF_A_ROW, Taken, reserve};
use crate::{
    Result,
    decide::aside,
    know::Entry,
    ledger::{Context, Writing},
    model::WebhookKey,
    store::{Change, Snapshot, change::Became, rows::Waiting},
};

// Moving it to a clock that was set back.
mod back;

pub(super) use back::move_back;

/// The most deliveries that are put aside or moved for one webhook in one look.
const MAX_ASIDE: usize = 1_000;

/// Goes through the webhooks that something is due for. It is taken as far as there is room in memory.
pub(super) fn take_due(writing: &Writing<'_>, context: &mut Context, look: &mut Look) -> Result<()> {
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
    let mut more = Vec::new();
    while look.allowance.at_most(MAX_TOUCHED) > reserve
        && let Some(webhook) = context.due.next(look.now)
    {
        look.allowance.spend(1);
        let entry = context.entry(webhook);
        if let Some(aside) = aside::put(entry.as_ref().map(|entry| &*entry.webhook)) {
            if put_aside(writing, context, (webhook, aside), look)? {
                more.push(webhook);
            }
        } else if let Some(entry) = entry {
            claim(writing.look()?.before(), context, &entry, look)?;
        }
    }
    // In the next look: in this one, what was put aside is found as before.
    for webhook in more {
        context.due.note(webhook, look.now);
    }
    Ok(())
}

/// What waits for a webhook that is off or gone waits no longer, but for what is in memory: that is put aside there. True when
/// there may be more.
fn put_aside(
    writing: &Writing<'_>,
    context: &mut Context,
    (webhook, status): (WebhookKey, Status),
    look: &mut Look,
) -> Result<bool> {
    let limit = look.allowance.at_most(MAX_ASIDE);
    let found = writing.look()?.before().waiting(webhook, limit + context.lines.rows(webhook))?;
    let found = found.into_iter().filter(|one| !context.lines.holds(webhook, one.number));
    let found: Vec<_> = found.take(limit).collect();
    for one in &found {
        let Waiting { number, attempts, created_at, .. } = *one;
        writing.put(Change::Moved(number, Became::Aside(status, None)))?;
        context.delivery_moved((webhook, number), created_at, (one.status(), status), attempts);
    }
    look.allowance.spend(found.len());
    context.backlog_changes(-i64::try_from(found.len()).unwrap_or(0));
    Ok(found.len() == limit)
}

/// Takes up what is due for a webhook, as far as there is room.
fn claim(before: &dyn Snapshot, context: &mut Context, entry: &Entry, look: &mut Look) -> Result<()> {
    let mut places = reserve(entry, context, look);
    let rows = context.lines.rows(entry.key);
    look.allowance.spend(rows / READS_OF_A_ROW);
    let limit = places.len() + rows + 1;
    for waiting in before.waiting(entry.key, limit)? {
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
        if look.take(before, entry.key, &Taken::of(&waiting), place)? {
            context.lines.take_row(entry.key, number);
        }
    }
    Ok(())
}
