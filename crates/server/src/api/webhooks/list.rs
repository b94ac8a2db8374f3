//! Webhooks listed: one's own, or those of a whole company, by words, health and whether they are on.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_core::input::Fault;
use bluehook_dispatcher::{HealthState, WebhookQuery};

use super::include::{Include, included};
use crate::{
    api::{
        language::{self, told},
        params::{Params, boolean, word},
        view::{FollowedPageView, WebhookView},
    },
    auth::Caller,
    problem::Problem,
    state::State,
};

/// Whose webhooks are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Own,
    Company,
}

pub(super) async fn list(
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
        health: params.several("health", health).unwrap_or_default(),
        words: params.words("q").unwrap_or_default(),
    };
    let scope = params.take("scope", word(scope, &["own", "company"])).unwrap_or(Scope::Own);
    let include = params.several("include", |word| included(word, &[Include::Activity])).unwrap_or_default();
    params.finish()?;
    let (access, language) = (state.access(&caller), language::of(&request));
    let query = match scope {
        Scope::Own => access.webhooks(query),
        Scope::Company => access.company_webhooks(query)?,
    };
    let position = access.position(state.dispatcher.latest_position());
    let found = state.dispatcher.list_webhooks(query, page, include.contains(&Include::Activity)).await?;
    let items = found.items.iter().map(|fares| WebhookView::new(fares, &access, language)).collect();
    let last = found.items.last().map(|fares| fares.webhook.created_at);
    let view = FollowedPageView::new(items, (found.next_cursor.clone(), last), position);
    Ok(told(&mut HttpResponse::Ok(), language).json(view))
}

fn scope(text: &str) -> Option<Scope> {
    match text {
        "own" => Some(Scope::Own),
        "company" => Some(Scope::Company),
        _ => None,
    }
}

/// The states of health by their words.
fn health(text: &str) -> Result<HealthState, Fault> {
    word(HealthState::from_name, &HealthState::ALL.map(HealthState::name))(text)
}
