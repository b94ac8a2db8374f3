//! Headers and bodies are verified as a plain reading of the rules does it, with other people's HMAC, base64 and hexadecimal.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bluehook_core::signature::{Headers, Refusal, Scheme, Secret, Verdict, Verifier};
use hmac::{Hmac, KeyInit, Mac};

use super::request::{NOW, Request};

/// Verifies a request, at once and in pieces.
pub fn check(data: &[u8]) {
    let Some(request) = Request::read(data) else { return };
    let verifier = verifier(&request);
    let verdict = verifier.verify(&request.body, &request.headers(), NOW);
    assert_eq!(verdict, plainly(&request), "{:?}", request.headers());
    assert_eq!(verdict, in_pieces(&verifier, &request));
}

/// Who receives a request.
pub fn verifier(request: &Request) -> Verifier {
    let signers = request.secrets.iter().map(bluehook_core::signature::Signer::new);
    Verifier::new(signers.collect(), request.policy)
}

fn in_pieces(verifier: &Verifier, request: &Request) -> Result<Verdict, Refusal> {
    let mut check = verifier.begin(&request.headers(), NOW)?;
    for piece in request.body.chunks(7) {
        check.update(piece);
    }
    check.finish()
}

/// The rules, said as plainly as possible.
fn plainly(request: &Request) -> Result<Verdict, Refusal> {
    let Headers { x_signature, x_signature_next, id, timestamp, signature } = request.headers();
    if request.policy.require_timestamp && timestamp.is_none() {
        return Err(Refusal::MissingSignature);
    }
    match (id, timestamp, signature) {
        (Some(id), Some(timestamp), Some(signature)) => {
            let (id, timestamp) = (id.trim_ascii(), timestamp.trim_ascii());
            let given: Vec<_> = signature.split_ascii_whitespace().filter_map(version_1).collect();
            if given.is_empty() || id.is_empty() || id.contains('.') {
                return Err(Refusal::MalformedSignature);
            }
            in_time(timestamp, request)?;
            let message = [id.as_bytes(), b".", timestamp.as_bytes(), b".", &request.body].concat();
            fitting(request, Scheme::Standard, &message, &given)
        }
        (None, None, None) => {
            let given = [Some(x_signature.ok_or(Refusal::MissingSignature)?), x_signature_next];
            let read = |text: &str| hexadecimal(text).ok_or(Refusal::MalformedSignature);
            let given = given.into_iter().flatten().map(read).collect::<Result<Vec<_>, _>>()?;
            fitting(request, Scheme::XSignature, &request.body, &given)
        }
        _ => Err(Refusal::MissingSignature),
    }
}

fn in_time(timestamp: &str, request: &Request) -> Result<(), Refusal> {
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = timestamp.parse().ok().filter(|_| digits).ok_or(Refusal::MalformedSignature)?;
    let age = i128::from(NOW) - i128::from(seconds);
    let tolerance = i128::from(request.policy.tolerance_seconds);
    match age {
        _ if age > tolerance => Err(Refusal::TimestampTooOld),
        _ if age < -tolerance => Err(Refusal::TimestampTooNew),
        _ => Ok(()),
    }
}

fn fitting(
    request: &Request,
    scheme: Scheme,
    message: &[u8],
    given: &[[u8; 32]],
) -> Result<Verdict, Refusal> {
    let fits = |secret: &Secret| given.contains(&hmac(&key(scheme, secret.expose()), message));
    let secret_index = request.secrets.iter().position(fits).ok_or(Refusal::SignatureMismatch)?;
    Ok(Verdict { scheme, secret_index, replay_protected: scheme == Scheme::Standard })
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn key(scheme: Scheme, secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix("whsec_").filter(|_| scheme == Scheme::Standard);
    let modes = [DecodePaddingMode::RequireCanonical, DecodePaddingMode::RequireNone];
    let decoded = encoded.and_then(|text| modes.into_iter().find_map(|mode| base64(text, mode)));
    decoded.filter(|bytes| !bytes.is_empty()).unwrap_or_else(|| secret.as_bytes().to_vec())
}

fn version_1(text: &str) -> Option<[u8; 32]> {
    base64(text.strip_prefix("v1,")?, DecodePaddingMode::RequireCanonical)?.try_into().ok()
}

fn base64(text: &str, padding: DecodePaddingMode) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(padding);
    GeneralPurpose::new(&STANDARD, config).decode(text).ok()
}

fn hexadecimal(text: &str) -> Option<[u8; 32]> {
    hex::decode(text.trim_ascii()).ok()?.try_into().ok()
}
