//! What usually goes wrong with bodies on their way into a receiver.

use alloc::{string::String, vec::Vec};

use super::{
    Cause,
    rewrite::{Style, joined, rewrite, with_fraction},
    trial::{BUDGET, Trial},
};
use crate::signature::{Secret, codec};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// How compressed data begin: gzip, zlib at its usual levels, Zstandard.
const COMPRESSED: [&[u8]; 5] = [b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x28\xb5\x2f\xfd"];

/// How many numbers are tried with and without a fraction.
const NUMBERS: usize = 16;

/// What shows without trying.
pub(super) fn obvious(body: &[u8]) -> Option<Cause> {
    if body.is_empty() {
        Some(Cause::BodyEmpty)
    } else if COMPRESSED.iter().any(|magic| body.starts_with(magic)) {
        Some(Cause::BodyCompressed)
    } else if body.starts_with(b"[object ") {
        Some(Cause::BodyObject)
    } else {
        None
    }
}

/// What remains likely when nothing fits.
pub(super) fn suspicious(body: &[u8]) -> Option<Cause> {
    let compact = rewrite(str::from_utf8(body).ok()?, Style::nth(0)?, body.len())?;
    (compact.len() < body.len()).then_some(Cause::BodySpaced)
}

/// The cause, if another form of the body fits.
pub(super) fn cause(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    for (cause, form) in EDGES {
        if form(body).is_some_and(|form| trial.fits_any(secrets, &form)) {
            return Some(cause);
        }
    }
    let json = str::from_utf8(body).ok().filter(|text| text.starts_with(['{', '[']))?;
    for which in 0..Style::COUNT + NUMBERS {
        if written(json, which).is_some_and(|form| trial.fits_any(secrets, &form)) {
            return Some(Cause::BodyReserialised);
        }
    }
    None
}

/// Another form of a body, where it has one.
type Form = fn(&[u8]) -> Option<Vec<u8>>;

/// The ends of the body, its lines, its encoding.
const EDGES: [(Cause, Form); 7] = [
    (Cause::BodyBom, |body| Some(body.strip_prefix(BOM).map_or_else(|| joined(&[BOM, body]), Vec::from))),
    (Cause::BodyTrailing, |body| Some(body.trim_ascii_end().into())),
    (Cause::BodyTrailing, |body| Some(joined(&[body, b"\n"]))),
    (Cause::BodyTrailing, |body| Some(joined(&[body, b"\r\n"]))),
    (Cause::BodyLineEnds, |body| Some(line_ends(body))),
    (Cause::BodyMisread, latin1),
    (Cause::BodyBase64, |body| codec::read_base64(str::from_utf8(body).ok()?.trim_ascii())),
];

/// CRLF where LF was, or the other way round.
fn line_ends(body: &[u8]) -> Vec<u8> {
    let with_cr = body.split(|byte| *byte == b'\r').nth(1).is_some();
    let mut out = Vec::with_capacity(body.len());
    for byte in body {
        match byte {
            b'\r' if with_cr => {}
            b'\n' if !with_cr => out.extend(b"\r\n"),
            byte => out.push(*byte),
        }
    }
    out
}

/// The bytes that someone read as Latin-1 and wrote as UTF-8.
fn latin1(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    for character in str::from_utf8(body).ok()?.chars() {
        out.push(u8::try_from(u32::from(character)).ok()?);
    }
    (out.len() < body.len()).then_some(out)
}

/// JSON as other programs write it, then numbers that lost their fraction; `None` where it has no such form.
fn written(json: &str, which: usize) -> Option<Vec<u8>> {
    match Style::nth(which) {
        Some(style) => rewrite(json, style, BUDGET).map(String::into_bytes),
        None => with_fraction(json, which - Style::COUNT),
    }
}
