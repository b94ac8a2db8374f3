//! The sender's side: both signatures of a body, from key states that are computed once.

use alloc::string::String;
use core::fmt::Write;

use super::{
    Secret,
    claim::Scheme,
    mac::Mac,
    secret::{standard_key, x_signature_key},
};

/// What precedes the base64 in `webhook-signature`.
pub(crate) const STANDARD_VERSION: &str = "v1,";

/// Signs with one secret. Made once for each secret, used for every request.
#[derive(Clone, Debug)]
pub struct Signer {
    x_signature: Mac,
    standard: Mac,
}

impl Signer {
    /// Computes the key states.
    pub fn new(secret: &Secret) -> Signer {
        let text = secret.expose();
        Signer { x_signature: Mac::new(x_signature_key(text)), standard: Mac::new(&standard_key(text)) }
    }

    /// The value of `X-Signature`: 64 lower-case hexadecimal digits.
    pub fn x_signature(&self, body: &[u8]) -> String {
        let mut mac = self.x_signature.clone();
        mac.update(body);
        mac.finish().to_hex()
    }

    /// One value for `webhook-signature`: `v1,` and base64.
    pub fn standard(&self, id: &str, timestamp_seconds: i64, body: &[u8]) -> String {
        let mut mac = self.standard.clone();
        mac.update_standard(id, &decimal(timestamp_seconds));
        mac.update(body);
        versioned(mac)
    }

    /// Both signatures of a body that follows in pieces.
    pub fn begin(&self, id: &str, timestamp_seconds: i64) -> Draft {
        let mut draft = Draft { x_signature: self.x_signature.clone(), standard: self.standard.clone() };
        draft.standard.update_standard(id, &decimal(timestamp_seconds));
        draft
    }

    /// The key state for a scheme.
    pub(super) fn fresh(&self, scheme: Scheme) -> Mac {
        match scheme {
            Scheme::Standard => self.standard.clone(),
            Scheme::XSignature => self.x_signature.clone(),
        }
    }
}

/// Both signatures in the making.
#[derive(Clone, Debug)]
pub struct Draft {
    x_signature: Mac,
    standard: Mac,
}

impl Draft {
    /// Takes the next piece of the body.
    pub fn update(&mut self, piece: &[u8]) {
        self.x_signature.update(piece);
        self.standard.update(piece);
    }

    /// The values of `X-Signature` and of `webhook-signature`.
    pub fn finish(self) -> [String; 2] {
        [self.x_signature.finish().to_hex(), versioned(self.standard)]
    }
}

fn versioned(mac: Mac) -> String {
    let mut out = String::with_capacity(48);
    out.push_str(STANDARD_VERSION);
    mac.finish().write_base64(&mut out);
    out
}

fn decimal(number: i64) -> String {
    let mut out = String::with_capacity(20);
    let _ = write!(out, "{number}");
    out
}
