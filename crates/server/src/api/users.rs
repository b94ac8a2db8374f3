//! People of a webhook's company: who may take it over, and who not.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_dispatcher::Page;

use super::{
    only,
    params::Params,
    view::{self, CandidateView},
};
use crate::{auth::Caller, problem::Problem, state::State};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/users").get(candidates).default_service(only("GET, HEAD")));
}

async fn candidates(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let id = params.required_id("webhookId");
    params.finish()?;
    let webhook = state.access(&caller).see(&id.unwrap_or_default())?;
    let items = state.dispatcher.candidates(&webhook.id)?;
    Ok(view::page(&Page { items, next_cursor: None }, CandidateView::new))
}
