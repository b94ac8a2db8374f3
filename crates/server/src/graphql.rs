//! `/graphql`: Blue's own API, for the clients that exist. A thin face over what the REST routes do.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use async_graphql::{BatchRequest, BatchResponse, Request, Response};
use bluehook_core::input::{Fault, Unit};

use crate::{
    api::Body,
    auth::{self, CompanyHeader},
    problem::{Code, Detail, Problem},
    state::State,
};

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

use schema::Schema;
pub(crate) use schema::sdl;

/// The most operations of one request.
const MAX_OPERATIONS: usize = 10;

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

async fn post(request: HttpRequest, body: Result<Body, Problem>) -> HttpResponse {
    let answered = match body {
        Ok(body) => answer(&request, body.bytes(), |_| true).await,
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(|problem| error::refusal(&problem))
}

/// A query in the address. Whoever keeps answers must not keep this one for others.
async fn get(request: HttpRequest) -> HttpResponse {
    let answered = match by_get::body(request.query_string()) {
        Ok(body) => answer(&request, &body, by_get::only_reads).await,
        Err(problem) => Err(problem),
    };
    let mut answer = answered.unwrap_or_else(|problem| error::refusal(&problem));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

async fn get_or_page(request: HttpRequest) -> HttpResponse {
    if by_get::asks(request.query_string()) { get(request).await } else { explorer::page() }
}

async fn other_method() -> HttpResponse {
    error::refusal(&Problem::method_not_allowed("GET, POST"))
}

/// Refusals are GraphQL errors with status 200; what is no GraphQL request at all has another, and the same form.
async fn answer(
    request: &HttpRequest,
    body: &[u8],
    may: fn(&Request) -> bool,
) -> Result<HttpResponse, Problem> {
    let not_set_up = || Problem::new(Code::InternalServerError, Detail::NotSetUp);
    let state = request.app_data::<web::Data<State>>().ok_or_else(not_set_up)?;
    let schema = request.app_data::<web::Data<Schema>>().ok_or_else(not_set_up)?;
    let batch = read(body)?;
    let caller = match auth::authenticate(request) {
        Ok(caller) => caller,
        Err(problem) => return Ok(HttpResponse::Ok().json(refused(&batch, &problem))),
    };
    if let Some(refused) = persisted::refused(&batch) {
        return Ok(HttpResponse::Ok().json(refused));
    }
    if !batch.iter().all(may) {
        return Err(Problem::method_not_allowed("POST"));
    }
    let company = CompanyHeader::of(request.headers());
    let batch = batch.data(caller).data(company).data(state.clone().into_inner());
    let mut answer = schema.execute_batch(batch).await;
    error::complete(&mut answer);
    Ok(HttpResponse::Ok().json(answer))
}

fn read(body: &[u8]) -> Result<BatchRequest, Problem> {
    let batch: BatchRequest = serde_json::from_slice(body).map_err(|_| Problem::at("", Fault::NotGraphql))?;
    if let BatchRequest::Batch(requests) = &batch
        && requests.len() > MAX_OPERATIONS
    {
        let fault = Fault::AtMost(Unit::Operations, MAX_OPERATIONS, Some(requests.len()));
        return Err(Problem::at("", fault));
    }
    Ok(batch)
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
