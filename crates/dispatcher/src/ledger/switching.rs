//! Switching a webhook on and off: what that says of its health, and who or what did it.

use std::sync::Arc;

use bluehook_core::{
    time::Millis,
    webhook::{Status, Webhook},
};
use rusqlite::Transaction;
use serde_json::Value;

use super::Context;
use crate::{
    Result,
    know::{Entry, Staged},
    model::{
        audit::{Action, Author, FieldChange, Note},
        cause::Cause,
        health::Health,
        standing::{Actor, HealthChange, Off, OffBy, Probe},
    },
    store::{health, webhooks},
};

/// How a webhook is to be switched, with the probe that decided it.
pub(crate) struct Switch {
    pub(crate) on: bool,
    pub(crate) actor: Actor,
    pub(crate) probe: Option<Probe>,
}

impl Switch {
    /// Sets what the webhook says of itself.
    pub(crate) fn set(&self, webhook: &mut Webhook) {
        webhook.enabled = self.on;
        webhook.status = if self.on { Status::Healthy } else { Status::Unhealthy };
    }

    /// Why the webhook is off then. One that was off already stays so for the reason that it had, unless a probe failed.
    fn off(&self, entry: &Entry, now: Millis) -> Option<Arc<Off>> {
        match (&self.probe, &entry.off) {
            _ if self.on => None,
            (None, Some(before)) => Some(before.clone()),
            (probe, _) => Some(Arc::new(Off {
                by: match probe {
                    Some(_) => OffBy::HealthCheck,
                    None => self.actor.towards(&entry.webhook.created_by_id),
                },
                at: now,
                person: self.actor.person(),
                cause: probe.as_ref().and_then(|probe| Cause::of(&probe.attempt.outcome, now, None)),
                probe: probe.clone(),
            })),
        }
    }
}

/// Writes down how a changed webhook fares, and gives why it is off.
pub(crate) fn follow(
    tx: &Transaction<'_>,
    context: &mut Context,
    entry: &Entry,
    (webhook, switch): (&Webhook, Option<&Switch>),
    now: Millis,
) -> Result<Option<Arc<Off>>> {
    let before = context.health(entry);
    let Some(switch) = switch else {
        if webhook.url != entry.webhook.url {
            let state = before.state;
            let moved = before.begun_anew(now, webhook.enabled);
            if moved.state != state {
                health::changed(tx, entry.key, &HealthChange::of(&moved))?;
            }
            context.fares(entry.key, moved);
        }
        return Ok(entry.off.clone());
    };
    let off = switch.off(entry, now);
    health::put_off(tx, entry.key, off.as_deref())?;
    let is_other = match (&off, &entry.off) {
        (Some(off), Some(before)) => !Arc::ptr_eq(off, before),
        (None, None) => false,
        _ => true,
    };
    let moved = webhook.url != entry.webhook.url;
    let after = match &off {
        Some(_) => before.switched_off(now),
        None if is_other || moved => before.begun_anew(now, true),
        None => before,
    };
    if is_other {
        health::changed(tx, entry.key, &change(&after, off.as_deref(), switch, entry, now))?;
    }
    context.fares(entry.key, after);
    Ok(off)
}

/// Switches a webhook off for a reason of its own, and notes that its creator is to be told.
pub(crate) fn switch_off(
    tx: &Transaction<'_>,
    context: &mut Context,
    entry: &Entry,
    (health, off): (Health, Off),
    delivery: Option<i64>,
) -> Result<()> {
    let (by, now) = (off.by, off.at);
    let health = health.switched_off(now);
    health::put_off(tx, entry.key, Some(&off))?;
    let cause = off.cause.clone();
    health::changed(tx, entry.key, &HealthChange { by: Some(by), cause, ..HealthChange::of(&health) })?;
    context.fares(entry.key, health);
    let mut webhook = (*entry.webhook).clone();
    webhook.enabled = false;
    webhook.status = Status::Unhealthy;
    webhook.updated_at = webhook.updated_at.max(now);
    let revision = webhooks::update(tx, &context.config.encryption_key, entry.key, &webhook)?;
    webhooks::notify_disabled(tx, entry.key, &webhook.created_by_id, delivery, now)?;
    let note = Note::of_webhook(Action::WebhookDisabled, &webhook);
    let why = FieldChange::between("disabled.by", Value::Null, by.name().into());
    context.note(tx, &Author::server(), &note.with(why))?;
    tracing::warn!(webhook = %webhook.id, by = by.name(), "webhook switched off");
    context.stage(Staged::Put(entry.changed(webhook, revision, Some(Arc::new(off)))));
    Ok(())
}

fn change(after: &Health, off: Option<&Off>, switch: &Switch, entry: &Entry, now: Millis) -> HealthChange {
    let by = off.map_or_else(|| switch.actor.towards(&entry.webhook.created_by_id), |off| off.by);
    let cause = off.and_then(|off| off.cause.clone());
    HealthChange { at: now, state: after.state, by: Some(by), person: switch.actor.person(), cause }
}
