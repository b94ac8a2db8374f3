//! What a request says about itself: its headers, read.

use alloc::vec::Vec;

use super::{
    mac::{Mac, Tag},
    signer::STANDARD_VERSION,
    verifier::Refusal,
};

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

/// The signatures that a request carries, and what they are said to be over beside the body.
#[derive(Clone, Debug)]
pub(crate) struct Claim<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) given: Vec<Tag>,
    /// When the request says it was made; `X-Signature` alone does not say.
    pub(crate) seconds: Option<i64>,
    /// `webhook-id` and `webhook-timestamp` as they were sent.
    signed: Option<[&'a str; 2]>,
}

impl<'a> Claim<'a> {
    /// Reads the headers. The Standard Webhooks headers decide when any of them is there.
    pub(crate) fn read(headers: &Headers<'a>) -> Result<Claim<'a>, Refusal> {
        match (headers.id, headers.timestamp, headers.signature) {
            (Some(id), Some(timestamp), Some(signature)) => {
                Claim::standard(id.trim_ascii(), timestamp.trim_ascii(), signature)
            }
            (None, None, None) => Claim::x_signature(headers),
            _ => Err(Refusal::MissingSignature),
        }
    }

    fn standard(id: &'a str, timestamp: &'a str, signature: &str) -> Result<Claim<'a>, Refusal> {
        let given: Vec<Tag> = signature.split_ascii_whitespace().filter_map(v1).collect();
        // The signed text is `id.timestamp.body`: an id with a full stop could be read in two ways.
        if given.is_empty() || !is_id(id) {
            return Err(Refusal::MalformedSignature);
        }
        let seconds = Some(seconds(timestamp).ok_or(Refusal::MalformedSignature)?);
        Ok(Claim { scheme: Scheme::Standard, given, seconds, signed: Some([id, timestamp]) })
    }

    fn x_signature(headers: &Headers<'a>) -> Result<Claim<'a>, Refusal> {
        let mut given = Vec::with_capacity(2);
        given.push(hexadecimal(headers.x_signature.ok_or(Refusal::MissingSignature)?)?);
        if let Some(next) = headers.x_signature_next {
            given.push(hexadecimal(next)?);
        }
        Ok(Claim { scheme: Scheme::XSignature, given, seconds: None, signed: None })
    }

    /// How many bytes are signed before the body.
    pub(crate) fn overhead(&self) -> usize {
        self.signed.map_or(0, |parts| parts.iter().map(|part| part.len() + 1).sum())
    }

    /// Continues a fresh key state with what is signed before the body.
    pub(crate) fn begin(&self, mut mac: Mac) -> Mac {
        if let Some([id, timestamp]) = self.signed {
            mac.update_standard(id, timestamp);
        }
        mac
    }
}

/// 64 hexadecimal digits in either case, white space around them accepted.
fn hexadecimal(text: &str) -> Result<Tag, Refusal> {
    Tag::from_hex(text.trim_ascii()).ok_or(Refusal::MalformedSignature)
}

/// One signature of `webhook-signature`; `None` when it is of another version, or not 32 bytes in base64.
fn v1(text: &str) -> Option<Tag> {
    Tag::from_base64(text.strip_prefix(STANDARD_VERSION)?)
}

/// Standard Webhooks allows any text but a full stop.
pub(crate) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte != b'.')
}

/// Decimal seconds since 1970, without a sign.
fn seconds(text: &str) -> Option<i64> {
    Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
}
