//! What usually goes wrong with bodies on their way into a receiver.

use alloc::{string::String, vec::Vec};

use super::{
    Cause,
    rewrite::{Style, ends_early, rewrite, with_fraction},
    trial::Trial,
};
use crate::signature::{Secret, decode_base64};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// How compressed data begin: gzip, zlib at its usual levels, Zstandard.
const COMPRESSED: [&[u8]; 5] = [b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x28\xb5\x2f\xfd"];

/// How the values of a form begin that hold JSON, and how the parts of one begin.
const FORM: [&[u8]; 3] = [b"%7B", b"%7b", b"{"];
const PARTS: &[u8] = b"--";

/// The longest name of a form's field.
const FIELD: usize = 64;

/// How many times longer a body may become that is written in another way: indented, a body of nothing but brackets grows with
/// the square of its length.
const GROWTH: usize = 4;

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
    } else if body.starts_with(b"\"") {
        // Text that was written as JSON once more.
        Some(Cause::BodyReserialised)
    } else if is_form(body) {
        Some(Cause::BodyForm)
    } else {
        None
    }
}

/// `payload={…`, `%7B…` or the parts of a form.
fn is_form(body: &[u8]) -> bool {
    let name =
        body.iter().take(FIELD).position(|byte| *byte == b'=').and_then(|at| body.split_at_checked(at));
    let is_name = |name: &[u8]| name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte));
    let value = name.filter(|(name, _)| is_name(name)).and_then(|(_, value)| value.get(1..));
    let begins = |text: &[u8], starts: &[&[u8]]| starts.iter().any(|start| text.starts_with(start));
    value.is_some_and(|value| begins(value, &FORM)) || begins(body, &[PARTS, b"%7B", b"%7b"])
}

/// What remains likely when nothing fits.
pub(super) fn suspicious(trial: &mut Trial<'_>, body: &[u8]) -> Option<Cause> {
    trial.look(body.len())?;
    let text = match str::from_utf8(body) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => return Some(Cause::BodyCut),
        Err(_) => return Some(Cause::BodyCompressed),
    };
    // `contains` would bring along a search for texts, which is larger than all the rest of this function.
    if text.chars().any(|character| character == char::REPLACEMENT_CHARACTER) {
        return Some(Cause::BodyReplaced);
    }
    let text = text.trim_ascii();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    trial.look(text.len())?;
    if ends_early(text) {
        return Some(Cause::BodyCut);
    }
    let compact = restyled(trial, text, Style::nth(0)?)?;
    (compact.len() < body.len()).then_some(Cause::BodySpaced)
}

/// The cause, if another form of the body fits.
pub(super) fn cause(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    for (cause, form) in EDGES {
        // Each form looks at the body and makes one of about its size.
        trial.look(body.len())?;
        if form(body).is_some_and(|form| trial.fits_any(secrets, &form)) {
            return Some(cause);
        }
    }
    let json = str::from_utf8(body).ok().filter(|text| text.starts_with(['{', '[']))?;
    reserialised(trial, json, secrets).then_some(Cause::BodyReserialised)
}

/// Whether the body is right as another program writes it, or with numbers that lost their fraction.
fn reserialised(trial: &mut Trial<'_>, json: &str, secrets: &[Secret]) -> bool {
    if trial.look(json.len()).is_none() || ends_early(json) {
        return false;
    }
    let mut last = String::new();
    for style in (0..).map_while(Style::nth) {
        let Some(form) = restyled(trial, json, style) else { continue };
        // Most bodies have nothing that one way of escaping spells otherwise than another.
        if form != json && form != last && trial.fits_any(secrets, form.as_bytes()) {
            return true;
        }
        last = form;
    }
    for which in 0..NUMBERS {
        let Some(form) = trial.wrote(json.len()).and_then(|()| with_fraction(json, which)) else { break };
        if trial.fits_any(secrets, &form) {
            return true;
        }
    }
    false
}

/// JSON in another style, as far as the budget allows.
fn restyled(trial: &mut Trial<'_>, json: &str, style: Style) -> Option<String> {
    trial.wrote(json.len())?;
    let most = trial.room().min(GROWTH * json.len());
    let form = rewrite(json, style, most);
    trial.wrote(form.as_ref().map_or(most, String::len))?;
    form
}

/// Another form of a body, where it has one.
type Form = fn(&[u8]) -> Option<Vec<u8>>;

/// The ends of the body, its lines, its encoding.
const EDGES: [(Cause, Form); 7] = [
    (Cause::BodyBom, |body| Some(body.strip_prefix(BOM).map_or_else(|| [BOM, body].concat(), Vec::from))),
    (Cause::BodyTrailing, |body| Some(trimmed(body)).filter(|form| form.len() < body.len()).map(Vec::from)),
    (Cause::BodyTrailing, |body| Some([body, b"\n"].concat())),
    (Cause::BodyTrailing, |body| Some([body, b"\r\n"].concat())),
    (Cause::BodyLineEnds, line_ends),
    (Cause::BodyMisread, latin1),
    (Cause::BodyBase64, |body| decode_base64(str::from_utf8(body).ok()?.trim_ascii())),
];

/// Without white space around it, and without the rest of a buffer that is longer than what was read into it.
fn trimmed(body: &[u8]) -> &[u8] {
    let length = body.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    body.get(..length).unwrap_or_default().trim_ascii()
}

/// CRLF where LF was, or the other way round; `None` where there are no lines.
fn line_ends(body: &[u8]) -> Option<Vec<u8>> {
    let with_cr = body.contains(&b'\r');
    let mut out = Vec::with_capacity(body.len());
    for byte in body {
        match byte {
            b'\r' if with_cr => {}
            b'\n' if !with_cr => out.extend(b"\r\n"),
            byte => out.push(*byte),
        }
    }
    (out.len() != body.len()).then_some(out)
}

/// The bytes that someone read as Latin-1 and wrote as UTF-8.
fn latin1(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    for character in str::from_utf8(body).ok()?.chars() {
        out.push(u8::try_from(u32::from(character)).ok()?);
    }
    (out.len() < body.len()).then_some(out)
}
