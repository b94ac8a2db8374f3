//! The log of deliveries.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::delivery::Status;
use bluehook_dispatcher::{Delivery, DeliveryQuery};

use super::{
    if_match::{IfMatch, etag},
    language::{self, told},
    only,
    params::{Params, word},
    view::{self, DeliveryDetailView, DeliveryView},
};
use crate::{auth::Caller, problem::Problem, state::State};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/deliveries").get(list).default_service(only("GET, HEAD")))
        .service(web::resource("/v1/deliveries/{id}").get(show).default_service(only("GET, HEAD")))
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
    let access = state.access(&caller);
    Ok(view::page(&deliveries, |delivery| DeliveryView::new(delivery, access.sight(delivery))))
}

async fn show(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = state.access(&caller);
    let detail = access.delivery(&id).await?;
    let language = language::of(&request);
    let view = DeliveryDetailView::new(&detail, access.sight(&detail.delivery), language);
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, etag(&version(&detail.delivery))));
    Ok(told(&mut response, language).json(view))
}

/// Changes whenever the delivery moves.
fn version(delivery: &Delivery) -> String {
    format!("{} {} {}", delivery.id, delivery.status.name(), delivery.attempts)
}

/// Again, now: the same id and bytes, a new attempt.
async fn redeliver(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = state.access(&caller);
    let detail = access.delivery(&id).await?;
    IfMatch::of(&request).check(&version(&detail.delivery))?;
    state.limits.send(&state.dispatcher, &caller, (&detail.company_id, &detail.url)).await?;
    state.by(&caller, &request).redeliver(&id).await?;
    let detail = access.delivery(&id).await?;
    let language = language::of(&request);
    let view = DeliveryDetailView::new(&detail, access.sight(&detail.delivery), language);
    Ok(told(&mut HttpResponse::Accepted(), language).json(view))
}
