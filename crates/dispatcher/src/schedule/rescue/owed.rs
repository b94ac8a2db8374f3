//! What is owed: the log is read on for webhooks whose lines have gaps, as their receivers take what they are sent.

use bluehook_core::{delivery::Status, time::Millis};

use super::look::{Look, READS_OF_A_ROW, Taken, reserve};
use crate::{
    Result,
    decide::aside,
    know::Entry,
    ledger::{Context, Writing, due::NOBODY},
    model::WebhookKey,
    store::{
        Change, Snapshot,
        change::{Became, NewRow},
        made::Made,
    },
};

/// The most deliveries of the log that are read for one webhook in one look.
const MAX_READ: usize = 512;

/// Goes through the webhooks whose lines have gaps. Gives now as the time to go on when there is more to put aside.
pub(super) fn take_owed(
    writing: &Writing<'_>,
    context: &mut Context,
    look: &mut Look,
) -> Result<Option<Millis>> {
    let before = writing.look()?.before();
    let mut again_at = None;
    for key in context.lines.with_gaps(context.turns.owed) {
        if look.allowance.is_spent() {
            return Ok(Some(look.now));
        }
        context.turns.owed = key;
        let entry = context.entry(key);
        if let Some(aside) = aside::put(entry.as_ref().map(|entry| &*entry.webhook)) {
            put_owed_aside(writing, context, (key, aside), look)?;
            if context.lines.has_gap(key) {
                again_at = Some(look.now);
            }
        } else if let Some(entry) = entry {
            read_on(before, context, &entry, look)?;
        }
    }
    context.turns.owed = NOBODY;
    Ok(again_at)
}

/// Shows the next deliveries that a webhook is owed, until `show` says that it wants no more.
fn owed(
    before: &dyn Snapshot,
    context: &mut Context,
    key: WebhookKey,
    look: &mut Look,
    mut show: impl FnMut(&mut Context, &mut Look, Made) -> Result<bool>,
) -> Result<()> {
    let Some(read_to) = context.lines.read_to(key) else { return Ok(()) };
    let limit = look.allowance.at_most(MAX_READ).max(1);
    let next = look.listed_after(before, key, read_to, limit)?;
    look.allowance.spend(next.len() / READS_OF_A_ROW + 1);
    for number in &next {
        if context.lines.holds(key, *number) {
            continue;
        }
        let Some(made) = before.bare(*number)?.filter(|made| made.how.is_live()) else { continue };
        let event = made.event;
        if !show(context, look, made)? {
            return Ok(());
        }
        context.lines.has_read(key, *number, event);
    }
    match next.last() {
        Some(last) if next.len() == limit => {
            let event = before.made(*last)?.map_or(0, |made| made.event);
            context.lines.has_read(key, *last, event);
        }
        _ => context.lines.has_read_all(key),
    }
    Ok(())
}

/// Reads on in the log for a webhook, when a good part of its room is free.
fn read_on(before: &dyn Snapshot, context: &mut Context, entry: &Entry, look: &mut Look) -> Result<()> {
    if !entry.load.is_half_free() || context.workers.have_ended() {
        entry.load.overflow();
        return Ok(());
    }
    let mut places = reserve(entry, context, look);
    owed(before, context, entry.key, look, |context, look, made| {
        let Some(place) = places.pop() else { return Ok(false) };
        look.allowance.spend(1);
        if look.take(before, entry.key, &Taken::of_made(&made), place)? {
            context.lines.take(entry.key, made.number, made.event);
        }
        Ok(true)
    })?;
    if context.lines.has_gap(entry.key) {
        entry.load.overflow();
    }
    Ok(())
}

/// What a webhook that is off or gone is owed is owed no longer.
fn put_owed_aside(
    writing: &Writing<'_>,
    context: &mut Context,
    (key, status): (WebhookKey, Status),
    look: &mut Look,
) -> Result<()> {
    owed(writing.look()?.before(), context, key, look, |context, look, made| {
        if look.allowance.is_spent() {
            return Ok(false);
        }
        look.allowance.spend(1);
        move_bare(writing, context, &made, status)?;
        context.backlog_changes(-1);
        Ok(true)
    })
}

/// Gives a bare delivery a row where it waits for nobody.
pub(super) fn move_bare(
    writing: &Writing<'_>,
    context: &mut Context,
    made: &Made,
    status: Status,
) -> Result<()> {
    let Made { number, webhook, created_at, how, .. } = *made;
    writing.put(Change::Row(NewRow::of(made), Became::Aside(status, None)))?;
    context.delivery_moved((webhook, number), created_at, (how.status(), status), 0);
    Ok(())
}
