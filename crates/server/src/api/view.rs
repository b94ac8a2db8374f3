//! Bodies of answers: camelCase, times in RFC 3339 with milliseconds and `Z`.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use bluehook_core::time::{self, Millis};
use bluehook_dispatcher::Page;
use serde::{Serialize, Serializer};

// A webhook.
mod webhook;

// An event.
mod event;

// A delivery and its attempts.
mod delivery;

// Why an attempt failed, and what to do about it.
mod advice;
mod cause;

// A test.
mod test_send;

// How a webhook stands.
mod standing;

// Companies, projects, people, members.
mod directory;

// An API token.
mod token;

// A sign-in link, and a session.
mod session;

// How a webhook fared.
mod stats;

// A replay.
mod replay;

// A job.
mod job;

// An entry of the audit trail.
mod audit;

pub(super) use audit::AuditView;
pub(super) use delivery::{DeliveryDetailView, DeliveryView};
pub(super) use directory::{CandidateView, CompanyView, MemberView, ProjectView, UserView};
pub(super) use event::{AcceptedView, EventDetailView, EventView};
pub(super) use job::JobView;
pub(super) use replay::ReplayView;
pub(super) use session::{NewSessionView, OpenSessionView, SessionView};
pub(super) use standing::{HealthChangeView, SecretView};
pub(super) use stats::StatsView;
pub(super) use test_send::TestView;
pub(super) use token::{NewTokenView, TokenView};
pub(super) use webhook::WebhookView;

/// One page of a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageView<T> {
    items: Vec<T>,
    next_cursor: Option<String>,
}

/// One page of a list that the stream goes on from.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FollowedPageView<T> {
    pub(super) items: Vec<T>,
    pub(super) next_cursor: Option<String>,
    /// Everything newer was looked at.
    looked_until: Option<Instant>,
    /// Where the stream tells what came after.
    position: String,
}

impl<T> FollowedPageView<T> {
    /// A page that was read at a place in the stream, whose last item looked at is so old.
    pub(super) fn new(
        items: Vec<T>,
        (next_cursor, last): (Option<String>, Option<Millis>),
        position: String,
    ) -> FollowedPageView<T> {
        let looked_until = last.filter(|_| next_cursor.is_some()).map(Instant);
        FollowedPageView { items, next_cursor, looked_until, position }
    }
}

/// A list that has no pages.
#[derive(Serialize)]
pub(super) struct ItemsView<T> {
    pub(super) items: Vec<T>,
}

/// Shows a page, each item by `view`.
pub(super) fn page<'a, T, V: Serialize>(page: &'a Page<T>, view: impl Fn(&'a T) -> V) -> HttpResponse {
    let items = page.items.iter().map(view).collect();
    HttpResponse::Ok().json(PageView { items, next_cursor: page.next_cursor.clone() })
}

/// An instant as the API shows it.
#[derive(Clone, Copy)]
pub(super) struct Instant(pub(super) Millis);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time::format(self.0))
    }
}

/// Milliseconds, for what is measured in microseconds.
#[expect(clippy::cast_precision_loss, reason = "exact below 285 years")]
fn milliseconds(micros: u64) -> f64 {
    micros as f64 / 1_000.0
}

/// Headers by name; the values of a name that came more than once are joined by a comma, as HTTP has it.
fn headers(headers: &[(String, String)]) -> BTreeMap<&str, String> {
    let mut shown: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in headers {
        match shown.get_mut(name.as_str()) {
            Some(earlier) => *earlier = [earlier, ", ", value].concat(),
            None => drop(shown.insert(name, value.clone())),
        }
    }
    shown
}
