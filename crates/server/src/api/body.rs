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
    auth,
    limits::Share,
    problem::{Code, Detail, Problem},
    state::State,
    wire::Connection,
};

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// The bytes of a JSON body.
pub(crate) struct Body(
    pub(super) Bytes,
    #[expect(dead_code, reason = "it counts while it is held")] Option<Share>,
);

impl Body {
    /// Reads a body of at most so many bytes.
    pub(crate) async fn within(
        most: usize,
        request: &HttpRequest,
        payload: Payload,
    ) -> Result<Body, Problem> {
        let (bytes, share) = taken(request, payload, &[JSON], most).await?;
        Ok(Body(bytes, share))
    }

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
        Box::pin(async move {
            let (bytes, share) = reading.await?;
            Ok(Body(bytes, share))
        })
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
            return Box::pin(async { Ok(OptionalBody(Body(Bytes::from_static(b"{}"), None))) });
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
            let (bytes, share) = reading.await?;
            Ok(if lines { Batch::Lines(bytes) } else { Batch::Json(Body(bytes, share)) })
        })
    }
}

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    accepted: &'static [&'static str],
) -> impl Future<Output = Result<(Bytes, Option<Share>), Problem>> + use<> {
    let (request, payload) = (request.clone(), payload.take());
    async move { taken(&request, payload, accepted, usize::MAX).await }
}

/// Reads a body. Who is not known, and what is too large or of the wrong kind, is refused by the headers alone; only then
/// does a caller that waits with its body hear that it is wanted.
async fn taken(
    request: &HttpRequest,
    payload: Payload,
    accepted: &[&str],
    most: usize,
) -> Result<(Bytes, Option<Share>), Problem> {
    let caller = auth::caller(request)?;
    let size = check_head(request, accepted, most)?;
    let state = request.app_data::<Data<State>>();
    let share = state.map_or(Ok(None), |state| state.limits.room(&caller, size))?;
    if let Some(connection) = Connection::of(request) {
        connection.want_body();
    }
    let bytes = in_time(payload, size).await?;
    match packed(&bytes) {
        Some(coding) => Err(coded(coding)),
        None => Ok((bytes, share)),
    }
}

/// How a body is compressed, as the request says.
fn coding(request: &HttpRequest) -> Option<&str> {
    let given = request.headers().get_all("content-encoding").map(|value| value.to_str().unwrap_or("?"));
    let mut codings = given.flat_map(|value| value.split(',')).map(str::trim);
    codings.find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
}

/// How a body is compressed, as its first bytes say where the request does not.
fn packed(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some("deflate"),
        _ => None,
    }
}

fn coded(coding: &str) -> Problem {
    Problem::new(Code::UnsupportedMediaType, Detail::Coded(input::shown(coding)))
}

async fn in_time(payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    match actix_web::rt::time::timeout(BODY_TIMEOUT, collect(payload, limit)).await {
        Ok(body) => body,
        Err(_) => Err(Problem::new(Code::RequestTimeout, Detail::SlowBody)),
    }
}

/// Refuses by the headers alone what need not be read; gives how much is.
fn check_head(request: &HttpRequest, accepted: &[&str], most: usize) -> Result<usize, Problem> {
    let content_type = request.content_type();
    if !accepted.iter().any(|accepted| content_type.eq_ignore_ascii_case(accepted)) {
        let found = if content_type.is_empty() { "none" } else { content_type };
        let detail = Detail::MediaType { expected: accepted.join(" or "), found: input::shown(found) };
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    if let Some(coding) = coding(request) {
        return Err(coded(coding));
    }
    let Some(state) = request.app_data::<Data<State>>() else {
        return Err(Problem::new(Code::InternalServerError, Detail::NotSetUp));
    };
    let announced: Option<usize> =
        request.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    let limit = state.body_limit.min(most);
    match announced {
        Some(length) if length > limit => Err(too_large(limit)),
        // No more than was announced is read; where nothing was, it could be as much as there may be.
        announced => Ok(announced.unwrap_or(limit)),
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
