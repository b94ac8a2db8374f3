//! A span of a webhook's deliveries sent again: counted, begun, watched, stopped.

use actix_web::{HttpResponse, web};
use bluehook_core::{
    delivery::Status,
    input::{self, Fault, Fields, Names},
    json::Json,
};
use bluehook_dispatcher::ReplayQuery;
use serde_json::json;

use super::Body;
use crate::{
    api::{
        body::{event, instant},
        view::ReplayView,
    },
    auth::Caller,
    problem::Problem,
    state::State,
};

/// The statuses of deliveries that can be sent again.
const ENDED: [&str; 4] = ["SUCCEEDED", "FAILED", "HELD", "CANCELLED"];

/// Begins a replay, or with `dryRun` only counts what it would send.
pub(super) async fn start(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let (query, dry_run) = body.read(|fields| replay(fields, id.into_inner()))?;
    let _turn = state.limits.turn(&caller)?;
    if dry_run {
        let total = state.dispatcher.count_replay(query).await?;
        return Ok(HttpResponse::Ok().json(json!({ "total": total })));
    }
    let replay = state.dispatcher.start_replay(query).await?;
    Ok(HttpResponse::Accepted().json(ReplayView::new(&replay)))
}

/// How far a replay is.
pub(super) async fn show(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let replay = state.access(&caller).replay(state.dispatcher.replay(&id).await?)?;
    Ok(HttpResponse::Ok().json(ReplayView::new(&replay)))
}

/// Stops a replay.
pub(super) async fn cancel(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).replay(state.dispatcher.replay(&id).await?)?;
    state.dispatcher.cancel_replay(&id).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(crate) fn replay(
    mut fields: Fields<'_>,
    webhook_id: String,
) -> Result<(ReplayQuery, bool), Vec<input::Problem>> {
    let since = fields.required("since", instant);
    let until = fields.required("until", instant);
    let status = fields.optional("status", status);
    let event = fields.optional("event", event);
    let dry_run = fields.optional("dryRun", input::boolean).unwrap_or_default();
    let query =
        since.zip(until).map(|(since, until)| ReplayQuery { webhook_id, since, until, status, event });
    fields.finish(query.map(|query| (query, dry_run)))
}

fn status<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<Status> {
    let text = input::any_text(fields, name, raw)?;
    let status = Status::from_name(&text);
    if status.is_none() {
        fields.problem(name, Fault::UnknownWord(Names::near(&text, &ENDED)));
    }
    status
}
