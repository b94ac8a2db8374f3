//! A delivery is made due once more.

use bluehook_core::time::Millis;

use super::{Context, Writing};
use crate::{
    Conflict, Error, Result,
    decide::due,
    id::Kind,
    know::{Entry, membership::kept_from_webhook},
    model::{
        audit::{Action, Author, Note},
        log::CancelledBecause,
    },
    store::{
        Change,
        change::{Became, NewRow},
    },
};

/// There is no such delivery.
pub(crate) const DELIVERY_NOT_FOUND: Error = Error::NotFound("Delivery");

/// Sends a delivery again that somebody asked for. It looks into the store.
pub(crate) fn send_again(
    writing: &Writing<'_>,
    context: &mut Context,
    number: i64,
    author: &Author,
) -> Result<()> {
    let before = writing.look()?.before();
    let standing = before.stands(number)?.ok_or(DELIVERY_NOT_FOUND)?;
    let entry = context.entry(standing.webhook).ok_or(Error::NotFound("Webhook"))?;
    if !entry.webhook.enabled {
        return Err(Error::Conflict(Conflict::WebhookOff));
    }
    if context.lines.holds(entry.key, number) {
        return Err(Error::Conflict(Conflict::BeingSent));
    }
    if let Some((project, event)) = before.told_of(number)? {
        context.may_send(&entry, &project, event)?;
    }
    let now = context.clock.now();
    make_due(writing, context, number, now)?;
    let id = context.ids.of(Kind::Delivery, number);
    let note = Note::of_part(Action::DeliveryRedelivered, &entry.webhook, "DELIVERY", &id);
    context.note(writing, author, &note)?;
    if !standing.status.is_live() {
        context.backlog_changes(1);
    }
    Ok(())
}

impl Context {
    /// Refuses to send a webhook what is kept from its creator now.
    fn may_send(&self, entry: &Entry, project_id: &str, event: i64) -> Result<()> {
        match kept_from_webhook(self.world(), &entry.webhook, project_id, event) {
            None => Ok(()),
            Some(CancelledBecause::ProjectDeleted) => Err(Error::Conflict(Conflict::DeliveryProjectGone)),
            Some(_) => Err(Error::Conflict(Conflict::DeliveryNotYours)),
        }
    }
}

/// Makes a delivery due now, and notes that it was. False when it is being sent, or is not there. It looks into the store.
pub(crate) fn make_due(
    writing: &Writing<'_>,
    context: &mut Context,
    number: i64,
    now: Millis,
) -> Result<bool> {
    let Some(standing) = writing.look()?.before().stands(number)? else { return Ok(false) };
    let webhook = standing.webhook;
    if context.lines.holds(webhook, number) {
        return Ok(false);
    }
    let (status, tries) = due::again(&standing);
    let became = Became::Due { status, tries, at: now };
    writing.put(match &standing.bare {
        Some(made) => Change::Row(NewRow::of(made), became),
        None => Change::Moved(number, became),
    })?;
    context.due.note(webhook, now);
    let moved = (standing.status, status);
    context.delivery_moved((webhook, number), standing.created_at, moved, standing.attempts);
    Ok(true)
}
