//! Problems in English, without their full stop.

use alloc::{borrow::ToOwned, format, string::String};

use super::{
    Fault,
    expected::kind_said,
    fault::{Found, Names, UrlReason},
};
use crate::language::Language::English;

/// The sentence of a fault.
pub(super) fn sentence(fault: &Fault) -> String {
    let fixed = match fault {
        Fault::RequiredWith(field) => return format!("required, since {field} is given"),
        Fault::UnknownField(names) => return format!("unknown field; {}", meant(names, "expected ")),
        Fault::UnknownParameter(names) => {
            return format!("unknown query parameter; {}", meant(names, "expected "));
        }
        Fault::NotJson { reason, line, column } => {
            return format!("not valid JSON: {reason} (line {line}, column {column})");
        }
        Fault::TooDeep(max) | Fault::FilterDepth(max) => {
            return format!("nested deeper than {max} levels");
        }
        Fault::NotUtf8(at) => return format!("not valid UTF-8 at byte {at}"),
        Fault::WrongType(expected, found) | Fault::FilterOperand(expected, found) => {
            return format!("expected {}, found {}", expected.said(English), kind_said(*found, English));
        }
        Fault::WrongForm(expected) => return format!("expected {}", expected.said(English)),
        Fault::NotWhole { min, max, found } => {
            let found = match found {
                Found::Kind(kind) => kind_said(*kind, English),
                Found::Text(text) => text,
            };
            return format!("expected a whole number from {min} to {max}, found {found}");
        }
        Fault::Overlap(days) => return format!("at most {days} days, in seconds"),
        Fault::Duration { min, max, found } => {
            return format!("expected a duration from {min} to {max} such as 24h, found `{found}`");
        }
        Fault::AtMost(unit, max, found) => {
            let found = found.map(|found| format!(", found {found}")).unwrap_or_default();
            return format!("at most {max} {}{found}", unit.said(English));
        }
        Fault::From1To(unit, max, found) => {
            return format!("expected 1 to {max} {}, found {found}", unit.said(English));
        }
        Fault::UnknownWord(names) => return format!("expected {}", super::quoted(&names.allowed, " or ")),
        Fault::UnknownEvent(Some(meant)) => return format!("unknown event; did you mean {meant}?"),
        Fault::OnlyDelivered(name) => {
            return format!("{name} is only ever delivered; it can be neither sent nor subscribed to");
        }
        Fault::NotAfter(field) => return format!("has to be after {field}"),
        Fault::NotAUrl(reason) => {
            let reason = self::reason(*reason);
            return format!("not a URL ({reason}); expected one such as https://example.com/hook");
        }
        Fault::UrlHostName(found) => {
            return format!("expected a host of labels of 1 to 63 characters, 253 in all, found {found}");
        }
        Fault::UrlHostCharacter(found) => {
            return format!("expected a host of letters, digits, hyphens and dots, found `{found}` in it");
        }
        Fault::UrlTlsName(found) => {
            return format!("no certificate can name this host: {found} is no label for https");
        }
        Fault::UrlScheme(found) => return format!("expected http or https, found {found}"),
        Fault::SecretShort(min) => return format!("the secret has fewer than {min} characters"),
        Fault::SecretLong(max) => return format!("the secret has more than {max} characters"),
        Fault::FilterOperator(names) => {
            return format!("unknown operator; {}", meant(names, "expected one of "));
        }
        Fault::Required => "required, but missing",
        Fault::BothNull => "previousValue and currentValue are both null; at least one is expected",
        Fault::Repeated => "given more than once",
        Fault::IdsDiffer => "Idempotency-Key differs from the event's id; give one of the two",
        Fault::NotGraphql => "expected a GraphQL request: {\"query\": …, \"variables\": …}",
        Fault::LoneSurrogate => "expected a string of valid Unicode, found a lone surrogate",
        Fault::ByteOrderMark => "begins with a byte-order mark; leave it away",
        Fault::Empty => "must not be empty",
        Fault::UnknownEvent(None) => "unknown event; expected a name such as TODO_CREATED",
        Fault::BadTime => "expected a date and time as in RFC 3339, such as 2022-12-01T11:23:09.000Z",
        Fault::BadInstant => {
            "expected milliseconds since 1970, or a date and time as in RFC 3339, such as 2022-12-01T11:23:09.000Z"
        }
        Fault::Passed => "has passed already; expected a time to come",
        Fault::BadCursor => "not a cursor that a page of this list gave",
        Fault::BadPosition => "not a position that a stream gave",
        Fault::NoSuchProject => "no such project in this company",
        Fault::ProjectElsewhere => "the project belongs to another company",
        Fault::NoSuchUser => "no such user in the directory",
        Fault::NoSuchCompany => "no such company in the directory",
        Fault::NotAMember => "not a member of this project",
        Fault::UrlCredentials => "must not contain a user name or password; use a header instead",
        Fault::UrlFragment => "must not contain a fragment (#…); it is never sent",
        Fault::UrlHost => "has no host",
        Fault::UrlPort => "expected a port from 1 to 65535",
        Fault::NeverPublic => "this name is never public; use one that can be reached from the internet",
        Fault::PrivateAddress => "leads to a private or internal address",
        Fault::Unresolved => "the host's name does not resolve",
        Fault::HeaderReserved => "a reserved name; choose another",
        Fault::HeaderName => "not a header name; expected letters, digits and hyphens",
        Fault::HeaderValue => {
            "not a header value; expected visible ASCII characters without spaces around them"
        }
        Fault::HeaderAscii => "must be ASCII",
        Fault::SecretEncoding => "a secret that begins with whsec_ has to go on with base64",
        Fault::FilterEmpty => "empty: expected at least one condition",
        Fault::FilterNoMember => "empty: expected at least one member",
        Fault::FilterPlace => "only below currentValue: it compares with the same place in previousValue",
    };
    fixed.to_owned()
}

fn reason(reason: UrlReason) -> &'static str {
    match reason {
        UrlReason::NoHost => "empty host",
        UrlReason::BadHost => "invalid host name",
        UrlReason::BadPort => "invalid port number",
        UrlReason::BadCharacter => "a control character or a backslash in it",
        UrlReason::Relative => "relative URL without a base",
        UrlReason::Other => "it cannot be read",
    }
}

fn meant(names: &Names, expected: &str) -> String {
    match names.nearest {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("{expected}{}", super::quoted(&names.allowed, ", ")),
    }
}
