//! The secret: text that sender and receiver share. It is wiped from memory when dropped and never printed.

use alloc::{string::String, vec::Vec};
use core::fmt;

use base64ct::{Base64, Base64Unpadded, Encoding};
use zeroize::Zeroizing;

/// The fewest characters of a secret.
pub const MIN_SECRET: usize = 8;

/// The most characters of a secret.
pub const MAX_SECRET: usize = 256;

/// How a generated secret begins; base64 of its bytes follows (Standard Webhooks).
pub const GENERATED_PREFIX: &str = "whsec_";

/// Text that cannot be a secret. Never says what the text was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Fewer than [`MIN_SECRET`] characters.
    #[error("the secret has fewer than {MIN_SECRET} characters")]
    TooShort,
    /// More than [`MAX_SECRET`] characters.
    #[error("the secret has more than {MAX_SECRET} characters")]
    TooLong,
}

/// A secret of 8 to 256 characters, as the person sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret that a person gave.
    pub fn new(text: String) -> Result<Secret, SecretError> {
        let text = Zeroizing::new(text);
        match text.chars().take(MAX_SECRET + 1).count() {
            0..MIN_SECRET => Err(SecretError::TooShort),
            MIN_SECRET..=MAX_SECRET => Ok(Secret(text)),
            _ => Err(SecretError::TooLong),
        }
    }

    /// Makes a secret from 32 random bytes: `whsec_` and their base64.
    pub fn from_random(bytes: [u8; 32]) -> Secret {
        let bytes = Zeroizing::new(bytes);
        // 44 characters of base64 and the prefix: reserved at once, so that no copy is left behind by growing.
        let mut text = Zeroizing::new(String::with_capacity(64));
        text.push_str(GENERATED_PREFIX);
        let mut encoded = Zeroizing::new([0; 44]);
        text.push_str(Base64::encode(&*bytes, &mut *encoded).unwrap_or_default());
        Secret(text)
    }

    /// The text, for the one moment when it is shown, stored encrypted, or used.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The key of `X-Signature`: the secret's UTF-8 bytes.
pub(crate) fn x_signature_key(secret: &str) -> &[u8] {
    secret.as_bytes()
}

/// The key of `webhook-signature`: what a `whsec_…` secret encodes, or else its UTF-8 bytes.
pub(crate) fn standard_key(secret: &str) -> Zeroizing<Vec<u8>> {
    let decoded = secret.strip_prefix(GENERATED_PREFIX).and_then(decode_key);
    decoded.unwrap_or_else(|| Zeroizing::new(secret.into()))
}

/// The bytes that base64 encodes, if it encodes any. It comes with and without padding, depending on who made it.
pub(crate) fn decode_key(encoded: &str) -> Option<Zeroizing<Vec<u8>>> {
    let padding = encoded.len() - encoded.trim_end_matches('=').len();
    let unpadded = encoded.get(..encoded.len() - padding.min(2))?;
    let bytes = Base64Unpadded::decode_vec(unpadded).ok().map(Zeroizing::new)?;
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{borrow::ToOwned, format};

    #[test]
    fn lengths_count_characters() {
        for (text, expected) in [
            ("", Err(SecretError::TooShort)),
            ("1234567", Err(SecretError::TooShort)),
            ("12345678", Ok(())),
            ("ééééééé", Err(SecretError::TooShort)),
            (&"é".repeat(256), Ok(())),
            (&"a".repeat(257), Err(SecretError::TooLong)),
        ] {
            assert_eq!(Secret::new(text.to_owned()).map(|_| ()), expected, "{text}");
        }
    }

    #[test]
    fn generated_ones_are_base64_and_never_printed() {
        let secret = Secret::from_random([0xff; 32]);
        assert_eq!(secret.expose(), "whsec_//////////////////////////////////////////8=");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
