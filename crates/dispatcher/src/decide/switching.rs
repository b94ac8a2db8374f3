//! What switching a webhook on or off means: why it is off, how it fares from then on, and what its history says of it.

use std::sync::Arc;

use bluehook_core::{
    time::Millis,
    webhook::{Status, Webhook},
};

use crate::model::{
    cause::Cause,
    health::Health,
    standing::{Actor, HealthChange, Off, OffBy, Probe},
};

/// How a webhook is to be switched, with the probe that decided it.
pub(crate) struct Switch {
    pub(crate) on: bool,
    pub(crate) actor: Actor,
    pub(crate) probe: Option<Probe>,
}

/// A webhook before a change, as far as this is concerned.
pub(crate) struct Before<'a> {
    pub(crate) webhook: &'a Webhook,
    pub(crate) health: Health,
    /// Why it is off; none when it is on.
    pub(crate) off: Option<&'a Arc<Off>>,
}

/// What follows from a change.
pub(crate) struct After {
    /// How the webhook fares; none when nothing is said of it.
    pub(crate) health: Option<Health>,
    /// Why it is off; none when it is on.
    pub(crate) off: Option<Arc<Off>>,
    /// What its history tells of that.
    pub(crate) change: Option<HealthChange>,
}

impl Switch {
    /// Sets what the webhook says of itself.
    pub(crate) fn set(&self, webhook: &mut Webhook) {
        webhook.enabled = self.on;
        webhook.status = if self.on { Status::Healthy } else { Status::Unhealthy };
    }

    /// What follows for a webhook that is changed into another meanwhile.
    pub(crate) fn after(&self, before: Before<'_>, webhook: &Webhook, now: Millis) -> After {
        let Before { webhook: was, health, off: was_off } = before;
        let by = self.actor.towards(&was.created_by_id);
        let off = self.off((by, was_off), now);
        let is_other = match (&off, was_off) {
            (Some(off), Some(before)) => !Arc::ptr_eq(off, before),
            (None, None) => false,
            _ => true,
        };
        let health = match &off {
            Some(_) => health.switched_off(now),
            None if is_other || webhook.url != was.url => health.begun_anew(now, true),
            None => health,
        };
        let change = is_other.then(|| HealthChange {
            at: now,
            state: health.state,
            by: Some(off.as_ref().map_or(by, |off| off.by)),
            person: self.actor.person(),
            cause: off.as_ref().and_then(|off| off.cause.clone()),
        });
        After { health: Some(health), off, change }
    }

    /// Why the webhook is off then. One that was off already stays so for the reason that it had, unless a probe failed.
    fn off(&self, (by, before): (OffBy, Option<&Arc<Off>>), now: Millis) -> Option<Arc<Off>> {
        match (&self.probe, before) {
            _ if self.on => None,
            (None, Some(before)) => Some(before.clone()),
            (probe, _) => Some(Arc::new(Off {
                by: if probe.is_some() { OffBy::HealthCheck } else { by },
                at: now,
                person: self.actor.person(),
                cause: probe.as_ref().and_then(|probe| Cause::of(&probe.attempt.outcome, now, None)),
                probe: probe.clone(),
            })),
        }
    }
}

/// What follows from a change that switches nothing: another URL is another receiver, of which nothing is known.
pub(crate) fn changed(before: Before<'_>, webhook: &Webhook, now: Millis) -> After {
    let Before { webhook: was, health, off } = before;
    let off = off.cloned();
    if webhook.url == was.url {
        return After { health: None, off, change: None };
    }
    let state = health.state;
    let health = health.begun_anew(now, webhook.enabled);
    let change = (health.state != state).then(|| HealthChange::of(&health));
    After { health: Some(health), off, change }
}

/// What its history tells of a webhook that is switched off for a reason of its own, and how it fares then.
pub(crate) fn switched_off(before: Health, off: &Off) -> (Health, HealthChange) {
    let health = before.switched_off(off.at);
    let change = HealthChange { by: Some(off.by), cause: off.cause.clone(), ..HealthChange::of(&health) };
    (health, change)
}

/// The webhook as it is when it is switched off.
pub(crate) fn off(webhook: &Webhook, now: Millis) -> Webhook {
    let updated_at = webhook.updated_at.max(now);
    Webhook { enabled: false, status: Status::Unhealthy, updated_at, ..webhook.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{decide::sample, model::health::HealthState};

    const NOW: Millis = 50;

    fn by(user: &str) -> Actor {
        Actor::Person(user.to_owned())
    }

    fn exhausted() -> Arc<Off> {
        Arc::new(Off { by: OffBy::Exhausted, at: 20, person: None, cause: None, probe: None })
    }

    /// What follows when somebody switches a webhook that was off or not.
    fn switched(on: bool, user: &str, was_off: Option<&Arc<Off>>, url: &str) -> After {
        let was = sample::webhook(was_off.is_none());
        let fares = Health::new(0).attempted(10, None, true);
        let health = if was_off.is_some() { fares.switched_off(20) } else { fares };
        let mut webhook = Webhook { url: url.to_owned(), ..was.clone() };
        let switch = Switch { on, actor: by(user), probe: None };
        switch.set(&mut webhook);
        assert_eq!((webhook.enabled, webhook.status == Status::Healthy), (on, on));
        switch.after(Before { webhook: &was, health, off: was_off }, &webhook, NOW)
    }

    #[test]
    fn a_person_switches_it() {
        let (same, other) = (sample::webhook(true).url, "https://other.example.com/");
        let off = exhausted();
        for (on, user, was_off, url, expected) in [
            // Off: by whom, and from when on.
            (false, "ada", None, same.as_str(), (HealthState::Off, Some(OffBy::Person), true)),
            (false, "ben", None, &same, (HealthState::Off, Some(OffBy::Admin), true)),
            // It stays off for the reason that it had.
            (false, "ada", Some(&off), &same, (HealthState::Off, Some(OffBy::Exhausted), false)),
            (true, "ada", Some(&off), &same, (HealthState::Working, None, true)),
            (true, "ada", None, &same, (HealthState::Working, None, false)),
            (true, "ada", None, other, (HealthState::Working, None, false)),
        ] {
            let after = switched(on, user, was_off, url);
            let health = after.health.unwrap();
            assert_eq!(
                (health.state, after.off.map(|off| off.by), after.change.is_some()),
                expected,
                "{on} {user}"
            );
        }
    }

    #[test]
    fn another_url_is_another_receiver() {
        let was = sample::webhook(true);
        let failing =
            || Health { state: HealthState::Failing, failures: 4, ..Health::new(0).attempted(9, None, true) };
        let before = |health| Before { webhook: &was, health, off: None };
        let same = changed(before(failing()), &was, NOW);
        assert!(same.health.is_none() && same.change.is_none());
        let webhook = Webhook { url: "https://other.example.com/".to_owned(), ..was.clone() };
        let after = changed(before(failing()), &webhook, NOW);
        let health = after.health.unwrap();
        assert_eq!((health.state, health.failures), (HealthState::Working, 0));
        assert_eq!(after.change.map(|change| change.state), Some(HealthState::Working));
    }

    #[test]
    fn what_switches_itself_off_says_why() {
        let (health, change) = switched_off(Health::new(0), &exhausted());
        assert_eq!((health.state, health.since), (HealthState::Off, 20));
        assert_eq!((change.state, change.by, change.at), (HealthState::Off, Some(OffBy::Exhausted), 20));
        let webhook = off(&Webhook { updated_at: 30, ..sample::webhook(true) }, 20);
        assert_eq!((webhook.enabled, webhook.updated_at), (false, 30));
    }
}
