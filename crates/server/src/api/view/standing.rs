//! How a webhook stands, as the API shows it: its health, what waits, why it is off, what the caller may do with it.

use bluehook_core::language::Language;
use bluehook_dispatcher::{Activity, Backlog, Health, HealthChange, Need, Off, SecretInfo};
use serde::Serialize;

use super::{Instant, cause::CauseView, delivery::AttemptView, milliseconds};
use crate::access::{May, Named};

/// How a webhook fares, in one word, and what it follows from.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct HealthView<'a> {
    state: &'static str,
    since: Instant,
    cause: Option<CauseView<'a>>,
    last_success_at: Option<Instant>,
    last_attempt_at: Option<Instant>,
}

impl<'a> HealthView<'a> {
    pub(in crate::api) fn new(
        health: &'a Health,
        off: Option<&'a Off>,
        language: Language,
    ) -> HealthView<'a> {
        let cause = off.map_or(health.cause.as_ref(), |off| off.cause.as_ref());
        HealthView {
            state: health.state.name(),
            since: Instant(health.since),
            cause: cause.map(|cause| CauseView::new(cause, language)),
            last_success_at: health.last_success_at.map(Instant),
            last_attempt_at: health.last_attempt_at.map(Instant),
        }
    }
}

/// What waits to be attempted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct WaitingView {
    count: u64,
    oldest_at: Option<Instant>,
}

/// What is kept while a webhook is off, or because there is too much of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct HeldView {
    count: u64,
    exact: bool,
    oldest_at: Option<Instant>,
    off: u64,
    backlog: u64,
}

impl WaitingView {
    pub(in crate::api) fn new(backlog: &Backlog) -> WaitingView {
        WaitingView { count: backlog.waiting, oldest_at: backlog.waiting_since.map(Instant) }
    }
}

impl HeldView {
    pub(in crate::api) fn new(backlog: &Backlog) -> HeldView {
        let oldest_at = backlog.held_since.map(Instant);
        HeldView { count: backlog.held, exact: true, oldest_at, off: backlog.held, backlog: 0 }
    }
}

/// Why a webhook is off.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct DisabledView<'a> {
    by: &'static str,
    at: Instant,
    person: Option<Named>,
    cause: Option<CauseView<'a>>,
    probe: Option<AttemptView<'a>>,
    next_probe_at: Option<Instant>,
    may_enable: bool,
    needs: Vec<&'static str>,
}

impl<'a> DisabledView<'a> {
    /// Why it is off; what a probe was answered is for those who see the webhook.
    pub(in crate::api) fn new(
        off: &'a Off,
        (person, needs): (Option<Named>, &[Need]),
        may: May,
        language: Language,
    ) -> DisabledView<'a> {
        let probe = off.probe.as_ref().filter(|_| may.see);
        DisabledView {
            by: off.by.name(),
            at: Instant(off.at),
            person,
            cause: off.cause.as_ref().map(|cause| CauseView::new(cause, language)),
            probe: probe.map(|probe| AttemptView::new(&probe.attempt, language)),
            next_probe_at: None,
            may_enable: may.enable && needs.is_empty(),
            needs: needs.iter().map(|need| need.name()).collect(),
        }
    }
}

/// A secret that signs; never the secret itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct SecretView {
    role: &'static str,
    created_at: Instant,
    ends_at: Option<Instant>,
}

impl SecretView {
    pub(in crate::api) fn all(secrets: &[SecretInfo]) -> Vec<SecretView> {
        let view = |secret: &SecretInfo| SecretView {
            role: if secret.is_next { "NEXT" } else { "CURRENT" },
            created_at: Instant(secret.created_at),
            ends_at: secret.ends_at.map(Instant),
        };
        secrets.iter().map(view).collect()
    }
}

/// How a webhook fared in the last 24 hours.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct ActivityView<'a> {
    since: Instant,
    step_seconds: u32,
    succeeded: &'a [u64],
    failed: &'a [u64],
    other: &'a [u64],
    total: u64,
    success_rate: Option<f64>,
    p95_ms: Option<f64>,
    last_delivery_at: Option<Instant>,
}

impl<'a> ActivityView<'a> {
    pub(in crate::api) fn new(activity: &'a Activity) -> ActivityView<'a> {
        ActivityView {
            since: Instant(activity.since),
            step_seconds: 3_600,
            succeeded: &activity.succeeded,
            failed: &activity.failed,
            other: &activity.other,
            total: activity.total,
            success_rate: activity.success_rate,
            p95_ms: activity.p95_us.map(milliseconds),
            last_delivery_at: activity.last_delivery_at.map(Instant),
        }
    }
}

/// A change of a webhook's health.
#[derive(Serialize)]
pub(in crate::api) struct HealthChangeView<'a> {
    at: Instant,
    state: &'static str,
    by: Option<&'static str>,
    person: Option<Named>,
    cause: Option<CauseView<'a>>,
}

impl<'a> HealthChangeView<'a> {
    pub(in crate::api) fn new(
        change: &'a HealthChange,
        person: Option<Named>,
        language: Language,
    ) -> HealthChangeView<'a> {
        HealthChangeView {
            at: Instant(change.at),
            state: change.state.name(),
            by: change.by.map(bluehook_dispatcher::OffBy::name),
            person,
            cause: change.cause.as_ref().map(|cause| CauseView::new(cause, language)),
        }
    }
}
