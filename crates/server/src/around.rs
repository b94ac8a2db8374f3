//! What holds for every request and every answer: HEAD where GET is, no query parameter that nobody reads, headers that
//! keep answers to themselves.

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};

use crate::{api, state::State};

/// How long browsers remember that this host is reached over TLS only: a year.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// A request for the head of an answer alone.
struct HeadOnly;

/// Whether a request wants the head of an answer alone: one whose body would not end has none then.
pub(crate) fn wants_head_only(request: &HttpRequest) -> bool {
    request.extensions().contains::<HeadOnly>()
}

/// Around everything: HEAD is answered as GET is, and the connection leaves the body away.
pub(crate) async fn every_answer<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if request.method() == Method::HEAD {
        request.extensions_mut().insert(HeadOnly);
        request.head_mut().method = Method::GET;
    }
    let is_secure = request.app_data::<web::Data<State>>().is_some_and(|state| state.is_secure());
    let mut response = next.call(request).await?;
    keep(response.headers_mut(), is_secure);
    Ok(response)
}

fn keep(headers: &mut HeaderMap, is_secure: bool) {
    let mut missing = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    missing(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_secure {
        missing(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.starts_with("application/json") || kind.starts_with("application/problem+json");
    if is_json && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Around every handler: query parameters that it does not read are refused, and not passed over.
pub(crate) async fn every_request<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if let Err(problem) = api::refuse_unread(request.request()) {
        let refused = HttpResponse::from_error(problem);
        return Ok(request.into_response(refused).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

#[cfg(test)]
mod tests;
