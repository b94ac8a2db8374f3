//! record: an attempt's outcome becomes the delivery's next state, and its webhook's health, in one transaction.

use std::{sync::Arc, time::Duration};

use bluehook_core::{
    delivery::{self, Ended, GaveUp, Status, Step},
    health,
    time::Millis,
    webhook,
};
use rusqlite::Transaction;

use crate::{
    Error, Result,
    cause::{Cause, ErrorClass},
    changes::DeliveryStep,
    health::Health,
    id::Kind,
    kill,
    know::{Entry, WebhookKey},
    log::{CancelledBecause, Outcome, Phases},
    standing::{HealthChange, Off, OffBy},
    store::{self, Context, Lasting, Write, attempts, deliveries},
    sums::{Attempted, Latencies, Move},
    switching,
    worker::Place,
};

/// An attempt that ended, to be written down.
pub(crate) struct Record {
    pub(crate) webhook: WebhookKey,
    pub(crate) delivery: i64,
    /// The webhook as it was called.
    pub(crate) called: Arc<webhook::Webhook>,
    /// The same, as bodies have it.
    pub(crate) revision: i64,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Millis,
    /// When the delivery was made.
    pub(crate) created_at: Millis,
    /// The class of the attempt before, if that failed.
    pub(crate) class_before: Option<ErrorClass>,
    pub(crate) started_at: Millis,
    pub(crate) ended_at: Millis,
    pub(crate) took: Duration,
    /// A line each.
    pub(crate) request_headers: String,
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

    /// Notes how the webhook fares now, and switches it off when this delivery's giving up says so.
    fn judge(
        &self,
        tx: &Transaction<'_>,
        context: &mut Context,
        entry: &Arc<Entry>,
        step: Step,
    ) -> Result<()> {
        entry.load.attempted(self.is_success());
        let before = context.health(entry);
        let counts = self.started_at >= before.on_since && self.called.url == entry.webhook.url;
        let delivery_id = || Some(context.ids.of(Kind::Delivery, self.delivery));
        let failure = Cause::of(&self.outcome, self.ended_at, delivery_id());
        let (state, last_success_at) = (before.state, before.last_success_at);
        let health = before.attempted(self.ended_at, failure, counts);
        let gave_up = step.gave_up.filter(|_| entry.webhook.enabled);
        if let Some(gave_up) = gave_up
            && health::switches_off(gave_up, self.first_attempt_at, last_success_at)
        {
            return switch_off(tx, context, entry, health, (gave_up, self.delivery, self.ended_at));
        }
        if health.state != state {
            store::health::changed(tx, self.webhook, &HealthChange::of(&health))?;
            context.health_changes(self.webhook);
        }
        context.fares(self.webhook, health);
        Ok(())
    }

    /// The move that the attempt is, for the sums. It counts when it is in the log, and moves the delivery when that was
    /// under way.
    fn counted(&self, is_logged: bool, is_moved: bool, status: Status) -> Move {
        let class = ErrorClass::of(&self.outcome);
        let before = if is_moved { self.class_before } else { class };
        let piece = Latencies::piece(u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX));
        let (from, to) = if is_moved { (Status::Delivering, status) } else { (status, status) };
        let attempt = is_logged.then_some(Attempted { before, class, piece });
        Move { attempt, ..Move::moved(self.webhook, self.created_at, from, to) }
    }
}

impl Write for Record {
    fn apply(&mut self, tx: &Transaction<'_>, context: &mut Context) -> Result<()> {
        kill::point("before-record");
        let entry = context.entry(self.webhook);
        let step = self.step(context, entry.as_deref());
        let is_logged = attempts::insert(
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
        let is_moved = deliveries::settle(tx, &self.ending(step))?;
        context.moves(self.delivery, self.counted(is_logged, is_moved, step.status));
        if is_moved {
            let delivery = (self.webhook, self.delivery);
            context.delivery_changes(delivery, DeliveryStep::Attempted, step.status, self.attempts);
            if !step.status.is_live() {
                context.backlog_changes(-1);
            }
        }
        if let Some(entry) = entry {
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

/// Switches a webhook off because its deliveries fail.
fn switch_off(
    tx: &Transaction<'_>,
    context: &mut Context,
    entry: &Arc<Entry>,
    health: Health,
    (gave_up, delivery, now): (GaveUp, i64, Millis),
) -> Result<()> {
    let by = match gave_up {
        GaveUp::AttemptsUsedUp => OffBy::Exhausted,
        GaveUp::Gone => OffBy::Gone,
    };
    let off = Off { by, at: now, person: None, cause: health.cause.clone(), probe: None };
    switching::switch_off(tx, context, entry, (health, off), Some(delivery))
}

/// A delivery that a worker had taken when its webhook was switched off or deleted, or its creator was not in its project.
pub(crate) struct Aside {
    pub(crate) number: i64,
    pub(crate) webhook: WebhookKey,
    /// Why it is kept from the webhook's creator, if that is why.
    pub(crate) kept: Option<CancelledBecause>,
    /// Given back when this is on disk.
    pub(crate) place: Place,
}

impl Write for Aside {
    fn apply(&mut self, tx: &Transaction<'_>, context: &mut Context) -> Result<()> {
        let entry = context.entry(self.webhook);
        let kept = self.kept.filter(|_| entry.as_ref().is_some_and(|entry| entry.webhook.enabled));
        let status = if entry.is_some() && kept.is_none() { Status::Held } else { Status::Cancelled };
        if let Some(moved) = deliveries::put_aside(tx, self.number, status)? {
            if let Some(because) = kept {
                deliveries::cancel_because(tx, self.number, because)?;
            }
            let delivery = (self.webhook, self.number);
            context.delivery_changes(delivery, DeliveryStep::Moved, status, moved.attempts);
            let aside = Move::moved(self.webhook, moved.created_at, Status::Delivering, status);
            context.moves(self.number, aside);
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
