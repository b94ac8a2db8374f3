//! A test, as the API shows it: what was sent, what came of it, what to do about it.

use bluehook_core::language::Language;
use bluehook_dispatcher::Test;
use serde::Serialize;

use super::{
    advice::Advice,
    delivery::{AttemptView, PhasesView, RequestView},
    headers,
};

/// A test.
#[derive(Serialize)]
pub(in crate::api) struct TestView<'a> {
    id: &'a str,
    event: &'static str,
    succeeded: bool,
    request: RequestView<'a>,
    attempt: AttemptView<'a>,
    phases: PhasesView,
    advice: Option<Advice>,
}

impl<'a> TestView<'a> {
    pub(in crate::api) fn new(test: &'a Test, language: Language) -> TestView<'a> {
        let Test { id, event_type, body, attempt, phases } = test;
        let advice = Advice::on(&attempt.outcome, language);
        TestView {
            id,
            event: event_type.name(),
            succeeded: advice.is_none(),
            request: RequestView {
                method: "POST",
                url: &attempt.url,
                headers: headers(&attempt.request_headers),
                body: Some(body),
            },
            attempt: AttemptView::new(attempt, language),
            phases: PhasesView::new(phases, attempt.duration_us),
            advice,
        }
    }
}
