//! What usually goes wrong with bodies on their way into a receiver.

use alloc::{string::String, vec::Vec};

use base64ct::{Base64, Encoding};

use super::{
    Cause,
    rewrite::{Escapes, Layout, rewrite, with_fraction},
    trial::Trial,
};
use crate::signature::Secret;

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
    let compact = rewrite(str::from_utf8(body).ok()?, Layout::Compact, Escapes::Kept)?;
    (compact.len() < body.len()).then_some(Cause::BodySpaced)
}

/// The cause, if another form of the body fits.
pub(super) fn cause(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    edges(trial, body, secrets).or_else(|| json(trial, body, secrets))
}

/// The ends of the body, its lines, its encoding.
fn edges(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    let mut fits = |body: &[u8]| trial.fits_any(secrets, body);
    if fits(body.strip_prefix(BOM).unwrap_or(&[BOM, body].concat())) {
        Some(Cause::BodyBom)
    } else if fits(body.trim_ascii_end()) || fits(&[body, b"\n"].concat()) || fits(&[body, b"\r\n"].concat()) {
        Some(Cause::BodyTrailing)
    } else if fits(&line_ends(body)) {
        Some(Cause::BodyLineEnds)
    } else if latin1(body).is_some_and(|body| fits(&body)) {
        Some(Cause::BodyMisread)
    } else if unbase64(body).is_some_and(|body| fits(&body)) {
        Some(Cause::BodyBase64)
    } else {
        None
    }
}

/// CRLF where LF was, or the other way round.
fn line_ends(body: &[u8]) -> Vec<u8> {
    let with_cr = body.contains(&b'\r');
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
    str::from_utf8(body).ok().filter(|text| !text.is_ascii())?.chars().map(|c| u8::try_from(c).ok()).collect()
}

fn unbase64(body: &[u8]) -> Option<Vec<u8>> {
    Base64::decode_vec(str::from_utf8(body).ok()?.trim_ascii()).ok()
}

/// JSON as other programs write it, and numbers that lost or won a fraction.
fn json(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    let text = str::from_utf8(body).ok().filter(|text| text.starts_with(['{', '[']))?;
    let written = |(layout, escapes)| rewrite(text, layout, escapes);
    let styles = Layout::ALL.into_iter().flat_map(|layout| Escapes::ALL.map(|escapes| (layout, escapes)));
    let numbers = (0..NUMBERS).map_while(|which| with_fraction(text, which));
    let fits = |candidate: String| trial.fits_any(secrets, candidate.as_bytes());
    styles.filter_map(written).chain(numbers).any(fits).then_some(Cause::BodyReserialised)
}
