//! Webhooks made, listed, changed, switched and deleted.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::signature::Secret;
use bluehook_dispatcher::{WebhookChange, WebhookQuery};

use super::{
    body::Body,
    only,
    params::Params,
    view::{self, WebhookView},
};
use crate::{auth::Caller, problem::Problem, state::State};

// What a body may say about a webhook.
mod fields;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let resource = |path: &str, allowed| web::resource(path.to_owned()).default_service(only(allowed));
    config
        .service(resource("/v1/webhooks", "GET, POST").get(list).post(create))
        .service(resource("/v1/webhooks/{id}", "GET, PATCH, DELETE").get(show).patch(change).delete(delete))
        .service(resource("/v1/webhooks/{id}/enable", "POST").post(enable))
        .service(resource("/v1/webhooks/{id}/disable", "POST").post(disable));
}

async fn list(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let page = params.page();
    let query = WebhookQuery {
        company_id: params.id("companyId"),
        created_by_id: params.id("createdById"),
        enabled: params.take("enabled", boolean),
    };
    params.finish()?;
    let webhooks = state.dispatcher.webhooks(&state.access(&caller).webhooks(query), &page)?;
    Ok(view::page(&webhooks, |webhook| WebhookView::new(webhook, None)))
}

fn boolean(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "expected true or false".to_owned())
}

/// Answers with the secret, the only time that it is shown.
async fn create(caller: Caller, state: web::Data<State>, body: Body) -> Result<HttpResponse, Problem> {
    let new = body.read(|fields| fields::new_webhook(fields, &caller))?;
    state.access(&caller).create(&new)?;
    let (webhook, secret) = state.dispatcher.create_webhook(new).await?;
    let view = WebhookView::new(&webhook, secret.as_ref().map(Secret::expose));
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/v1/webhooks/{}", webhook.id)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(view))
}

async fn show(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let webhook = state.access(&caller).see(&id)?;
    Ok(HttpResponse::Ok().json(WebhookView::new(&webhook, None)))
}

async fn change(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let change = body.read(fields::change)?;
    state.access(&caller).apply(&change)?;
    apply(&state, &id, change).await
}

async fn enable(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    apply(&state, &id, WebhookChange { enabled: Some(true), ..WebhookChange::default() }).await
}

async fn disable(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).disable(&id)?;
    apply(&state, &id, WebhookChange { enabled: Some(false), ..WebhookChange::default() }).await
}

async fn apply(state: &State, id: &str, change: WebhookChange) -> Result<HttpResponse, Problem> {
    let webhook = state.dispatcher.update_webhook(id, change).await?;
    Ok(HttpResponse::Ok().json(WebhookView::new(&webhook, None)))
}

async fn delete(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    state.dispatcher.delete_webhook(&id).await?;
    Ok(HttpResponse::NoContent().finish())
}
