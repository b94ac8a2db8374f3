//! A webhook is switched on or off, and what that means for it is written down.

use std::sync::Arc;

use bluehook_core::{time::Millis, webhook::Webhook};
use serde_json::Value;

use super::{Context, Writing};
use crate::{
    Result,
    decide::switching::{self, Before, Switch},
    know::{Entry, Staged},
    model::{
        audit::{Action, Author, FieldChange, Note},
        health::Health,
        standing::Off,
    },
    store::Change,
};

/// Writes down how a changed webhook fares, and gives why it is off.
pub(crate) fn follow(
    writing: &Writing<'_>,
    context: &mut Context,
    entry: &Entry,
    (webhook, switch): (&Webhook, Option<&Switch>),
    now: Millis,
) -> Result<Option<Arc<Off>>> {
    let before = Before { webhook: &entry.webhook, health: context.health(entry), off: entry.off.as_ref() };
    let after = match switch {
        Some(switch) => switch.after(before, webhook, now),
        None => switching::changed(before, webhook, now),
    };
    if switch.is_some() {
        writing.put(Change::Off(entry.key, after.off.as_deref()))?;
    }
    if let Some(change) = after.change {
        writing.put(Change::HealthChanged(entry.key, change))?;
    }
    if let Some(health) = after.health {
        context.fares(entry.key, health);
    }
    Ok(after.off)
}

/// Switches a webhook off for a reason of its own, and notes that its creator is to be told.
pub(crate) fn switch_off(
    writing: &Writing<'_>,
    context: &mut Context,
    entry: &Entry,
    (health, off): (Health, Off),
    delivery: Option<i64>,
) -> Result<()> {
    let (by, now) = (off.by, off.at);
    let (health, change) = switching::switched_off(health, &off);
    writing.put(Change::Off(entry.key, Some(&off)))?;
    writing.put(Change::HealthChanged(entry.key, change))?;
    context.fares(entry.key, health);
    let webhook = switching::off(&entry.webhook, now);
    let revision = context.keep_webhook(writing, entry.key, &webhook)?;
    let user_id = &webhook.created_by_id;
    writing.put(Change::Notice { webhook: entry.key, user_id, delivery, at: now })?;
    let note = Note::of_webhook(Action::WebhookDisabled, &webhook);
    let why = FieldChange::between("disabled.by", Value::Null, by.name().into());
    context.note(writing, &Author::server(), &note.with(why))?;
    tracing::warn!(webhook = %webhook.id, by = by.name(), "webhook switched off");
    context.stage(Staged::Put(entry.changed(webhook, revision, Some(Arc::new(off)))));
    Ok(())
}
