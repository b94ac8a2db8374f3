//! The audit trail: the backend sees all of it, a person what concerns their own webhooks, tokens and sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_dispatcher::{Action, AuditQuery};

use super::{
    only,
    params::{Params, word},
    view::{self, AuditView},
};
use crate::{
    auth::{Caller, Owner},
    problem::Problem,
    state::State,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/audit").get(list).default_service(only("GET, HEAD")));
}

async fn list(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let page = params.page();
    let (since, until) = params.span();
    let owner = match &caller {
        Caller::Service => None,
        Caller::User(Owner { user_id, company_id }) => Some((company_id.clone(), user_id.clone())),
    };
    let query = AuditQuery {
        owner,
        webhook_id: params.id("webhookId"),
        user_id: params.id("userId"),
        action: params.take("action", word(Action::from_name, &Action::ALL.map(Action::name))),
        since,
        until,
    };
    params.finish()?;
    let _turn = state.limits.read_turn(&caller).await?;
    let entries = state.dispatcher.audit(query, page).await?;
    let access = state.access(&caller);
    Ok(view::page(&entries, |entry| AuditView::new(entry, &access)))
}

#[cfg(test)]
mod tests;
