//! A real request to a webhook's receiver now, with a sample, answered with what came of it.

use actix_web::{HttpResponse, web};

use super::OptionalBody;
use crate::{
    api::{body::event, view::TestView},
    auth::Caller,
    problem::Problem,
    state::State,
};

/// Sends a sample and shows the attempt. Nothing of it is in the log.
pub(super) async fn run(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
    OptionalBody(body): OptionalBody,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let event = body.read(|mut fields| {
        let event = fields.optional("event", event);
        fields.finish(Some(event))
    })?;
    let test = state.dispatcher.test_webhook(&id, event).await?;
    Ok(HttpResponse::Ok().json(TestView::new(&test)))
}
