//! Passing deliveries on: the same method, headers and bytes.

use actix_web::{
    HttpResponse,
    http::{Method, StatusCode},
    web::Bytes,
};

use crate::cli::{
    client::{MAX_ANSWER, client, why_unanswered},
    failure::Failure,
};

/// Headers that belong to one connection, not to what is passed on.
const HOP_BY_HOP: [&str; 7] =
    ["connection", "content-length", "host", "keep-alive", "te", "transfer-encoding", "upgrade"];

/// The address that was meant: `host:port` and `port` alone are http.
pub(super) fn address(given: &str) -> String {
    match given.parse::<u16>() {
        Ok(port) => format!("http://127.0.0.1:{port}"),
        Err(_) if given.contains("://") => given.to_owned(),
        Err(_) => format!("http://{given}"),
    }
}

/// Passes a delivery on; gives the answer: status, headers and body.
pub(super) async fn forward(
    url: &str,
    method: &Method,
    headers: &[(String, String)],
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let mut request = client()?.request(method.clone(), url).no_decompress();
    for (name, value) in headers.iter().filter(|(name, _)| is_passed_on(name)) {
        request = request.append_header((name.as_str(), value.as_str()));
    }
    let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("cannot pass on to {url}: {error}"));
    let unanswered =
        |error| Failure::failed(format!("not passed on: {}", why_unanswered(url, "--forward-to", &error)));
    let mut response = request.send_body(body).await.map_err(unanswered)?;
    let body = response.body().limit(MAX_ANSWER).await.map_err(|error| failed(&error))?;
    let status = StatusCode::from_u16(response.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut answer = HttpResponse::build(status);
    for (name, value) in response.headers().iter().filter(|(name, _)| is_passed_on(name.as_str())) {
        answer.append_header((name.as_str(), value.as_bytes()));
    }
    Ok(answer.body(body))
}

fn is_passed_on(name: &str) -> bool {
    !HOP_BY_HOP.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_scheme_is_http() {
        for (given, meant) in [
            ("localhost:3000", "http://localhost:3000"),
            ("127.0.0.1:3000/in?a=b", "http://127.0.0.1:3000/in?a=b"),
            ("3000", "http://127.0.0.1:3000"),
            ("https://example.com/x", "https://example.com/x"),
        ] {
            assert_eq!(address(given), meant);
        }
    }
}
