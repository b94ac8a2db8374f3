//! A webhook given to another person, so that it outlives its maker's membership.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_core::{event::MAX_ID, input};

use super::{
    Body,
    shown::{as_it_was_read, shown_or_changed},
};
use crate::{auth::Caller, problem::Problem, state::State};

/// That person becomes its creator.
pub(super) async fn run(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let user_id = body.read(|mut fields| {
        let user_id = fields.required("userId", input::text(MAX_ID));
        fields.finish(user_id)
    })?;
    let done = state.dispatcher.hand_over(&id, &user_id, as_it_was_read(&request)).await;
    shown_or_changed(&state, &caller, &request, &id, done).await
}
