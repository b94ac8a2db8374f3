//! Why a request was refused: what a receiver should change, when the cause can be found.
//!
//! It runs after the verdict and never changes it: for a body and a secret it tries what usually goes wrong with them, and
//! sees whether the signature would then be right. What it costs is bounded ([`BUDGET`]), and only whoever asks pays.

use crate::signature::{Headers, Refusal, Secret};

// How much may be tried.
mod budget;

// What can be wrong, and what to do about it.
mod cause;

// What the headers tell by their shape.
mod shape;

// Would the signature be right if …?
mod trial;

// What usually goes wrong with secrets.
mod secrets;

// What usually goes wrong with bodies.
mod bodies;

// JSON written as other programs write it.
mod rewrite;

pub use budget::BUDGET;
pub use cause::Cause;

/// The largest body that is looked into, in bytes. In a larger one only what shows at its beginning is seen.
pub const MOST_BODY: usize = 64 * 1024;

/// A request that was refused.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The body as the receiver has it.
    pub body: &'a [u8],
    /// The headers as the receiver has them.
    pub headers: Headers<'a>,
}

/// What to change so that requests like this one are accepted, in words; `None` when no cause was found.
pub fn explain(request: &Request<'_>, secrets: &[Secret], refusal: Refusal) -> Option<&'static str> {
    diagnose(request, secrets, refusal).map(Cause::hint)
}

/// The cause of a refusal; `None` when it was not found.
pub fn diagnose(request: &Request<'_>, secrets: &[Secret], refusal: Refusal) -> Option<Cause> {
    match refusal {
        Refusal::MissingSignature => Some(shape::missing(&request.headers)),
        Refusal::MalformedSignature => shape::malformed(&request.headers),
        Refusal::TimestampTooOld => Some(Cause::TooOld),
        Refusal::TimestampTooNew => Some(shape::too_new(&request.headers)),
        Refusal::SignatureMismatch => bodies::obvious(request.body).or_else(|| mismatch(request, secrets)),
    }
}

/// Tries the likely before the unlikely, one thing at a time; what remains when nothing fits is another secret.
fn mismatch(request: &Request<'_>, secrets: &[Secret]) -> Option<Cause> {
    if request.body.len() > MOST_BODY {
        return Some(Cause::BodyLarge);
    }
    let mut budget = budget::Budget::full();
    if let Some(cause) = trial::other_delivery(request, secrets, &mut budget) {
        return Some(cause);
    }
    let mut trial = trial::Trial::new(&request.headers, &mut budget)?;
    secrets::cause(&mut trial, request.body, secrets)
        .or_else(|| bodies::cause(&mut trial, request.body, secrets))
        .or_else(|| trial.is_rotation().then_some(Cause::OldSecret))
        .or_else(|| secrets::suspicious(secrets))
        .or_else(|| bodies::suspicious(&mut trial, request.body))
        .or(Some(Cause::OtherSecret))
}

#[cfg(test)]
mod tests;
