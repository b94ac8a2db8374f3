//! A delivery and its attempts as the API shows them.

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use bluehook_core::delivery::Status;
use bluehook_core::language::Language;
use bluehook_dispatcher::{
    Attempt, BodyCut, CancelledBecause, Delivery, DeliveryDetail, ErrorClass, Failure, Outcome, Params,
    Phases, Reason, Response, Sight,
};
use serde::Serialize;

use super::{Instant, headers, milliseconds};

/// A delivery as lists show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct DeliveryView<'a> {
    id: &'a str,
    webhook_id: &'a str,
    event_id: &'a str,
    event: &'static str,
    project_id: &'a str,
    status: &'static str,
    attempt_count: u32,
    created_at: Instant,
    last_attempt_at: Option<Instant>,
    next_attempt_at: Option<Instant>,
    last_status_code: Option<u16>,
    last_error: Option<&'a str>,
    held_because: Option<&'static str>,
    cancelled_because: Option<&'static str>,
    readable: bool,
}

impl<'a> DeliveryView<'a> {
    /// A delivery as somebody sees it who is told that it is there.
    pub(in crate::api) fn new(delivery: &'a Delivery, sight: Sight) -> DeliveryView<'a> {
        DeliveryView {
            id: &delivery.id,
            webhook_id: &delivery.webhook_id,
            event_id: &delivery.event_id,
            event: delivery.event_type.name(),
            project_id: &delivery.project_id,
            status: delivery.status.name(),
            attempt_count: delivery.attempts,
            created_at: Instant(delivery.created_at),
            last_attempt_at: delivery.last_attempt_at.map(Instant),
            next_attempt_at: delivery.next_attempt_at.map(Instant),
            last_status_code: delivery.last_status_code,
            last_error: delivery.last_error.as_deref(),
            held_because: (delivery.status == Status::Held).then_some(if delivery.held_by_filter {
                "FILTER"
            } else {
                "OFF"
            }),
            cancelled_because: delivery.cancelled_because.map(CancelledBecause::name),
            readable: sight == Sight::Whole,
        }
    }
}

/// A delivery with everything that is known of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct DeliveryDetailView<'a> {
    #[serde(flatten)]
    delivery: DeliveryView<'a>,
    company_id: &'a str,
    created_by_id: &'a str,
    request: RequestView<'a>,
    attempts: Vec<AttemptView<'a>>,
    attempts_total: u32,
}

/// What is sent: the body is the same on every attempt, the headers are the last attempt's.
#[derive(Serialize)]
pub(in crate::api) struct RequestView<'a> {
    pub(super) method: &'static str,
    pub(super) url: &'a str,
    pub(super) headers: BTreeMap<&'a str, String>,
    pub(super) body: Option<&'a str>,
}

impl<'a> DeliveryDetailView<'a> {
    /// A delivery as somebody sees it; bodies only where they are in its project.
    pub(in crate::api) fn new(
        detail: &'a DeliveryDetail,
        sight: Sight,
        language: Language,
    ) -> DeliveryDetailView<'a> {
        let (last, is_readable) = (detail.attempts.last(), sight == Sight::Whole);
        let attempt = |attempt| {
            let view = AttemptView::new(attempt, language);
            if is_readable { view } else { view.without_body() }
        };
        DeliveryDetailView {
            delivery: DeliveryView::new(&detail.delivery, sight),
            company_id: &detail.company_id,
            created_by_id: &detail.created_by_id,
            request: RequestView {
                method: "POST",
                url: last.map_or(&detail.url, |attempt| &attempt.url),
                headers: last.map(|attempt| headers(&attempt.request_headers)).unwrap_or_default(),
                body: is_readable.then_some(&detail.body),
            },
            attempts: detail.attempts.iter().map(attempt).collect(),
            attempts_total: detail.attempts_total,
        }
    }
}

/// One attempt that ended: with a response, or with an error.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct AttemptView<'a> {
    id: &'a str,
    number: u32,
    started_at: Instant,
    duration_ms: f64,
    url: &'a str,
    request_headers: BTreeMap<&'a str, String>,
    response: Option<ResponseView<'a>>,
    error: Option<ErrorView<'a>>,
    error_class: Option<&'static str>,
    body_cut: Option<&'static str>,
    reused: Option<bool>,
    phases: PhasesView,
}

impl<'a> AttemptView<'a> {
    pub(in crate::api) fn new(attempt: &'a Attempt, language: Language) -> AttemptView<'a> {
        let (response, error) = match &attempt.outcome {
            Outcome::Response(response) => (Some(ResponseView::new(response)), None),
            Outcome::Failure(failure) => (None, Some(ErrorView::new(failure, language))),
        };
        AttemptView {
            id: &attempt.id,
            number: attempt.number,
            started_at: Instant(attempt.started_at),
            duration_ms: milliseconds(attempt.duration_us),
            url: &attempt.url,
            request_headers: headers(&attempt.request_headers),
            response,
            error,
            error_class: ErrorClass::of(&attempt.outcome).map(ErrorClass::name),
            body_cut: body_cut(&attempt.outcome),
            reused: attempt.reused,
            phases: PhasesView::new(&attempt.phases, attempt.duration_us),
        }
    }
}

impl AttemptView<'_> {
    /// The same without what the receiver answered.
    fn without_body(mut self) -> Self {
        if let Some(response) = &mut self.response {
            response.body = None;
        }
        self
    }
}

/// Why an answer is not whole.
fn body_cut(outcome: &Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Failure(_) => None,
        Outcome::Response(response) => response.body_cut.map(BodyCut::name),
    }
}

/// Milliseconds of each step; null for a step that there was not, or that did not end.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the API's names say the unit")]
pub(in crate::api) struct PhasesView {
    queued_ms: Option<f64>,
    dns_ms: Option<f64>,
    connect_ms: Option<f64>,
    tls_ms: Option<f64>,
    first_byte_ms: Option<f64>,
    total_ms: f64,
}

impl PhasesView {
    pub(in crate::api) fn new(phases: &Phases, total_us: u64) -> PhasesView {
        let shown = |phase: Option<Duration>| {
            phase.map(|phase| milliseconds(u64::try_from(phase.as_micros()).unwrap_or(u64::MAX)))
        };
        PhasesView {
            queued_ms: shown(phases.queued),
            dns_ms: shown(phases.dns),
            connect_ms: shown(phases.connect),
            tls_ms: shown(phases.tls),
            first_byte_ms: shown(phases.first_byte),
            total_ms: milliseconds(total_us),
        }
    }
}

/// What a receiver answered, as much of it as is kept.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseView<'a> {
    status_code: u16,
    headers: BTreeMap<&'a str, String>,
    body: Option<Cow<'a, str>>,
    body_encoding: &'static str,
    body_truncated: bool,
    head_clean: bool,
}

impl<'a> ResponseView<'a> {
    fn new(response: &'a Response) -> ResponseView<'a> {
        let (body, body_encoding) = match response.text() {
            Some(text) => (text, "utf-8"),
            None => (Cow::Owned(BASE64_STANDARD.encode(&response.body)), "base64"),
        };
        ResponseView {
            status_code: response.status_code,
            headers: headers(&response.headers),
            body: Some(body),
            body_encoding,
            body_truncated: response.body_truncated,
            head_clean: response.clean,
        }
    }
}

/// Why there was no answer.
#[derive(Serialize)]
struct ErrorView<'a> {
    code: &'static str,
    reason: Option<&'static str>,
    params: &'a Params,
    detail: String,
}

impl<'a> ErrorView<'a> {
    fn new(failure: &'a Failure, language: Language) -> ErrorView<'a> {
        ErrorView {
            code: failure.kind.name(),
            reason: failure.reason.map(Reason::name),
            params: &failure.params,
            detail: failure.detail(language),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_headers_are_joined() {
        let given =
            [("a", "1"), ("b", "2"), ("a", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(serde_json::to_string(&headers(&given)).unwrap(), r#"{"a":"1, 3","b":"2"}"#);
    }
}
