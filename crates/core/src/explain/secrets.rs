//! What usually goes wrong with secrets on their way into a receiver.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{Cause, trial::Trial};
use crate::signature::{GENERATED_PREFIX, Scheme, Secret, key};

type Key = Zeroizing<Vec<u8>>;

/// The cause, if another form of one of the secrets fits.
pub(super) fn cause(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    for secret in secrets {
        for (cause, key) in forms(trial.scheme(), secret.expose()) {
            if key.is_some_and(|key| trial.fits(&key, body)) {
                return Some(cause);
            }
        }
    }
    None
}

/// The keys that other forms of a secret make.
fn forms(scheme: Scheme, text: &str) -> [(Cause, Option<Key>); 4] {
    let bare = bare(text);
    let encoded = text.strip_prefix(GENERATED_PREFIX);
    let other = match scheme {
        Scheme::Standard => Scheme::XSignature,
        Scheme::XSignature => Scheme::Standard,
    };
    [
        (Cause::SecretDecorated, (bare.len() < text.len()).then(|| key(scheme, bare))),
        (Cause::SecretPrefix, encoded.is_none().then(|| key(scheme, &[GENERATED_PREFIX, text].concat()))),
        (Cause::SecretDecoded, encoded.map(|_| key(other, text))),
        (Cause::SecretDecoded, encoded.map(|encoded| Zeroizing::new(encoded.into()))),
    ]
}

/// Without white space and quotes around it.
fn bare(text: &str) -> &str {
    let text = text.trim_ascii();
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote).map(str::trim_ascii);
    ['"', '\'', '`'].into_iter().find_map(inner).unwrap_or(text)
}
