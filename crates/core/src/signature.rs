//! Signatures: two schemes over the same bytes, made by a sender and checked by a receiver.
//!
//! `X-Signature` is Blue's: lower-case hexadecimal HMAC-SHA256 over the body, keyed by the secret's UTF-8 bytes.
//! `webhook-signature` is Standard Webhooks 1.0's: HMAC-SHA256 over id, timestamp and body, so an old request cannot be
//! sent again. Every key state is computed once; no comparison takes longer for a better guess.

// What sender and receiver share.
mod secret;

// The one algorithm.
mod mac;

// The sender's side.
mod signer;

// What a request says about itself.
mod claim;

// The receiver's side.
mod verifier;

pub(crate) use claim::{Claim, is_id};
pub use claim::{Headers, Scheme};
pub(crate) use mac::{Mac, Tag};
pub use secret::{GENERATED_PREFIX, MAX_SECRET, MIN_SECRET, Secret, SecretError};
pub(crate) use secret::{decode_base64, key};
pub(crate) use signer::STANDARD_VERSION;
pub use signer::{Draft, Signer};
pub use verifier::{Check, DEFAULT_TOLERANCE_SECONDS, Policy, Refusal, Verdict, Verifier};

#[cfg(test)]
#[cfg(feature = "preview")]
mod tests;
