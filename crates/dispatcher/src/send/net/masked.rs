//! What a receiver says that is meant for nobody else: cookies, credentials, keys. Their names are logged, their values not.

use bluehook_core::webhook::HIDDEN;

/// Whoever has one of these anywhere in its name is a secret.
const ANYWHERE: [&str; 7] = ["cookie", "authorization", "token", "secret", "password", "api-key", "apikey"];

/// What a part of a name ends with, of a header whose value is a secret.
const ENDS: [&str; 7] = ["auth", "bearer", "credential", "credentials", "jwt", "passwd", "session"];

/// Parts of names that say the same only when they stand alone.
const WORDS: [&str; 6] = ["csrf", "key", "nonce", "sessionid", "sid", "xsrf"];

/// Masks the value of a header that says something to nobody but its reader.
pub(super) fn header((name, value): (String, String)) -> (String, String) {
    let value = if is_secret(&name) { HIDDEN.to_owned() } else { value };
    (name, value)
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    ANYWHERE.iter().any(|secret| name.contains(secret))
        || parts.any(|part| WORDS.contains(&part) || ENDS.iter().any(|end| part.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_logged_and_the_value_is_not() {
        for (name, shown) in
            [("set-cookie", HIDDEN), ("x-auth-token", HIDDEN), ("x-api-key", HIDDEN), ("date", "value")]
        {
            let masked = header((name.to_owned(), "value".to_owned()));
            assert_eq!(masked, (name.to_owned(), shown.to_owned()));
        }
    }

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
            "X-Tokens-Left",
            "X-Api-Keyring",
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
