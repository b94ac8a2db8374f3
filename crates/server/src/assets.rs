//! The settings UI: files built from `www`, embedded in the program.

use std::borrow::Cow;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{self, HeaderValue},
    },
    web,
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

/// What the build of `www` made; empty when it was not built.
#[derive(RustEmbed)]
#[folder = "../../www/dist"]
#[allow_missing = true]
struct Files;

/// Nothing is loaded from elsewhere, no script but our own runs, no other page frames ours.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// Where the build puts files whose names change with their content.
const HASHED: &str = "assets/";

/// What stands in for the UI when the program was compiled without it.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Bluehook</title>\
    <h1>Bluehook is running</h1><p>The settings UI is not in this build. <code>cargo xtask build</code> makes one \
    that has it.</p></html>";

/// Every path that nothing else answers to.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.default_service(web::to(file));
}

async fn file(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let path = request.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    // What stands beside a file is that file in another coding, not one of its own.
    let found = Files::get(path).filter(|_| !CODINGS.iter().any(|(_, ending)| path.ends_with(ending)));
    match found {
        Some(file) if is_read(request.method()) => Ok(shown(&request, path, file)),
        None if path == "index.html" && is_read(request.method()) => Ok(not_built()),
        None if path != "index.html" => Err(Problem::not_found("This route")),
        _ => Err(Problem::method_not_allowed("GET, HEAD")),
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The codings that the build makes, the better one first, and how their files end.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The file in the best coding that the caller takes and the build made.
fn coded(request: &HttpRequest, path: &str) -> Option<(&'static str, EmbeddedFile)> {
    let accepted = request.headers().get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let mut taken = CODINGS.into_iter().filter(|(coding, _)| accepts(accepted, coding));
    taken.find_map(|(coding, ending)| Some((coding, Files::get(&format!("{path}{ending}"))?)))
}

/// Whether `Accept-Encoding` names a coding, and not with `q=0`.
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn shown(request: &HttpRequest, path: &str, file: EmbeddedFile) -> HttpResponse {
    let (coding, file) = coded(request, path).map_or((None, file), |(coding, file)| (Some(coding), file));
    let etag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|given| given.to_str().ok());
    let mut response = if known == Some(&etag) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    let age = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    response
        .insert_header((header::CACHE_CONTROL, age))
        .insert_header((header::ETAG, etag.as_str()))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_TYPE, content_type(path)));
    if let Some(coding) = coding {
        response.insert_header((header::CONTENT_ENCODING, coding));
    }
    secure(&mut response);
    if known == Some(&etag) { response.finish() } else { response.body(bytes(file.data)) }
}

/// What is embedded is sent from where it lies.
fn bytes(data: Cow<'static, [u8]>) -> web::Bytes {
    match data {
        Cow::Borrowed(data) => web::Bytes::from_static(data),
        Cow::Owned(data) => web::Bytes::from(data),
    }
}

fn not_built() -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).content_type("text/html; charset=utf-8");
    secure(&mut response);
    response.body(NOT_BUILT)
}

/// Headers that keep pages to themselves.
pub(crate) fn secure(response: &mut actix_web::HttpResponseBuilder) {
    response
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
}

fn content_type(path: &str) -> HeaderValue {
    HeaderValue::from_static(match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_chosen_by_what_is_accepted() {
        for (accepted, coding, expected) in [
            ("gzip, deflate, br", "br", true),
            ("gzip;q=0.5, BR;q=1.0", "br", true),
            ("gzip, br;q=0", "br", false),
            ("identity", "gzip", false),
            ("", "gzip", false),
        ] {
            assert_eq!(accepts(accepted, coding), expected, "{accepted}");
        }
    }
}
