//! Why an attempt failed, in words for programs.

use bluehook_core::time::Millis;
use serde::{Deserialize, Serialize};

use super::{
    failure::{Failure, FailureKind},
    log::Outcome,
};

/// The classes of failure: no complete answer and why, or an answer that is not 2xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorClass {
    /// The name did not resolve.
    Dns,
    /// Not a public address.
    BlockedAddress,
    /// No connection.
    Connect,
    /// No agreement on TLS.
    Tls,
    /// Not done in time.
    Timeout,
    /// The connection broke while sending or reading.
    Connection,
    /// What came back is no HTTP.
    InvalidResponse,
    /// A redirect.
    #[serde(rename = "HTTP_3XX")]
    Http3xx,
    /// The receiver says that the request is at fault.
    #[serde(rename = "HTTP_4XX")]
    Http4xx,
    /// The receiver says that it failed itself.
    #[serde(rename = "HTTP_5XX")]
    Http5xx,
}

impl ErrorClass {
    /// Every class.
    pub const ALL: [ErrorClass; 10] = [
        ErrorClass::Dns,
        ErrorClass::BlockedAddress,
        ErrorClass::Connect,
        ErrorClass::Tls,
        ErrorClass::Timeout,
        ErrorClass::Connection,
        ErrorClass::InvalidResponse,
        ErrorClass::Http3xx,
        ErrorClass::Http4xx,
        ErrorClass::Http5xx,
    ];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorClass::Dns => "DNS",
            ErrorClass::BlockedAddress => "BLOCKED_ADDRESS",
            ErrorClass::Connect => "CONNECT",
            ErrorClass::Tls => "TLS",
            ErrorClass::Timeout => "TIMEOUT",
            ErrorClass::Connection => "CONNECTION",
            ErrorClass::InvalidResponse => "INVALID_RESPONSE",
            ErrorClass::Http3xx => "HTTP_3XX",
            ErrorClass::Http4xx => "HTTP_4XX",
            ErrorClass::Http5xx => "HTTP_5XX",
        }
    }

    /// The class of what came back; none for a success.
    pub fn of(outcome: &Outcome) -> Option<ErrorClass> {
        match outcome {
            Outcome::Response(response) => ErrorClass::of_status(response.status_code),
            Outcome::Failure(failure) => Some(ErrorClass::of_failure(failure.kind)),
        }
    }

    /// The class of an answer with this status code; none for a success.
    pub const fn of_status(status_code: u16) -> Option<ErrorClass> {
        match status_code {
            200..=299 => None,
            300..=399 => Some(ErrorClass::Http3xx),
            400..=499 => Some(ErrorClass::Http4xx),
            _ => Some(ErrorClass::Http5xx),
        }
    }

    /// The class of an attempt without a complete answer.
    pub const fn of_failure(kind: FailureKind) -> ErrorClass {
        match kind {
            FailureKind::Dns => ErrorClass::Dns,
            FailureKind::BlockedAddress => ErrorClass::BlockedAddress,
            FailureKind::Connect => ErrorClass::Connect,
            FailureKind::Tls => ErrorClass::Tls,
            FailureKind::Timeout => ErrorClass::Timeout,
            FailureKind::Connection => ErrorClass::Connection,
            FailureKind::InvalidResponse => ErrorClass::InvalidResponse,
        }
    }

    /// The class of a delivery's last attempt, from what its row says of it.
    pub(crate) fn of_last(status_code: Option<u16>, failure: Option<&str>) -> Option<ErrorClass> {
        match status_code {
            Some(status_code) => ErrorClass::of_status(status_code),
            None => failure.and_then(FailureKind::from_name).map(ErrorClass::of_failure),
        }
    }
}

/// Why a webhook fails, or was switched off: the failure that was seen last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What kind of failure.
    pub class: ErrorClass,
    /// Why there was no complete answer; none when there was one.
    pub failure: Option<Failure>,
    /// The status code, when the receiver answered.
    pub status_code: Option<u16>,
    /// When it was.
    pub at: Millis,
    /// The delivery that met it; none for a probe.
    pub delivery_id: Option<String>,
    /// How many attempts failed in a row by then.
    pub count: u32,
}

impl Cause {
    /// The cause that an outcome is; none for a success.
    pub(crate) fn of(outcome: &Outcome, at: Millis, delivery_id: Option<String>) -> Option<Cause> {
        let (status_code, failure) = match outcome {
            Outcome::Response(response) => (Some(response.status_code), None),
            Outcome::Failure(failure) => (None, Some(failure.clone())),
        };
        let class = ErrorClass::of(outcome)?;
        Some(Cause { class, failure, status_code, at, delivery_id, count: 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_one_word() {
        for class in ErrorClass::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.name());
        }
        for (code, class) in [(204, None), (301, Some(ErrorClass::Http3xx)), (410, Some(ErrorClass::Http4xx))]
        {
            assert_eq!(ErrorClass::of_status(code), class, "{code}");
        }
        assert_eq!(ErrorClass::of_last(None, Some("TLS")), Some(ErrorClass::Tls));
        assert_eq!(ErrorClass::of_last(None, None), None);
    }
}
