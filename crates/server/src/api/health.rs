//! Alive, and ready: what a load balancer asks.

use actix_web::{HttpResponse, Resource, web};
use serde_json::json;

use super::only;
use crate::{problem::Problem, state::State};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.configure(alive_routes).service(probe("/readyz").get(ready).route(web::head().to(ready)));
}

/// What is answered from the first moment on.
pub(crate) fn alive_routes(config: &mut web::ServiceConfig) {
    config.service(probe("/healthz").get(alive).route(web::head().to(alive)));
}

fn probe(path: &str) -> Resource {
    web::resource(path).default_service(only("GET, HEAD"))
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn ready(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    state.ready()?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}
