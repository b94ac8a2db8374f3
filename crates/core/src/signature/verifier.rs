//! The receiver's side: is this request from who holds the secret, and is it fresh?

use alloc::vec::Vec;

use super::{
    Signer,
    claim::{Claim, Headers, Scheme},
    mac::{Mac, Tag},
};

/// How far a request's timestamp may lie from now, in seconds, unless the receiver says otherwise.
pub const DEFAULT_TOLERANCE_SECONDS: u32 = 300;

/// What a receiver insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How far the timestamp may lie in the past or in the future, in seconds.
    pub tolerance_seconds: u32,
    /// Whether a request without the Standard Webhooks headers is refused, since it could be an old one sent again.
    pub require_timestamp: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { tolerance_seconds: DEFAULT_TOLERANCE_SECONDS, require_timestamp: false }
    }
}

/// A request that is from who it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which headers decided.
    pub scheme: Scheme,
    /// Which of the receiver's secrets fits, from 0.
    pub secret_index: usize,
    /// Whether an old copy of the request would have been refused.
    pub replay_protected: bool,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum Refusal {
    /// A header that is needed is not there.
    MissingSignature,
    /// A header is there, but cannot be what it should be.
    MalformedSignature,
    /// The signature was made with another secret or over other bytes.
    SignatureMismatch,
    /// The timestamp lies further in the past than is tolerated.
    TimestampTooOld,
    /// The timestamp lies further in the future than is tolerated.
    TimestampTooNew,
}

impl Refusal {
    /// Every refusal, in the order of their numbers.
    pub const ALL: [Refusal; 5] = [
        Refusal::MissingSignature,
        Refusal::MalformedSignature,
        Refusal::SignatureMismatch,
        Refusal::TimestampTooOld,
        Refusal::TimestampTooNew,
    ];

    /// What was wrong and what was expected.
    pub const fn message(self) -> &'static str {
        match self {
            Refusal::MissingSignature => {
                "no signature: expected X-Signature, or webhook-id, webhook-timestamp and webhook-signature"
            }
            Refusal::MalformedSignature => {
                "malformed signature headers: expected 64 hexadecimal digits in X-Signature; or an id, seconds since 1970 and \
                 v1,<base64>"
            }
            Refusal::SignatureMismatch => "the signature does not match the body and the secret",
            Refusal::TimestampTooOld => "the timestamp is older than is tolerated",
            Refusal::TimestampTooNew => "the timestamp lies further in the future than is tolerated",
        }
    }

    /// A word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::MissingSignature => "MISSING_SIGNATURE",
            Refusal::MalformedSignature => "MALFORMED_SIGNATURE",
            Refusal::SignatureMismatch => "SIGNATURE_MISMATCH",
            Refusal::TimestampTooOld => "TIMESTAMP_TOO_OLD",
            Refusal::TimestampTooNew => "TIMESTAMP_TOO_NEW",
        }
    }
}

/// Checks requests against one secret, or several while secrets are being changed.
#[derive(Clone, Debug)]
pub struct Verifier {
    signers: Vec<Signer>,
    policy: Policy,
}

impl Verifier {
    /// A verifier for these secrets, in the order in which verdicts count them. With none, nothing ever matches.
    pub fn new(signers: Vec<Signer>, policy: Policy) -> Verifier {
        Verifier { signers, policy }
    }

    /// Checks one request at a given time. The Standard Webhooks headers decide when any of them is there; a wrong one is
    /// never outvoted by a right `X-Signature`.
    pub fn verify(&self, body: &[u8], headers: &Headers<'_>, now_seconds: i64) -> Result<Verdict, Refusal> {
        let mut check = self.begin(headers, now_seconds)?;
        check.update(body);
        check.finish()
    }

    /// Reads the headers of a request whose body follows in pieces. What they alone decide is refused before anything is
    /// hashed.
    pub fn begin(&self, headers: &Headers<'_>, now_seconds: i64) -> Result<Check, Refusal> {
        if self.policy.require_timestamp && headers.timestamp.is_none() {
            return Err(Refusal::MissingSignature);
        }
        let claim = Claim::read(headers)?;
        if let Some(seconds) = claim.seconds {
            self.check_age(seconds, now_seconds)?;
        }
        let macs = self.signers.iter().map(|signer| claim.begin(signer.fresh(claim.scheme))).collect();
        Ok(Check { scheme: claim.scheme, given: claim.given, macs })
    }

    fn check_age(&self, timestamp: i64, now: i64) -> Result<(), Refusal> {
        let age = now.saturating_sub(timestamp);
        let tolerance = i64::from(self.policy.tolerance_seconds);
        if age > tolerance {
            Err(Refusal::TimestampTooOld)
        } else if age < -tolerance {
            Err(Refusal::TimestampTooNew)
        } else {
            Ok(())
        }
    }
}

/// A request whose headers were read: hand it the body, then ask. Every secret is tried, so the time taken does not tell
/// which one fits.
#[derive(Clone, Debug)]
pub struct Check {
    scheme: Scheme,
    /// What the headers claim.
    given: Vec<Tag>,
    /// What each secret makes of the body.
    macs: Vec<Mac>,
}

impl Check {
    /// Takes the next piece of the body.
    pub fn update(&mut self, piece: &[u8]) {
        for mac in &mut self.macs {
            mac.update(piece);
        }
    }

    /// Compares, once the whole body was taken.
    pub fn finish(self) -> Result<Verdict, Refusal> {
        let Check { scheme, given, macs } = self;
        let fits = macs.into_iter().map(|mac| mac.finish().is_any_of(&given)).enumerate();
        let first = fits.fold(None, |first: Option<usize>, (at, fits)| first.or(fits.then_some(at)));
        let secret_index = first.ok_or(Refusal::SignatureMismatch)?;
        Ok(Verdict { scheme, secret_index, replay_protected: scheme == Scheme::Standard })
    }
}
