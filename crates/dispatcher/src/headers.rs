//! A webhook's own headers: which may be sent along.

use awc::http::header::{HeaderName, HeaderValue};

/// The longest value of a header, in bytes.
const MAX_VALUE: usize = 1_024;

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
pub(crate) fn header_problem(name: &str, value: &str) -> Option<String> {
    if RESERVED.contains(&name) || name.starts_with("webhook-") || name.starts_with("x-bluehook-") {
        Some("a reserved name; choose another".to_owned())
    } else if HeaderName::try_from(name).is_err() {
        Some("not a header name; expected letters, digits and hyphens".to_owned())
    } else if value.len() > MAX_VALUE {
        Some(format!("at most {MAX_VALUE} bytes, found {}", value.len()))
    } else if HeaderValue::try_from(value).is_err() || value.trim() != value || !value.is_ascii() {
        Some("not a header value; expected visible ASCII characters without spaces around them".to_owned())
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
            ("host", "example.com", false),
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
