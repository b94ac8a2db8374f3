//! Which of the events that happened lately a webhook would get if it chose differently.

use actix_web::{HttpResponse, web};
use bluehook_core::{
    event::{EventType, MAX_ID, event_name},
    filter,
    input::{self, Fault, Fields},
    time,
};
use bluehook_dispatcher::{Choice, Example, MAX_DRY_RUN};
use serde_json::{Value, json};

use super::Body;
use crate::{auth::Caller, problem::Problem, state::State};

/// How many events are looked at when nobody says.
const LIMIT: usize = 100;

/// Tries a choice on the company's newest events. Nothing is sent.
pub(super) async fn run(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let access = state.access(&caller);
    access.see(&id)?;
    let (choice, limit) = body.read(choice)?;
    let _turn = state.limits.turn(&caller)?;
    let run = state.dispatcher.dry_run_for(&access.actor(), &id, &choice, limit).await?;
    Ok(HttpResponse::Ok().json(json!({
        "considered": run.considered,
        "matches": run.matches,
        "examples": run.examples.iter().map(shown).collect::<Vec<_>>(),
        "others": run.others.iter().map(shown).collect::<Vec<_>>(),
    })))
}

pub(crate) fn choice(mut fields: Fields<'_>) -> Result<(Choice, usize), Vec<input::Problem>> {
    let max = i64::try_from(MAX_DRY_RUN).unwrap_or(i64::MAX);
    let limit =
        fields.optional("limit", input::integer(1..=max)).and_then(|limit| usize::try_from(limit).ok());
    let choice = Choice {
        filter: fields.nullable("filter", filter::field),
        events: fields.optional("events", input::list(EventType::ALL.len(), event_name)),
        project_ids: fields.optional("projectIds", input::list(500, project_id)),
    };
    fields.finish(Some((choice, limit.unwrap_or(LIMIT))))
}

fn project_id(text: &str) -> Result<String, Fault> {
    input::text_problem(text, MAX_ID).map_or_else(|| Ok(text.to_owned()), Err)
}

fn shown(example: &Example) -> Value {
    let why = example
        .reason
        .as_ref()
        .map(|reason| json!({ "code": reason.code(), "en": reason.english(), "it": reason.italian() }));
    json!({
        "eventId": example.event_id,
        "event": example.event_type.name(),
        "projectId": example.project_id,
        "receivedAt": time::format(example.received_at),
        "why": why,
    })
}
