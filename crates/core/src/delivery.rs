//! A delivery's state, and every step it may take. Pure: the time, the outcome and the chance are passed in.
//!
//! ```text
//! PENDING ──► DELIVERING ──► SUCCEEDED
//!    │         │    ▲  └───► FAILED          (attempts used up, or the receiver is gone)
//!    │         ▼    │
//!    │       RETRYING
//!    └──────────┴──────────► HELD, CANCELLED (webhook off, webhook deleted)
//! HELD, FAILED, SUCCEEDED, CANCELLED ──► PENDING (redelivered or replayed)
//! ```

use crate::{
    retry::{Policy, Verdict},
    time::Millis,
};

/// Where a delivery stands. It is in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Waiting for its first attempt.
    Pending,
    /// Taken by a worker.
    Delivering,
    /// A receiver answered 2xx in time.
    Succeeded,
    /// An attempt failed; the next one has a time.
    Retrying,
    /// The attempts are used up.
    Failed,
    /// Kept while its webhook is off.
    Held,
    /// Its webhook was deleted.
    Cancelled,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 7] = [
        Status::Pending,
        Status::Delivering,
        Status::Succeeded,
        Status::Retrying,
        Status::Failed,
        Status::Held,
        Status::Cancelled,
    ];

    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Pending => "PENDING",
            Status::Delivering => "DELIVERING",
            Status::Succeeded => "SUCCEEDED",
            Status::Retrying => "RETRYING",
            Status::Failed => "FAILED",
            Status::Held => "HELD",
            Status::Cancelled => "CANCELLED",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether something is still to happen to it without anybody's asking.
    pub const fn is_live(self) -> bool {
        matches!(self, Status::Pending | Status::Delivering | Status::Retrying)
    }
}

/// Whether a receiver's answer is success: 2xx; everything else, a redirect too, is a failure (Blue).
pub const fn is_success(status_code: u16) -> bool {
    matches!(status_code, 200..=299)
}

/// How an attempt ended, as far as retrying is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A complete answer with this status code came in time.
    Answered {
        /// The HTTP status code.
        code: u16,
        /// What `Retry-After` asked for, in milliseconds from now.
        retry_after: Option<u64>,
    },
    /// No complete answer: no connection, no TLS, a time-out, a broken or too large answer.
    Unanswered,
}

impl Ended {
    /// Whether it ended in success; without an answer there is none.
    pub const fn is_success(self) -> bool {
        matches!(self, Ended::Answered { code, .. } if is_success(code))
    }

    /// 410 means unsubscribed: stop at once (Zapier's REST-hook convention).
    pub const fn is_gone(self) -> bool {
        matches!(self, Ended::Answered { code: 410, .. })
    }
}

/// How the webhook stands when an attempt of it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Webhook {
    /// It is on.
    Enabled,
    /// It is off.
    Disabled,
    /// It is no more.
    Deleted,
}

/// What follows from an attempt's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where the delivery stands now.
    pub status: Status,
    /// When its next attempt is due; set exactly when `status` is [`Status::Retrying`].
    pub next_attempt_at: Option<Millis>,
    /// Whether this delivery gave up on its receiver, which its webhook's health has to hear of.
    pub gave_up: Option<GaveUp>,
}

/// Why a delivery gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaveUp {
    /// Every attempt failed.
    AttemptsUsedUp,
    /// The receiver answered 410.
    Gone,
}

/// The step after attempt `number` (from 1) ended at `now`. `chance` is any random number; it spreads the retries.
pub fn after_attempt(
    policy: &Policy,
    number: u32,
    ended: Ended,
    webhook: Webhook,
    now: Millis,
    chance: u32,
) -> Step {
    let settled = |status, gave_up| Step { status, next_attempt_at: None, gave_up };
    if ended.is_success() {
        return settled(Status::Succeeded, None);
    }
    match (policy.after_failure(number, ended, now, chance), webhook) {
        (_, Webhook::Deleted) => settled(Status::Cancelled, None),
        (Verdict::Gone, _) => settled(Status::Failed, Some(GaveUp::Gone)),
        (Verdict::UsedUp, _) => settled(Status::Failed, Some(GaveUp::AttemptsUsedUp)),
        (Verdict::RetryAt(_), Webhook::Disabled) => settled(Status::Held, None),
        (Verdict::RetryAt(at), Webhook::Enabled) => {
            Step { status: Status::Retrying, next_attempt_at: Some(at), gave_up: None }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: Ended = Ended::Answered { code: 204, retry_after: None };
    const REDIRECT: Ended = Ended::Answered { code: 301, retry_after: None };
    const GONE: Ended = Ended::Answered { code: 410, retry_after: None };

    #[track_caller]
    fn check(number: u32, ended: Ended, webhook: Webhook, status: Status, gave_up: Option<GaveUp>) {
        let step = after_attempt(&Policy::default(), number, ended, webhook, 1_000, 7);
        assert_eq!((step.status, step.gave_up), (status, gave_up));
        assert_eq!(step.next_attempt_at.is_some(), status == Status::Retrying);
    }

    #[test]
    fn every_end_leads_to_one_status() {
        use {Status as S, Webhook as W};
        check(1, OK, W::Enabled, S::Succeeded, None);
        check(1, OK, W::Deleted, S::Succeeded, None);
        check(1, REDIRECT, W::Enabled, S::Retrying, None);
        check(4, Ended::Unanswered, W::Enabled, S::Retrying, None);
        check(5, Ended::Unanswered, W::Enabled, S::Failed, Some(GaveUp::AttemptsUsedUp));
        check(1, GONE, W::Enabled, S::Failed, Some(GaveUp::Gone));
        check(1, REDIRECT, W::Disabled, S::Held, None);
        check(5, REDIRECT, W::Disabled, S::Failed, Some(GaveUp::AttemptsUsedUp));
        check(1, REDIRECT, W::Deleted, S::Cancelled, None);
    }

    #[test]
    fn words_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::from_name(status.name()), Some(status));
        }
    }
}
