//! What usually goes wrong with secrets on their way into a receiver.

use super::{Cause, trial::Trial};
use crate::signature::{GENERATED_PREFIX, Scheme, Secret, decode_key, standard_key};

/// The cause, if another form of one of the secrets fits.
pub(super) fn cause(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    secrets.iter().find_map(|secret| {
        let text = secret.expose();
        undecorated(trial, body, text).or_else(|| prefix(trial, body, text)).or_else(|| reading(trial, body, text))
    })
}

fn undecorated(trial: &mut Trial<'_>, body: &[u8], text: &str) -> Option<Cause> {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
    (bare.len() < text.len() && trial.fits_text(bare, body)).then_some(Cause::SecretDecorated)
}

fn prefix(trial: &mut Trial<'_>, body: &[u8], text: &str) -> Option<Cause> {
    let whole = [GENERATED_PREFIX, text].concat();
    (!text.starts_with(GENERATED_PREFIX) && trial.fits_text(&whole, body)).then_some(Cause::SecretPrefix)
}

/// The text where bytes are meant, or bytes where the text is.
fn reading(trial: &mut Trial<'_>, body: &[u8], text: &str) -> Option<Cause> {
    let encoded = text.strip_prefix(GENERATED_PREFIX)?;
    let fits = match trial.scheme() {
        Scheme::Standard => trial.fits(text.as_bytes(), body),
        Scheme::XSignature => trial.fits(&standard_key(text), body),
    };
    let fits = fits || trial.fits(encoded.as_bytes(), body) || decode_key(encoded).is_some_and(|key| trial.fits(&key, body));
    fits.then_some(Cause::SecretDecoded)
}
