//! Persisted queries, which are not kept here. A client that sends a hash alone is told so by the error that its protocol
//! has for it, and sends the text.

use async_graphql::{BatchRequest, BatchResponse, Request, Response, ServerError};

/// What the protocol calls it, in a message and in a code (Apollo's automatic persisted queries).
const NOT_SUPPORTED: (&str, &str) = ("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED");

/// Whether a request has a hash in the place of its text.
pub(super) fn is_hash_alone(request: &Request) -> bool {
    request.query.trim().is_empty() && request.extensions.contains_key("persistedQuery")
}

/// The answer to a request that has; none when it has not. Of several operations none is done then, since each is sent
/// again.
pub(super) fn refused(batch: &BatchRequest) -> Option<BatchResponse> {
    match batch {
        BatchRequest::Single(request) if is_hash_alone(request) => Some(BatchResponse::Single(refusal())),
        BatchRequest::Batch(requests) if requests.iter().any(is_hash_alone) => {
            Some(BatchResponse::Batch(requests.iter().map(|_| refusal()).collect()))
        }
        _ => None,
    }
}

fn refusal() -> Response {
    let mut error = ServerError::new(NOT_SUPPORTED.0, None);
    error.extensions.get_or_insert_default().set("code", NOT_SUPPORTED.1);
    Response::from_errors(vec![error])
}
