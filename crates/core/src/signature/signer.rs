//! The sender's side: both signatures of a body, from key states that are computed once.

use alloc::{string::String, vec::Vec};
use core::fmt::Write;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use zeroize::Zeroizing;

use super::{GENERATED_PREFIX, Secret, mac::Mac};

/// What precedes the base64 in `webhook-signature`.
pub(crate) const STANDARD_VERSION: &str = "v1,";

/// Secrets come with and without padding, depending on who made them.
const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Signs with one secret. Made once for each secret, used for every request.
#[derive(Clone, Debug)]
pub struct Signer {
    /// Keyed by the secret's UTF-8 bytes.
    x_signature: Mac,
    /// Keyed by what a `whsec_…` secret encodes, or else by its UTF-8 bytes.
    standard: Mac,
}

impl Signer {
    /// Computes the key states.
    pub fn new(secret: &Secret) -> Signer {
        let text = secret.expose();
        let encoded = text.strip_prefix(GENERATED_PREFIX).and_then(decode);
        let standard = encoded.as_ref().map_or(text.as_bytes(), |bytes| bytes.as_slice());
        Signer { x_signature: Mac::new(text.as_bytes()), standard: Mac::new(standard) }
    }

    /// The value of `X-Signature`: 64 lower-case hexadecimal digits.
    pub fn x_signature(&self, body: &[u8]) -> String {
        let mut mac = self.begin_x_signature();
        mac.update(body);
        mac.finish().to_hex()
    }

    /// One value for `webhook-signature`: `v1,` and base64.
    pub fn standard(&self, id: &str, timestamp_seconds: i64, body: &[u8]) -> String {
        let mut timestamp = String::with_capacity(20);
        let _ = write!(timestamp, "{timestamp_seconds}");
        let mut mac = self.begin_standard(id, &timestamp);
        mac.update(body);
        let mut out = String::with_capacity(48);
        out.push_str(STANDARD_VERSION);
        mac.finish().write_base64(&mut out);
        out
    }

    pub(super) fn begin_x_signature(&self) -> Mac {
        self.x_signature.clone()
    }

    /// `timestamp` is the header's text: what was signed is what was sent.
    pub(super) fn begin_standard(&self, id: &str, timestamp: &str) -> Mac {
        let mut mac = self.standard.clone();
        for piece in [id, ".", timestamp, "."] {
            mac.update(piece.as_bytes());
        }
        mac
    }
}

/// The bytes that a `whsec_…` secret encodes, if it encodes any.
fn decode(encoded: &str) -> Option<Zeroizing<Vec<u8>>> {
    ANY_PADDING.decode(encoded).ok().filter(|bytes| !bytes.is_empty()).map(Zeroizing::new)
}
