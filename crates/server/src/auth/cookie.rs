//! The cookie of a session, and what else a browser has to say.

use actix_web::{HttpRequest, http::header};

use super::sessions::{SESSION_TIME, is_csrf_token};
use crate::problem::{Code, Detail, Problem};

/// The cookie's name over plain HTTP.
const NAME: &str = "bluehook_session";

/// The cookie's name over HTTPS: browsers take one with this prefix from this very host only.
const SECURE_NAME: &str = "__Host-bluehook_session";

/// The header that unsafe requests carry.
const CSRF: &str = "x-bluehook-csrf";

/// The secret in the cookie of a request. Over HTTPS only that counts which no other host and no plain page could set.
pub(super) fn secret(request: &HttpRequest, is_secure: bool) -> Option<&str> {
    let expected = name(is_secure);
    let given = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = given.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == expected).map(|(_, secret)| secret)
}

/// The value of `Set-Cookie` that begins a session.
pub(crate) fn beginning(secret: &str, is_secure: bool) -> String {
    cookie(secret, is_secure, SESSION_TIME / 1_000)
}

/// The values of `Set-Cookie` that end one, whichever name it has.
pub(crate) fn ending() -> [String; 2] {
    [true, false].map(|is_secure| cookie("", is_secure, 0))
}

/// No script reads it, no page of another site has it sent along (RFC 6265bis).
fn cookie(secret: &str, is_secure: bool, max_age_seconds: i64) -> String {
    let (name, secure) = (name(is_secure), if is_secure { "; Secure" } else { "" });
    format!("{name}={secret}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Strict{secure}")
}

const fn name(is_secure: bool) -> &'static str {
    if is_secure { SECURE_NAME } else { NAME }
}

/// Refuses an unsafe request that a page of another site could have sent.
pub(super) fn check_origin(request: &HttpRequest, secret: &str) -> Result<(), Problem> {
    if request.method().is_safe() {
        return Ok(());
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(Problem::new(Code::Forbidden, Detail::OtherSite));
    }
    if header(CSRF).is_some_and(|given| is_csrf_token(secret, given)) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden, Detail::NoCsrf))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn the_secret_is_found_among_other_cookies() {
        let planted = "bluehook_session=evil; __Host-bluehook_session=good";
        for (given, plain, secure) in [
            ("bluehook_session=a", Some("a"), None),
            ("x=1; __Host-bluehook_session=b=; y", None, Some("b=")),
            (planted, Some("evil"), Some("good")),
            ("not_bluehook_session=a", None, None),
            ("__Secure-bluehook_session=a; __host-bluehook_session=b", None, None),
            ("", None, None),
        ] {
            let request = TestRequest::default().insert_header((header::COOKIE, given)).to_http_request();
            assert_eq!((secret(&request, false), secret(&request, true)), (plain, secure), "{given}");
        }
    }

    #[test]
    fn over_https_it_is_for_this_host_only() {
        let cookie = beginning("s", true);
        assert!(
            cookie.starts_with("__Host-bluehook_session=s; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict")
        );
        assert!(cookie.ends_with("; Secure"));
        assert!(ending().iter().all(|cookie| cookie.contains("=; Path=/; Max-Age=0;")));
    }
}
