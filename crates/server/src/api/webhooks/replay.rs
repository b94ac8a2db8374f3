//! A span of a webhook's deliveries sent again: counted, begun, watched, stopped.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http::header, web};
use bluehook_core::{
    delivery::Status,
    input::{self, Fault, Fields, Names},
    json::Json,
};
use bluehook_dispatcher::{Replay, ReplayQuery};
use serde_json::json;

use super::Body;
use crate::{
    api::{
        body::{event, instant},
        if_match::{IfMatch, etag},
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
    request: HttpRequest,
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
    if let Some(version) = state.dispatcher.version(&query.webhook_id) {
        IfMatch::of(&request).check(&version)?;
    }
    let replay = state.by(&caller, &request).start_replay(query).await?;
    Ok(tagged(HttpResponse::Accepted(), &replay).json(ReplayView::new(&replay)))
}

/// How far a replay is.
pub(super) async fn show(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let replay = state.access(&caller).replay(state.dispatcher.replay(&id).await?)?;
    Ok(tagged(HttpResponse::Ok(), &replay).json(ReplayView::new(&replay)))
}

/// Stops a replay.
pub(super) async fn cancel(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let replay = state.access(&caller).replay(state.dispatcher.replay(&id).await?)?;
    IfMatch::of(&request).check(&version(&replay))?;
    state.by(&caller, &request).cancel_replay(&id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Changes with its state, not with how far it is.
fn version(replay: &Replay) -> String {
    format!("{} {}", replay.id, replay.state.name())
}

fn tagged(mut response: HttpResponseBuilder, replay: &Replay) -> HttpResponseBuilder {
    response.insert_header((header::ETAG, etag(&version(replay))));
    response
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
