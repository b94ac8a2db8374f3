//! The log of deliveries.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_core::delivery::Status;
use bluehook_dispatcher::DeliveryQuery;

use super::{
    language::{self, told},
    only,
    params::{Params, word},
    view::{self, DeliveryDetailView, DeliveryView},
};
use crate::{auth::Caller, problem::Problem, state::State};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/deliveries").get(list).default_service(only("GET")))
        .service(web::resource("/v1/deliveries/{id}").get(show).default_service(only("GET")))
        .service(
            web::resource("/v1/deliveries/{id}/redeliver").post(redeliver).default_service(only("POST")),
        );
}

async fn list(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let page = params.page();
    let (since, until) = params.span();
    let query = DeliveryQuery {
        webhook_id: params.id("webhookId"),
        company_id: params.id("companyId"),
        created_by_id: params.id("createdById"),
        event_id: params.id("eventId"),
        event: params.event(),
        status: params.take("status", word(Status::from_name, &Status::ALL.map(Status::name))),
        since,
        until,
    };
    params.finish()?;
    let _turn = state.limits.read_turn(&caller).await?;
    let deliveries = state.dispatcher.deliveries(state.access(&caller).deliveries(query), page).await?;
    Ok(view::page(&deliveries, DeliveryView::new))
}

async fn show(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let detail = state.access(&caller).delivery(state.dispatcher.delivery(&id).await?)?;
    let language = language::of(&request);
    Ok(told(&mut HttpResponse::Ok(), language).json(DeliveryDetailView::new(&detail, language)))
}

/// Again, now: the same id and bytes, a new attempt.
async fn redeliver(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let detail = state.access(&caller).delivery(state.dispatcher.delivery(&id).await?)?;
    state.limits.send(&state.dispatcher, &caller, (&detail.company_id, &detail.url)).await?;
    state.dispatcher.redeliver(&id).await?;
    let detail = state.access(&caller).delivery(state.dispatcher.delivery(&id).await?)?;
    let language = language::of(&request);
    Ok(told(&mut HttpResponse::Accepted(), language).json(DeliveryDetailView::new(&detail, language)))
}
