//! `/graphql`: Blue's own API, for the clients that exist. A thin face over what the REST routes do.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use async_graphql::{BatchRequest, BatchResponse, Request, Response};

use crate::{
    api::Body,
    auth::{self, Caller, CompanyHeader},
    problem::{Code, Detail, Problem},
    state::State,
};

// What a request may ask for.
mod bounds;

// The body of a request.
mod request;

// Blue's types.
mod types;

// What can be asked.
mod query;

// What can be changed.
mod mutation;

// A request in the address.
mod by_get;

// Requests by a hash alone.
mod persisted;

// What a refusal looks like.
mod error;

// All of it together.
mod schema;

// A page to try it on.
mod explorer;

use query::Listed;
pub(crate) use request::queries;
use schema::Schema;
pub(crate) use schema::sdl;

/// The most bytes of a request.
const MAX_BODY: usize = 256 * 1_024;

pub(crate) fn routes(config: &mut web::ServiceConfig, with_explorer: bool) {
    config.app_data(web::Data::new(schema::build()));
    let resource = web::resource("/graphql").post(post).default_service(web::to(other_method));
    if with_explorer {
        config.service(resource.get(get_or_page));
        explorer::routes(config);
    } else {
        config.service(resource.get(get));
    }
}

async fn post(request: HttpRequest, payload: web::Payload) -> HttpResponse {
    posted(&request, payload).await.unwrap_or_else(|problem| error::refusal(&problem))
}

/// Who calls is asked before anything is read. Refusals are GraphQL errors with status 200; what is no GraphQL request at
/// all has another, and the same form.
async fn posted(request: &HttpRequest, payload: web::Payload) -> Result<HttpResponse, Problem> {
    let caller = match auth::caller(request) {
        Ok(caller) => caller,
        Err(problem) => return stranger(problem),
    };
    let body = Body::within(MAX_BODY, request, payload.into_inner()).await?;
    answer(request, caller, body.bytes(), |_| true).await
}

/// A query in the address. Whoever keeps answers must not keep this one for others.
async fn get(request: HttpRequest) -> HttpResponse {
    let mut answer = asked(&request).await.unwrap_or_else(|problem| error::refusal(&problem));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

async fn asked(request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let caller = match auth::caller(request) {
        Ok(caller) => caller,
        Err(problem) => return stranger(problem),
    };
    let body = by_get::body(request.query_string())?;
    answer(request, caller, &body, by_get::only_reads).await
}

async fn get_or_page(request: HttpRequest) -> HttpResponse {
    if by_get::asks(request.query_string()) { get(request).await } else { explorer::page(&request) }
}

async fn other_method() -> HttpResponse {
    error::refusal(&Problem::method_not_allowed("GET, HEAD, POST"))
}

async fn answer(
    request: &HttpRequest,
    caller: Caller,
    body: &[u8],
    may: fn(&Request) -> bool,
) -> Result<HttpResponse, Problem> {
    let not_set_up = || Problem::new(Code::InternalServerError, Detail::NotSetUp);
    let state = request.app_data::<web::Data<State>>().ok_or_else(not_set_up)?;
    let schema = request.app_data::<web::Data<Schema>>().ok_or_else(not_set_up)?;
    let (batch, unfit) = request::read(body)?;
    if let Some(refused) = persisted::refused(&batch) {
        return Ok(HttpResponse::Ok().json(refused));
    }
    if let Some(problem) = unfit {
        return Ok(HttpResponse::Ok().json(refused(&batch, &problem)));
    }
    if !batch.iter().all(may) {
        return Err(Problem::method_not_allowed("POST"));
    }
    let company = CompanyHeader::of(request.headers());
    let listed = Arc::new(Listed::default());
    let author = auth::author(request, &caller);
    let batch = batch.data(caller).data(author).data(company).data(listed).data(state.clone().into_inner());
    let mut answer = schema.execute_batch(batch).await;
    error::complete(&mut answer);
    Ok(HttpResponse::Ok().json(answer))
}

/// Who is not known hears it as Blue says it: with status 200.
fn stranger(problem: Problem) -> Result<HttpResponse, Problem> {
    if problem.code() == Code::Unauthenticated { Ok(refused_one(&problem)) } else { Err(problem) }
}

/// The refusal of a request that was not read.
fn refused_one(problem: &Problem) -> HttpResponse {
    HttpResponse::Ok().json(Response::from_errors(vec![error::without_place(problem)]))
}

/// The same refusal for every operation.
fn refused(batch: &BatchRequest, problem: &Problem) -> BatchResponse {
    let refusal = || Response::from_errors(vec![error::without_place(problem)]);
    match batch {
        BatchRequest::Single(_) => BatchResponse::Single(refusal()),
        BatchRequest::Batch(requests) => BatchResponse::Batch(requests.iter().map(|_| refusal()).collect()),
    }
}

#[cfg(test)]
mod tests;
