//! The sender's side: both signatures of a body, from key states that are computed once.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{GENERATED_PREFIX, Secret};

/// Secrets come with and without padding, depending on who made them.
const ANY_PADDING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Signs with one secret. Made once for each secret, used for every request.
#[derive(Clone)]
pub struct Signer {
    /// Keyed by the secret's UTF-8 bytes.
    x_signature: Hmac<Sha256>,
    /// Keyed by what a `whsec_…` secret encodes, or else by its UTF-8 bytes.
    standard: Hmac<Sha256>,
}

impl Signer {
    /// Computes the key states.
    pub fn new(secret: &Secret) -> Signer {
        let text = secret.expose();
        let encoded = text.strip_prefix(GENERATED_PREFIX).and_then(decode);
        let standard = encoded.as_ref().map_or(text.as_bytes(), |bytes| bytes.as_slice());
        Signer { x_signature: keyed(text.as_bytes()), standard: keyed(standard) }
    }

    /// The value of `X-Signature`: 64 lower-case hexadecimal digits.
    pub fn x_signature(&self, body: &[u8]) -> String {
        hex::encode(self.x_signature_bytes(body))
    }

    /// One value for `webhook-signature`: `v1,` and base64.
    pub fn standard(&self, id: &str, timestamp_seconds: i64, body: &[u8]) -> String {
        let bytes = self.standard_bytes(id, &format!("{timestamp_seconds}"), body);
        let mut out = String::with_capacity(48);
        out.push_str("v1,");
        STANDARD.encode_string(bytes, &mut out);
        out
    }

    pub(super) fn x_signature_bytes(&self, body: &[u8]) -> [u8; 32] {
        finish(self.x_signature.clone().chain_update(body))
    }

    /// `timestamp` is the header's text: what was signed is what was sent.
    pub(super) fn standard_bytes(&self, id: &str, timestamp: &str, body: &[u8]) -> [u8; 32] {
        let mut mac = self.standard.clone();
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        finish(mac)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

/// The bytes that a `whsec_…` secret encodes, if it encodes any.
fn decode(encoded: &str) -> Option<Zeroizing<Vec<u8>>> {
    ANY_PADDING.decode(encoded).ok().filter(|bytes| !bytes.is_empty()).map(Zeroizing::new)
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // RFC 2104: a key longer than a block stands for its hash, a shorter one is padded. `new` takes a whole block.
    let mut block = Zeroizing::new([0; 64]);
    if let Some(head) = block.get_mut(..key.len()) {
        head.copy_from_slice(key);
    } else {
        let hash = Zeroizing::new(<[u8; 32]>::from(<Sha256 as sha2::Digest>::digest(key)));
        for (place, byte) in block.iter_mut().zip(hash.iter()) {
            *place = *byte;
        }
    }
    Hmac::new((&*block).into())
}

fn finish(mac: Hmac<Sha256>) -> [u8; 32] {
    mac.finalize().into_bytes().into()
}
