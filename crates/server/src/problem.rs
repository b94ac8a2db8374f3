//! What callers are told when something is wrong: `application/problem+json` (RFC 9457), from one table.

use std::fmt;

use actix_web::{
    HttpRequest, HttpResponse, Responder, ResponseError,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use bluehook_core::{input, language::Language};
use bluehook_dispatcher::Error;
use serde::Serialize;
use serde_json::value::RawValue;

/// A word for programs. Blue's own where one fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    BadUserInput,
    PrivateAddress,
    Unauthenticated,
    Forbidden,
    PlanLimitReached,
    NotFound,
    CompanyNotFound,
    WebhookNotFound,
    MethodNotAllowed,
    RequestTimeout,
    Conflict,
    PreconditionFailed,
    BodyTooLarge,
    UnsupportedMediaType,
    Overloaded,
    InternalServerError,
    Unavailable,
}

impl Code {
    /// Every code.
    pub(crate) const ALL: [Code; 17] = [
        Code::BadUserInput,
        Code::PrivateAddress,
        Code::Unauthenticated,
        Code::Forbidden,
        Code::PlanLimitReached,
        Code::NotFound,
        Code::CompanyNotFound,
        Code::WebhookNotFound,
        Code::MethodNotAllowed,
        Code::RequestTimeout,
        Code::Conflict,
        Code::PreconditionFailed,
        Code::BodyTooLarge,
        Code::UnsupportedMediaType,
        Code::Overloaded,
        Code::InternalServerError,
        Code::Unavailable,
    ];

    /// The word.
    pub(crate) const fn name(self) -> &'static str {
        self.entry().0
    }

    /// The status that it comes with.
    pub(crate) const fn status(self) -> StatusCode {
        self.entry().1
    }

    /// What it means, in a few words.
    pub(crate) const fn title(self) -> &'static str {
        self.entry().2
    }

    /// The table: the word, the status, the title.
    #[rustfmt::skip]
    const fn entry(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Code::BadUserInput => ("BAD_USER_INPUT", StatusCode::BAD_REQUEST, "The request is not valid"),
            Code::PrivateAddress => ("PRIVATE_ADDRESS", StatusCode::BAD_REQUEST, "The URL leads to a private address"),
            Code::Unauthenticated => ("UNAUTHENTICATED", StatusCode::UNAUTHORIZED, "Who is calling is not known"),
            Code::Forbidden => ("FORBIDDEN", StatusCode::FORBIDDEN, "The caller may not do this"),
            Code::PlanLimitReached => ("PLAN_LIMIT_REACHED", StatusCode::FORBIDDEN, "The company's limit is reached"),
            Code::NotFound => ("NOT_FOUND", StatusCode::NOT_FOUND, "There is no such thing"),
            Code::CompanyNotFound => ("COMPANY_NOT_FOUND", StatusCode::NOT_FOUND, "There is no such company"),
            Code::WebhookNotFound => ("WEBHOOK_NOT_FOUND", StatusCode::NOT_FOUND, "There is no such webhook"),
            Code::MethodNotAllowed => ("METHOD_NOT_ALLOWED", StatusCode::METHOD_NOT_ALLOWED, "The method is not possible here"),
            Code::RequestTimeout => ("REQUEST_TIMEOUT", StatusCode::REQUEST_TIMEOUT, "The request came too slowly"),
            Code::Conflict => ("CONFLICT", StatusCode::CONFLICT, "It contradicts what is there"),
            Code::PreconditionFailed => ("PRECONDITION_FAILED", StatusCode::PRECONDITION_FAILED, "It was changed meanwhile"),
            Code::BodyTooLarge => ("BODY_TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Code::UnsupportedMediaType => ("UNSUPPORTED_MEDIA_TYPE", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body has the wrong content type"),
            Code::Overloaded => ("OVERLOADED", StatusCode::TOO_MANY_REQUESTS, "Too much is waiting"),
            Code::InternalServerError => ("INTERNAL_SERVER_ERROR", StatusCode::INTERNAL_SERVER_ERROR, "The server failed"),
            Code::Unavailable => ("UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE, "The server cannot do this now"),
        }
    }
}

/// One thing that is wrong with a request.
#[derive(Debug)]
pub(crate) struct Problem {
    code: Code,
    detail: String,
    errors: Vec<input::Problem>,
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Problem {
        let header = match code {
            Code::Unauthenticated => {
                header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"bluehook\""))
            }
            _ => None,
        };
        Problem { code, detail: detail.into(), errors: Vec::new(), header }
    }

    /// A request with input that is wrong in these places.
    pub(crate) fn invalid(errors: Vec<input::Problem>) -> Problem {
        Problem { errors, ..Problem::new(Code::BadUserInput, "") }
    }

    /// A request with input that is wrong in one place.
    pub(crate) fn at(pointer: &str, fault: input::Fault) -> Problem {
        Problem::invalid(vec![input::Problem::new(pointer, fault)])
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// Something that is not there.
    pub(crate) fn not_found(what: &str) -> Problem {
        let code = match what {
            "Webhook" => Code::WebhookNotFound,
            "Company" => Code::CompanyNotFound,
            _ => Code::NotFound,
        };
        Problem::new(code, format!("{what} was not found."))
    }

    /// Something that this caller may not do. The words are Blue's.
    pub(crate) fn forbidden() -> Problem {
        Problem::new(Code::Forbidden, "You are not authorized.")
    }

    /// A path that answers to other methods only.
    pub(crate) fn method_not_allowed(allowed: &'static str) -> Problem {
        let header = header(header::ALLOW, HeaderValue::from_static(allowed));
        Problem { header, ..Problem::new(Code::MethodNotAllowed, format!("expected {allowed}")) }
    }

    fn retry_after(self, seconds: u32) -> Problem {
        Problem { header: header(header::RETRY_AFTER, HeaderValue::from(seconds)), ..self }
    }

    /// The members of `application/problem+json`.
    pub(crate) fn to_json(&self) -> Body<'_> {
        let (code, status, title) = self.code.entry();
        let errors = self.errors.iter().map(Place::new).collect();
        Body {
            r#type: format!("/docs/errors#{code}"),
            title,
            status: status.as_u16(),
            detail: self.to_string(),
            code,
            errors,
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a problem's header is optional")]
fn header(name: HeaderName, value: HeaderValue) -> Option<Box<(HeaderName, HeaderValue)>> {
    Some(Box::new((name, value)))
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Invalid(errors) => Problem::invalid(errors),
            Error::NotFound(what) => Problem::not_found(what),
            Error::PrivateAddress => {
                let errors = vec![input::Problem::new("/url", input::Fault::PrivateAddress)];
                Problem { errors, ..Problem::new(Code::PrivateAddress, error.to_string()) }
            }
            Error::Conflict(conflict) => Problem::new(Code::Conflict, conflict.sentence(Language::English)),
            Error::Changed => Problem::new(Code::PreconditionFailed, error.to_string()),
            Error::LimitReached { .. } => Problem::new(Code::PlanLimitReached, error.to_string()),
            Error::Overloaded { retry_after_seconds } => {
                Problem::new(Code::Overloaded, error.to_string()).retry_after(retry_after_seconds)
            }
            Error::ShuttingDown => {
                Problem::new(Code::Unavailable, "the server is shutting down; try again").retry_after(1)
            }
            Error::Store(detail) => {
                tracing::error!(%detail, "the store failed");
                Problem::new(Code::Unavailable, "the store failed; try again").retry_after(1)
            }
            Error::Config(detail) => {
                tracing::error!(%detail, "a request met a configuration that cannot work");
                Problem::new(Code::InternalServerError, "the server is not set up for this")
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors.as_slice() {
            [] => f.write_str(&self.detail),
            [only] if self.detail.is_empty() => write!(f, "{only}"),
            several if self.detail.is_empty() => write!(f, "{} problems were found", several.len()),
            _ => f.write_str(&self.detail),
        }
    }
}

impl Responder for Problem {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.error_response()
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.content_type("application/problem+json");
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(header) = &self.header {
            response.insert_header((**header).clone());
        }
        response.body(serde_json::to_vec(&self.to_json()).unwrap_or_default())
    }
}

/// The members of `application/problem+json`.
#[derive(Serialize)]
pub(crate) struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    pointer: &'a str,
    code: &'static str,
    params: Box<RawValue>,
    detail: String,
}

impl<'a> Place<'a> {
    fn new(problem: &'a input::Problem) -> Place<'a> {
        let mut params = String::new();
        problem.fault.write_params(&mut params);
        Place {
            pointer: &problem.pointer,
            code: problem.code().name(),
            params: RawValue::from_string(params).unwrap_or_default(),
            detail: problem.detail(Language::English),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bluehook_dispatcher::Conflict;

    #[track_caller]
    fn check(error: Error, status: u16, code: &str, detail: &str) {
        let problem = Problem::from(error);
        let body = serde_json::to_value(problem.to_json()).unwrap();
        assert_eq!(problem.error_response().status().as_u16(), status);
        assert_eq!(body["type"], format!("/docs/errors#{code}"));
        assert_eq!((body["status"].as_u64(), body["code"].as_str()), (Some(status.into()), Some(code)));
        assert_eq!(body["detail"], detail);
    }

    #[test]
    fn every_error_of_the_dispatcher_has_its_problem() {
        let place = || input::Problem::new("/a", input::Fault::Required);
        check(Error::Invalid(vec![place()]), 400, "BAD_USER_INPUT", "/a: required, but missing");
        check(Error::Invalid(vec![place(), place()]), 400, "BAD_USER_INPUT", "2 problems were found");
        check(Error::NotFound("Webhook"), 404, "WEBHOOK_NOT_FOUND", "Webhook was not found.");
        check(Error::NotFound("Event"), 404, "NOT_FOUND", "Event was not found.");
        check(
            Error::Changed,
            412,
            "PRECONDITION_FAILED",
            "the webhook was changed since it was read; read it again",
        );
        check(Error::Conflict(Conflict::BeingSent), 409, "CONFLICT", "the delivery is under way already");
        check(Error::PrivateAddress, 400, "PRIVATE_ADDRESS", "URL resolves to a private/internal address");
        check(
            Error::LimitReached { limit: 3, used: 3 },
            403,
            "PLAN_LIMIT_REACHED",
            "the company already has 3 enabled webhooks, which is its limit",
        );
        check(
            Error::Overloaded { retry_after_seconds: 5 },
            429,
            "OVERLOADED",
            "too many deliveries are waiting; try again in 5 s",
        );
        check(Error::ShuttingDown, 503, "UNAVAILABLE", "the server is shutting down; try again");
        check(Error::Store("disk full at /a".to_owned()), 503, "UNAVAILABLE", "the store failed; try again");
        check(
            Error::Config("x".to_owned()),
            500,
            "INTERNAL_SERVER_ERROR",
            "the server is not set up for this",
        );
    }

    #[test]
    fn headers_say_what_to_do() {
        let header = |problem: &Problem, name: &str| {
            problem.error_response().headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        let overloaded = Problem::from(Error::Overloaded { retry_after_seconds: 5 });
        assert_eq!(header(&overloaded, "retry-after").as_deref(), Some("5"));
        assert_eq!(header(&Problem::method_not_allowed("GET, POST"), "allow").as_deref(), Some("GET, POST"));
        let unknown = Problem::new(Code::Unauthenticated, "");
        assert_eq!(header(&unknown, "www-authenticate").as_deref(), Some("Bearer realm=\"bluehook\""));
        assert_eq!(header(&unknown, "content-type").as_deref(), Some("application/problem+json"));
    }
}
