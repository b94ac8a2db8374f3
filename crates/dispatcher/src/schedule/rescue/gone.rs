//! What is held for webhooks that were deleted: it is cancelled piece by piece, as those who follow see.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::Transaction;

use super::{
    look::{Look, READS_OF_A_ROW},
    owed::move_bare,
};
use crate::{
    Result,
    ledger::Context,
    model::{WebhookKey, changes::DeliveryStep, sums::Move},
    store::{deliveries, lists::of_webhook, told},
};

/// The most deliveries that are cancelled for one webhook in one look.
const MAX_CANCELLED: usize = 1_000;

/// What is held for webhooks that were deleted is held for nobody. Gives now as the time to go on when there is more.
pub(super) fn cancel_held(
    tx: &Transaction<'_>,
    context: &mut Context,
    look: &mut Look,
) -> Result<Option<Millis>> {
    while let Some((webhook, after)) = context.gone.0.pop_first() {
        let limit = look.allowance.at_most(MAX_CANCELLED);
        if limit == 0 {
            context.gone.0.insert(webhook, after);
            return Ok(Some(look.now));
        }
        let moved = deliveries::cancel_held(tx, webhook, limit)?;
        for deliveries::Moved { number, attempts, created_at } in &moved {
            let step = DeliveryStep::Moved;
            context.delivery_changes((webhook, *number), step, Status::Cancelled, *attempts);
            context.moves(*number, Move::moved(webhook, *created_at, Status::Held, Status::Cancelled));
        }
        look.allowance.spend(moved.len() + 1);
        let reached =
            if moved.is_empty() { cancel_bare(tx, context, (webhook, after), look)? } else { Some(after) };
        if let Some(after) = reached {
            context.gone.0.insert(webhook, after);
        }
    }
    Ok(None)
}

/// The same for those without rows. Gives the last delivery that was looked at, when there may be more.
fn cancel_bare(
    tx: &Transaction<'_>,
    context: &mut Context,
    (webhook, after): (WebhookKey, i64),
    look: &mut Look,
) -> Result<Option<i64>> {
    let limit = look.allowance.at_most(MAX_CANCELLED).max(1);
    let tail = look.tail(tx)?;
    let next = of_webhook::after(tx, &tail, webhook, after, limit)?;
    look.allowance.spend(next.len() / READS_OF_A_ROW);
    for number in &next {
        if let Some(made) = told::bare(tx, *number)?.filter(|made| !made.how.is_live()) {
            look.allowance.spend(1);
            move_bare(tx, context, &made, Status::Cancelled)?;
        }
    }
    Ok(next.last().copied().filter(|_| next.len() == limit))
}
