//! A webhook's secrets: a new one, beside the old for a while; only the new one; none.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::input::{self, Fields};
use serde::Serialize;

use super::{
    Body, OptionalBody,
    shown::{as_it_was_read, etag, shown_or_changed},
};
use crate::{
    api::view::{Instant, SecretView},
    auth::Caller,
    problem::Problem,
    state::State,
};

/// How long both secrets sign when nobody says.
const OVERLAP_SECONDS: i64 = 86_400;

/// The new secret, the only time that it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RotatedView<'a> {
    secret: &'a str,
    secrets: Vec<SecretView>,
    /// When the one before ends.
    ends_at: Option<Instant>,
}

pub(super) async fn rotate(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
    OptionalBody(body): OptionalBody,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let (overlap, given) = body.read(rotation)?;
    let expected = as_it_was_read(&request);
    let rotated = match state.dispatcher.rotate_secret_if(&id, overlap, given, expected).await {
        Ok(rotated) => rotated,
        Err(error) => return shown_or_changed(&state, &caller, &request, &id, Err(error)).await,
    };
    let view = RotatedView {
        secret: rotated.secret.expose(),
        secrets: SecretView::all(&rotated.secrets),
        ends_at: rotated.ends_at.map(Instant),
    };
    let mut response = HttpResponse::Ok();
    if let Some(version) = state.dispatcher.version(&id) {
        response.insert_header((header::ETAG, etag(&version)));
    }
    Ok(response.insert_header((header::CACHE_CONTROL, "no-store")).json(view))
}

pub(crate) fn rotation(mut fields: Fields<'_>) -> Result<(Duration, Option<String>), Vec<input::Problem>> {
    let seconds = fields.optional("overlapSeconds", input::integer(0..=i64::from(u32::MAX)));
    let secret = fields.optional("secret", input::any_text);
    let seconds = u64::try_from(seconds.unwrap_or(OVERLAP_SECONDS)).unwrap_or_default();
    fields.finish(Some((Duration::from_secs(seconds), secret)))
}

/// Only the newest secret signs from now on.
pub(super) async fn finish(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
    OptionalBody(body): OptionalBody,
) -> Result<HttpResponse, Problem> {
    nothing(&body)?;
    state.access(&caller).change(&id)?;
    let done = state.dispatcher.finish_rotation(&id, as_it_was_read(&request)).await;
    shown_or_changed(&state, &caller, &request, &id, done).await
}

/// Deliveries are no longer signed.
pub(super) async fn remove(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.access(&caller).change(&id)?;
    let done = state.dispatcher.remove_secret(&id, as_it_was_read(&request)).await;
    shown_or_changed(&state, &caller, &request, &id, done).await
}

/// A body that says nothing.
pub(super) fn nothing(body: &Body) -> Result<(), Problem> {
    body.read(|fields| fields.finish(Some(())))
}
