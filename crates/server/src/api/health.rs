//! Alive, and ready: what a load balancer asks.

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::only;
use crate::{
    problem::{Code, Detail, Problem},
    state::State,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let probe = |path: &str| web::resource(path.to_owned()).default_service(only("GET, HEAD"));
    config
        .service(probe("/healthz").get(alive).route(web::head().to(alive)))
        .service(probe("/readyz").get(ready).route(web::head().to(ready)));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn ready(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    if state.is_ready() {
        Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
    } else {
        Err(Problem::new(Code::Unavailable, Detail::NotReady))
    }
}
