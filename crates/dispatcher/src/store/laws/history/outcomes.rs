//! Something comes of deliveries.

use std::time::Duration;

use bluehook_core::{
    delivery::{Status, Step},
    time::Millis,
};

use super::{HOUR, History};
use crate::{
    Result,
    model::{
        cause::ErrorClass,
        changes::DeliveryStep,
        failure::{Failure, FailureKind, Reason},
        log::{BodyCut, CancelledBecause, Outcome, Phases, Response},
        sums::{Attempted, Latencies, Move},
    },
    store::{
        Change,
        change::{Became, Ending, NewAttempt, NewRow},
        heads,
        laws::{
            dice::Dice,
            memory::{Row, Stood},
        },
        rows::waits_as,
    },
};

/// What is known of a delivery that something is to come of.
#[derive(Clone)]
struct Subject {
    new: NewRow,
    status: Status,
    is_bare: bool,
    tries: u32,
    attempts: u32,
    class: Option<ErrorClass>,
    first_attempt_at: Option<Millis>,
}

/// How an attempt ended.
pub(in crate::store::laws) struct Ended {
    pub(in crate::store::laws) step: Step,
    pub(in crate::store::laws) tries: u32,
    pub(in crate::store::laws) ordinal: u32,
    pub(in crate::store::laws) duration_us: u64,
    pub(in crate::store::laws) outcome: Outcome,
    pub(in crate::store::laws) reused: bool,
}

impl Subject {
    fn of(stood: &Stood<'_>) -> Subject {
        let row = stood.row;
        Subject {
            new: NewRow::of(&stood.made),
            status: stood.status(),
            is_bare: stood.is_bare(),
            tries: row.map_or(0, |row| row.tries),
            attempts: row.map_or(0, |row| row.attempts),
            class: row.and_then(Row::class),
            first_attempt_at: row.and_then(|row| row.first_attempt_at),
        }
    }

    fn moved(&self, to: Status) -> Move {
        Move::moved(self.new.webhook, self.new.created_at, self.status, to)
    }
}

impl History {
    /// One of the deliveries that are so.
    fn one_that(&self, dice: &mut Dice, is: impl Fn(&Stood<'_>) -> bool) -> Option<Subject> {
        let found: Vec<Subject> =
            self.with(|data| data.all().filter(is).map(|stood| Subject::of(&stood)).collect());
        // Rather one of the newest.
        let skipped = if dice.one_in(2) { found.len().saturating_sub(6) } else { 0 };
        dice.pick(&found[skipped..])
    }

    /// An attempt at something that is to be sent ends.
    pub(in crate::store::laws) fn attempt(&mut self, dice: &mut Dice) {
        let Some(subject) = self.one_that(dice, |stood| stood.status().is_live()) else { return };
        let outcome = outcome(dice);
        let (attempts, now) = (subject.attempts + 1, self.now);
        let class = ErrorClass::of(&outcome);
        let status = match class {
            None => Status::Succeeded,
            Some(_) => {
                dice.pick(&[Status::Retrying, Status::Retrying, Status::Failed, Status::Held]).unwrap()
            }
        };
        let due_at = (status == Status::Retrying).then(|| now + dice.within(0..HOUR));
        let duration_us = u64::try_from(dice.within(0..9_000_000)).unwrap();
        let attempted = Attempted { before: subject.class, class, piece: Latencies::piece(duration_us) };
        let moved = Move { attempt: Some(attempted), ..subject.moved(status) };
        self.delivery_changes(moved, subject.new.number, DeliveryStep::Attempted, attempts);
        let ended = Ended {
            step: Step { status, next_attempt_at: due_at, gave_up: None },
            tries: subject.tries + 1,
            ordinal: attempts,
            duration_us,
            outcome,
            reused: dice.one_in(2),
        };
        self.end_attempt(subject.new, subject.is_bare, ended);
    }

    /// An attempt at a delivery ended so.
    pub(in crate::store::laws) fn end_attempt(&mut self, new: NewRow, is_bare: bool, ended: Ended) {
        let Ended { step, tries, ordinal, duration_us, outcome, reused } = ended;
        let (ended_at, started_at, delivery) = (self.now, self.now - 9, new.number);
        let revision = self.revision_of(new.webhook);
        let phases = Phases { queued: Some(Duration::from_micros(duration_us / 3)), ..Phases::default() };
        self.put(move |group| {
            let (outcome, phases) = (&outcome, &phases);
            let headers =
                [("X-Bluehook-Event", "TODO_CREATED"), ("webhook-id", "dlv_1"), ("X-Bluehook-Attempt", "1")];
            let about = heads::About { delivery, id: "dlv_1", started_at, ordinal };
            let head = &*heads::pack(headers.into_iter(), &about);
            let attempt = NewAttempt {
                delivery,
                revision,
                ordinal,
                started_at,
                duration_us,
                head,
                outcome,
                reused,
                phases,
            };
            let ending = Ending { step, tries, ended_at, attempt };
            let became = Became::Ended(&ending);
            group.put(if is_bare {
                Change::Row(new.clone(), became)
            } else {
                Change::Moved(delivery, became)
            })
        });
    }

    /// A delivery is to be sent once more.
    pub(in crate::store::laws) fn again(&mut self, dice: &mut Dice) {
        let Some(subject) = self.one_that(dice, |_| true) else { return };
        let at = self.now + dice.within(0..HOUR);
        let status = if subject.is_bare { Status::Pending } else { waits_as(subject.attempts) };
        let tries = if subject.status == Status::Retrying { subject.tries } else { 0 };
        self.becomes(&subject, status, move |put| put(Became::Due { status, tries, at }));
    }

    /// A delivery that waits or is held waits for nobody any more.
    pub(in crate::store::laws) fn aside(&mut self, dice: &mut Dice) {
        let waits = |stood: &Stood<'_>| stood.status().is_live() || stood.status() == Status::Held;
        let Some(subject) = self.one_that(dice, waits) else { return };
        let reasons = [None, Some(CancelledBecause::Membership), Some(CancelledBecause::ProjectDeleted)];
        let (status, because) = if dice.one_in(3) {
            (Status::Held, None)
        } else {
            (Status::Cancelled, dice.pick(&reasons).unwrap())
        };
        self.becomes(&subject, status, move |put| put(Became::Aside(status, because)));
    }

    fn becomes(
        &mut self,
        subject: &Subject,
        status: Status,
        became: impl Fn(&dyn Fn(Became<'_>) -> Result<()>) -> Result<()> + 'static,
    ) {
        let (new, is_bare) = (subject.new.clone(), subject.is_bare);
        self.delivery_changes(subject.moved(status), new.number, DeliveryStep::Moved, subject.attempts);
        self.put(move |group| {
            became(&|became| {
                let moved = if is_bare {
                    Change::Row(new.clone(), became)
                } else {
                    Change::Moved(new.number, became)
                };
                group.put(moved)
            })
        });
    }

    /// What waits for its time waits for another: the clock was set back.
    pub(super) fn postpone(&mut self, dice: &mut Dice) {
        let Some(subject) = self.one_that(dice, |stood| stood.row.is_some_and(|row| row.due_at.is_some()))
        else {
            return;
        };
        let at = self.now + dice.within(0..HOUR);
        let (number, now) = (subject.new.number, self.now);
        let first_attempt_at = subject.first_attempt_at.map(|first| first.min(now));
        self.put(move |group| group.put(Change::Moved(number, Became::Postponed { at, first_attempt_at })));
    }
}

/// Something that comes back from a receiver.
pub(in crate::store::laws) fn outcome(dice: &mut Dice) -> Outcome {
    if dice.one_in(4) {
        let failure = match dice.maybe(&Reason::ALL) {
            Some(reason) => Failure::because(dice.pick(&FailureKind::ALL).unwrap(), reason),
            None => Failure::new(dice.pick(&FailureKind::ALL).unwrap()),
        };
        let port = dice.one_in(2).then_some(8_443);
        return Outcome::Failure(failure.with(|params| params.port = port));
    }
    Outcome::Response(Response {
        status_code: dice.pick(&[200, 204, 301, 404, 500, 503]).unwrap(),
        headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
        body: vec![b'x'; dice.below(40)],
        body_truncated: dice.one_in(3),
        body_cut: dice.maybe(&BodyCut::ALL),
        clean: dice.one_in(2),
    })
}
