//! Why a request was refused: what a receiver should change, when the cause can be found.
//!
//! It runs after the verdict and never changes it. What it costs is bounded, and only whoever asks pays.

use crate::signature::{Headers, Refusal, Secret};

// What the headers tell by their shape.
mod shape;

/// A request that was refused.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The body as the receiver has it.
    pub body: &'a [u8],
    /// The headers as the receiver has them.
    pub headers: Headers<'a>,
}

/// What to change so that requests like this one are accepted; `None` when no cause was found.
pub fn explain(request: &Request<'_>, secrets: &[Secret], refusal: Refusal) -> Option<&'static str> {
    let _ = (request.body, secrets);
    match refusal {
        Refusal::MissingSignature => Some(shape::missing(&request.headers)),
        Refusal::MalformedSignature => shape::malformed(&request.headers),
        Refusal::TimestampTooOld => Some(shape::TOO_OLD),
        Refusal::TimestampTooNew => Some(shape::too_new(&request.headers)),
        Refusal::SignatureMismatch => None,
    }
}
