//! Verifying and signing.
//!
//! The module holds the secrets of one `Webhook` object at a time, their key states, and one buffer of fixed size. JavaScript
//! writes headers and body straight into that buffer and calls with lengths; numbers come back. So a request costs no
//! allocation for its bytes, and the memory never grows with the number of requests, of `Webhook` objects, or with the size
//! of bodies. Another `Webhook` object loads itself over the first when it is used: a few key states, microseconds.

use alloc::{borrow::ToOwned, boxed::Box, vec, vec::Vec};

use bluehook_core::{
    explain::{self, Request},
    signature::{Check, Draft, Headers, Policy, Refusal, Secret, Signer, Verifier},
};
use wasm_bindgen::prelude::wasm_bindgen;

/// The most that the headers of a request may take.
const HEADERS: usize = 64 * 1024;

/// The size of the buffer: most bodies fit at once, the others come in pieces. Behind any headers there is room for a body
/// that is just too large to be looked into, so that it is told from others.
const BUFFER: usize = HEADERS + explain::MOST_BODY + 4;

/// Separates the header values that JavaScript hands over in one text. No header can contain it.
const SEPARATOR: char = '\0';

/// Precedes the value of a header that is there, so that an empty one differs from an absent one.
const PRESENT: char = '=';

/// What the module holds. JavaScript makes one.
#[wasm_bindgen]
pub struct Receiver {
    buffer: Box<[u8]>,
    secrets: Vec<Secret>,
    verifier: Option<Verifier>,
    check: Option<Check>,
    draft: Option<Draft>,
}

#[wasm_bindgen]
impl Receiver {
    /// Without secrets.
    #[expect(clippy::new_without_default, reason = "JavaScript makes it")]
    #[wasm_bindgen(constructor)]
    pub fn new() -> Receiver {
        let buffer = vec![0; BUFFER].into();
        Receiver { buffer, secrets: Vec::new(), verifier: None, check: None, draft: None }
    }

    /// Where the buffer begins.
    pub fn buffer(&self) -> *const u8 {
        self.buffer.as_ptr()
    }

    /// How long the buffer is.
    #[wasm_bindgen(js_name = bufferLength)]
    pub fn buffer_length(&self) -> usize {
        self.buffer.len()
    }

    /// Forgets the secrets.
    pub fn clear(&mut self) {
        self.secrets.clear();
    }

    /// Adds the secret that is the first bytes of the buffer, and wipes them. JavaScript has counted its characters; one that
    /// cannot be a secret fits nothing.
    #[wasm_bindgen(js_name = addSecret)]
    pub fn add_secret(&mut self, length: usize) {
        let secret = Secret::new(self.text(0, length).unwrap_or_default().to_owned());
        self.buffer.iter_mut().take(length).for_each(|byte| *byte = 0);
        self.secrets.extend(secret.ok());
    }

    /// Verifies with the secrets that were added, by this policy, from now on.
    pub fn load(&mut self, tolerance_seconds: u32, require_timestamp: bool) {
        let signers = self.secrets.iter().map(Signer::new).collect();
        self.verifier = Some(Verifier::new(signers, Policy { tolerance_seconds, require_timestamp }));
    }

    /// Begins a request whose header values are the first bytes of the buffer. Gives 0, or a refusal's number counted down
    /// from -1.
    pub fn begin(&mut self, length: usize, now_seconds: f64) -> i32 {
        (self.check, self.draft) = (None, None);
        let Some(verifier) = &self.verifier else { return number(Refusal::SignatureMismatch) };
        let head = self.text(0, length).filter(|head| head.len() <= HEADERS);
        let headers = head.and_then(headers).ok_or(Refusal::MalformedSignature);
        match headers.and_then(|headers| verifier.begin(&headers, seconds(now_seconds))) {
            Ok(begun) => self.check = Some(begun),
            Err(refusal) => return number(refusal),
        }
        0
    }

    /// Takes the next piece of the body, the first bytes of the buffer.
    pub fn update(&mut self, length: usize) {
        let Some(piece) = self.buffer.get(..length) else { return };
        if let Some(check) = &mut self.check {
            check.update(piece);
        }
        if let Some(draft) = &mut self.draft {
            draft.update(piece);
        }
    }

    /// Compares. Gives the index of the secret that fits, or a refusal's number counted down from -1.
    pub fn finish(&mut self) -> i32 {
        match self.check.take().ok_or(Refusal::SignatureMismatch).and_then(Check::finish) {
            Ok(verdict) => i32::try_from(verdict.secret_index).unwrap_or(i32::MAX),
            Err(refusal) => number(refusal),
        }
    }

    /// The number of a refusal's cause, or -1 when it was not found. The first bytes of the buffer are the header values as
    /// for [`Receiver::begin`], the next ones the body, or as much of it as there is room for.
    pub fn explain(&self, refusal: i32, head: usize, body: usize) -> i32 {
        let diagnose = || {
            let refusal = *Refusal::ALL.get(usize::try_from(-1 - refusal).ok()?)?;
            let headers = headers(self.text(0, head)?)?;
            let body = self.buffer.get(head..)?.get(..body)?;
            explain::diagnose(&Request { headers, body }, &self.secrets, refusal)
        };
        diagnose().map_or(-1, |cause| cause as i32)
    }

    /// Begins to sign with the first secret; the first bytes of the buffer are the delivery's id, the next ones the
    /// timestamp.
    #[wasm_bindgen(js_name = beginSigning)]
    pub fn begin_signing(&mut self, id: usize, timestamp: usize) {
        let begin = |secret| Some(Signer::new(secret).begin(self.text(0, id)?, self.text(id, timestamp)?));
        (self.check, self.draft) = (None, self.secrets.first().and_then(begin));
    }

    /// Writes both signatures into the buffer, 32 bytes each, for JavaScript to spell: in hexadecimal for `X-Signature`, in
    /// base64 for `webhook-signature`. Gives whether there was something to sign.
    #[wasm_bindgen(js_name = finishSigning)]
    pub fn finish_signing(&mut self) -> bool {
        let Some(draft) = self.draft.take() else { return false };
        let bytes = draft.finish();
        self.buffer.iter_mut().zip(bytes.as_flattened()).for_each(|(place, byte)| *place = *byte);
        true
    }

    fn text(&self, from: usize, length: usize) -> Option<&str> {
        str::from_utf8(self.buffer.get(from..)?.get(..length)?).ok()
    }
}

/// Reads the five header values: `X-Signature`, `X-Signature-Next`, `webhook-id`, `webhook-timestamp`,
/// `webhook-signature`.
fn headers(head: &str) -> Option<Headers<'_>> {
    let mut values = head.split(SEPARATOR).map(|value| value.strip_prefix(PRESENT));
    let headers = Headers {
        x_signature: values.next()?,
        x_signature_next: values.next()?,
        id: values.next()?,
        timestamp: values.next()?,
        signature: values.next()?,
    };
    values.next().is_none().then_some(headers)
}

fn number(refusal: Refusal) -> i32 {
    -1 - refusal as i32
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a time in seconds; what does not fit is far out of any tolerance"
)]
fn seconds(at: f64) -> i64 {
    at as i64
}
