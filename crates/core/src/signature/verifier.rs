//! The receiver's side: is this request from who holds the secret, and is it fresh?

use alloc::vec::Vec;

use super::{
    Signer,
    mac::{Mac, Tag},
    signer::STANDARD_VERSION,
};

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
        let mut check = self.begin(headers, now_seconds)?;
        check.update(body);
        check.finish()
    }

    /// Reads the headers of a request whose body follows in pieces. What they alone decide is refused before anything is
    /// hashed.
    pub fn begin(&self, headers: &Headers<'_>, now_seconds: i64) -> Result<Check, Refusal> {
        match (headers.id, headers.timestamp, headers.signature) {
            (Some(id), Some(timestamp), Some(signature)) => {
                self.begin_standard([id, timestamp, signature].map(str::trim_ascii), now_seconds)
            }
            (None, None, None) if !self.policy.require_timestamp => self.begin_x_signature(headers),
            _ => Err(Refusal::MissingSignature),
        }
    }

    fn begin_standard(&self, headers: [&str; 3], now: i64) -> Result<Check, Refusal> {
        let [id, timestamp, signature] = headers;
        let given: Vec<Tag> = signature.split_ascii_whitespace().filter_map(v1).collect();
        // The signed text is `id.timestamp.body`: an id with a full stop could be read in two ways.
        if given.is_empty() || id.is_empty() || id.contains('.') {
            return Err(Refusal::MalformedSignature);
        }
        self.check_age(seconds(timestamp).ok_or(Refusal::MalformedSignature)?, now)?;
        let macs = self.signers.iter().map(|signer| signer.begin_standard(id, timestamp)).collect();
        Ok(Check { scheme: Scheme::Standard, given, macs })
    }

    fn begin_x_signature(&self, headers: &Headers<'_>) -> Result<Check, Refusal> {
        let mut given = Vec::from([x_signature(headers.x_signature.ok_or(Refusal::MissingSignature)?)?]);
        given.extend(headers.x_signature_next.map(x_signature).transpose()?);
        let macs = self.signers.iter().map(Signer::begin_x_signature).collect();
        Ok(Check { scheme: Scheme::XSignature, given, macs })
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
        let fits = |mac: Mac| mac.finish().is_any_of(&given);
        let secret_index = macs.into_iter().position(fits).ok_or(Refusal::SignatureMismatch)?;
        Ok(Verdict { scheme, secret_index, replay_protected: scheme == Scheme::Standard })
    }
}

/// 64 hexadecimal digits in either case, white space around them accepted.
fn x_signature(text: &str) -> Result<Tag, Refusal> {
    Tag::from_hex(text.trim_ascii()).ok_or(Refusal::MalformedSignature)
}

/// One signature of `webhook-signature`; `None` when it is of another version, or not 32 bytes in base64.
fn v1(text: &str) -> Option<Tag> {
    Tag::from_base64(text.strip_prefix(STANDARD_VERSION)?)
}

/// Decimal seconds since 1970, without a sign.
fn seconds(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}
