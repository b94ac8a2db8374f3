//! The settings UI: files built from `www`, embedded in the program.

use std::borrow::Cow;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{self, HeaderValue},
    },
    web,
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

// What the program holds itself.
mod text;

pub(crate) use text::{address, text};

/// What the build of `www` made; empty when it was not built.
#[derive(RustEmbed)]
#[folder = "../../www/dist"]
#[allow_missing = true]
struct Files;

/// Nothing is loaded from elsewhere, no script but our own runs, no other page frames ours.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types svelte-trusted-html";

/// The first parts of the addresses of the UI's screens.
const SCREENS: [&str; 5] = ["account", "deliveries", "events", "gallery", "webhooks"];

/// Whose addresses are never screens: what is not found there is said to programs.
const NO_SCREENS: [&str; 5] = ["assets", "docs", "graphql", "openapi.json", "v1"];

/// The app, which shows all of them.
const APP: &str = "index.html";

/// The colours, sizes and fonts of app, documentation and sign-in page: also without the build of `www`.
const TOKENS: &str = include_str!("../../../www/public/tokens.css");

const TOKENS_FILE: &str = "tokens.css";

/// How much of a file's hash an address has.
const VERSION_BYTES: usize = 4;

/// How long is kept what will never be another under its address, and what may be.
const LASTING: &str = "public, max-age=31536000, immutable";
const ASKED_ANEW: &str = "no-cache";

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
    let path = if path.is_empty() { APP } else { path };
    // What stands beside a file is that file in another coding, not one of its own.
    let found = Files::get(path).filter(|_| !CODINGS.iter().any(|(_, ending)| path.ends_with(ending)));
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    match found {
        Some(file) if is_read => Ok(shown(&request, path, file, StatusCode::OK)),
        Some(_) => Err(Problem::method_not_allowed("GET, HEAD")),
        None if path == TOKENS_FILE && is_read => Ok(text(&request, "text/css; charset=utf-8", TOKENS)),
        None if path == APP && !is_read => Err(Problem::method_not_allowed("GET, HEAD")),
        None if path == APP || (is_read && is_navigation(&request)) => app(&request, path),
        None => Err(Problem::not_found("This route")),
    }
}

/// The app, where a person follows a link or types an address; it says itself when it has no such screen.
fn app(request: &HttpRequest, path: &str) -> Result<HttpResponse, Problem> {
    let first = path.split('/').next().unwrap_or_default();
    if NO_SCREENS.contains(&first) {
        return Err(Problem::not_found("This route"));
    }
    let is_known = path == APP || SCREENS.contains(&first);
    let status = if is_known { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok(match Files::get(APP) {
        Some(file) => shown(request, APP, file, status),
        None => not_built(status),
    })
}

/// Whether a browser wants a page to show.
fn is_navigation(request: &HttpRequest) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    header("sec-fetch-mode") == Some("navigate")
        || header("accept").is_some_and(|accepted| accepted.contains("text/html"))
}

/// Whether this is the address of one of the UI's screens, with a query or without: a path, and nothing that a browser takes
/// for more than that.
pub(crate) fn is_screen(address: &str) -> bool {
    let Some(path) = address.strip_prefix('/') else { return false };
    let end = path.find(['/', '?', '#']).unwrap_or(path.len());
    let first = path.get(..end).unwrap_or_default();
    let is_plain = !address.contains(['\\', '\u{7f}']) && !address.contains(char::is_control);
    is_plain && !path.starts_with('/') && (first.is_empty() || SCREENS.contains(&first))
}

/// The address of the tokens as they are now: what has this one may keep them.
pub(crate) fn tokens_address() -> String {
    match Files::get(TOKENS_FILE) {
        Some(file) => format!("/{TOKENS_FILE}?{}", version(&file.metadata.sha256_hash())),
        None => address("/tokens.css", TOKENS),
    }
}

/// What tells a file from the one that had its name before; the build of `www` writes the same into its page.
fn version(hash: &[u8]) -> String {
    hex::encode(hash.get(..VERSION_BYTES).unwrap_or(hash))
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

fn shown(request: &HttpRequest, path: &str, file: EmbeddedFile, status: StatusCode) -> HttpResponse {
    let is_lasting =
        path.starts_with(HASHED) || request.query_string() == version(&file.metadata.sha256_hash());
    let (coding, file) = coded(request, path).map_or((None, file), |(coding, file)| (Some(coding), file));
    let etag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|given| given.to_str().ok());
    let is_known = known == Some(&etag) && status == StatusCode::OK;
    let mut response = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { status });
    let age = if is_lasting { LASTING } else { ASKED_ANEW };
    response
        .insert_header((header::CACHE_CONTROL, age))
        .insert_header((header::ETAG, etag.as_str()))
        .insert_header((header::VARY, "Accept-Encoding, Accept"))
        .insert_header((header::CONTENT_TYPE, content_type(path)));
    if let Some(coding) = coding {
        response.insert_header((header::CONTENT_ENCODING, coding));
    }
    secure(&mut response);
    if is_known { response.finish() } else { response.body(bytes(file.data)) }
}

/// What is embedded is sent from where it lies.
fn bytes(data: Cow<'static, [u8]>) -> web::Bytes {
    match data {
        Cow::Borrowed(data) => web::Bytes::from_static(data),
        Cow::Owned(data) => web::Bytes::from(data),
    }
}

fn not_built(status: StatusCode) -> HttpResponse {
    let mut response = HttpResponse::build(status);
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
    use awc::http::Method;

    use super::*;
    use crate::trial::World;

    #[actix_web::test]
    async fn people_get_the_app_and_programs_a_problem() {
        let world = World::new().await;
        for (path, accepted, status, content_type) in [
            ("/", "*/*", 200, "text/html; charset=utf-8"),
            ("/webhooks", "text/html,*/*;q=0.8", 200, "text/html; charset=utf-8"),
            ("/webhooks/abc/settings?x=1", "text/html", 200, "text/html; charset=utf-8"),
            ("/events/TODO_CREATED", "text/html", 200, "text/html; charset=utf-8"),
            ("/gallery", "text/html", 200, "text/html; charset=utf-8"),
            ("/nothing/here", "text/html", 404, "text/html; charset=utf-8"),
            ("/webhooks", "application/json", 404, "application/problem+json"),
            ("/v1/nothing", "text/html", 404, "application/problem+json"),
            ("/graphql/nothing", "text/html", 404, "application/problem+json"),
            ("/assets/nothing.js", "text/html", 404, "application/problem+json"),
            ("/docs/nothing", "text/html", 404, "application/problem+json"),
            ("/openapi.json/nothing", "text/html", 404, "application/problem+json"),
            ("/tokens.css", "text/css", 200, "text/css; charset=utf-8"),
        ] {
            let request = world.client.request(Method::GET, format!("{}{path}", world.url));
            let answer = request.insert_header(("accept", accepted)).send().await.unwrap();
            let found = answer.headers().get("content-type").unwrap().to_str().unwrap();
            assert_eq!((answer.status().as_u16(), found), (status, content_type), "{path} {accepted}");
        }
        let navigation = world.client.get(format!("{}/account", world.url));
        let answer = navigation.insert_header(("sec-fetch-mode", "navigate")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let posted = world.client.post(format!("{}/webhooks", world.url));
        let answer = posted.insert_header(("accept", "text/html")).send().await.unwrap();
        assert_eq!(answer.status(), 404);
    }

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
