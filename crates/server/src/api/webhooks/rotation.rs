//! A webhook's secrets: a new one, beside the old for a while; only the new one; none.

use std::time::Duration;

use actix_web::{HttpResponse, http::header};
use bluehook_core::input::{self, Fields};
use serde::Serialize;

use super::{Asked, Body, OptionalBody};
use crate::{
    api::{
        if_match::etag,
        view::{Instant, SecretView},
    },
    problem::Problem,
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

pub(super) async fn rotate(asked: Asked, OptionalBody(body): OptionalBody) -> Result<HttpResponse, Problem> {
    asked.access().change(&asked.id)?;
    let (overlap, given) = body.read(rotation)?;
    let rotated = match asked.by().rotate_secret_if(&asked.id, overlap, given, asked.expected()).await {
        Ok(rotated) => rotated,
        Err(error) => return asked.answer(Err(error)).await,
    };
    let view = RotatedView {
        secret: rotated.secret.expose(),
        secrets: SecretView::all(&rotated.secrets),
        ends_at: rotated.ends_at.map(Instant),
    };
    let mut response = HttpResponse::Ok();
    if let Some(version) = asked.state.dispatcher.version(&asked.id) {
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
pub(super) async fn finish(asked: Asked, OptionalBody(body): OptionalBody) -> Result<HttpResponse, Problem> {
    nothing(&body)?;
    asked.access().change(&asked.id)?;
    let done = asked.by().finish_rotation(&asked.id, asked.expected()).await;
    asked.answer(done).await
}

/// Deliveries are no longer signed.
pub(super) async fn remove(asked: Asked) -> Result<HttpResponse, Problem> {
    asked.access().change(&asked.id)?;
    let done = asked.by().remove_secret(&asked.id, asked.expected()).await;
    asked.answer(done).await
}

/// A body that says nothing.
pub(super) fn nothing(body: &Body) -> Result<(), Problem> {
    body.read(|fields| fields.finish(Some(())))
}
