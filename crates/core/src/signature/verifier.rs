//! The receiver's side: is this request from who holds the secret, and is it fresh?

use alloc::vec::Vec;

use base64::{Engine, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;

use super::Signer;

/// How far a request's timestamp may lie from now, in seconds, unless the receiver says otherwise.
pub const DEFAULT_TOLERANCE_SECONDS: u32 = 300;

/// The headers that decide, as they came; `None` where a header is absent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'a> {
    /// `X-Signature`.
    pub x_signature: Option<&'a str>,
    /// `X-Signature-Next`: the same with the coming secret, while secrets are being changed.
    pub x_signature_next: Option<&'a str>,
    /// `webhook-id`.
    pub id: Option<&'a str>,
    /// `webhook-timestamp`: seconds since 1970.
    pub timestamp: Option<&'a str>,
    /// `webhook-signature`: one or more, separated by spaces.
    pub signature: Option<&'a str>,
}

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

/// Which headers decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    Standard,
    /// `X-Signature`.
    XSignature,
}

impl Scheme {
    /// The word in the npm package and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Scheme::Standard => "standard",
            Scheme::XSignature => "x-signature",
        }
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
pub enum Refusal {
    /// A header that is needed is not there.
    #[error("no signature: expected X-Signature, or webhook-id, webhook-timestamp and webhook-signature")]
    MissingSignature,
    /// A header is there, but cannot be what it should be.
    #[error(
        "malformed signature headers: expected 64 hexadecimal digits in X-Signature; or an id, seconds since 1970 and v1,<base64>"
    )]
    MalformedSignature,
    /// The signature was made with another secret or over other bytes.
    #[error("the signature does not match the body and the secret")]
    SignatureMismatch,
    /// The timestamp lies further in the past than is tolerated.
    #[error("the timestamp is too old: an old request sent again, or a clock that is wrong")]
    TimestampTooOld,
    /// The timestamp lies further in the future than is tolerated.
    #[error("the timestamp lies in the future: a clock is wrong")]
    TimestampTooNew,
}

impl Refusal {
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
        match (headers.id, headers.timestamp, headers.signature) {
            (Some(id), Some(timestamp), Some(signature)) => {
                self.verify_standard(body, [id, timestamp, signature].map(str::trim_ascii), now_seconds)
            }
            (None, None, None) if !self.policy.require_timestamp => self.verify_x_signature(body, headers),
            _ => Err(Refusal::MissingSignature),
        }
    }

    fn verify_standard(&self, body: &[u8], headers: [&str; 3], now: i64) -> Result<Verdict, Refusal> {
        let [id, timestamp, signature] = headers;
        // The signed text is `id.timestamp.body`: an id with a full stop could be read in two ways.
        if id.is_empty()
            || id.contains('.')
            || !signature.split_ascii_whitespace().any(|one| v1(one).is_some())
        {
            return Err(Refusal::MalformedSignature);
        }
        self.check_age(seconds(timestamp).ok_or(Refusal::MalformedSignature)?, now)?;
        let matching = |signer: &Signer| {
            let expected = signer.standard_bytes(id, timestamp, body);
            signature.split_ascii_whitespace().filter_map(v1).any(|given| same(&given, &expected))
        };
        self.verdict(Scheme::Standard, matching)
    }

    fn verify_x_signature(&self, body: &[u8], headers: &Headers<'_>) -> Result<Verdict, Refusal> {
        let given = x_signature(headers.x_signature.ok_or(Refusal::MissingSignature)?)?;
        let next = headers.x_signature_next.map(x_signature).transpose()?;
        let matching = |signer: &Signer| {
            let expected = signer.x_signature_bytes(body);
            same(&given, &expected) || next.is_some_and(|next| same(&next, &expected))
        };
        self.verdict(Scheme::XSignature, matching)
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

    fn verdict(&self, scheme: Scheme, matching: impl Fn(&Signer) -> bool) -> Result<Verdict, Refusal> {
        let secret_index = self.signers.iter().position(matching).ok_or(Refusal::SignatureMismatch)?;
        Ok(Verdict { scheme, secret_index, replay_protected: scheme == Scheme::Standard })
    }
}

/// 64 hexadecimal digits in either case, white space around them accepted.
fn x_signature(text: &str) -> Result<[u8; 32], Refusal> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim_ascii(), &mut bytes).map_err(|_| Refusal::MalformedSignature)?;
    Ok(bytes)
}

/// One signature of `webhook-signature`; `None` when it is of another version, or not 32 bytes in base64.
fn v1(text: &str) -> Option<[u8; 32]> {
    let encoded = text.strip_prefix("v1,")?;
    // 44 characters are at most 33 bytes; base64 that is longer does not fit, which is an error too.
    let mut bytes = [0; 33];
    match STANDARD.decode_slice(encoded, &mut bytes) {
        Ok(32) => bytes.first_chunk().copied(),
        _ => None,
    }
}

/// Decimal seconds since 1970, without a sign.
fn seconds(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn same(given: &[u8; 32], expected: &[u8; 32]) -> bool {
    given.ct_eq(expected).into()
}
