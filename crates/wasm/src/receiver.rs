//! Verifying and signing.
//!
//! The module holds the secrets of one `Webhook` object at a time and one buffer of fixed size. JavaScript writes headers and body straight into that buffer and calls with lengths; numbers come back, whose
//! texts the JavaScript side holds (taken from the core when the package is built). So a request costs no allocation for
//! its bytes, and the memory never grows with the number of requests, of `Webhook` objects, or with the size of bodies.
//! Another `Webhook` object loads itself over the first when it is used: a few key states, microseconds.

use alloc::{borrow::ToOwned, vec::Vec};

use bluehook_core::{
    explain::{self, Request},
    signature::{Check, Draft, Headers, Policy, Refusal, Secret, SecretError, Signer, Verifier},
};
use spin::{Mutex, MutexGuard};
use wasm_bindgen::prelude::wasm_bindgen;

/// The size of the buffer: most bodies fit at once, the others come in pieces.
const BUFFER: usize = 64 * 1024;

/// Separates the header values that JavaScript hands over in one text. No header can contain it.
const SEPARATOR: u8 = 0;

/// Precedes the value of a header that is there, so that an empty one differs from an absent one.
const PRESENT: char = '=';

/// What the module holds. One thread uses it, so the lock is never waited for; it is what makes a static safe.
struct Receiver {
    buffer: [u8; BUFFER],
    secrets: Vec<Secret>,
    verifier: Option<Verifier>,
    check: Option<Check>,
    draft: Option<Draft>,
}

static RECEIVER: Mutex<Receiver> = Mutex::new(Receiver {
    buffer: [0; BUFFER],
    secrets: Vec::new(),
    verifier: None,
    check: None,
    draft: None,
});

fn receiver() -> MutexGuard<'static, Receiver> {
    RECEIVER.lock()
}

/// Where the buffer begins.
#[wasm_bindgen]
pub fn buffer() -> *const u8 {
    receiver().buffer.as_ptr()
}

/// How long the buffer is.
#[wasm_bindgen(js_name = bufferLength)]
pub fn buffer_length() -> usize {
    BUFFER
}

/// Forgets the secrets.
#[wasm_bindgen]
pub fn clear() {
    receiver().secrets.clear();
}

/// Adds the secret that is the first bytes of the buffer, and wipes them. Gives 0, or the number of what is wrong with it: 1
/// too short, 2 too long.
#[wasm_bindgen(js_name = addSecret)]
pub fn add_secret(length: usize) -> u8 {
    let Receiver { buffer, secrets, .. } = &mut *receiver();
    let secret = Secret::new(text(buffer, length).unwrap_or_default().to_owned());
    buffer.iter_mut().take(length).for_each(|byte| *byte = 0);
    match secret {
        Ok(secret) => secrets.push(secret),
        Err(SecretError::TooShort) => return 1,
        Err(SecretError::TooLong) => return 2,
    }
    0
}

/// Verifies with the secrets that were added, by this policy, from now on.
#[wasm_bindgen]
pub fn load(tolerance_seconds: u32, require_timestamp: bool) {
    let Receiver { secrets, verifier, .. } = &mut *receiver();
    let signers = secrets.iter().map(Signer::new).collect();
    *verifier = Some(Verifier::new(signers, Policy { tolerance_seconds, require_timestamp }));
}

/// Begins a request whose header values are the first bytes of the buffer. Gives 0, or a refusal's number counted down
/// from -1.
#[wasm_bindgen]
pub fn begin(length: usize, now_seconds: f64) -> i32 {
    let Receiver { buffer, verifier, check, .. } = &mut *receiver();
    let Some(verifier) = verifier else { return number(Refusal::SignatureMismatch) };
    let headers = text(buffer, length).and_then(headers).ok_or(Refusal::MalformedSignature);
    match headers.and_then(|headers| verifier.begin(&headers, seconds(now_seconds))) {
        Ok(begun) => *check = Some(begun),
        Err(refusal) => return number(refusal),
    }
    0
}

/// Takes the next piece of the body, the first bytes of the buffer.
#[wasm_bindgen]
pub fn update(length: usize) {
    let Receiver { buffer, check, draft, .. } = &mut *receiver();
    let Some(piece) = buffer.get(..length) else { return };
    if let Some(check) = check {
        check.update(piece);
    }
    if let Some(draft) = draft {
        draft.update(piece);
    }
}

/// Compares. Gives the index of the secret that fits, or a refusal's number counted down from -1.
#[wasm_bindgen]
pub fn finish() -> i32 {
    let check = receiver().check.take();
    match check.ok_or(Refusal::SignatureMismatch).and_then(Check::finish) {
        Ok(verdict) => i32::try_from(verdict.secret_index).unwrap_or(i32::MAX),
        Err(refusal) => number(refusal),
    }
}

/// The number of a refusal's cause, or -1 when it was not found. The first bytes of the buffer are the header values as for
/// `begin`, the next ones the body.
#[wasm_bindgen]
pub fn explain(refusal: i32, head: usize, body: usize) -> i32 {
    let Receiver { buffer, secrets, .. } = &*receiver();
    let diagnose = || {
        let refusal = *Refusal::ALL.get(usize::try_from(-1 - refusal).ok()?)?;
        let body = buffer.get(head..)?.get(..body)?;
        explain::diagnose(&Request { headers: headers(text(buffer, head)?)?, body }, secrets, refusal)
    };
    diagnose().map_or(-1, |cause| cause as i32)
}

/// Begins to sign with the first secret; the first bytes of the buffer are the delivery's id, the next ones the timestamp.
#[wasm_bindgen(js_name = beginSigning)]
pub fn begin_signing(id: usize, timestamp: usize) {
    let Receiver { buffer, secrets, draft, .. } = &mut *receiver();
    let text = text(buffer, id + timestamp).and_then(|text| text.split_at_checked(id));
    *draft =
        secrets.first().zip(text).map(|(secret, (id, timestamp))| Signer::new(secret).begin(id, timestamp));
}

/// Writes both signatures into the buffer, 32 bytes each, for JavaScript to spell: in hexadecimal for `X-Signature`, in base64
/// for `webhook-signature`.
#[wasm_bindgen(js_name = finishSigning)]
pub fn finish_signing() {
    let Receiver { buffer, draft, .. } = &mut *receiver();
    if let Some(draft) = draft.take() {
        buffer.iter_mut().zip(draft.finish().as_flattened()).for_each(|(place, byte)| *place = *byte);
    }
}

fn text(buffer: &[u8], length: usize) -> Option<&str> {
    str::from_utf8(buffer.get(..length)?).ok()
}

/// Reads the five header values: `X-Signature`, `X-Signature-Next`, `webhook-id`, `webhook-timestamp`,
/// `webhook-signature`.
fn headers(head: &str) -> Option<Headers<'_>> {
    let mut rest = Some(head);
    let mut next = || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == SEPARATOR).unwrap_or(text.len());
        rest = text.get(end + 1..);
        text.get(..end).map(|value| value.strip_prefix(PRESENT))
    };
    let headers = Headers {
        x_signature: next()?,
        x_signature_next: next()?,
        id: next()?,
        timestamp: next()?,
        signature: next()?,
    };
    rest.is_none().then_some(headers)
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
