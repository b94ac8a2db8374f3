//! `ETag` and `If-Match`: of two who change what they read at the same time, the second hears of the first. It is honoured on
//! every change and never required.

use actix_web::{HttpRequest, http::header};
use sha2::{Digest, Sha256};

use crate::problem::{Code, Detail, Problem};

/// The tag of a version.
pub(super) fn etag(version: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(version).into();
    format!("\"{}\"", hex::encode(hash.first_chunk::<16>().unwrap_or(&[0; 16])))
}

/// What a request says in `If-Match`.
pub(super) struct IfMatch(Vec<String>);

impl IfMatch {
    pub(super) fn of(request: &HttpRequest) -> IfMatch {
        let tags = |header: &header::HeaderValue| header.to_str().unwrap_or_default().to_owned();
        IfMatch(request.headers().get_all(header::IF_MATCH).map(tags).collect())
    }

    /// Whether what there is, is what the request was made from; what is not there is nobody's. A proxy that packs an
    /// answer makes its tag weak, which says as much here.
    pub(super) fn fits(&self, version: Option<&str>) -> bool {
        let current = version.map(etag);
        let fits = |tag: &str| {
            let current = current.as_deref();
            current.is_some_and(|current| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == current)
        };
        self.0.is_empty() || self.0.iter().flat_map(|tags| tags.split(',')).any(|tag| fits(tag.trim()))
    }

    /// Refuses a request that was made from something older.
    pub(super) fn check(&self, version: &str) -> Result<(), Problem> {
        if self.fits(Some(version)) {
            Ok(())
        } else {
            Err(Problem::new(Code::PreconditionFailed, Detail::Changed))
        }
    }
}

/// Whether a webhook is as it was read.
pub(super) fn as_it_was_read(request: &HttpRequest) -> impl Fn(&str) -> bool + Send + 'static {
    let given = IfMatch::of(request);
    move |version| given.fits(Some(version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_tag_fits_what_it_was_made_of() {
        let tag = etag("1");
        for (given, fits, of_nothing) in [
            (String::new(), true, true),
            ("*".to_owned(), true, false),
            (tag.clone(), true, false),
            (format!("\"x\", W/{tag}"), true, false),
            (etag("2"), false, false),
            ("x".to_owned(), false, false),
        ] {
            let request = TestRequest::default();
            let request =
                if given.is_empty() { request } else { request.insert_header(("if-match", given.as_str())) };
            let asked = IfMatch::of(&request.to_http_request());
            assert_eq!((asked.fits(Some("1")), asked.fits(None)), (fits, of_nothing), "{given}");
        }
    }
}
