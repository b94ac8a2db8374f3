//! A real request to a webhook's receiver now, with a sample, answered with what came of it.

use actix_web::{HttpResponse, web};
use bluehook_core::{
    event::{EventType, event_name},
    input::{self, Fields},
};

use super::OptionalBody;
use crate::{api::view::TestView, auth::Caller, problem::Problem, state::State};

/// Sends a sample and shows the attempt. Nothing of it is in the log.
pub(super) async fn run(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
    OptionalBody(body): OptionalBody,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let event = body.read(event)?;
    let test = state.dispatcher.test_webhook(&id, event).await?;
    Ok(HttpResponse::Ok().json(TestView::new(&test)))
}

fn event(mut fields: Fields<'_>) -> Result<Option<EventType>, Vec<input::Problem>> {
    let event = fields.optional("event", |fields, name, raw| {
        let text = input::any_text(fields, name, raw)?;
        event_name(&text).map_err(|problem| fields.problem(name, problem)).ok()
    });
    fields.finish(Some(event))
}
