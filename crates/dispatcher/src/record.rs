//! record: an attempt's outcome becomes the delivery's next state, and its webhook's health, in one transaction.

use std::{sync::Arc, time::Duration};

use bluehook_core::{
    delivery::{self, Ended, Status, Step},
    health,
    time::Millis,
    webhook,
};
use rusqlite::Transaction;

use crate::{
    Error, Result,
    changes::DeliveryStep,
    kill,
    log::{Outcome, Phases},
    registry::{Entry, WebhookKey},
    store::{Context, Lasting, Staged, Write, attempts, deliveries, webhooks},
    worker::Place,
};

/// An attempt that ended, to be written down.
pub(crate) struct Record {
    pub(crate) webhook: WebhookKey,
    pub(crate) delivery: i64,
    /// The webhook as it was called.
    pub(crate) revision: i64,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Millis,
    pub(crate) started_at: Millis,
    pub(crate) ended_at: Millis,
    pub(crate) took: Duration,
    pub(crate) request_headers: Vec<(String, String)>,
    pub(crate) ended: Ended,
    pub(crate) outcome: Outcome,
    pub(crate) reused: bool,
    pub(crate) phases: Phases,
    pub(crate) chance: u32,
    /// Given back when this is on disk.
    pub(crate) place: Place,
}

impl Record {
    pub(crate) fn is_success(&self) -> bool {
        self.ended.is_success()
    }

    fn step(&self, context: &Context, entry: Option<&Entry>) -> Step {
        let webhook = match entry {
            None => delivery::Webhook::Deleted,
            Some(entry) if entry.webhook.enabled => delivery::Webhook::Enabled,
            Some(_) => delivery::Webhook::Disabled,
        };
        delivery::after_attempt(
            &context.config.retry,
            self.tries,
            self.ended,
            webhook,
            self.ended_at,
            self.chance,
        )
    }

    fn ending(&self, step: Step) -> deliveries::Ending {
        let (status_code, failure) = match &self.outcome {
            Outcome::Response(response) => (Some(response.status_code), None),
            Outcome::Failure(failure) => (None, Some(failure.kind)),
        };
        deliveries::Ending {
            delivery: self.delivery,
            step,
            tries: self.tries,
            attempts: self.attempts,
            started_at: self.started_at,
            ended_at: self.ended_at,
            status_code,
            failure,
        }
    }

    /// Switches the webhook off when this delivery's giving up says so.
    fn judge(
        &self,
        tx: &Transaction<'_>,
        context: &mut Context,
        entry: &Arc<Entry>,
        step: Step,
    ) -> Result<()> {
        let Some(gave_up) = step.gave_up.filter(|_| entry.webhook.enabled) else { return Ok(()) };
        let last_success_at = entry.load.last_success_at();
        if health::switches_off(gave_up, self.first_attempt_at, last_success_at) {
            switch_off(tx, context, entry, self.delivery, self.ended_at)?;
        }
        Ok(())
    }
}

impl Write for Record {
    fn apply(&mut self, tx: &Transaction<'_>, context: &mut Context) -> Result<()> {
        kill::point("before-record");
        let entry = context.entry(self.webhook);
        let step = self.step(context, entry.as_deref());
        attempts::insert(
            tx,
            &attempts::NewAttempt {
                delivery: self.delivery,
                revision: self.revision,
                ordinal: self.attempts,
                started_at: self.started_at,
                duration_us: u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
                request_headers: &self.request_headers,
                outcome: &self.outcome,
                reused: self.reused,
                phases: &self.phases,
            },
        )?;
        if deliveries::settle(tx, &self.ending(step))? {
            let delivery = (self.webhook, self.delivery);
            context.delivery_changes(delivery, DeliveryStep::Attempted, step.status, self.attempts);
            if !step.status.is_live() {
                context.backlog_changes(-1);
            }
        }
        if let Some(entry) = entry {
            entry.load.attempted(self.is_success(), self.ended_at);
            if self.is_success() {
                context.succeeded(self.webhook, self.ended_at);
            }
            self.judge(tx, context, &entry, step)?;
        }
        if let Some(at) = step.next_attempt_at {
            context.workers.due(at);
        }
        Ok(())
    }

    fn committed(self: Box<Self>, lasting: &Lasting) {
        kill::point("after-record");
        lasting.counters.attempts.observe(self.took);
        drop(self.place);
    }

    /// What a receiver said is never forgotten: it is written as soon as the store takes it.
    fn failed(self: Box<Self>, _: Error) -> Option<Box<dyn Write>> {
        Some(self)
    }
}

/// Switches a webhook off because its deliveries fail, and notes that its creator is to be told.
fn switch_off(
    tx: &Transaction<'_>,
    context: &mut Context,
    entry: &Arc<Entry>,
    delivery: i64,
    now: Millis,
) -> Result<()> {
    let mut webhook = (*entry.webhook).clone();
    webhook.enabled = false;
    webhook.status = webhook::Status::Unhealthy;
    webhook.updated_at = webhook.updated_at.max(now);
    let revision = webhooks::update(tx, &context.config.encryption_key, entry.key, &webhook)?;
    webhooks::notify_disabled(tx, entry.key, &webhook.created_by_id, delivery, now)?;
    tracing::warn!(webhook = %webhook.id, "webhook switched off: its deliveries fail");
    context.stage(Staged::Put(entry.changed(webhook, revision)));
    Ok(())
}

/// A delivery that a worker had taken when its webhook was switched off or deleted.
pub(crate) struct Aside {
    pub(crate) number: i64,
    pub(crate) webhook: WebhookKey,
    /// Given back when this is on disk.
    pub(crate) place: Place,
}

impl Write for Aside {
    fn apply(&mut self, tx: &Transaction<'_>, context: &mut Context) -> Result<()> {
        let status = if context.entry(self.webhook).is_some() { Status::Held } else { Status::Cancelled };
        if let Some(attempts) = deliveries::put_aside(tx, self.number, status)? {
            context.delivery_changes((self.webhook, self.number), DeliveryStep::Moved, status, attempts);
            context.backlog_changes(-1);
        }
        Ok(())
    }

    fn committed(self: Box<Self>, _: &Lasting) {
        drop(self.place);
    }

    fn failed(self: Box<Self>, _: Error) -> Option<Box<dyn Write>> {
        Some(self)
    }
}
