//! Causes that show in the headers alone.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::signature::Headers;

pub(super) const TOO_OLD: &str = "The request was made longer ago than toleranceSeconds allows: it is an old one sent again, it waited \
     in a queue before it was verified, or this machine's clock is ahead.";

const TOO_NEW: &str = "The request was made in the future: this machine's clock, or the sender's, is wrong.";

const MILLISECONDS: &str = "webhook-timestamp is in milliseconds; seconds since 1970 are expected.";

/// Timestamps beyond this many characters of digits are not seconds: eleven digits last until the year 5138.
const SECONDS_DIGITS: usize = 11;

pub(super) fn missing(headers: &Headers<'_>) -> &'static str {
    let standard = [headers.id, headers.timestamp, headers.signature].iter().flatten().count();
    match (headers.x_signature, headers.signature, standard) {
        (_, None, 2) => {
            "The request carries webhook-id and webhook-timestamp, but no webhook-signature: the webhook has no secret (give it \
             one), or something before this code removed the header."
        }
        (_, _, 1..) => {
            "webhook-id, webhook-timestamp and webhook-signature belong together, and one of them is missing: something before \
             this code removed it, or the headers passed in are not all of the request's headers."
        }
        (Some(_), ..) => {
            "Only X-Signature arrived, and requireTimestamp asks for webhook-id, webhook-timestamp and webhook-signature, which \
             protect against old requests sent again."
        }
        (None, ..) => {
            "No signature header arrived: the webhook has no secret (give it one), something before this code removed the \
             headers, or the headers passed in are not those of the request."
        }
    }
}

pub(super) fn malformed(headers: &Headers<'_>) -> Option<&'static str> {
    match (headers.id, headers.timestamp, headers.signature) {
        (Some(id), Some(timestamp), Some(signature)) => {
            standard(id.trim_ascii(), timestamp.trim_ascii(), signature)
        }
        _ => [headers.x_signature, headers.x_signature_next]
            .into_iter()
            .flatten()
            .find_map(|text| x_signature(text.trim_ascii())),
    }
}

pub(super) fn too_new(headers: &Headers<'_>) -> &'static str {
    if headers.timestamp.is_some_and(|text| text.trim_ascii().len() > SECONDS_DIGITS) {
        MILLISECONDS
    } else {
        TOO_NEW
    }
}

fn x_signature(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("X-Signature is empty: something before this code blanked it.")
    } else if text.starts_with("sha256=") {
        Some("X-Signature begins with sha256=; the bare 64 hexadecimal digits are expected.")
    } else if text.starts_with("v1,") {
        Some("X-Signature holds what belongs into webhook-signature.")
    } else if text.contains(',') {
        Some("X-Signature arrived more than once, or was joined with another value.")
    } else if is_base64(text) {
        Some("X-Signature is base64; 64 hexadecimal digits are expected.")
    } else {
        None
    }
}

fn standard(id: &str, timestamp: &str, signature: &str) -> Option<&'static str> {
    if id.is_empty() {
        Some("webhook-id is empty.")
    } else if id.contains('.') {
        Some("webhook-id contains a full stop, which Standard Webhooks does not allow.")
    } else if timestamp.parse::<i64>().is_err() || timestamp.starts_with(['+', '-']) {
        Some("webhook-timestamp is not a whole number of seconds since 1970.")
    } else if signature.split_ascii_whitespace().any(is_base64) {
        Some("webhook-signature lacks its version: v1, is expected before the base64.")
    } else if signature
        .split_ascii_whitespace()
        .filter_map(|one| one.strip_prefix("v1,"))
        .any(|one| one.len() == 64)
    {
        Some("webhook-signature is hexadecimal; base64 is expected after v1,.")
    } else {
        Some("webhook-signature holds no signature of version v1 (v1, and 44 characters of padded base64).")
    }
}

fn is_base64(text: &str) -> bool {
    STANDARD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}
