//! Once more: a delivery sent again because somebody asked, with the same id and the same bytes.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::Transaction;

use crate::{
    Conflict, Dispatcher, Error, Result,
    audit::{Action, Author, Note},
    changes::DeliveryStep,
    id::Kind,
    know::{Entry, WebhookKey},
    log::CancelledBecause,
    membership::kept_from_webhook,
    store::{Context, deliveries},
    sums::Move,
};

impl Dispatcher {
    /// Sends a delivery again, now. One that waits for its next attempt is attempted now; any other begins its schedule
    /// anew.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such delivery or its webhook was deleted; [`Error::Conflict`] when its webhook
    /// is off, or it is under way already, or the webhook's creator is not in its project now.
    pub async fn redeliver(&self, id: &str) -> Result<()> {
        let number = self.ids.number(Kind::Delivery, id).ok_or(DELIVERY_NOT_FOUND)?;
        let author = self.author.clone();
        self.store.change(move |tx, context| send_again(tx, context, number, &author)).await?;
        self.workers.wake.notify_one();
        Ok(())
    }
}

const DELIVERY_NOT_FOUND: Error = Error::NotFound("Delivery");

fn send_again(tx: &Transaction<'_>, context: &mut Context, number: i64, author: &Author) -> Result<()> {
    let (status, webhook, _) = deliveries::standing(tx, number)?.ok_or(DELIVERY_NOT_FOUND)?;
    let entry = context.entry(webhook).ok_or(Error::NotFound("Webhook"))?;
    if !entry.webhook.enabled {
        return Err(Error::Conflict(Conflict::WebhookOff));
    }
    if status == Status::Delivering {
        return Err(Error::Conflict(Conflict::BeingSent));
    }
    if let Some((project, event)) = deliveries::told_of(tx, number)? {
        context.may_send(&entry, &project, event)?;
    }
    let now = context.clock.now();
    make_due(tx, context, webhook, number, now)?;
    let id = context.ids.of(Kind::Delivery, number);
    let note = Note::of_part(Action::DeliveryRedelivered, &entry.webhook, "DELIVERY", &id);
    context.note(tx, author, &note)?;
    if !status.is_live() {
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

/// Makes a delivery due now, and notes that it was.
pub(crate) fn make_due(
    tx: &Transaction<'_>,
    context: &mut Context,
    webhook: WebhookKey,
    number: i64,
    now: Millis,
) -> Result<()> {
    let Some((before, _, created_at)) = deliveries::standing(tx, number)? else { return Ok(()) };
    if let Some((status, attempts)) = deliveries::make_due(tx, number, now)? {
        context.delivery_changes((webhook, number), DeliveryStep::Moved, status, attempts);
        context.moves(number, Move::moved(webhook, created_at, before, status));
    }
    Ok(())
}
