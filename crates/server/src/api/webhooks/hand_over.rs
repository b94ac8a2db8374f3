//! A webhook given to another person, so that it outlives its maker's membership.

use actix_web::HttpResponse;
use bluehook_core::{event::MAX_ID, input};

use super::{Asked, Body};
use crate::problem::Problem;

/// That person becomes its creator.
pub(super) async fn run(asked: Asked, body: Body) -> Result<HttpResponse, Problem> {
    let access = asked.access();
    access.hand_over(&asked.id)?;
    let user_id = body.read(|mut fields| {
        let user_id = fields.required("userId", input::text(MAX_ID));
        fields.finish(user_id)
    })?;
    let done = asked.by().hand_over(&asked.id, &user_id, &access.actor(), asked.expected()).await;
    asked.answer(done).await
}
