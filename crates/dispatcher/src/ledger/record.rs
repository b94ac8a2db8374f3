//! record: an attempt's outcome becomes the delivery's next state, and its webhook's health, in one group.

use std::{sync::Arc, time::Duration};

use bluehook_core::{
    delivery::{Ended, Status, Step},
    event::EventType,
    time::Millis,
    webhook,
};

use super::{Context, Lasting, Write, Writing, lines::Was, switching};
use crate::{
    Error, Result,
    decide::{
        aside::aside,
        outcome::{self, Attempt, Fares},
    },
    id::Kind,
    kill,
    know::Entry,
    line::{Job, Place},
    model::{
        WebhookKey,
        cause::{Cause, ErrorClass},
        changes::DeliveryStep,
        log::{CancelledBecause, Outcome, Phases},
        standing::HealthChange,
        sums::{Attempted, Latencies, Move},
    },
    store::{
        Change,
        change::{ATTEMPTS_PER_DELIVERY, Became, Ending, NewAttempt, NewRow},
    },
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
    /// How many of its attempts had ended there.
    attempts: u32,
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
            attempts: job.attempts,
        }
    }

    /// The row that it gets when it has none.
    fn row(&self) -> NewRow {
        NewRow {
            number: self.number,
            event: self.event,
            webhook: self.webhook,
            revision: self.revision,
            event_type: self.event_type,
            created_at: self.created_at,
        }
    }

    /// Writes what became of it. It is in memory no more. False when it was not there: nothing came of it then.
    fn settle(&self, writing: &Writing<'_>, context: &mut Context, became: Became<'_>) -> Result<bool> {
        match context.lines.settle(self.webhook, self.number) {
            Was::Bare => writing.put(Change::Row(self.row(), became))?,
            Was::Row => writing.put(Change::Moved(self.number, became))?,
            Was::NotThere => return Ok(false),
        }
        Ok(true)
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
    /// Its request's headers, packed ([`crate::store::heads`]).
    pub(crate) head: Vec<u8>,
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

    /// What rules ask of it.
    fn facts(&self) -> Attempt<'_> {
        Attempt {
            ended: self.ended,
            tries: self.tries,
            started_at: self.started_at,
            ended_at: self.ended_at,
            first_attempt_at: self.first_attempt_at,
            url: &self.called.url,
            chance: self.chance,
        }
    }

    fn ending(&self, step: Step) -> Ending<'_> {
        Ending { step, tries: self.tries, ended_at: self.ended_at, attempt: self.attempt() }
    }

    /// Notes how the webhook fares now, and switches it off when this delivery's giving up says so.
    fn judge(
        &self,
        writing: &Writing<'_>,
        context: &mut Context,
        entry: &Arc<Entry>,
        step: Step,
    ) -> Result<()> {
        entry.load.attempted(self.is_success());
        let number = self.delivery.number;
        let failure = Cause::of(&self.outcome, self.ended_at, Some(context.ids.of(Kind::Delivery, number)));
        let before = context.health(entry);
        let Fares { health, has_changed, off } =
            outcome::judge(before, &entry.webhook, (&self.facts(), step), failure);
        if let Some(off) = off {
            return switching::switch_off(writing, context, entry, (health, off), Some(number));
        }
        if has_changed {
            writing.put(Change::HealthChanged(entry.key, HealthChange::of(&health)))?;
            context.health_changes(entry.key);
        }
        context.fares(entry.key, health);
        Ok(())
    }

    /// Writes where the delivery stands after the attempt. What is not there any more stays so.
    fn settle(&self, writing: &Writing<'_>, context: &mut Context, step: Step) -> Result<()> {
        let Subject { webhook, number, .. } = self.delivery;
        if !self.delivery.settle(writing, context, Became::Ended(&self.ending(step)))? {
            return Ok(());
        }
        context.moves(number, self.counted(step.status));
        context.delivery_changes((webhook, number), DeliveryStep::Attempted, step.status, self.attempts);
        if !step.status.is_live() {
            context.backlog_changes(-1);
        }
        if let Some(at) = step.next_attempt_at {
            context.due.note(webhook, at);
            context.workers.due(at);
        }
        Ok(())
    }

    fn attempt(&self) -> NewAttempt<'_> {
        NewAttempt {
            delivery: self.delivery.number,
            revision: self.revision,
            ordinal: self.attempts,
            started_at: self.started_at,
            duration_us: u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX),
            head: &self.head,
            outcome: &self.outcome,
            reused: self.reused,
            phases: &self.phases,
        }
    }

    /// The move that the attempt is, for the sums. The attempt counts when it is in the log.
    fn counted(&self, status: Status) -> Move {
        let (before, class) = (self.class_before, ErrorClass::of(&self.outcome));
        let piece = Latencies::piece(u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX));
        let is_logged = self.attempts < ATTEMPTS_PER_DELIVERY;
        let attempt = is_logged.then_some(Attempted { before, class, piece });
        Move { attempt, ..self.delivery.moved(status) }
    }
}

impl Write for Record {
    fn apply(&mut self, writing: &Writing<'_>, context: &mut Context) -> Result<()> {
        kill::point("before-record");
        let entry = context.entry(self.delivery.webhook);
        let webhook = entry.as_ref().map(|entry| &*entry.webhook);
        let step = outcome::step(&context.config.retry, &self.facts(), webhook);
        self.settle(writing, context, step)?;
        match entry {
            Some(entry) => self.judge(writing, context, &entry, step),
            None => Ok(()),
        }
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

/// A delivery that a worker had taken when its webhook was switched off or deleted, or its creator was not in its project.
pub(crate) struct Aside {
    pub(crate) delivery: Subject,
    /// Why it is kept from the webhook's creator, if that is why.
    pub(crate) kept: Option<CancelledBecause>,
    /// Given back when this is on disk.
    pub(crate) place: Place,
}

impl Write for Aside {
    fn apply(&mut self, writing: &Writing<'_>, context: &mut Context) -> Result<()> {
        let Subject { webhook, number, created_at, stands, attempts, .. } = self.delivery;
        let entry = context.entry(webhook);
        let (status, because) = aside(entry.as_ref().map(|entry| &*entry.webhook), self.kept);
        if self.delivery.settle(writing, context, Became::Aside(status, because))? {
            context.delivery_moved((webhook, number), created_at, (stands, status), attempts);
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
