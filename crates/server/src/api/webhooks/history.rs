//! What a webhook's health was.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_core::language::Language;
use bluehook_dispatcher::HealthChange;

use crate::{
    access::Access,
    api::{
        language::{self, told},
        params::Params,
        view::{HealthChangeView, ItemsView},
    },
    auth::Caller,
    problem::Problem,
    state::State,
};

/// The most changes that are kept.
const KEPT: usize = 200;

/// Newest first.
pub(super) async fn show(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    Params::of(&request).finish()?;
    let access = state.access(&caller);
    access.change(&id)?;
    let language = language::of(&request);
    let changes = state.dispatcher.health_history(&id, KEPT).await?;
    let items = views(&changes, &access, language);
    Ok(told(&mut HttpResponse::Ok(), language).json(ItemsView { items }))
}

/// Changes of a webhook's health with the names of people.
pub(super) fn views<'a>(
    changes: &'a [HealthChange],
    access: &Access<'_>,
    language: Language,
) -> Vec<HealthChangeView<'a>> {
    let view = |change: &'a HealthChange| {
        let person = change.person.as_deref().and_then(|id| access.named(id));
        HealthChangeView::new(change, person, language)
    };
    changes.iter().map(view).collect()
}
