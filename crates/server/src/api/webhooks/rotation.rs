//! A webhook's new secret, and how long the old one signs beside it.

use std::time::Duration;

use actix_web::{HttpResponse, http::header, web};
use bluehook_core::input::{self, Fields};
use serde_json::json;

use super::OptionalBody;
use crate::{auth::Caller, problem::Problem, state::State};

/// How long both secrets sign when nobody says.
const OVERLAP_SECONDS: i64 = 86_400;

/// Answers with the new secret, the only time that it is shown.
pub(super) async fn rotate(
    caller: Caller,
    id: web::Path<String>,
    state: web::Data<State>,
    OptionalBody(body): OptionalBody,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let (overlap, given) = body.read(rotation)?;
    let secret = state.dispatcher.rotate_secret(&id, overlap, given).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "secret": secret.expose() })))
}

fn rotation(mut fields: Fields<'_>) -> Result<(Duration, Option<String>), Vec<input::Problem>> {
    let seconds = fields.optional("overlapSeconds", input::integer(0..=i64::from(u32::MAX)));
    let secret = fields.optional("secret", input::any_text);
    let seconds = u64::try_from(seconds.unwrap_or(OVERLAP_SECONDS)).unwrap_or_default();
    fields.finish(Some((Duration::from_secs(seconds), secret)))
}
