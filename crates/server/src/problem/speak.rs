//! Problems in the language of whoever asks: what handlers answer is said again as the request wants it.

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use super::{Problem, RequestId};
use crate::language;

/// Around every handler: an answer that is a problem is written in the request's language.
pub(crate) async fn speak<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let response = next.call(request).await?;
    match told(&response) {
        Some(problem) => Ok(response.into_response(problem).map_into_right_body()),
        None => Ok(response.map_into_left_body()),
    }
}

fn told<B>(response: &ServiceResponse<B>) -> Option<HttpResponse> {
    let problem: &Problem = response.response().error()?.as_error()?;
    let request = response.request();
    let id = RequestId::new();
    if problem.code.status().is_server_error() {
        let (code, path) = (problem.code.name(), request.path());
        tracing::warn!(request_id = %id.0, code, path, "a request could not be answered");
    }
    Some(problem.response(language::of(request), &id))
}
