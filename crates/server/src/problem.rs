//! What callers are told when something is wrong: `application/problem+json` (RFC 9457), in their language.

use std::fmt;

use actix_web::{
    HttpRequest, HttpResponse, Responder, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use bluehook_core::{
    input::{self, Fault},
    language::Language,
};
use bluehook_dispatcher::{Busy, Error};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::random;

// The codes, with statuses and titles.
mod code;

// The sentences about a request as a whole.
mod detail;

// The members of a problem as it is written.
mod body;

// The language of the request.
mod speak;

pub(crate) use body::Body;
pub(crate) use code::Code;
pub(crate) use detail::Detail;
pub(crate) use speak::speak;

/// What is wrong with a request.
#[derive(Debug)]
pub(crate) struct Problem {
    code: Code,
    detail: Detail,
    errors: Vec<input::Problem>,
    more: Option<Box<More>>,
}

/// What few problems have.
#[derive(Debug, Default)]
struct More {
    header: Option<(HeaderName, HeaderValue)>,
    /// What the sentence needs, for programs.
    params: Map<String, Value>,
    /// What there is now, of something that was changed meanwhile, and its tag.
    current: Option<(Value, String)>,
}

/// By what a problem is found again in the log.
pub(crate) struct RequestId(String);

impl RequestId {
    pub(crate) fn new() -> RequestId {
        RequestId(random::id("req_").unwrap_or_else(|_| "req_".to_owned()))
    }
}

impl Problem {
    pub(crate) fn new(code: Code, detail: Detail) -> Problem {
        let problem = Problem { code, detail, errors: Vec::new(), more: None };
        match code {
            Code::Unauthenticated => {
                let value = HeaderValue::from_static("Bearer realm=\"bluehook\"");
                problem.header(header::WWW_AUTHENTICATE, value)
            }
            _ => problem,
        }
    }

    /// A request with input that is wrong in these places.
    pub(crate) fn invalid(errors: Vec<input::Problem>) -> Problem {
        Problem { errors, ..Problem::new(Code::BadUserInput, Detail::Errors) }
    }

    /// A request with input that is wrong in one place.
    pub(crate) fn at(pointer: &str, fault: Fault) -> Problem {
        Problem::invalid(vec![input::Problem::new(pointer, fault)])
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// Whether all that is wrong is a URL that leads into a network that is not public.
    pub(crate) fn leads_inside(&self) -> bool {
        let is_never_public = |only: &input::Problem| only.fault == Fault::NeverPublic;
        self.code == Code::PrivateAddress || matches!(self.errors.as_slice(), [only] if is_never_public(only))
    }

    /// Something that is not there.
    pub(crate) fn not_found(what: &'static str) -> Problem {
        let code = match what {
            "Webhook" => Code::WebhookNotFound,
            "Company" => Code::CompanyNotFound,
            _ => Code::NotFound,
        };
        Problem::new(code, Detail::NotFound(what))
    }

    /// Something that this caller may not do.
    pub(crate) fn forbidden() -> Problem {
        Problem::new(Code::Forbidden, Detail::NotAuthorized)
    }

    /// A path that answers to other methods only.
    pub(crate) fn method_not_allowed(allowed: &'static str) -> Problem {
        let problem = Problem::new(Code::MethodNotAllowed, Detail::Methods(allowed));
        problem.header(header::ALLOW, HeaderValue::from_static(allowed))
    }

    /// A webhook that was changed since it was read: as it is now, with its tag.
    pub(crate) fn changed(current: impl Serialize, etag: &str) -> Problem {
        let mut problem = Problem::new(Code::PreconditionFailed, Detail::Changed);
        let current = serde_json::to_value(current).unwrap_or_default();
        problem.more().current = Some((current, etag.to_owned()));
        match HeaderValue::from_str(etag) {
            Ok(tag) => problem.header(header::ETAG, tag),
            Err(_) => problem,
        }
    }

    /// Something that was done too often, by whose count.
    pub(crate) fn rate_limited(limit: usize, scope: &'static str, retry_after_seconds: u32) -> Problem {
        Problem::new(Code::RateLimited, Detail::RateLimited(retry_after_seconds))
            .params(json!({ "limit": limit, "scope": scope, "retryAfterSeconds": retry_after_seconds }))
            .retry_after(retry_after_seconds)
    }

    /// The same problem, with the places that it is about.
    pub(crate) fn about(self, errors: Vec<input::Problem>) -> Problem {
        Problem { errors, ..self }
    }

    /// The same problem, with an object of what its sentence needs.
    pub(crate) fn params(mut self, params: Value) -> Problem {
        if let Value::Object(params) = params {
            self.more().params = params;
        }
        self
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    fn header(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.more().header = Some((name, value));
        self
    }

    pub(crate) fn retry_after(self, seconds: u32) -> Problem {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// The sentence about the request as a whole.
    fn told(&self, language: Language) -> String {
        match (&self.detail, self.errors.as_slice()) {
            (Detail::Errors, [only]) => only.told(language),
            (Detail::Errors, several) => match language {
                Language::English => format!("{} problems were found", several.len()),
                Language::Italian => format!("ci sono {} problemi", several.len()),
            },
            (detail, _) => detail.sentence(language),
        }
    }

    /// The answer in a language.
    fn response(&self, language: Language, id: &RequestId) -> HttpResponse {
        let mut response = HttpResponse::build(self.code.status());
        response
            .content_type("application/problem+json")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::CONTENT_LANGUAGE, language.tag()))
            .insert_header((header::VARY, "Accept-Language"));
        if let Some((name, value)) = self.more.as_ref().and_then(|more| more.header.as_ref()) {
            response.insert_header((name.clone(), value.clone()));
        }
        response.body(serde_json::to_vec(&Body::new(self, language, id)).unwrap_or_default())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Invalid(errors) => Problem::invalid(errors),
            Error::NotFound(what) => Problem::not_found(what),
            Error::PrivateAddress => Problem::new(Code::PrivateAddress, Detail::PrivateAddress)
                .about(vec![input::Problem::new("/url", Fault::PrivateAddress)]),
            Error::Conflict(conflict) => {
                let why = json!({ "why": conflict.why() });
                Problem::new(Code::Conflict, Detail::Conflict(conflict)).params(why)
            }
            Error::Changed => Problem::new(Code::PreconditionFailed, Detail::Changed),
            Error::LimitReached { limit, used, counts } => {
                Problem::new(Code::PlanLimitReached, Detail::LimitReached(limit, counts))
                    .params(json!({ "limit": limit, "used": used, "counts": counts.name() }))
            }
            Error::Overloaded { retry_after_seconds } => {
                Problem::new(Code::Overloaded, Detail::Backlog(retry_after_seconds))
                    .params(json!({ "retryAfterSeconds": retry_after_seconds }))
                    .retry_after(retry_after_seconds)
            }
            Error::Busy { what, retry_after_seconds } => {
                let problem = match what {
                    Busy::Webhook => Problem::rate_limited(1, "WEBHOOK", retry_after_seconds),
                    Busy::Company => Problem::rate_limited(32, "COMPANY", retry_after_seconds),
                    Busy::Replays => Problem::rate_limited(20, "COMPANY", retry_after_seconds),
                    Busy::Reading => Problem::new(Code::Unavailable, Detail::Errors)
                        .params(json!({ "why": "READING" }))
                        .retry_after(retry_after_seconds),
                    Busy::All => {
                        Problem::new(Code::Overloaded, Detail::Errors).retry_after(retry_after_seconds)
                    }
                };
                Problem { detail: Detail::Busy(what, retry_after_seconds), ..problem }
            }
            Error::Unavailable(trouble) => Problem::new(Code::Unavailable, Detail::Trouble(trouble))
                .params(json!({ "why": trouble.name() }))
                .retry_after(trouble.retry_after_seconds()),
            Error::ShuttingDown => Problem::new(Code::Unavailable, Detail::ShuttingDown).retry_after(1),
            Error::Store(detail) => {
                tracing::error!(%detail, "the store failed");
                Problem::new(Code::Unavailable, Detail::StoreFailed).retry_after(1)
            }
            Error::Config(detail) => {
                tracing::error!(%detail, "a request met a configuration that cannot work");
                Problem::new(Code::InternalServerError, Detail::NotSetUp)
            }
        }
    }
}

/// In English: as GraphQL and the log tell it.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Language::English))
    }
}

impl Responder for Problem {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::from_error(self)
    }
}

/// [`speak`] says it again in the request's language.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.response(Language::English, &RequestId::new())
    }
}

#[cfg(test)]
mod tests;
