//! The vectors that every runtime checks, and what must hold for any secret and any body.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use proptest::prelude::*;
use serde_json::Value;

use super::*;

const NOW: i64 = 1_700_000_000;

fn vectors(list: &str) -> Vec<Value> {
    let file: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/signatures.json")).unwrap();
    file[list].as_array().unwrap().clone()
}

fn secret(text: &Value) -> Secret {
    Secret::new(text.as_str().unwrap().to_owned()).unwrap()
}

fn body(vector: &Value) -> Vec<u8> {
    match vector["bodyBase64"].as_str() {
        Some(encoded) => decode_base64(encoded).unwrap(),
        None => vector["body"].as_str().unwrap().into(),
    }
}

fn verify(vector: &Value) -> Result<Verdict, Refusal> {
    let signers =
        vector["secrets"].as_array().unwrap().iter().map(|text| Signer::new(&secret(text))).collect();
    let tolerance_seconds =
        vector["toleranceSeconds"].as_u64().map_or(DEFAULT_TOLERANCE_SECONDS, |s| u32::try_from(s).unwrap());
    let policy = Policy { tolerance_seconds, require_timestamp: vector["requireTimestamp"] == true };
    let header = |name: &str| vector["headers"][name].as_str();
    let headers = Headers {
        x_signature: header("X-Signature"),
        x_signature_next: header("X-Signature-Next"),
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    Verifier::new(signers, policy).verify(&body(vector), &headers, vector["now"].as_i64().unwrap())
}

#[test]
fn signed_vectors() {
    for vector in vectors("signed") {
        let signer = Signer::new(&secret(&vector["secret"]));
        assert_eq!(signer.x_signature(&body(&vector)), vector["xSignature"], "{vector}");
        let id = vector["id"].as_str().unwrap();
        let standard = signer.standard(id, vector["timestamp"].as_i64().unwrap(), &body(&vector));
        assert_eq!(standard, vector["standard"], "{vector}");
    }
}

#[test]
fn accepted_vectors() {
    for vector in vectors("accepted") {
        let verdict = verify(&vector).unwrap_or_else(|refusal| panic!("{vector}: {refusal}"));
        let expected = &vector["expect"];
        assert_eq!(verdict.scheme.name(), expected["scheme"], "{vector}");
        assert_eq!(verdict.secret_index, expected["secretIndex"], "{vector}");
        assert_eq!(verdict.replay_protected, expected["replayProtected"], "{vector}");
    }
}

#[test]
fn refused_vectors() {
    for vector in vectors("refused") {
        assert_eq!(verify(&vector).unwrap_err().code(), vector["expect"]["code"], "{vector}");
    }
}

#[test]
fn without_secrets_nothing_matches() {
    let signer = Signer::new(&Secret::from_random([7; 32]));
    let given = signer.x_signature(b"{}");
    let headers = Headers { x_signature: Some(&given), ..Headers::default() };
    let nobody = Verifier::new(Vec::new(), Policy::default());
    assert_eq!(nobody.verify(b"{}", &headers, NOW), Err(Refusal::SignatureMismatch));
}

fn a_secret() -> impl Strategy<Value = Secret> {
    prop_oneof![
        any::<[u8; 32]>().prop_map(Secret::from_random),
        any::<[char; 12]>().prop_map(|text| Secret::new(text.iter().collect()).unwrap()),
        "whsec_[A-Za-z0-9+/]{2,90}={0,2}".prop_map(|text| Secret::new(text).unwrap()),
    ]
}

/// Signs, lets `change` do something to what was signed, and verifies.
fn round(
    secret: &Secret,
    bytes: &[u8],
    change: impl FnOnce(&mut Vec<u8>, &mut [String; 4]),
) -> [Result<Verdict, Refusal>; 2] {
    let signer = Signer::new(secret);
    let mut bytes = bytes.to_vec();
    let mut parts = [
        signer.x_signature(&bytes),
        "dlv_1".to_owned(),
        format!("{NOW}"),
        signer.standard("dlv_1", NOW, &bytes),
    ];
    change(&mut bytes, &mut parts);
    let [x_signature, id, timestamp, signature] = parts.each_ref().map(|part| Some(part.as_str()));
    let verifier = Verifier::new([signer].into(), Policy::default());
    let standard = Headers { id, timestamp, signature, ..Headers::default() };
    let blue = Headers { x_signature, ..Headers::default() };
    [standard, blue].map(|headers| verifier.verify(&bytes, &headers, NOW))
}

proptest! {
    #[test]
    fn what_is_signed_verifies(secret in a_secret(), bytes in any::<Vec<u8>>()) {
        let [standard, blue] = round(&secret, &bytes, |_, _| {});
        prop_assert_eq!(standard, Ok(Verdict { scheme: Scheme::Standard, secret_index: 0, replay_protected: true }));
        prop_assert_eq!(blue, Ok(Verdict { scheme: Scheme::XSignature, secret_index: 0, replay_protected: false }));
    }

    #[test]
    fn a_changed_body_does_not(secret in a_secret(), mut bytes in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), by in 1_u8..) {
        bytes.push(0);
        let changed = round(&secret, &bytes, |bytes, _| *at.get_mut(bytes) ^= by);
        prop_assert_eq!(changed, [Err(Refusal::SignatureMismatch); 2]);
    }

    #[test]
    fn any_header_is_answered(secret in a_secret(), given in any::<[String; 4]>()) {
        let verdicts = round(&secret, b"{}", |_, parts| *parts = given);
        prop_assert!(verdicts.iter().all(Result::is_err));
    }

    #[test]
    fn another_secret_does_not(secret in a_secret(), other in any::<[u8; 32]>()) {
        let other = Signer::new(&Secret::from_random(other));
        let changed = round(&secret, b"{}", |_, parts| {
            parts[0] = other.x_signature(b"{}");
            parts[3] = other.standard("dlv_1", NOW, b"{}");
        });
        prop_assert_eq!(changed, [Err(Refusal::SignatureMismatch); 2]);
    }
}
