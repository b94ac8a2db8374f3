//! A request to verify, made from any bytes: some of its signatures are real ones, and the body may change on its way.

use bluehook_core::signature::{Headers, Policy, Secret, Signer};

/// The time of every request.
pub const NOW: i64 = 1_700_000_000;

/// A request, and who receives it.
pub struct Request {
    pub secrets: Vec<Secret>,
    pub policy: Policy,
    pub body: Vec<u8>,
    /// `X-Signature`, `X-Signature-Next`, `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    values: [Option<String>; 5],
}

/// Bits of the input's first byte: which headers are there, by their order, and what the receiver insists on.
const REQUIRE_TIMESTAMP: u8 = 1 << 5;

/// Bits of the input's second byte: which signatures are real ones, by whom, and what became of the body.
const REAL_X_SIGNATURE: u8 = 1;
const REAL_NEXT: u8 = 1 << 1;
const REAL_STANDARD: u8 = 1 << 2;
const BY_ANOTHER: u8 = 1 << 3;
const BODY_CHANGED: u8 = 1 << 4;

impl Request {
    /// Reads two bytes of bits, then fields that end with NUL: two secrets, five header values, another body; what is left
    /// is the body. `None` when nothing can be made of it.
    pub fn read(data: &[u8]) -> Option<Request> {
        let [there, made, rest @ ..] = data else { return None };
        let mut fields = rest.splitn(9, |byte| *byte == 0);
        let mut text = || fields.next().map(|field| String::from_utf8_lossy(field).into_owned());
        let secrets = [Secret::new(text()?).ok()?, Secret::new(text()?).ok()?];
        let mut values = [text()?, text()?, text()?, text()?, text()?].map(Some);
        let (another, body) = (fields.next()?, fields.next()?);
        for (bit, value) in values.iter_mut().enumerate() {
            value.take_if(|_| there & 1 << bit == 0);
        }
        let original = if made & BODY_CHANGED == 0 { body } else { another };
        let signer = Signer::new(&secrets[usize::from(made & BY_ANOTHER != 0)]);
        sign(&mut values, *made, &signer, original);
        let policy = Policy { require_timestamp: there & REQUIRE_TIMESTAMP != 0, ..Policy::default() };
        Some(Request { secrets: secrets.into(), policy, body: body.to_vec(), values })
    }

    /// The headers as a receiver has them.
    pub fn headers(&self) -> Headers<'_> {
        let [x_signature, x_signature_next, id, timestamp, signature] =
            self.values.each_ref().map(Option::as_deref);
        Headers { x_signature, x_signature_next, id, timestamp, signature }
    }
}

/// Puts real signatures in front of what the headers say.
fn sign(values: &mut [Option<String>; 5], made: u8, signer: &Signer, body: &[u8]) {
    let [x_signature, next, id, timestamp, signature] = values;
    for (value, bit) in [(x_signature, REAL_X_SIGNATURE), (next, REAL_NEXT)] {
        if let Some(value) = value.as_mut().filter(|_| made & bit != 0) {
            *value = [&signer.x_signature(body), value.as_str()].concat();
        }
    }
    if let (Some(id), Some(timestamp), Some(signature)) = (id, timestamp, signature)
        && made & REAL_STANDARD != 0
        && let Ok(seconds) = timestamp.parse()
    {
        *signature = [&signer.standard(id, seconds, body), signature.as_str()].concat();
    }
}
