//! The codes of problems: for each the word, the status, and a title in each language.

use actix_web::http::StatusCode;
use bluehook_core::language::Language;

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
    HeadTooLarge,
    Conflict,
    PreconditionFailed,
    BodyTooLarge,
    UnsupportedMediaType,
    RateLimited,
    Overloaded,
    InternalServerError,
    Unavailable,
}

/// What belongs to a code.
struct Entry {
    name: &'static str,
    status: StatusCode,
    english: &'static str,
    italian: &'static str,
}

const fn entry(
    name: &'static str,
    status: StatusCode,
    english: &'static str,
    italian: &'static str,
) -> Entry {
    Entry { name, status, english, italian }
}

impl Code {
    /// Every code.
    pub(crate) const ALL: [Code; 19] = [
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
        Code::HeadTooLarge,
        Code::Conflict,
        Code::PreconditionFailed,
        Code::BodyTooLarge,
        Code::UnsupportedMediaType,
        Code::RateLimited,
        Code::Overloaded,
        Code::InternalServerError,
        Code::Unavailable,
    ];

    /// The word.
    pub(crate) const fn name(self) -> &'static str {
        self.entry().name
    }

    /// The status that it comes with.
    pub(crate) const fn status(self) -> StatusCode {
        self.entry().status
    }

    /// What it means, in a few words.
    pub(crate) const fn title(self, language: Language) -> &'static str {
        match language {
            Language::English => self.entry().english,
            Language::Italian => self.entry().italian,
        }
    }

    #[rustfmt::skip]
    const fn entry(self) -> Entry {
        match self {
            Code::BadUserInput => entry("BAD_USER_INPUT", StatusCode::BAD_REQUEST, "The request is not valid", "La richiesta non è valida"),
            Code::PrivateAddress => entry("PRIVATE_ADDRESS", StatusCode::BAD_REQUEST, "The URL leads to a private address", "L'URL porta a un indirizzo privato"),
            Code::Unauthenticated => entry("UNAUTHENTICATED", StatusCode::UNAUTHORIZED, "Who is calling is not known", "Non si sa chi sta chiamando"),
            Code::Forbidden => entry("FORBIDDEN", StatusCode::FORBIDDEN, "The caller may not do this", "Chi chiama non può farlo"),
            Code::PlanLimitReached => entry("PLAN_LIMIT_REACHED", StatusCode::FORBIDDEN, "The company's limit is reached", "Il limite dell'azienda è raggiunto"),
            Code::NotFound => entry("NOT_FOUND", StatusCode::NOT_FOUND, "There is no such thing", "Non esiste"),
            Code::CompanyNotFound => entry("COMPANY_NOT_FOUND", StatusCode::NOT_FOUND, "There is no such company", "L'azienda non esiste"),
            Code::WebhookNotFound => entry("WEBHOOK_NOT_FOUND", StatusCode::NOT_FOUND, "There is no such webhook", "Il webhook non esiste"),
            Code::MethodNotAllowed => entry("METHOD_NOT_ALLOWED", StatusCode::METHOD_NOT_ALLOWED, "The method is not possible here", "Qui il metodo non è possibile"),
            Code::RequestTimeout => entry("REQUEST_TIMEOUT", StatusCode::REQUEST_TIMEOUT, "The request came too slowly", "La richiesta è arrivata troppo lentamente"),
            Code::HeadTooLarge => entry("HEAD_TOO_LARGE", StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "The address and the headers are too large", "L'indirizzo e le intestazioni sono troppo grandi"),
            Code::Conflict => entry("CONFLICT", StatusCode::CONFLICT, "It contradicts what is there", "Contraddice ciò che esiste"),
            Code::PreconditionFailed => entry("PRECONDITION_FAILED", StatusCode::PRECONDITION_FAILED, "It was changed meanwhile", "Nel frattempo è cambiato"),
            Code::BodyTooLarge => entry("BODY_TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large", "Il corpo è troppo grande"),
            Code::UnsupportedMediaType => entry("UNSUPPORTED_MEDIA_TYPE", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body has the wrong content type", "Il corpo ha un tipo di contenuto sbagliato"),
            Code::RateLimited => entry("RATE_LIMITED", StatusCode::TOO_MANY_REQUESTS, "It was done too often", "È stato fatto troppo spesso"),
            Code::Overloaded => entry("OVERLOADED", StatusCode::TOO_MANY_REQUESTS, "Too much is waiting", "C'è troppo in attesa"),
            Code::InternalServerError => entry("INTERNAL_SERVER_ERROR", StatusCode::INTERNAL_SERVER_ERROR, "The server failed", "Il server ha avuto un guasto"),
            Code::Unavailable => entry("UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE, "The server cannot do this now", "Ora il server non può farlo"),
        }
    }
}
