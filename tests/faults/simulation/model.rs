//! What a store keeps of webhooks and deliveries, moved only by the rules of the core.

use super::{
    Chance, Ended, GaveUp, HOUR, MAX_RETRY_AFTER, Millis, Policy, SECOND, START, Status, Step, allowed_pause,
    delivery, health,
};

const WEBHOOKS: u32 = 3;

/// Everything that is kept.
pub(super) struct Model {
    policy: Policy,
    now: Millis,
    webhooks: Vec<Webhook>,
    deliveries: Vec<Delivery>,
}

struct Webhook {
    state: delivery::Webhook,
    last_success_at: Option<Millis>,
    /// Its receiver answers nothing at all.
    is_out: bool,
}

struct Delivery {
    webhook: usize,
    status: Status,
    next_attempt_at: Option<Millis>,
    /// Attempts of this round of the schedule.
    tries: u32,
    attempts: u32,
    first_attempt_at: Option<Millis>,
    last_attempt_at: Option<Millis>,
    /// Whether any attempt was answered with 2xx.
    got_through: bool,
    /// Whether its webhook had a success since its first attempt, in the order in which things happened.
    success_since: bool,
}

impl Model {
    pub(super) fn new(policy: Policy) -> Model {
        let webhook = |_| Webhook { state: delivery::Webhook::Enabled, last_success_at: None, is_out: false };
        Model { policy, now: START, webhooks: (0..WEBHOOKS).map(webhook).collect(), deliveries: Vec::new() }
    }

    /// One thing that may happen.
    pub(super) fn step(&mut self, chance: &mut Chance) {
        let webhook = usize::try_from(chance.below(WEBHOOKS)).unwrap();
        match chance.below(100) {
            0..25 => self.take_in(webhook),
            25..45 => self.claim(),
            45..75 => self.attempt_ends(chance),
            75..85 => self.pass(Millis::from(chance.below(90)) * SECOND),
            85..87 => self.pass(HOUR),
            87..89 => self.set_back(Millis::from(chance.below(7_200)) * SECOND),
            89..91 => self.crash(),
            91..93 => self.switch(webhook, chance),
            93..96 => self.send_again(chance),
            96..99 => self.webhooks[webhook].is_out = chance.one_in(2),
            _ if chance.one_in(8) => self.delete(webhook),
            _ => {}
        }
    }

    fn take_in(&mut self, webhook: usize) {
        let status = match self.webhooks[webhook].state {
            delivery::Webhook::Enabled => Status::Pending,
            delivery::Webhook::Disabled => Status::Held,
            delivery::Webhook::Deleted => return,
        };
        self.deliveries.push(Delivery {
            webhook,
            status,
            next_attempt_at: None,
            tries: 0,
            attempts: 0,
            first_attempt_at: None,
            last_attempt_at: None,
            got_through: false,
            success_since: false,
        });
    }

    /// Takes everything up that is due; what waits for a webhook that is off or gone is put aside.
    fn claim(&mut self) {
        for delivery in &mut self.deliveries {
            let is_due = match delivery.status {
                Status::Pending => true,
                Status::Retrying => delivery.next_attempt_at.unwrap() <= self.now,
                _ => false,
            };
            let to = match self.webhooks[delivery.webhook].state {
                delivery::Webhook::Enabled if is_due => Status::Delivering,
                delivery::Webhook::Enabled => continue,
                delivery::Webhook::Disabled => Status::Held,
                delivery::Webhook::Deleted => Status::Cancelled,
            };
            if matches!(delivery.status, Status::Pending | Status::Retrying) {
                delivery.go(to);
            }
        }
    }

    /// One of the attempts under way ends.
    fn attempt_ends(&mut self, chance: &mut Chance) {
        let under_way: Vec<usize> = (0..self.deliveries.len())
            .filter(|index| self.deliveries[*index].status == Status::Delivering)
            .collect();
        if !under_way.is_empty() {
            self.end_attempt(chance.of(&under_way), chance);
        }
    }

    fn end_attempt(&mut self, index: usize, chance: &mut Chance) {
        let delivery = &mut self.deliveries[index];
        let webhook = &self.webhooks[delivery.webhook];
        let ended = if webhook.is_out { Ended::Unanswered } else { answer(chance) };
        let (tries, now) = (delivery.tries + 1, self.now);
        let step = delivery::after_attempt(&self.policy, tries, ended, webhook.state, now, chance.any());
        delivery.tries = tries;
        delivery.attempts += 1;
        delivery.first_attempt_at = Some(delivery.first_attempt_at.map_or(now, |first| first.min(now)));
        delivery.last_attempt_at = Some(now);
        delivery.got_through |= ended.is_success();
        delivery.go(step.status);
        delivery.next_attempt_at = step.next_attempt_at;
        check_step(&self.policy, tries, ended, step, now);
        if ended.is_success() {
            self.note_success(index);
        }
        self.judge(index, step.gave_up);
    }

    fn note_success(&mut self, index: usize) {
        let key = self.deliveries[index].webhook;
        let webhook = &mut self.webhooks[key];
        webhook.last_success_at = webhook.last_success_at.max(Some(self.now));
        let begun = |delivery: &&mut Delivery| delivery.webhook == key && delivery.first_attempt_at.is_some();
        self.deliveries.iter_mut().filter(begun).for_each(|delivery| delivery.success_since = true);
    }

    fn judge(&mut self, index: usize, gave_up: Option<GaveUp>) {
        let delivery = &self.deliveries[index];
        let webhook = &mut self.webhooks[delivery.webhook];
        let Some(gave_up) = gave_up.filter(|_| webhook.state == delivery::Webhook::Enabled) else { return };
        let first_attempt_at = delivery.first_attempt_at.unwrap();
        if health::switches_off(gave_up, first_attempt_at, webhook.last_success_at) {
            assert!(
                gave_up == GaveUp::Gone || !delivery.success_since,
                "a working receiver was switched off"
            );
            webhook.state = delivery::Webhook::Disabled;
        }
    }

    fn pass(&mut self, by: Millis) {
        self.now += by;
    }

    /// The clock is set back; what waits is moved to it, as the dispatcher's rescue does.
    fn set_back(&mut self, by: Millis) {
        self.now -= by;
        let now = self.now;
        for delivery in &mut self.deliveries {
            let Some((at, last)) = delivery.next_attempt_at.zip(delivery.last_attempt_at) else { continue };
            let shifted = (at - by).max(now);
            let moved = if last > now { shifted.min(now + (at - last).max(0)) } else { shifted };
            delivery.next_attempt_at = Some(if at > now { moved } else { at });
        }
        let waiting = self.deliveries.iter_mut().filter(|delivery| delivery.status.is_live());
        waiting.for_each(|delivery| {
            delivery.first_attempt_at = delivery.first_attempt_at.map(|first| first.min(now));
        });
    }

    /// Everything in memory is lost; the store is opened again.
    fn crash(&mut self) {
        for delivery in self.deliveries.iter_mut().filter(|delivery| delivery.status == Status::Delivering) {
            let to = if delivery.attempts == 0 { Status::Pending } else { Status::Retrying };
            delivery.go(to);
            delivery.next_attempt_at = (to == Status::Retrying).then_some(self.now);
        }
    }

    fn switch(&mut self, webhook: usize, chance: &mut Chance) {
        let webhook = &mut self.webhooks[webhook];
        webhook.state = match webhook.state {
            delivery::Webhook::Enabled => delivery::Webhook::Disabled,
            // The probe that precedes it may fail.
            delivery::Webhook::Disabled if !webhook.is_out && !chance.one_in(3) => delivery::Webhook::Enabled,
            other => other,
        };
    }

    fn delete(&mut self, webhook: usize) {
        self.webhooks[webhook].state = delivery::Webhook::Deleted;
        let held = |d: &&mut Delivery| d.webhook == webhook && d.status == Status::Held;
        self.deliveries.iter_mut().filter(held).for_each(|delivery| delivery.go(Status::Cancelled));
    }

    /// A delivery is sent again because somebody asked, where that is possible.
    fn send_again(&mut self, chance: &mut Chance) {
        if self.deliveries.is_empty() {
            return;
        }
        let end = u32::try_from(self.deliveries.len()).unwrap();
        let delivery = &mut self.deliveries[usize::try_from(chance.below(end)).unwrap()];
        let is_on = self.webhooks[delivery.webhook].state == delivery::Webhook::Enabled;
        if !is_on || delivery.status == Status::Delivering {
            return;
        }
        if delivery.status != Status::Retrying {
            delivery.tries = 0;
        }
        let to = if delivery.attempts == 0 { Status::Pending } else { Status::Retrying };
        delivery.go(to);
        delivery.next_attempt_at = (to == Status::Retrying).then_some(self.now);
    }

    /// The outages end, nothing new comes, and time passes until nothing waits.
    pub(super) fn come_to_rest(&mut self, chance: &mut Chance) {
        self.webhooks.iter_mut().for_each(|webhook| webhook.is_out = false);
        // Each look brings every delivery at least one attempt further, and none has more than 20 pauses.
        for _ in 0..30 {
            self.claim();
            for index in 0..self.deliveries.len() {
                if self.deliveries[index].status == Status::Delivering {
                    self.end_attempt(index, chance);
                }
            }
            self.pass(2 * HOUR);
            self.check();
        }
    }

    pub(super) fn check(&self) {
        for delivery in &self.deliveries {
            delivery.check(&self.policy, self.now);
        }
    }

    /// Once nothing happens any more, nothing waits, and nothing is left for a webhook that is gone.
    pub(super) fn check_rest(&self) {
        for delivery in &self.deliveries {
            assert!(!delivery.status.is_live(), "{:?} at rest", delivery.status);
            let is_deleted = self.webhooks[delivery.webhook].state == delivery::Webhook::Deleted;
            assert!(!is_deleted || delivery.status != Status::Held, "held for nobody");
        }
    }
}

impl Delivery {
    /// Moves on, if that is a move there is.
    fn go(&mut self, to: Status) {
        use Status::{Cancelled, Delivering, Failed, Held, Pending, Retrying, Succeeded};
        let legal = match self.status {
            Pending => matches!(to, Delivering | Held | Cancelled | Pending),
            Delivering => to != Delivering,
            Retrying => matches!(to, Delivering | Held | Cancelled | Retrying),
            Held => matches!(to, Pending | Retrying | Cancelled),
            Succeeded | Failed | Cancelled => matches!(to, Pending | Retrying),
        };
        assert!(legal, "{:?} → {to:?}", self.status);
        self.status = to;
        self.next_attempt_at = None;
    }

    fn check(&self, policy: &Policy, now: Millis) {
        assert_eq!(self.next_attempt_at.is_some(), self.status == Status::Retrying);
        assert!(self.tries <= policy.attempts(), "{} attempts in a round", self.tries);
        assert!(self.status != Status::Succeeded || self.got_through, "a success without an answer");
        assert_eq!(self.attempts == 0, self.last_attempt_at.is_none());
        if let Some(at) = self.next_attempt_at {
            let longest = policy.pauses().iter().max().copied().unwrap_or(0) * 11 / 10;
            assert!(
                at <= now.saturating_add_unsigned(longest.max(MAX_RETRY_AFTER)),
                "{} ms to wait",
                at - now
            );
        }
    }
}

/// What the rules say after an attempt.
fn check_step(policy: &Policy, tries: u32, ended: Ended, step: Step, now: Millis) {
    assert_eq!(step.status == Status::Succeeded, ended.is_success());
    assert_eq!(step.gave_up.is_some(), step.status == Status::Failed);
    assert_eq!(step.next_attempt_at.is_some(), step.status == Status::Retrying);
    if let Some(at) = step.next_attempt_at {
        let pause = u64::try_from(at - now).unwrap();
        assert!(allowed_pause(policy, tries, ended).contains(&pause), "{pause} ms after attempt {tries}");
    }
}

/// What a receiver that works now and then says.
fn answer(chance: &mut Chance) -> Ended {
    if chance.one_in(8) {
        return Ended::Unanswered;
    }
    let code = chance.of(&[200, 200, 204, 299, 301, 400, 429, 500, 503, 503]);
    let code = if chance.one_in(50) { 410 } else { code };
    let retry_after = chance.one_in(2).then(|| u64::from(chance.below(7_200)) * 1_000);
    Ended::Answered { code, retry_after }
}
