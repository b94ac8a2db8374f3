//! What usually goes wrong with secrets on their way into a receiver.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroizing;

use super::{Cause, trial::Trial};
use crate::signature::{GENERATED_PREFIX, Scheme, Secret, key};

/// The cause, if another form of one of the secrets fits.
pub(super) fn cause(trial: &mut Trial<'_>, body: &[u8], secrets: &[Secret]) -> Option<Cause> {
    for secret in secrets {
        for cause in [Cause::SecretDecorated, Cause::SecretPrefix, Cause::SecretDecoded] {
            if form(cause, trial.scheme(), secret.expose()).is_some_and(|key| trial.fits(&key, body)) {
                return Some(cause);
            }
        }
    }
    None
}

/// The key that another form of a secret makes, where it has such a form.
fn form(cause: Cause, scheme: Scheme, text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let generated = text.starts_with(GENERATED_PREFIX);
    match (cause, scheme) {
        (Cause::SecretDecorated, _) => {
            Some(bare(text)).filter(|bare| bare.len() < text.len()).map(|bare| key(scheme, bare))
        }
        (Cause::SecretPrefix, _) => (!generated).then(|| key(scheme, &prefixed(text))),
        (_, Scheme::Standard) => generated.then(|| key(Scheme::XSignature, text)),
        (_, Scheme::XSignature) => generated.then(|| key(Scheme::Standard, text)),
    }
}

fn prefixed(text: &str) -> String {
    let mut out = String::from(GENERATED_PREFIX);
    out.push_str(text);
    out
}

/// Without white space and quotes around it.
fn bare(text: &str) -> &str {
    let text = text.trim_ascii();
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote).map(str::trim_ascii);
    ['"', '\'', '`'].into_iter().find_map(inner).unwrap_or(text)
}
