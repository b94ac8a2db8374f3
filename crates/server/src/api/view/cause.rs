//! Why a webhook fails, as the API shows it: words for programs, and one sentence in the reader's language.

use std::borrow::Cow;

use bluehook_core::language::Language;
use bluehook_dispatcher::{Cause, ErrorClass, Params, Reason};
use serde::Serialize;

use super::Instant;

/// Why a webhook fails, or was switched off.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct CauseView<'a> {
    class: &'static str,
    reason: Option<&'static str>,
    status_code: Option<u16>,
    params: Cow<'a, Params>,
    detail: String,
    at: Instant,
    delivery_id: Option<&'a str>,
    count: u32,
}

impl<'a> CauseView<'a> {
    pub(in crate::api) fn new(cause: &'a Cause, language: Language) -> CauseView<'a> {
        let failure = cause.failure.as_ref();
        CauseView {
            class: cause.class.name(),
            reason: failure.and_then(|failure| failure.reason).map(Reason::name),
            status_code: cause.status_code,
            params: failure.map_or_else(Cow::default, |failure| Cow::Borrowed(&*failure.params)),
            detail: failure.map_or_else(|| answered(cause, language), |failure| failure.detail(language)),
            at: Instant(cause.at),
            delivery_id: cause.delivery_id.as_deref(),
            count: cause.count,
        }
    }
}

/// What is said of an answer that is not 2xx.
fn answered(cause: &Cause, language: Language) -> String {
    let code = cause.status_code.unwrap_or_default();
    match (cause.class, language) {
        (ErrorClass::Http3xx, Language::English) => {
            format!("the receiver answered {code}, a redirect; redirects are not followed")
        }
        (ErrorClass::Http3xx, Language::Italian) => {
            format!(
                "il destinatario ha risposto {code}, un reindirizzamento; i reindirizzamenti non vengono seguiti"
            )
        }
        (_, Language::English) => format!("the receiver answered {code}"),
        (_, Language::Italian) => format!("il destinatario ha risposto {code}"),
    }
}
