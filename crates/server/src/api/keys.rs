//! The keys that secrets are encrypted with at rest, and jobs that are looked at.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{only, view::JobView};
use crate::{
    auth::{Caller, Service},
    problem::Problem,
    state::State,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/keys/rotate").post(rotate).default_service(only("POST")))
        .service(web::resource("/v1/jobs/{id}").get(show).default_service(only("GET")));
}

/// Begins to seal everything with the newest key.
async fn rotate(_: Service, request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let job = state.by(&Caller::Service, &request).rotate_keys().await?;
    Ok(HttpResponse::Accepted().json(JobView::of_keys(&job)))
}

/// How far a job is. Those of the database as a whole are the backend's to see.
async fn show(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if caller == Caller::Service
        && let Some(job) = state.dispatcher.job(&id).await?
    {
        return Ok(HttpResponse::Ok().json(JobView::of_keys(&job)));
    }
    let replay = state.access(&caller).replay(state.dispatcher.replay(&id).await?);
    let replay = replay.map_err(|_| Problem::not_found("Job"))?;
    let webhook = state.dispatcher.webhook(&replay.webhook_id);
    Ok(HttpResponse::Ok().json(JobView::of_replay(&replay, webhook.as_deref())))
}

#[cfg(test)]
mod tests;
