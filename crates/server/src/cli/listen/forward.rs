//! Passing deliveries on: the same method, headers and bytes.

use actix_web::{http::Method, web::Bytes};
use awc::http::StatusCode;

use crate::cli::{
    client::{MAX_ANSWER, client, why_unanswered},
    failure::Failure,
};

/// Headers that belong to one connection, not to what is passed on.
const HOP_BY_HOP: [&str; 7] =
    ["connection", "content-length", "host", "keep-alive", "te", "transfer-encoding", "upgrade"];

/// Passes a delivery on; gives the answer's status and body.
pub(super) async fn forward(
    url: &str,
    method: &Method,
    headers: &[(String, String)],
    body: Bytes,
) -> Result<(StatusCode, Bytes), Failure> {
    let mut request = client()?.request(method.clone(), url).no_decompress();
    for (name, value) in headers.iter().filter(|(name, _)| !HOP_BY_HOP.contains(&name.as_str())) {
        request = request.append_header((name.as_str(), value.as_str()));
    }
    let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("cannot pass on to {url}: {error}"));
    let unanswered =
        |error| Failure::failed(format!("not passed on: {}", why_unanswered(url, "--forward-to", &error)));
    let mut response = request.send_body(body).await.map_err(unanswered)?;
    let answer = response.body().limit(MAX_ANSWER).await.map_err(|error| failed(&error))?;
    Ok((response.status(), answer))
}
