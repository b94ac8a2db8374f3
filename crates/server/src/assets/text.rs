//! Texts that the program holds itself: pages and styles of the documentation and the explorer.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
};
use sha2::{Digest, Sha256};

use super::{ASKED_ANEW, LASTING, secure, version};

/// Sends a text; one that is asked for by its version may be kept, and one that is known is not sent again.
pub(crate) fn text(request: &HttpRequest, content_type: &'static str, text: &'static str) -> HttpResponse {
    let hash = Sha256::digest(text);
    let etag = format!("\"{}\"", hex::encode(hash));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|given| given.to_str().ok());
    let is_known = known == Some(&etag);
    let mut response = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    let age = if request.query_string() == version(&hash) { LASTING } else { ASKED_ANEW };
    response
        .insert_header((header::CACHE_CONTROL, age))
        .insert_header((header::ETAG, etag))
        .content_type(content_type);
    secure(&mut response);
    if is_known { response.finish() } else { response.body(text) }
}

/// The address of a text as it is now.
pub(crate) fn address(path: &str, text: &str) -> String {
    format!("{path}?{}", version(&Sha256::digest(text)))
}
