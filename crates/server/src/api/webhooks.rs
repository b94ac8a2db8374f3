//! Webhooks made, listed, changed, switched and deleted.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::{signature::Secret, webhook::Webhook};
use bluehook_dispatcher::{Created, WebhookChange};

use super::{
    body::{Body, OptionalBody},
    idempotency_key,
    language::{self, told},
    only,
    params::Params,
    view::WebhookView,
};
use crate::{auth::Caller, problem::Problem, state::State};
use asked::Asked;
use include::{Include, included};
use shown::{fares, shown, tagged};

// What a body may say about a webhook.
mod fields;

// Who asks, of which one.
mod asked;

// Answered with, by version.
mod shown;

// Listed.
mod list;

// What is shown along.
mod include;

// A new secret, only the new one, none.
mod rotation;

// Given to another person.
mod hand_over;

// What its health was.
mod history;

// Deliveries sent again.
mod replay;

// How it fared.
mod stats;

// What it would get if it chose differently.
mod dry_run;

// What its receiver says now.
mod test_send;

/// The readers of bodies, for fuzzing.
pub(crate) mod fuzzed {
    pub(crate) use super::{
        dry_run::choice,
        fields::{change, new_webhook},
        replay::replay,
        rotation::rotation,
    };
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let resource = |path: &str, allowed| web::resource(path.to_owned()).default_service(only(allowed));
    config
        .service(resource("/v1/webhooks", "GET, HEAD, POST").get(list::list).post(create))
        .service(
            resource("/v1/webhooks/{id}", "GET, HEAD, PATCH, DELETE").get(show).patch(change).delete(delete),
        )
        .service(resource("/v1/webhooks/{id}/enable", "POST").post(enable))
        .service(resource("/v1/webhooks/{id}/disable", "POST").post(disable))
        .service(resource("/v1/webhooks/{id}/rotate-secret", "POST").post(rotation::rotate))
        .service(resource("/v1/webhooks/{id}/finish-rotation", "POST").post(rotation::finish))
        .service(resource("/v1/webhooks/{id}/secret", "DELETE").delete(rotation::remove))
        .service(resource("/v1/webhooks/{id}/hand-over", "POST").post(hand_over::run))
        .service(resource("/v1/webhooks/{id}/history", "GET, HEAD").get(history::show))
        .service(resource("/v1/webhooks/{id}/test", "POST").post(test_send::run))
        .service(resource("/v1/webhooks/{id}/replay", "POST").post(replay::start))
        .service(resource("/v1/webhooks/{id}/stats", "GET, HEAD").get(stats::show))
        .service(resource("/v1/webhooks/{id}/dry-run", "POST").post(dry_run::run))
        .service(resource("/v1/replays/{id}", "GET, HEAD, DELETE").get(replay::show).delete(replay::cancel));
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
    let dispatcher = state.by(&caller, &request);
    let created = if let Some(key) = idempotency_key(&request)? {
        dispatcher.create_webhook_once(new, &key).await?
    } else {
        let (webhook, secret) = dispatcher.create_webhook(new).await?;
        Created::Now(webhook, secret)
    };
    made(&state, &caller, &request, &created).await
}

async fn made(
    state: &State,
    caller: &Caller,
    request: &HttpRequest,
    created: &Created,
) -> Result<HttpResponse, Problem> {
    let (Created::Now(webhook, _) | Created::Before(webhook)) = created;
    let fares = fares(state, &webhook.id, false).await?;
    let (access, language) = (state.access(caller), language::of(request));
    let view = WebhookView::new(&fares, &access, language);
    let (mut response, view) = match created {
        Created::Now(_, secret) => {
            (HttpResponse::Created(), view.with_secret(secret.as_ref().map(Secret::expose)))
        }
        Created::Before(_) => (HttpResponse::Ok(), view.repeated()),
    };
    Ok(tagged(told(&mut response, language), &fares)
        .insert_header((header::LOCATION, format!("/v1/webhooks/{}", webhook.id)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(view))
}

/// A webhook with what was asked to be shown along.
async fn show(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let access = state.access(&caller);
    let webhook = access.see(&id)?;
    let (include, length) = shown_along(&request)?;
    let includes = |part| include.contains(&part);
    let language = language::of(&request);
    let fares = fares(&state, &id, includes(Include::Activity)).await?;
    let window = if includes(Include::Stats) { Some(stats::of(&state, &id, length).await?) } else { None };
    let with_history = includes(Include::History) && access.change(&id).is_ok();
    let changes =
        if with_history { Some(state.dispatcher.health_history(&id, HISTORY).await?) } else { None };
    let projects = includes(Include::Projects).then(|| access.projects(&webhook.company_id));
    let mut view = WebhookView::new(&fares, &access, language);
    if let Some(window) = &window {
        view = view.with_window(window);
    }
    if let Some(projects) = &projects {
        view = view.with_projects(projects, &access);
    }
    if let Some(changes) = &changes {
        view = view.with_history(history::views(changes, &access, language));
    }
    Ok(tagged(told(&mut HttpResponse::Ok(), language), &fares).json(view))
}

/// How many changes of health are shown along.
const HISTORY: usize = 20;

fn shown_along(request: &HttpRequest) -> Result<(Vec<Include>, Duration), Problem> {
    let mut params = Params::of(request);
    let include = params.several("include", |word| included(word, &Include::ALL)).unwrap_or_default();
    let window = params.take("window", stats::window).unwrap_or(stats::WINDOW);
    params.finish()?;
    Ok((include, window))
}

async fn change(asked: Asked, body: Body) -> Result<HttpResponse, Problem> {
    let access = asked.access();
    let webhook = access.change(&asked.id)?;
    let mut fields = body.fields()?;
    let change = fields::change(&mut fields);
    access.apply(&change)?;
    let found = asked.state.dispatcher.problems_of_change(&asked.id, &change)?;
    let change = fields.finish_with(found, change).map_err(Problem::invalid)?;
    may_probe(&asked.state, &asked.caller, &webhook, &change).await?;
    apply(&asked, change).await
}

async fn enable(asked: Asked) -> Result<HttpResponse, Problem> {
    let webhook = asked.access().enable(&asked.id)?;
    let change = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
    may_probe(&asked.state, &asked.caller, &webhook, &change).await?;
    apply(&asked, change).await
}

/// Whether a change may send the probe that it needs, if it needs one: to the new URL where there is one.
pub(crate) async fn may_probe(
    state: &State,
    caller: &Caller,
    webhook: &Webhook,
    change: &WebhookChange,
) -> Result<(), Problem> {
    if change.enabled != Some(true) {
        return Ok(());
    }
    // What is refused anyway counts for nobody.
    state.dispatcher.may_ask(&webhook.id)?;
    let url = change.url.as_ref().unwrap_or(&webhook.url);
    state.limits.send(&state.dispatcher, caller, (&webhook.company_id, url)).await
}

async fn disable(asked: Asked) -> Result<HttpResponse, Problem> {
    asked.access().disable(&asked.id)?;
    apply(&asked, WebhookChange { enabled: Some(false), ..WebhookChange::default() }).await
}

/// Makes a change and shows the webhook; after a probe, with what that met.
async fn apply(asked: &Asked, change: WebhookChange) -> Result<HttpResponse, Problem> {
    let Asked { caller, id, request, state } = asked;
    let actor = asked.access().actor();
    match asked.by().update_webhook_if(id, &actor, change, asked.expected()).await {
        Ok(updated) => shown(state, caller, request, id, updated.probe.as_ref()).await,
        Err(error) => asked.answer(Err(error)).await,
    }
}

async fn delete(asked: Asked) -> Result<HttpResponse, Problem> {
    asked.access().change(&asked.id)?;
    match asked.by().delete_webhook_if(&asked.id, asked.expected()).await {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(error) => asked.answer(Err(error)).await,
    }
}

#[cfg(test)]
mod tests;
