//! Webhooks made, listed, changed, switched and deleted.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::{signature::Secret, webhook::Webhook};
use bluehook_dispatcher::{Created, Page, Summary, WebhookChange, WebhookQuery};
use sha2::{Digest, Sha256};

use super::{
    body::{Body, OptionalBody},
    idempotency_key, only,
    params::{Params, boolean},
    view::{self, WebhookView},
};
use crate::{auth::Caller, problem::Problem, state::State};

// What a body may say about a webhook.
mod fields;

// A new secret.
mod rotation;

// Deliveries sent again.
mod replay;

// How it fared.
mod stats;

// What it would get if it chose differently.
mod dry_run;

// What its receiver says now.
mod test_send;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let resource = |path: &str, allowed| web::resource(path.to_owned()).default_service(only(allowed));
    config
        .service(resource("/v1/webhooks", "GET, POST").get(list).post(create))
        .service(resource("/v1/webhooks/{id}", "GET, PATCH, DELETE").get(show).patch(change).delete(delete))
        .service(resource("/v1/webhooks/{id}/enable", "POST").post(enable))
        .service(resource("/v1/webhooks/{id}/disable", "POST").post(disable))
        .service(resource("/v1/webhooks/{id}/rotate-secret", "POST").post(rotation::rotate))
        .service(resource("/v1/webhooks/{id}/test", "POST").post(test_send::run))
        .service(resource("/v1/webhooks/{id}/replay", "POST").post(replay::start))
        .service(resource("/v1/webhooks/{id}/stats", "GET").get(stats::show))
        .service(resource("/v1/webhooks/{id}/dry-run", "POST").post(dry_run::run))
        .service(resource("/v1/replays/{id}", "GET, DELETE").get(replay::show).delete(replay::cancel));
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
    let ids: Vec<&str> = webhooks.items.iter().map(|webhook| webhook.id.as_str()).collect();
    let summaries = state.dispatcher.summaries(&ids).await?;
    let items = webhooks.items.iter().zip(&summaries).collect();
    let page = Page { items, next_cursor: webhooks.next_cursor.clone() };
    Ok(view::page(&page, |(webhook, summary)| WebhookView::new(webhook, None).with_stats(summary)))
}

/// Answers with the secret, the only time that it is shown. With an `Idempotency-Key`, the same again answers with the
/// first webhook.
async fn create(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let mut fields = body.fields()?;
    let new = fields::new_webhook(&mut fields, &caller);
    state.access(&caller).create(&new)?;
    let new = fields.finish_with(state.dispatcher.problems_of_new(&new), new).map_err(Problem::invalid)?;
    let created = if let Some(key) = idempotency_key(&request)? {
        state.dispatcher.create_webhook_once(new, &key).await?
    } else {
        let (webhook, secret) = state.dispatcher.create_webhook(new).await?;
        Created::Now(webhook, secret)
    };
    made(&state, &created).await
}

async fn made(state: &State, created: &Created) -> Result<HttpResponse, Problem> {
    let (mut response, webhook, view) = match created {
        Created::Now(webhook, secret) => {
            let view = WebhookView::new(webhook, secret.as_ref().map(Secret::expose));
            (HttpResponse::Created(), webhook, view)
        }
        Created::Before(webhook) => (HttpResponse::Ok(), webhook, WebhookView::repeated(webhook)),
    };
    Ok(response
        .insert_header((header::ETAG, etag(webhook)))
        .insert_header((header::LOCATION, format!("/v1/webhooks/{}", webhook.id)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(view.with_stats(&summary(state, webhook).await?)))
}

async fn summary(state: &State, webhook: &Webhook) -> Result<Summary, Problem> {
    Ok(state.dispatcher.summaries(&[&webhook.id]).await?.pop().unwrap_or_default())
}

async fn show(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let webhook = state.access(&caller).see(&id)?;
    shown(&state, &webhook).await
}

async fn change(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let mut fields = body.fields()?;
    let change = fields::change(&mut fields);
    state.access(&caller).apply(&change)?;
    let found = state.dispatcher.problems_of_change(&id, &change)?;
    let change = fields.finish_with(found, change).map_err(Problem::invalid)?;
    let webhook = state.dispatcher.update_webhook_if(&id, change, as_it_was_read(&request)).await?;
    shown(&state, &webhook).await
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
    shown(state, &*state.dispatcher.update_webhook(id, change).await?).await
}

/// A webhook, with a tag by which a later change can say what it was made from.
async fn shown(state: &State, webhook: &Webhook) -> Result<HttpResponse, Problem> {
    let view = WebhookView::new(webhook, None).with_stats(&summary(state, webhook).await?);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag(webhook))).json(view))
}

/// The tag of what people change: how deliveries fare is no part of it.
fn etag(webhook: &Webhook) -> String {
    let view = serde_json::to_vec(&WebhookView::new(webhook, None)).unwrap_or_default();
    let hash: [u8; 32] = Sha256::digest(view).into();
    format!("\"{}\"", hex::encode(hash.first_chunk::<16>().unwrap_or(&[0; 16])))
}

/// `If-Match`: of two people who edit what they read at the same time, the second hears of the first.
fn as_it_was_read(request: &HttpRequest) -> impl Fn(&Webhook) -> bool + Send + 'static {
    let read: Option<Vec<String>> = request
        .headers()
        .get(header::IF_MATCH)
        .map(|tags| tags.to_str().unwrap_or_default().split(',').map(|tag| tag.trim().to_owned()).collect());
    move |webhook| {
        read.as_ref().is_none_or(|tags| {
            let current = etag(webhook);
            tags.iter().any(|tag| tag == "*" || *tag == current)
        })
    }
}

async fn delete(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    state.dispatcher.delete_webhook_if(&id, as_it_was_read(&request)).await?;
    Ok(HttpResponse::NoContent().finish())
}
