//! `POST /graphql`: Blue's own API, for the clients that exist. A thin face over what the REST routes do.

use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::{BatchRequest, BatchResponse, Pos, Response};
use bluehook_core::input::{Fault, Unit};

use crate::{
    api::{Body, only},
    auth::{self, CompanyHeader},
    problem::Problem,
    state::State,
};

// Blue's types.
mod types;

// What can be asked.
mod query;

// What can be changed.
mod mutation;

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
    let resource = web::resource("/graphql").post(execute);
    if with_explorer {
        config.service(resource.get(explorer::page).default_service(only("GET, POST")));
        explorer::routes(config);
    } else {
        config.service(resource.default_service(only("POST")));
    }
}

/// Refusals are GraphQL errors with status 200; only what is no GraphQL request at all is a problem.
async fn execute(
    request: HttpRequest,
    state: web::Data<State>,
    schema: web::Data<Schema>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let batch: BatchRequest = body.json(Fault::NotGraphql)?;
    if let BatchRequest::Batch(requests) = &batch
        && requests.len() > MAX_OPERATIONS
    {
        let fault = Fault::AtMost(Unit::Operations, MAX_OPERATIONS, Some(requests.len()));
        return Err(Problem::at("", fault));
    }
    let caller = match auth::authenticate(&request) {
        Ok(caller) => caller,
        Err(problem) => return Ok(HttpResponse::Ok().json(refused(&batch, &problem))),
    };
    let company = CompanyHeader::of(request.headers());
    let batch = batch.data(caller).data(company).data(state.into_inner());
    let mut answer = schema.execute_batch(batch).await;
    error::complete(&mut answer);
    Ok(HttpResponse::Ok().json(answer))
}

/// The same refusal for every operation.
fn refused(batch: &BatchRequest, problem: &Problem) -> BatchResponse {
    let refusal = || Response::from_errors(vec![error::of(problem).into_server_error(Pos::default())]);
    match batch {
        BatchRequest::Single(_) => BatchResponse::Single(refusal()),
        BatchRequest::Batch(requests) => BatchResponse::Batch(requests.iter().map(|_| refusal()).collect()),
    }
}

#[cfg(test)]
mod tests;
