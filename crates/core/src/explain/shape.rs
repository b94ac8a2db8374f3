//! Causes that show in the headers alone.

use super::Cause;
use crate::signature::{Headers, STANDARD_VERSION, Tag, is_id};

/// Timestamps of more digits are not seconds: eleven last until the year 5138.
const SECONDS_DIGITS: usize = 11;

pub(super) fn missing(headers: &Headers<'_>) -> Cause {
    let standard = [headers.id, headers.timestamp, headers.signature].iter().flatten().count();
    match (headers.x_signature, headers.signature, standard) {
        (_, None, 2) => Cause::NoSecret,
        (_, _, 1..) => Cause::HeaderLost,
        (Some(_), ..) => Cause::NoTimestamp,
        (None, ..) => Cause::NoHeaders,
    }
}

pub(super) fn malformed(headers: &Headers<'_>) -> Option<Cause> {
    match (headers.id, headers.timestamp, headers.signature) {
        (Some(id), Some(timestamp), Some(signature)) => {
            Some(standard(id.trim_ascii(), timestamp.trim_ascii(), signature))
        }
        _ => [headers.x_signature, headers.x_signature_next].into_iter().flatten().find_map(x_signature),
    }
}

pub(super) fn too_new(headers: &Headers<'_>) -> Cause {
    let digits = headers.timestamp.map_or(0, |text| text.trim_ascii().len());
    if digits > SECONDS_DIGITS { Cause::Milliseconds } else { Cause::TooNew }
}

fn x_signature(text: &str) -> Option<Cause> {
    let text = text.trim_ascii();
    Some(match text {
        "" => Cause::BlankSignature,
        _ if Tag::from_hex(text).is_some() => return None,
        _ if text.starts_with("sha256=") => Cause::Sha256Prefix,
        _ if text.starts_with(STANDARD_VERSION) => Cause::HeadersSwapped,
        _ if text.bytes().any(|byte| byte == b',') => Cause::JoinedValues,
        _ if Tag::from_base64(text).is_some() => Cause::Base64NotHex,
        _ => Cause::NotHex,
    })
}

fn standard(id: &str, timestamp: &str, signature: &str) -> Cause {
    let is =
        |spelt: fn(&str) -> Option<Tag>| signature.split_ascii_whitespace().any(|one| spelt(one).is_some());
    if !is_id(id) {
        Cause::BadId
    } else if timestamp.is_empty() || !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        Cause::BadTimestamp
    } else if signature.trim_ascii().is_empty() {
        Cause::BlankSignature
    } else if is(Tag::from_base64) {
        Cause::NoVersion
    } else if is(|one| Tag::from_hex(one.strip_prefix(STANDARD_VERSION).unwrap_or(one))) {
        Cause::HexNotBase64
    } else {
        Cause::NotBase64
    }
}
