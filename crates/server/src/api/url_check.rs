//! A URL tried before it is saved: its name, its address, its certificate. No request is made.

use std::borrow::Cow;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::{
    input::{self, Fields},
    language::Language,
    target::Destination,
};
use bluehook_dispatcher::{Clock, Failed, Step, UrlCheck};
use serde::Serialize;

use super::{body::Body, only, view::Instant};
use crate::{auth::Caller, language, masked, problem::Problem, state::State};

/// A certificate that ends within this time is warned of, in milliseconds.
const SOON: i64 = 14 * 24 * 60 * 60 * 1_000;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/url-check").post(check).default_service(only("POST")));
}

async fn check(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    if !state.access(&caller).administers() {
        return Err(Problem::forbidden());
    }
    let url = body.read(url)?;
    state.limits.url_check(&state.dispatcher, &caller, &url).await?;
    let found = state.dispatcher.check_url(&url).await;
    let language = language::of(&request);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::VARY, "Accept-Language"))
        .json(UrlCheckView::new(&url, &found, language)))
}

fn url(mut fields: Fields<'_>) -> Result<String, Vec<input::Problem>> {
    let url = fields.required("url", input::any_text);
    fields.finish(url)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UrlCheckView<'a> {
    url: Cow<'a, str>,
    host: Option<String>,
    host_unicode: Option<String>,
    ok: bool,
    known: Option<&'static str>,
    steps: Vec<StepView>,
    tls: Option<TlsView<'a>>,
    warnings: Vec<&'static str>,
}

#[derive(Serialize)]
struct StepView {
    step: &'static str,
    result: &'static str,
    class: Option<&'static str>,
    reason: Option<&'static str>,
    detail: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TlsView<'a> {
    expires_at: Instant,
    issuer: &'a str,
}

impl<'a> UrlCheckView<'a> {
    fn new(given: &'a str, found: &'a UrlCheck, language: Language) -> UrlCheckView<'a> {
        let parsed = found.target.as_ref().and_then(|target| url::Url::parse(&target.url).ok());
        let port =
            parsed.as_ref().and_then(url::Url::port).map(|port| format!(":{port}")).unwrap_or_default();
        let name = parsed.as_ref().and_then(url::Url::host_str);
        UrlCheckView {
            url: found
                .target
                .as_ref()
                .map_or_else(|| masked::user_info(given), |target| target.url.as_str().into()),
            host: name.map(|name| format!("{name}{port}")),
            host_unicode: name.and_then(unicode).map(|name| format!("{name}{port}")),
            ok: found.is_ok(),
            known: found.target.as_ref().and_then(|target| known(&target.host)),
            steps: Step::ALL.into_iter().map(|step| StepView::new(step, found, language)).collect(),
            tls: found.certificate.as_ref().map(|certificate| TlsView {
                expires_at: Instant(certificate.expires_at),
                issuer: &certificate.issuer,
            }),
            warnings: warnings(found),
        }
    }
}

impl StepView {
    fn new(step: Step, found: &UrlCheck, language: Language) -> StepView {
        let made = found.steps.iter().find(|(made, _)| *made == step);
        let failed = made.and_then(|(_, failed)| failed.as_ref());
        let (result, detail) = match (made, failed) {
            (None, _) => ("SKIPPED", Step::skipped(language).to_owned()),
            (_, None) => ("OK", step.sentence(language).to_owned()),
            (_, Some(failed)) => ("FAILED", failed.sentence(language)),
        };
        let (class, reason) = (failed.and_then(Failed::class), failed.and_then(Failed::reason));
        StepView { step: step.name(), result, class, reason, detail }
    }
}

/// A name in its own letters, where it has others.
fn unicode(name: &str) -> Option<String> {
    let (unicode, valid) = idna::domain_to_unicode(name);
    (valid.is_ok() && unicode != name).then_some(unicode)
}

/// Services whose addresses are told by their names.
fn known(host: &Destination) -> Option<&'static str> {
    let Destination::Name(name) = host else { return None };
    let is_of =
        |domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if is_of("zapier.com") {
        Some("ZAPIER")
    } else if is_of("pabbly.com") {
        Some("PABBLY")
    } else {
        None
    }
}

fn warnings(found: &UrlCheck) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if found.target.as_ref().is_some_and(|target| target.url.starts_with("http:")) {
        warnings.push("PLAIN_HTTP");
    }
    let soon = Clock::system().now().saturating_add(SOON);
    if found.certificate.as_ref().is_some_and(|certificate| certificate.expires_at < soon) {
        warnings.push("TLS_EXPIRES_SOON");
    }
    warnings
}

#[cfg(test)]
mod tests;
