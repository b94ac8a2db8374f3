//! An answer, read up to a limit, and whether it is a whole one.

use awc::{
    ClientResponse,
    error::PayloadError,
    http::{
        StatusCode, Version,
        header::{self, HeaderMap},
    },
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::stream::Line;
use crate::{
    failure::{Failure, FailureKind},
    log::{BodyCut, Outcome, Response},
};

/// The most of an answer's body that is read.
const MAX_READ: usize = 64 * 1024;
/// The most of an answer's body that is kept.
const MAX_KEPT: usize = 16 * 1024;
/// The most of an answer's headers that is kept.
const MAX_HEADERS: usize = 64;

/// Reads an answer up to the limit. A body that breaks off is a broken connection; one beyond the limit is not read on.
/// An interim answer is none: awc cannot go on to the one that follows.
pub(super) async fn read<S>(mut answer: ClientResponse<S>, line: &Line) -> Outcome
where
    S: Stream<Item = Result<Bytes, PayloadError>> + Unpin,
{
    let status = answer.status();
    // No await before this: the pool must not give the connection to anybody else.
    if answer.version() < Version::HTTP_2 && !ends_by_itself(status, answer.headers()) {
        line.spoil();
    }
    if status.is_informational() {
        return failure(FailureKind::InvalidResponse, format!("only an interim answer came: {status}"));
    }
    let (mut body, mut seen) = (Vec::new(), 0_usize);
    while let Some(chunk) = answer.next().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => return failure(FailureKind::Connection, error.to_string()),
        };
        seen += chunk.len();
        let room = MAX_KEPT - body.len();
        body.extend(chunk.iter().copied().take(room));
        if seen > MAX_READ {
            break;
        }
    }
    if seen <= MAX_READ && ended_early(status, answer.headers(), seen, line) {
        return failure(FailureKind::Connection, "the connection ended before the answer did".to_owned());
    }
    let body_truncated = seen > body.len();
    let headers = shown(answer.headers());
    Outcome::Response(Response {
        status_code: status.as_u16(),
        headers,
        body,
        body_truncated,
        body_cut: body_truncated.then_some(BodyCut::Limit),
        clean: true,
    })
}

fn failure(kind: FailureKind, detail: String) -> Outcome {
    Outcome::Failure(Failure::new(kind).with(|params| params.told = Some(detail)))
}

fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = headers.iter().take(MAX_HEADERS);
    headers.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}

/// Whether another answer can follow this one over the same connection. Not when this one is an interim answer, nor when
/// nothing says where it ends.
fn ends_by_itself(status: StatusCode, headers: &HeaderMap) -> bool {
    !status.is_informational()
        && (matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
            || headers.contains_key(header::CONTENT_LENGTH)
            || headers.contains_key(header::TRANSFER_ENCODING))
}

/// Whether a body that ended after so many bytes should have been longer. awc says nothing when the connection ends.
fn ended_early(status: StatusCode, headers: &HeaderMap, seen: usize, line: &Line) -> bool {
    if status == StatusCode::NOT_MODIFIED {
        return false;
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    match length.and_then(|length| length.trim().parse::<usize>().ok()) {
        Some(length) => seen < length,
        // A chunked body says itself where it ends, before the connection does.
        None => headers.contains_key(header::TRANSFER_ENCODING) && line.is_closed(),
    }
}
