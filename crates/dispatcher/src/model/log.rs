//! What happened, as it is shown: events, deliveries and their attempts.

use std::time::Duration;

use bluehook_core::{
    delivery::{self, Status},
    event::EventType,
    time::Millis,
};
use serde::{Deserialize, Serialize};

use super::failure::Failure;

// A receiver's body as text.
mod text;

/// One page of a list, newest first.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page begins; none when this is the last. There may be a next page after one that is not full:
    /// a page is made of a bounded look through the log.
    pub next_cursor: Option<String>,
}

/// Where a page begins and how long it is.
#[derive(Clone, Debug)]
pub struct PageQuery {
    /// The most items: 1 to 200.
    pub limit: usize,
    /// The cursor that the page before gave.
    pub cursor: Option<String>,
}

/// What taking in an event came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The event's id: the caller's, or a new one.
    pub id: String,
    /// How many webhooks get it now or have it held.
    pub deliveries: u32,
    /// Whether the same event had been taken in before; nothing happened then.
    pub duplicate: bool,
}

/// Which events to list.
#[derive(Clone, Debug, Default)]
pub struct EventQuery {
    /// Only of this company.
    pub company_id: Option<String>,
    /// Only of this project.
    pub project_id: Option<String>,
    /// Only these.
    pub event: Option<EventType>,
    /// Only taken in at or after.
    pub since: Option<Millis>,
    /// Only taken in before.
    pub until: Option<Millis>,
}

/// An event that was taken in, as lists show it.
#[derive(Clone, Debug)]
pub struct StoredEvent {
    /// Its id.
    pub id: String,
    /// What happened.
    pub event_type: EventType,
    /// Where.
    pub company_id: String,
    /// In which project.
    pub project_id: String,
    /// By whom.
    pub user_id: String,
    /// When, if the backend said so.
    pub occurred_at: Option<Millis>,
    /// When it was taken in.
    pub received_at: Millis,
    /// How many deliveries it made.
    pub deliveries: u32,
}

/// An event with everything.
#[derive(Clone, Debug)]
pub struct EventDetail {
    /// As lists show it.
    pub event: StoredEvent,
    /// Its newest deliveries.
    pub deliveries: Vec<Delivery>,
    /// The entity before, compact JSON.
    pub previous_value: String,
    /// The entity after, compact JSON.
    pub current_value: String,
}

/// Which deliveries to list.
#[derive(Clone, Debug, Default)]
pub struct DeliveryQuery {
    /// Only of this webhook.
    pub webhook_id: Option<String>,
    /// Only of webhooks of this company.
    pub company_id: Option<String>,
    /// Only of webhooks of this person.
    pub created_by_id: Option<String>,
    /// Only of this event id.
    pub event_id: Option<String>,
    /// Only of events of this type.
    pub event: Option<EventType>,
    /// Only in this status.
    pub status: Option<Status>,
    /// Only made at or after.
    pub since: Option<Millis>,
    /// Only made before.
    pub until: Option<Millis>,
}

/// A delivery as lists show it.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its id, which receivers see as `webhook-id`.
    pub id: String,
    /// Its webhook.
    pub webhook_id: String,
    /// Its event.
    pub event_id: String,
    /// What happened.
    pub event_type: EventType,
    /// In which project.
    pub project_id: String,
    /// Where it stands.
    pub status: Status,
    /// How many attempts ended.
    pub attempts: u32,
    /// When it was made.
    pub created_at: Millis,
    /// When its last attempt ended.
    pub last_attempt_at: Option<Millis>,
    /// When its next attempt is due.
    pub next_attempt_at: Option<Millis>,
    /// The status code that its last attempt was answered with.
    pub last_status_code: Option<u16>,
    /// Why its last attempt failed.
    pub last_error: Option<String>,
    /// Whether it is held because the webhook's filter would have cost too much for its event.
    pub held_by_filter: bool,
    /// Why it was cancelled, if it was.
    pub cancelled_because: Option<CancelledBecause>,
    /// The number of its event.
    pub(crate) event_number: i64,
}

/// Why a delivery was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelledBecause {
    /// Its webhook was deleted.
    WebhookDeleted,
    /// The webhook's creator was not in its project.
    Membership,
    /// Its project was gone.
    ProjectDeleted,
}

impl CancelledBecause {
    /// Every reason.
    pub const ALL: [CancelledBecause; 3] =
        [CancelledBecause::WebhookDeleted, CancelledBecause::Membership, CancelledBecause::ProjectDeleted];

    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            CancelledBecause::WebhookDeleted => "WEBHOOK_DELETED",
            CancelledBecause::Membership => "MEMBERSHIP",
            CancelledBecause::ProjectDeleted => "PROJECT_DELETED",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<CancelledBecause> {
        CancelledBecause::ALL.into_iter().find(|because| because.name() == name)
    }
}

/// The most attempts of a delivery that are shown.
pub const MAX_ATTEMPTS: usize = 50;

/// A delivery with everything that is known of it.
#[derive(Clone, Debug)]
pub struct DeliveryDetail {
    /// As lists show it.
    pub delivery: Delivery,
    /// Where its webhook is called now.
    pub url: String,
    /// The company and the person that its webhook belongs to.
    pub company_id: String,
    /// See `company_id`.
    pub created_by_id: String,
    /// The exact body: the same on every attempt.
    pub body: String,
    /// The newest attempts that ended, at most [`MAX_ATTEMPTS`], first to last.
    pub attempts: Vec<Attempt>,
    /// How many attempts are in the log.
    pub attempts_total: u32,
}

/// One attempt that ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id, `att_…`.
    pub id: String,
    /// From 1.
    pub number: u32,
    /// When it began.
    pub started_at: Millis,
    /// From its beginning to the last byte of the answer, in microseconds.
    pub duration_us: u64,
    /// The URL that was called.
    pub url: String,
    /// The headers that were sent; the values of a webhook's own headers are masked.
    pub request_headers: Vec<(String, String)>,
    /// What came back.
    pub outcome: Outcome,
    /// Whether it went over a connection that had been used before; unknown of what was recorded before this was kept.
    pub reused: Option<bool>,
    /// How long its steps took.
    pub phases: Phases,
}

/// How long the steps of an attempt took, those that there were and that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// It waited in memory for its turn.
    pub queued: Option<Duration>,
    /// The host's name was resolved, and its addresses vetted.
    pub dns: Option<Duration>,
    /// TCP was connected.
    pub connect: Option<Duration>,
    /// TLS was agreed on.
    pub tls: Option<Duration>,
    /// From the request's first byte to the head of the answer.
    pub first_byte: Option<Duration>,
}

/// A request that a person asked for, to see what a receiver says. It is in no log, and says nothing of health.
#[derive(Clone, Debug)]
pub struct Test {
    /// What the receiver saw as `webhook-id`, `tst_…`.
    pub id: String,
    /// The event that it was a sample of.
    pub event_type: EventType,
    /// The exact body.
    pub body: String,
    /// The one attempt.
    pub attempt: Attempt,
    /// How long its steps took.
    pub phases: Phases,
}

/// What came back from a receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// An answer.
    Response(Response),
    /// None, and why.
    Failure(Failure),
}

/// An answer, as much of it as is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The HTTP status code.
    pub status_code: u16,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// The first 16 KiB of its body.
    pub body: Vec<u8>,
    /// Whether there was more of the body than what is kept.
    pub body_truncated: bool,
    /// Why not all of the answer was read or kept; none when it is whole.
    pub body_cut: Option<BodyCut>,
    /// Whether its head was as the standard has it. What was not is left out.
    pub clean: bool,
}

/// Why an answer is not whole. The status line was read, and decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BodyCut {
    /// It is longer than what is read, or kept.
    Limit,
    /// It did not end in time.
    Timeout,
    /// It broke off, or its form is not HTTP's.
    Broken,
}

impl BodyCut {
    /// Every reason.
    pub const ALL: [BodyCut; 3] = [BodyCut::Limit, BodyCut::Timeout, BodyCut::Broken];

    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            BodyCut::Limit => "LIMIT",
            BodyCut::Timeout => "TIMEOUT",
            BodyCut::Broken => "BROKEN",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<BodyCut> {
        BodyCut::ALL.into_iter().find(|cut| cut.name() == name)
    }
}

impl Response {
    /// Whether this is success.
    pub const fn is_success(&self) -> bool {
        delivery::is_success(self.status_code)
    }
}
