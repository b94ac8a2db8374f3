//! A webhook's own headers: which may be sent along.

use awc::http::header::{HeaderName, HeaderValue};
use bluehook_core::input::{Fault, Unit};

/// The longest value of a header, in bytes.
const MAX_VALUE: usize = 4_096;

/// What this program, or HTTP itself, says in a request; a webhook's own headers cannot say it otherwise.
const RESERVED: [&str; 19] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-signature",
    "x-signature-next",
];

/// What is wrong with a header that is to be sent along.
pub(crate) fn header_problem(name: &str, value: &str) -> Option<Fault> {
    let lower = name.to_ascii_lowercase();
    let name = lower.as_str();
    if RESERVED.contains(&name) || name.starts_with("webhook-") || name.starts_with("x-bluehook-") {
        Some(Fault::HeaderReserved)
    } else if HeaderName::try_from(name).is_err() {
        Some(Fault::HeaderName)
    } else if value.len() > MAX_VALUE {
        Some(Fault::AtMost(Unit::Bytes, MAX_VALUE, Some(value.len())))
    } else if HeaderValue::try_from(value).is_err() || value.trim() != value || !value.is_ascii() {
        Some(Fault::HeaderValue)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values() {
        for (name, value, good) in [
            ("authorization", "Bearer abc", true),
            ("x-my-header", "", true),
            ("X-My-Header", "", true),
            ("Host", "example.com", false),
            ("webhook-id", "1", false),
            ("x-bluehook-event", "1", false),
            ("x-signature", "1", false),
            ("bad name", "1", false),
            ("", "1", false),
            ("x-a", "line\nbreak", false),
            ("x-a", " spaced ", false),
            ("x-a", "é", false),
        ] {
            assert_eq!(header_problem(name, value).is_none(), good, "{name}: {value}");
        }
    }
}
