//! What usually goes wrong with secrets on their way into a receiver.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::{Cause, trial::Trial};
use crate::signature::{GENERATED_PREFIX, Scheme, Secret, key};

/// The most secrets that one variable is split into.
const PARTS: usize = 4;

/// The cause, if another form of one of the secrets fits.
pub(super) fn cause(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    secrets.iter().find_map(|secret| {
        let text = secret.expose();
        let scheme = trial.scheme();
        let spelt = forms(text).into_iter().find(|(_, form)| trial.fits(&key(scheme, form), body));
        spelt.map(|(cause, _)| cause).or_else(|| {
            let other = if scheme == Scheme::Standard { Scheme::XSignature } else { Scheme::Standard };
            let decoded = text.starts_with(GENERATED_PREFIX) && trial.fits(&key(other, text), body);
            decoded.then_some(Cause::SecretDecoded)
        })
    })
}

/// What remains likely when nothing fits: a secret of which the base64 cannot be read.
pub(super) fn suspicious(secrets: &[Secret]) -> Option<Cause> {
    secrets.iter().any(Secret::is_spoilt).then_some(Cause::SecretSpoilt)
}

/// What the text may have been meant to be, the likely first, each with what is then wrong with it.
fn forms(text: &str) -> Vec<(Cause, String)> {
    let whole: String = text.chars().filter(|character| !is_invisible(*character)).collect();
    let visible = bare(&whole);
    let mut forms = Vec::new();
    let mut add = |cause, form: &str| {
        if form != text && forms.iter().all(|(_, known)| known != form) {
            forms.push((cause, form.to_owned()));
        }
    };
    add(Cause::SecretDecorated, text.trim_ascii());
    add(Cause::SecretDecorated, bare(text));
    add(Cause::SecretInvisible, visible);
    add(Cause::SecretNamed, named(visible));
    let is_mark = |character: char| character.is_whitespace() || matches!(character, ',' | ';' | '|');
    for part in whole.split(is_mark).filter(|part| !part.is_empty()).take(PARTS) {
        add(Cause::SecretSeveral, bare(part));
    }
    if let Some(encoded) = visible.strip_prefix(GENERATED_PREFIX) {
        let standard = |digit| match digit {
            '-' => '+',
            '_' => '/',
            other => other,
        };
        let encoded: String = encoded.chars().map(standard).collect();
        add(Cause::SecretUrlSafe, &[GENERATED_PREFIX, &encoded].concat());
    } else {
        add(Cause::SecretPrefix, &[GENERATED_PREFIX, visible].concat());
    }
    forms
}

/// Without white space, quotes, brackets and separators around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|mark: char| {
        mark.is_ascii_whitespace()
            || matches!(mark, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '\\' | ',' | ';')
            || matches!(mark, '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}')
    })
}

/// What follows `NAME=` or `name: `, where a whole line of a file was taken.
fn named(text: &str) -> &str {
    let is_name = |name: &str| {
        let name = name.strip_prefix("export ").map_or(name, bare);
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
    };
    let mark = text.bytes().position(|byte| byte == b'=' || byte == b':');
    let parts = mark.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?)));
    match parts {
        // A generated secret may end with equals signs of its own.
        Some((name, secret)) if is_name(bare(name)) && !name.starts_with(GENERATED_PREFIX) => bare(secret),
        _ => text,
    }
}

/// What copying from a page or a document brings along and nobody sees.
fn is_invisible(character: char) -> bool {
    let joins = matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{2064}');
    let control = character.is_control() && !character.is_whitespace();
    joins || control || matches!(character, '\u{a0}' | '\u{feff}')
}
