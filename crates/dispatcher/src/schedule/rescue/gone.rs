//! What is held for webhooks that were deleted: it is cancelled piece by piece, as those who follow see.

use bluehook_core::{delivery::Status, time::Millis};

use super::{
    look::{Look, READS_OF_A_ROW},
    owed::move_bare,
};
use crate::{
    Result,
    ledger::{Context, Writing},
    model::WebhookKey,
    store::{Change, change::Became, rows::Held},
};

/// The most deliveries that are cancelled for one webhook in one look.
const MAX_CANCELLED: usize = 1_000;

/// What is held for webhooks that were deleted is held for nobody. Gives now as the time to go on when there is more.
pub(super) fn cancel_held(
    writing: &Writing<'_>,
    context: &mut Context,
    look: &mut Look,
) -> Result<Option<Millis>> {
    // Each once in a look: what was cancelled for it is found as before.
    for (webhook, after) in context.gone.0.clone() {
        if look.allowance.is_spent() {
            break;
        }
        let reached = if cancel_rows(writing, context, webhook, look)? {
            Some(after)
        } else {
            cancel_bare(writing, context, (webhook, after), look)?
        };
        match reached {
            Some(after) => context.gone.0.insert(webhook, after),
            None => context.gone.0.remove(&webhook),
        };
    }
    Ok((!context.gone.0.is_empty()).then_some(look.now))
}

/// Cancels those with rows. True when there may be more.
fn cancel_rows(
    writing: &Writing<'_>,
    context: &mut Context,
    webhook: WebhookKey,
    look: &mut Look,
) -> Result<bool> {
    let limit = look.allowance.at_most(MAX_CANCELLED);
    let held = writing.look()?.before().held(webhook, limit)?;
    for Held { number, attempts, created_at } in &held {
        let status = Status::Cancelled;
        writing.put(Change::Moved(*number, Became::Aside(status, None)))?;
        context.delivery_moved((webhook, *number), *created_at, (Status::Held, status), *attempts);
    }
    look.allowance.spend(held.len() + 1);
    Ok(held.len() == limit)
}

/// The same for those without rows, as far as the look goes. Gives the last delivery that was looked at, when there may be more.
fn cancel_bare(
    writing: &Writing<'_>,
    context: &mut Context,
    (webhook, mut after): (WebhookKey, i64),
    look: &mut Look,
) -> Result<Option<i64>> {
    let before = writing.look()?.before();
    while !look.allowance.is_spent() {
        let limit = look.allowance.at_most(MAX_CANCELLED);
        let next = look.listed_after(before, webhook, after, limit)?;
        look.allowance.spend(next.len() / READS_OF_A_ROW + 1);
        for number in &next {
            if let Some(made) = before.bare(*number)?.filter(|made| !made.how.is_live()) {
                look.allowance.spend(1);
                move_bare(writing, context, &made, Status::Cancelled)?;
            }
        }
        match next.last() {
            Some(last) if next.len() == limit => after = *last,
            _ => return Ok(None),
        }
    }
    Ok(Some(after))
}
