//! What a receiver says that is meant for nobody else: cookies, credentials, keys. Their names are logged, their values not.

use crate::log::Outcome;

/// Stands for a value that is not logged.
const MASK: &str = "…";

/// What the last word of a part of a name is, of a header whose value is a secret.
const SECRETS: [&str; 14] = [
    "apikey",
    "auth",
    "authorization",
    "bearer",
    "cookie",
    "cookie2",
    "credential",
    "credentials",
    "jwt",
    "passwd",
    "password",
    "secret",
    "session",
    "token",
];

/// Parts of names that say the same only when they stand alone.
const WORDS: [&str; 6] = ["csrf", "key", "nonce", "sessionid", "sid", "xsrf"];

/// Masks what an answer says to nobody but its reader.
pub(super) fn answer(outcome: &mut Outcome) {
    if let Outcome::Response(response) = outcome {
        for (_, value) in response.headers.iter_mut().filter(|(name, _)| is_secret(name)) {
            MASK.clone_into(value);
        }
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    parts.any(|part| WORDS.contains(&part) || SECRETS.iter().any(|secret| part.ends_with(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_hold_secrets_are_known_by_their_names() {
        for secret in [
            "Set-Cookie",
            "set-cookie2",
            "Authorization",
            "Proxy-Authorization",
            "X-API-Key",
            "X-ApiKey",
            "Ocp-Apim-Subscription-Key",
            "X-Auth-Token",
            "X-AuthToken",
            "X_Access_Token",
            "X-Amz-Security-Token",
            "X-Client-Secret",
            "X-Session-Id",
            "X-CSRF-Token",
            "X-Vault.Token",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
        for plain in [
            "Content-Type",
            "X-Request-Id",
            "Server",
            "Keep-Alive",
            "X-Author",
            "Date",
            "ETag",
            "Retry-After",
        ] {
            assert!(!is_secret(plain), "{plain}");
        }
    }
}
