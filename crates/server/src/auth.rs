//! Who calls: the backend, by its token.

use std::{
    fmt,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    problem::{Code, Problem},
    state::State,
};

/// A token shorter than this is easily guessed.
const MIN_SAFE_TOKEN: usize = 16;

/// The longest token.
const MAX_TOKEN: usize = 512;

/// The token of the backend, which may do everything. `Debug` does not show it.
#[derive(Clone)]
pub struct AdminToken(String);

impl AdminToken {
    /// Takes a token that an operator chose.
    ///
    /// # Errors
    /// A sentence when it cannot stand in a header: only visible ASCII characters can, at most 512.
    pub fn new(text: String) -> Result<AdminToken, String> {
        let fits =
            !text.is_empty() && text.len() <= MAX_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits {
            Ok(AdminToken(text))
        } else {
            Err(format!("expected 1 to {MAX_TOKEN} visible ASCII characters without spaces"))
        }
    }

    /// Makes a token from random bytes.
    pub(crate) fn from_random(bytes: [u8; 32]) -> AdminToken {
        AdminToken(format!("bluehook_{}", BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token, for the one moment when it is shown.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is long enough not to be guessed.
    pub fn is_safe(&self) -> bool {
        self.0.len() >= MIN_SAFE_TOKEN
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

/// What is kept of a token: its SHA-256. Tokens are random, so nothing slower is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The backend: it may do everything. A handler that takes this refuses everybody else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Service;

impl FromRequest for Service {
    type Error = Problem;
    type Future = Ready<Result<Service, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(authenticate(request))
    }
}

fn authenticate(request: &HttpRequest) -> Result<Service, Problem> {
    let token = bearer(request).ok_or_else(|| unauthenticated("expected Authorization: Bearer <token>"))?;
    match request.app_data::<web::Data<State>>() {
        Some(state) if state.admin_token.is_of(token) => Ok(Service),
        _ => Err(unauthenticated("the token is not valid")),
    }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated, detail)
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
        assert!(token.is_safe());
        assert_eq!(format!("{token:?}"), "AdminToken(…)");
    }

    #[test]
    fn a_token_fits_into_a_header() {
        assert!(AdminToken::new("short".to_owned()).is_ok_and(|token| !token.is_safe()));
        for bad in ["", "a b", "é", "a\n", &"a".repeat(513)] {
            assert!(AdminToken::new(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
