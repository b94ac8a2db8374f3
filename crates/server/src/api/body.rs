//! Bodies of requests: JSON, within the limit, in time.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    error::PayloadError,
    web::{Bytes, BytesMut, Data},
};
use bluehook_core::{
    event::{EventType, event_name},
    input::{self, Fault, Fields},
    json::Json,
    time::{self, Millis},
};
use futures_util::Stream;
use serde_json::json;

use crate::{
    problem::{Code, Detail, Problem},
    state::State,
};

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// The bytes of a JSON body.
pub(crate) struct Body(pub(super) Bytes);

impl Body {
    /// What was read.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The fields of the object in the body.
    pub(super) fn fields(&self) -> Result<Fields<'_>, Problem> {
        Fields::parse(&self.0).map_err(Problem::invalid)
    }

    /// Reads the object in the body; `read` takes its fields.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(Fields<'_>) -> Result<T, Vec<input::Problem>>,
    ) -> Result<T, Problem> {
        read(self.fields()?).map_err(Problem::invalid)
    }
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = Reading<Body>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = read(request, payload, &[JSON]);
        Box::pin(async move { Ok(Body(reading.await?)) })
    }
}

/// A JSON body that may be left away altogether, which says as much as `{}`.
pub(super) struct OptionalBody(pub(super) Body);

impl FromRequest for OptionalBody {
    type Error = Problem;
    type Future = Reading<OptionalBody>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let length = request.headers().get("content-length");
        let none =
            length.is_none_or(|length| length == "0") && !request.headers().contains_key("transfer-encoding");
        if none {
            return Box::pin(async { Ok(OptionalBody(Body(Bytes::from_static(b"{}")))) });
        }
        let reading = Body::from_request(request, payload);
        Box::pin(async move { Ok(OptionalBody(reading.await?)) })
    }
}

/// Several things: an object with a list, or one document a line.
pub(super) enum Batch {
    Json(Body),
    Lines(Bytes),
}

impl FromRequest for Batch {
    type Error = Problem;
    type Future = Reading<Batch>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let lines = request.content_type().eq_ignore_ascii_case(LINES);
        let reading = read(request, payload, &[JSON, LINES]);
        Box::pin(async move {
            let bytes = reading.await?;
            Ok(if lines { Batch::Lines(bytes) } else { Batch::Json(Body(bytes)) })
        })
    }
}

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    accepted: &[&str],
) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let checked = check_head(request, accepted);
    let payload = payload.take();
    async move {
        let limit = checked?;
        match actix_web::rt::time::timeout(BODY_TIMEOUT, collect(payload, limit)).await {
            Ok(body) => body,
            Err(_) => Err(Problem::new(Code::RequestTimeout, Detail::SlowBody)),
        }
    }
}

/// Refuses by the headers alone what need not be read; gives the limit.
fn check_head(request: &HttpRequest, accepted: &[&str]) -> Result<usize, Problem> {
    let content_type = request.content_type();
    if !accepted.iter().any(|accepted| content_type.eq_ignore_ascii_case(accepted)) {
        let found = if content_type.is_empty() { "none" } else { content_type };
        let detail = Detail::MediaType { expected: accepted.join(" or "), found: input::shown(found) };
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    let Some(state) = request.app_data::<Data<State>>() else {
        return Err(Problem::new(Code::InternalServerError, Detail::NotSetUp));
    };
    let announced: Option<usize> =
        request.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    match announced {
        Some(length) if length > state.body_limit => Err(too_large(state.body_limit)),
        _ => Ok(state.body_limit),
    }
}

async fn collect(mut payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = next(&mut payload).await {
        let chunk = chunk.map_err(|_| Problem::new(Code::BadUserInput, Detail::BrokenBody))?;
        if body.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

async fn next(payload: &mut Payload) -> Option<Result<Bytes, PayloadError>> {
    std::future::poll_fn(|context| Pin::new(&mut *payload).poll_next(context)).await
}

fn too_large(limit: usize) -> Problem {
    Problem::new(Code::BodyTooLarge, Detail::LargeBody(limit)).params(json!({ "limit": limit }))
}

/// Reads a field that is a date and time.
pub(super) fn instant<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<Millis> {
    let text = input::any_text(fields, name, raw)?;
    let at = time::parse(&text);
    if at.is_none() {
        fields.problem(name, Fault::BadTime);
    }
    at
}

/// Reads a field that names an event.
pub(super) fn event<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<EventType> {
    let text = input::any_text(fields, name, raw)?;
    event_name(&text).map_err(|fault| fields.problem(name, fault)).ok()
}
