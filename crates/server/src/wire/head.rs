//! The head of a request: found, read strictly, and spelt anew with one reading only (RFC 9112).

use actix_web::http::{Method, Uri};
use httparse::{EMPTY_HEADER, Header, Status};

use super::framing::Framing;
use crate::problem::{Code, Detail, Problem};

/// The most bytes of a head.
pub(super) const MAX_HEAD: usize = 32 * 1_024;

/// The most header fields of a head; the library above has the same.
const MAX_HEADERS: usize = 96;

/// Why a head is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Malformed(&'static str),
    TooLarge,
    TooSlow,
}

impl Fault {
    pub(super) fn problem(self) -> Problem {
        match self {
            Fault::Malformed(why) => Problem::new(Code::BadUserInput, Detail::Malformed(why)),
            Fault::TooLarge => {
                let detail = Detail::LargeHead { bytes: MAX_HEAD, headers: MAX_HEADERS };
                Problem::new(Code::HeadTooLarge, detail)
            }
            Fault::TooSlow => Problem::new(Code::RequestTimeout, Detail::SlowHead),
        }
    }
}

/// A head that is whole and good.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// As it is passed on.
    pub(super) text: Vec<u8>,
    pub(super) body: Framing,
    /// The caller waits with its body until it hears that it is wanted.
    pub(super) waits: bool,
}

/// Whether a head may begin so: with a method (RFC 9110, 5.6.2). What greets in TLS hears at once that this is HTTP.
pub(super) fn begins_with(byte: u8) -> bool {
    byte.is_ascii_graphic()
}

/// The length of a head that begins here, if it is whole. Looks from where it looked before.
pub(super) fn length(bytes: &[u8], looked: &mut usize) -> Option<usize> {
    while let Some(rest) = bytes.get(*looked..) {
        let Some(line) = rest.iter().position(|byte| *byte == b'\n') else {
            *looked = bytes.len();
            return None;
        };
        let next = *looked + line + 1;
        match bytes.get(next..) {
            Some([b'\n', ..]) => return Some(next + 1),
            Some([b'\r', b'\n', ..]) => return Some(next + 2),
            // What follows the line is not known yet: it is looked at again.
            Some([] | [b'\r']) | None => {
                *looked += line;
                return None;
            }
            Some(_) => *looked = next,
        }
    }
    None
}

/// Reads a whole head.
pub(super) fn read(bytes: &[u8]) -> Result<Head, Fault> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(Status::Complete(length)) if length == bytes.len() => {}
        Err(httparse::Error::TooManyHeaders) => return Err(Fault::TooLarge),
        _ => return Err(Fault::Malformed("this is no HTTP/1.1 request")),
    }
    let (Some(method), Some(path), Some(version)) = (request.method, request.path, request.version) else {
        return Err(Fault::Malformed("this is no HTTP/1.1 request"));
    };
    check_line(method, path)?;
    let is_new = version == 1;
    let body = framing(request.headers, is_new)?;
    check_host(request.headers, is_new)?;
    let waits = is_new && body != Framing::None && expects(request.headers);
    Ok(Head { text: spelt(method, path, version, request.headers), body, waits })
}

fn check_line(method: &str, path: &str) -> Result<(), Fault> {
    if method == "CONNECT" {
        return Err(Fault::Malformed("CONNECT is for proxies, and this is none"));
    }
    if Method::from_bytes(method.as_bytes()).is_err() {
        return Err(Fault::Malformed("the request has no method that HTTP knows"));
    }
    Uri::try_from(path).map(drop).map_err(|_| Fault::Malformed("the request's address is not valid"))
}

/// Where the body ends. Whatever could be read in two ways is refused.
fn framing(headers: &[Header<'_>], is_new: bool) -> Result<Framing, Fault> {
    let (mut lengths, mut codings) = (named(headers, "content-length"), named(headers, "transfer-encoding"));
    let (length, coding) = (lengths.next(), codings.next());
    if lengths.next().is_some() || codings.next().is_some() || (length.is_some() && coding.is_some()) {
        return Err(Fault::Malformed("the request says in more than one way where its body ends"));
    }
    match (length, coding) {
        (_, Some(coding)) if is_new && coding.trim_ascii().eq_ignore_ascii_case(b"chunked") => {
            Ok(Framing::chunked())
        }
        (_, Some(_)) => Err(Fault::Malformed("expected Transfer-Encoding: chunked, of HTTP/1.1")),
        (Some(length), None) => decimal(length.trim_ascii())
            .map(Framing::length)
            .ok_or(Fault::Malformed("expected Content-Length to be a number")),
        (None, None) => Ok(Framing::None),
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if is_number { str::from_utf8(text).ok()?.parse().ok() } else { None }
}

fn check_host(headers: &[Header<'_>], is_new: bool) -> Result<(), Fault> {
    match named(headers, "host").count() {
        1 => Ok(()),
        0 if !is_new => Ok(()),
        _ => Err(Fault::Malformed("expected one Host header")),
    }
}

fn expects(headers: &[Header<'_>]) -> bool {
    let continues = |part: &[u8]| part.trim_ascii().eq_ignore_ascii_case(b"100-continue");
    named(headers, "expect").any(|value| value.split(|byte| *byte == b',').any(continues))
}

fn named<'a>(headers: &'a [Header<'a>], name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
}

/// What only concerns this connection, or would make another protocol of it.
const DROPPED: [&str; 4] = ["connection", "expect", "upgrade", "http2-settings"];

fn spelt(method: &str, path: &str, version: u8, headers: &[Header<'_>]) -> Vec<u8> {
    let mut text = Vec::with_capacity(512);
    for part in [method, " ", path, " HTTP/1.", if version == 1 { "1" } else { "0" }, "\r\n"] {
        text.extend_from_slice(part.as_bytes());
    }
    for header in headers {
        if !DROPPED.iter().any(|dropped| header.name.eq_ignore_ascii_case(dropped)) {
            for part in [header.name.as_bytes(), b": ", header.value, b"\r\n"] {
                text.extend_from_slice(part);
            }
        }
    }
    let says = |wanted: &[u8]| {
        let parts = |value: &'_ [u8]| {
            value.split(|byte| *byte == b',').any(|part| part.trim_ascii().eq_ignore_ascii_case(wanted))
        };
        named(headers, "connection").any(parts)
    };
    if says(b"close") {
        text.extend_from_slice(b"connection: close\r\n");
    } else if says(b"keep-alive") {
        text.extend_from_slice(b"connection: keep-alive\r\n");
    }
    text.extend_from_slice(b"\r\n");
    text
}

#[cfg(test)]
mod tests;
