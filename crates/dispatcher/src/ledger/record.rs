//! record: an attempt's outcome becomes the delivery's next state, and its webhook's health, in one transaction.

use std::{sync::Arc, time::Duration};

use bluehook_core::{
    delivery::{self, Ended, GaveUp, Status, Step},
    event::EventType,
    health,
    time::Millis,
    webhook,
};
use rusqlite::Transaction;

use super::{Context, Lasting, Write, switching};
use crate::{
    Error, Result,
    id::Kind,
    kill,
    know::Entry,
    line::{Job, Place},
    model::{
        WebhookKey,
        cause::{Cause, ErrorClass},
        changes::DeliveryStep,
        health::Health,
        log::{CancelledBecause, Outcome, Phases},
        standing::{HealthChange, Off, OffBy},
        sums::{Attempted, Latencies, Move},
    },
    store::{self, attempts, deliveries},
};

/// The delivery that something came of.
pub(crate) struct Subject {
    pub(crate) number: i64,
    pub(crate) webhook: WebhookKey,
    event: i64,
    event_type: EventType,
    revision: i64,
    created_at: Millis,
    /// Where it stands in the log.
    stands: Status,
}

impl Subject {
    pub(crate) fn of(job: &Job) -> Subject {
        Subject {
            number: job.number,
            webhook: job.webhook,
            event: job.event_number,
            event_type: job.event.event_type,
            revision: job.revision.key,
            created_at: job.created_at,
            stands: job.stands,
        }
    }

    /// The row that it gets when it has none.
    fn row(&self) -> deliveries::NewRow {
        deliveries::NewRow {
            number: self.number,
            event: self.event,
            webhook: self.webhook,
            revision: self.revision,
            event_type: self.event_type,
            created_at: self.created_at,
        }
    }

    fn moved(&self, status: Status) -> Move {
        Move::moved(self.webhook, self.created_at, self.stands, status)
    }
}

/// An attempt that ended, to be written down.
pub(crate) struct Record {
    pub(crate) delivery: Subject,
    /// The webhook as it was called.
    pub(crate) called: Arc<webhook::Webhook>,
    /// The same, as bodies have it now.
    pub(crate) revision: i64,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Millis,
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
            delivery: self.delivery.number,
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
        let delivery_id = || Some(context.ids.of(Kind::Delivery, self.delivery.number));
        let failure = Cause::of(&self.outcome, self.ended_at, delivery_id());
        let (state, last_success_at) = (before.state, before.last_success_at);
        let health = before.attempted(self.ended_at, failure, counts);
        let gave_up = step.gave_up.filter(|_| entry.webhook.enabled);
        if let Some(gave_up) = gave_up
            && health::switches_off(gave_up, self.first_attempt_at, last_success_at)
        {
            return switch_off(tx, context, entry, health, (gave_up, self.delivery.number, self.ended_at));
        }
        if health.state != state {
            store::health::changed(tx, entry.key, &HealthChange::of(&health))?;
            context.health_changes(entry.key);
        }
        context.fares(entry.key, health);
        Ok(())
    }

    /// The move that the attempt is, for the sums. It counts when it is in the log, and moves the delivery when that was
    /// under way.
    fn counted(&self, is_logged: bool, is_moved: bool, status: Status) -> Move {
        let class = ErrorClass::of(&self.outcome);
        let before = if is_moved { self.class_before } else { class };
        let piece = Latencies::piece(u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX));
        let moved = self.delivery.moved(status);
        let from = if is_moved { moved.from } else { moved.to };
        Move { from, attempt: is_logged.then_some(Attempted { before, class, piece }), ..moved }
    }
}

impl Write for Record {
    fn apply(&mut self, tx: &Transaction<'_>, context: &mut Context) -> Result<()> {
        kill::point("before-record");
        let Subject { webhook, number, .. } = self.delivery;
        let entry = context.entry(webhook);
        let step = self.step(context, entry.as_deref());
        let is_logged = attempts::insert(
            tx,
            &attempts::NewAttempt {
                delivery: number,
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
        let is_moved = if context.lines.settle(webhook, number) {
            deliveries::insert_ended(tx, &self.delivery.row(), &self.ending(step))?;
            true
        } else {
            deliveries::settle(tx, &self.ending(step))?
        };
        context.moves(number, self.counted(is_logged, is_moved, step.status));
        if is_moved {
            context.delivery_changes((webhook, number), DeliveryStep::Attempted, step.status, self.attempts);
            if !step.status.is_live() {
                context.backlog_changes(-1);
            }
        }
        if let Some(entry) = entry {
            self.judge(tx, context, &entry, step)?;
        }
        if let Some(at) = step.next_attempt_at {
            context.due.note(webhook, at);
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
    pub(crate) delivery: Subject,
    /// Why it is kept from the webhook's creator, if that is why.
    pub(crate) kept: Option<CancelledBecause>,
    /// Given back when this is on disk.
    pub(crate) place: Place,
}

impl Aside {
    /// Writes it down. Gives how many of its attempts had ended; none when it is not there any more.
    fn put(&self, tx: &Transaction<'_>, context: &mut Context, status: Status) -> Result<Option<u32>> {
        let Subject { webhook, number, .. } = self.delivery;
        if context.lines.settle(webhook, number) {
            deliveries::insert(tx, &self.delivery.row(), status)?;
            return Ok(Some(0));
        }
        deliveries::put_aside(tx, number, status)
    }
}

impl Write for Aside {
    fn apply(&mut self, tx: &Transaction<'_>, context: &mut Context) -> Result<()> {
        let Subject { webhook, number, .. } = self.delivery;
        let entry = context.entry(webhook);
        let kept = self.kept.filter(|_| entry.as_ref().is_some_and(|entry| entry.webhook.enabled));
        let status = if entry.is_some() && kept.is_none() { Status::Held } else { Status::Cancelled };
        if let Some(attempts) = self.put(tx, context, status)? {
            if let Some(because) = kept {
                deliveries::cancel_because(tx, number, because)?;
            }
            context.delivery_changes((webhook, number), DeliveryStep::Moved, status, attempts);
            context.moves(number, self.delivery.moved(status));
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
