//! The sender's side: both signatures of a body, from key states that are computed once.

use alloc::string::{String, ToString};

use super::{Scheme, Secret, mac::Mac, secret::key};

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
        let keyed = |scheme| Mac::new(&key(scheme, secret.expose()));
        Signer { x_signature: keyed(Scheme::XSignature), standard: keyed(Scheme::Standard) }
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
        mac.update_standard(id, &timestamp_seconds.to_string());
        mac.update(body);
        versioned(mac)
    }

    /// Both signatures of a body that follows in pieces. `timestamp` is the text of `webhook-timestamp`.
    pub fn begin(&self, id: &str, timestamp: &str) -> Draft {
        let mut draft = Draft { x_signature: self.x_signature.clone(), standard: self.standard.clone() };
        draft.standard.update_standard(id, timestamp);
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

    /// The bytes that `X-Signature` spells in hexadecimal, and those that `webhook-signature` spells in base64.
    pub fn finish(self) -> [[u8; 32]; 2] {
        [self.x_signature, self.standard].map(|mac| mac.finish().bytes())
    }
}

fn versioned(mac: Mac) -> String {
    let mut out = String::with_capacity(48);
    out.push_str(STANDARD_VERSION);
    mac.finish().write_base64(&mut out);
    out
}
