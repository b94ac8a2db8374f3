//! What an attempt that ended means: for its delivery, for its webhook's health, for the sums.

use bluehook_core::{
    delivery::{self, Ended, GaveUp, Step},
    health::switches_off,
    retry::Policy,
    time::Millis,
    webhook::Webhook,
};

use crate::model::{
    cause::Cause,
    health::Health,
    standing::{Off, OffBy},
};

/// An attempt that ended, as far as rules ask.
pub(crate) struct Attempt<'a> {
    pub(crate) ended: Ended,
    /// Which of its delivery's schedule it was, from 1.
    pub(crate) tries: u32,
    pub(crate) started_at: Millis,
    pub(crate) ended_at: Millis,
    /// When its delivery was first attempted.
    pub(crate) first_attempt_at: Millis,
    /// The URL that was called.
    pub(crate) url: &'a str,
    /// Any random number: it spreads retries.
    pub(crate) chance: u32,
}

/// Where its delivery stands after it, with its webhook as it is by now.
pub(crate) fn step(policy: &Policy, attempt: &Attempt<'_>, webhook: Option<&Webhook>) -> Step {
    let webhook = match webhook {
        None => delivery::Webhook::Deleted,
        Some(webhook) if webhook.enabled => delivery::Webhook::Enabled,
        Some(_) => delivery::Webhook::Disabled,
    };
    let Attempt { ended, tries, ended_at, chance, .. } = *attempt;
    delivery::after_attempt(policy, tries, ended, webhook, ended_at, chance)
}

/// How its webhook fares after it.
#[derive(Debug)]
pub(crate) struct Fares {
    pub(crate) health: Health,
    /// Its health is another one: not only an attempt ended.
    pub(crate) has_changed: bool,
    /// Why it is to be switched off, if it is.
    pub(crate) off: Option<Off>,
}

/// How a webhook fares after an attempt. What was sent before it was switched on, or to where it is not called any more, says
/// nothing of it.
pub(crate) fn judge(
    before: Health,
    webhook: &Webhook,
    (attempt, step): (&Attempt<'_>, Step),
    failure: Option<Cause>,
) -> Fares {
    let counts = attempt.started_at >= before.on_since && attempt.url == webhook.url;
    let (state, last_success_at) = (before.state, before.last_success_at);
    let health = before.attempted(attempt.ended_at, failure, counts);
    let gave_up = step.gave_up.filter(|_| webhook.enabled);
    let gave_up = gave_up.filter(|how| switches_off(*how, attempt.first_attempt_at, last_success_at));
    let off = gave_up.map(|how| off(how, health.cause.clone(), attempt.ended_at));
    Fares { has_changed: health.state != state, health, off }
}

fn off(gave_up: GaveUp, cause: Option<Cause>, at: Millis) -> Off {
    let by = match gave_up {
        GaveUp::AttemptsUsedUp => OffBy::Exhausted,
        GaveUp::Gone => OffBy::Gone,
    };
    Off { by, at, person: None, cause, probe: None }
}

#[cfg(test)]
mod tests {
    use bluehook_core::delivery::Status;

    use super::*;
    use crate::{decide::sample::webhook, model::cause::ErrorClass};

    const OK: Ended = Ended::Answered { code: 204, retry_after: None };
    const GONE: Ended = Ended::Answered { code: 410, retry_after: None };

    fn attempt(ended: Ended, tries: u32, url: &str) -> Attempt<'_> {
        Attempt { ended, tries, started_at: 100, ended_at: 110, first_attempt_at: 50, url, chance: 0 }
    }

    fn failure(ended: Ended) -> Option<Cause> {
        let class = match ended {
            Ended::Answered { code, .. } => ErrorClass::of_status(code)?,
            Ended::Unanswered => ErrorClass::Tls,
        };
        Some(Cause { class, failure: None, status_code: None, at: 110, delivery_id: None, count: 1 })
    }

    /// Whether its health changed, how many failures in a row it tells, and why the webhook is off.
    fn judged(before: Health, of: &Webhook, attempt: &Attempt<'_>) -> (bool, u32, Option<OffBy>) {
        let step = step(&Policy::default(), attempt, Some(of));
        let fares = judge(before, of, (attempt, step), failure(attempt.ended));
        (fares.has_changed, fares.health.failures, fares.off.map(|off| off.by))
    }

    #[test]
    fn a_delivery_goes_on_as_its_webhook_is_by_then() {
        let (on, off) = (webhook(true), webhook(false));
        let policy = Policy::default();
        let status = |of| step(&policy, &attempt(Ended::Unanswered, 1, "u"), of).status;
        assert_eq!(status(Some(&on)), Status::Retrying);
        assert_eq!(status(Some(&off)), Status::Held);
        assert_eq!(status(None), Status::Cancelled);
    }

    #[test]
    fn what_an_attempt_says_of_its_webhook() {
        let (on, off) = (webhook(true), webhook(false));
        let url = on.url.as_str();
        let new = || Health::new(0);
        let later = || Health { on_since: 105, ..new() };
        let succeeded = |at| Health { last_success_at: Some(at), ..new() };
        for (before, of, attempt, expected) in [
            (new(), &on, attempt(OK, 1, url), (true, 0, None)),
            (new(), &on, attempt(Ended::Unanswered, 1, url), (true, 1, None)),
            // It was sent elsewhere, or before the webhook was switched on.
            (new(), &on, attempt(Ended::Unanswered, 1, "https://old/"), (false, 0, None)),
            (later(), &on, attempt(Ended::Unanswered, 1, url), (false, 0, None)),
            (new(), &on, attempt(GONE, 1, url), (true, 1, Some(OffBy::Gone))),
            (new(), &on, attempt(Ended::Unanswered, 5, url), (true, 1, Some(OffBy::Exhausted))),
            // The receiver took something since the delivery's first attempt.
            (succeeded(50), &on, attempt(Ended::Unanswered, 5, url), (true, 1, None)),
            (succeeded(49), &on, attempt(Ended::Unanswered, 5, url), (true, 1, Some(OffBy::Exhausted))),
            // What is off is not switched off.
            (new().switched_off(90), &off, attempt(GONE, 1, url), (false, 0, None)),
        ] {
            assert_eq!(judged(before.clone(), of, &attempt), expected, "{before:?}");
        }
    }
}
