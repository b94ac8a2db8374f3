//! Tokens: the operator's, and those made through the API. Of each only the SHA-256 is kept.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bluehook_core::time::Millis;
use bluehook_dispatcher::Births;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A token with fewer characters is easily guessed.
const MIN_TOKEN: usize = 16;

/// How the tokens that are made through the API begin; what begins so is looked for among those.
pub(crate) const API_TOKEN: &str = "tok_";

/// The longest token.
const MAX_TOKEN: usize = 512;

/// The token of the backend, which may do everything. `Debug` does not show it.
#[derive(Clone)]
pub struct AdminToken(String);

impl AdminToken {
    /// Takes a token that an operator chose.
    ///
    /// # Errors
    /// A sentence when it is short enough to be guessed, cannot stand in a header (only visible ASCII characters can, at
    /// most 512), or looks like a token of the API or like a flag. The token itself is not repeated.
    pub fn new(text: String) -> Result<AdminToken, String> {
        if text.len() > MAX_TOKEN || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "expected {MIN_TOKEN} to {MAX_TOKEN} visible ASCII characters without spaces"
            ));
        }
        if text.len() < MIN_TOKEN {
            let found = text.len();
            return Err(format!(
                "expected at least {MIN_TOKEN} characters, found {found}: it could be guessed; `openssl rand -hex 32` \
                 makes a good one"
            ));
        }
        if text.starts_with(API_TOKEN) {
            return Err(format!(
                "what begins with {API_TOKEN} is a token of the API, and would be looked for among those; choose another, \
                 such as one of `openssl rand -hex 32`"
            ));
        }
        if text.starts_with("--") {
            return Err("what begins with -- is a flag; was the token left away?".to_owned());
        }
        Ok(AdminToken(text))
    }

    /// Makes a token from random bytes.
    pub(crate) fn from_random(bytes: [u8; 32]) -> AdminToken {
        AdminToken(format!("bluehook_{}", secret_text(bytes)))
    }

    /// The token, for the one moment when it is shown.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(…)")
    }
}

/// 256 random bits as text.
pub(crate) fn secret_text(bytes: [u8; 32]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What is kept of a token: its SHA-256. Tokens are random, so nothing slower is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct TokenHash([u8; 32]);

impl TokenHash {
    pub(crate) fn of(token: &str) -> TokenHash {
        TokenHash(Sha256::digest(token).into())
    }

    /// Whether this is the hash of the token, in a time that says nothing about it.
    pub(crate) fn is_of(&self, token: &str) -> bool {
        self.0.ct_eq(&TokenHash::of(token).0).into()
    }

    pub(crate) fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    pub(crate) fn from_hex(text: &str) -> Option<TokenHash> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok().map(|()| TokenHash(bytes))
    }
}

impl From<TokenHash> for String {
    fn from(hash: TokenHash) -> String {
        hash.to_hex()
    }
}

impl TryFrom<String> for TokenHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<TokenHash, &'static str> {
        TokenHash::from_hex(&text).ok_or("expected 64 hexadecimal digits")
    }
}

/// A token made through the API, as it is kept. Without an owner it is a service's.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) hash: TokenHash,
    pub(crate) name: String,
    pub(crate) owner: Option<Owner>,
    /// Which person and company of these ids it is of.
    #[serde(default)]
    pub(crate) births: Births,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Option<Millis>,
    /// When it was last used, to the minute; 0 when it never was. Kept by itself.
    #[serde(skip)]
    pub(crate) used: AtomicI64,
}

/// One person in one company.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Owner {
    pub(crate) user_id: String,
    pub(crate) company_id: String,
}

impl Token {
    /// Whether it is over.
    pub(crate) fn is_expired(&self, now: Millis) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// When it was last used, to the minute.
    pub(crate) fn last_used_at(&self) -> Option<Millis> {
        Some(self.used.load(Ordering::Relaxed)).filter(|at| *at != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_itself_has_its_hash() {
        let token = AdminToken::from_random([7; 32]);
        let hash = TokenHash::from_hex(&token.hash().to_hex()).unwrap();
        assert!(hash.is_of(token.expose()));
        for other in ["", "bluehook_", &token.expose()[1..], &format!("{} ", token.expose())] {
            assert!(!hash.is_of(other), "{other}");
        }
        assert_eq!(format!("{token:?}"), "AdminToken(…)");
    }

    #[test]
    fn a_token_fits_into_a_header() {
        assert!(AdminToken::new("sixteen-is-fine-".to_owned()).is_ok());
        let spaced = format!("{}b c", "a".repeat(16));
        let accented = format!("{}é", "a".repeat(16));
        let api = format!("tok_c0123456789.{}", "a".repeat(43));
        for bad in [
            "",
            "fifteen-is-not-",
            &spaced,
            &accented,
            "0123456789abcde\n",
            &"a".repeat(513),
            &api,
            "--listen=127.0.0.1:80",
        ] {
            assert!(AdminToken::new(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
