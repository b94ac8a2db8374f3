//! The secret: text that sender and receiver share. It is wiped from memory when dropped and never printed.

use alloc::{string::String, vec::Vec};
use core::fmt;

use zeroize::Zeroizing;

use super::{Scheme, codec};

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
        codec::write_base64(&mut text, &*bytes);
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

/// The bytes that key a scheme: the secret's UTF-8; for Standard Webhooks what a `whsec_…` secret encodes, where it encodes
/// anything.
pub(crate) fn key(scheme: Scheme, secret: &str) -> Zeroizing<Vec<u8>> {
    let encoded = secret.strip_prefix(GENERATED_PREFIX).filter(|_| scheme == Scheme::Standard);
    let decoded = encoded.and_then(codec::read_base64).filter(|bytes| !bytes.is_empty());
    Zeroizing::new(decoded.unwrap_or_else(|| secret.into()))
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
