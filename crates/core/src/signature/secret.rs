//! The secret: text that sender and receiver share. It is wiped from memory when dropped and never printed.

use alloc::{string::String, vec::Vec};
use core::fmt;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};
use zeroize::Zeroizing;

use super::Scheme;

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
    /// It begins as a generated one does, but what follows is not base64.
    #[error("the secret begins like {GENERATED_PREFIX}, but no base64 follows")]
    Spoilt,
}

/// A secret of 8 to 256 characters, as the person sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret that a person gives now: one that is spoilt ([`Secret::is_spoilt`]) is refused. Those that were given
    /// before stay good.
    pub fn newly_given(text: String) -> Result<Secret, SecretError> {
        Secret::new(text)
            .and_then(|secret| if secret.is_spoilt() { Err(SecretError::Spoilt) } else { Ok(secret) })
    }

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
        BASE64_STANDARD.encode_string(*bytes, &mut text);
        Secret(text)
    }

    /// Whether it looks like a generated one, but is not: it begins like one, maybe in other letters or with something
    /// before it, and what follows is not base64. It signs by its text alone, which is hardly what was meant.
    pub fn is_spoilt(&self) -> bool {
        let whole =
            self.0.strip_prefix(GENERATED_PREFIX).and_then(decode_base64).is_some_and(|key| !key.is_empty());
        let begins = |start: &str| {
            let text = self.0.trim_start_matches(|mark: char| !mark.is_ascii_alphanumeric());
            text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
        };
        !whole && (begins(GENERATED_PREFIX) || begins("whsec-"))
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
    let decoded = encoded.and_then(decode_base64).filter(|bytes| !bytes.is_empty());
    Zeroizing::new(decoded.unwrap_or_else(|| secret.into()))
}

/// Reads base64 of which the padding may be absent, but not a part of it.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let is_whole = padding == 0 || (padding < 3 && text.len().is_multiple_of(4));
    BASE64_STANDARD_NO_PAD.decode(digits).ok().filter(|_| is_whole)
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
    fn base64_is_whole_or_it_is_none() {
        for (text, expected) in [
            ("", Some(&b""[..])),
            ("Zg==", Some(b"f")),
            ("Zm8=", Some(b"fo")),
            ("Zm9v", Some(b"foo")),
            ("Zg", Some(b"f")),
            ("Zm9vYmE", Some(b"fooba")),
        ] {
            assert_eq!(decode_base64(text).as_deref(), expected, "{text}");
        }
        for text in [
            "Zg=", "Zg===", "Zm8==", "Zm9v=", "Z", "Zh==", "Zm9=", "Zm9v\n", "Zm-_", "Z g=", "=", "====",
            "é===",
        ] {
            assert_eq!(decode_base64(text), None, "{text}");
        }
    }

    #[test]
    fn almost_generated_ones_are_told() {
        let spoilt = |text: &str| Secret::new(text.to_owned()).unwrap().is_spoilt();
        for text in [
            "whsec_AAEC-_==",
            "whsec_AAECA",
            "WHSEC_AAECAwQF",
            "whsec_ AAECAwQF",
            " whsec_AAECAwQF",
            "whsec-AAECAwQF",
            "\"whsec_AAECAwQF\"",
            "whsec_AAECAwQF,whsec_AAEC",
            "whsec_=====",
            "whsec_AAECAwQF\n",
            "\u{feff}whsec_AAECAwQF",
        ] {
            assert!(spoilt(text), "{text}");
        }
        for text in ["whsec_AAECAwQF", "whsec_AAECAwQFBg", "whsecret of mine", "a whsec_ of mine", "12345678"]
        {
            assert!(!spoilt(text), "{text}");
        }
    }

    #[test]
    fn generated_ones_are_base64_and_never_printed() {
        let secret = Secret::from_random([0xff; 32]);
        assert_eq!(secret.expose(), "whsec_//////////////////////////////////////////8=");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
