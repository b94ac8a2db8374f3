//! Requests to sign and to verify at random: right ones, and ones to which happened what happens to requests.

use base64::{Engine, prelude::BASE64_STANDARD};
use bluehook_core::{
    explain::{MOST_BODY, Request, explain},
    signature::{Headers, Policy, Secret, Signer, Verifier},
};
use serde_json::{Value, json, value::RawValue};

use crate::{filter::generate::payload, random::Random};

const NOW: i64 = 1_700_000_000;

/// The headers in the order in which the core takes them.
const NAMES: [&str; 5] =
    ["X-Signature", "X-Signature-Next", "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"];

/// A body to sign, and the two signatures that are expected.
pub(super) fn to_sign(random: &mut Random) -> Value {
    let (secret, body) = (secret(random), body(random));
    let id = random.one_of(&["dlv_1", "a", "dlv_é", "a b", "~!"]);
    let timestamp = random.one_of(&[NOW, 0, 1, 9_007_199_254_740_991]);
    let signer = Signer::new(&Secret::new(secret.clone()).unwrap());
    let expected = [signer.x_signature(&body), signer.standard(id, timestamp, &body)];
    json!({
        "kind": "sign", "secret": secret, "id": id, "timestamp": timestamp, "expected": expected,
        "body": BASE64_STANDARD.encode(&body), "asText": is_text(&body) && random.below(2) == 0,
    })
}

/// A request, and the verdict that is expected.
pub(super) fn to_verify(random: &mut Random) -> Value {
    let original = body(random);
    let secrets = [secret(random), secret(random)];
    let values = values(random, &secrets, &original);
    let secrets = known(random, secrets);
    let received = on_its_way(random, &original);
    let require_timestamp = random.below(8) == 0;
    let expected = expected(&secrets, require_timestamp, &values, &received);
    let (headers, form) = held(random, &values);
    json!({
        "kind": "verify", "secrets": secrets, "requireTimestamp": require_timestamp, "now": NOW,
        "headers": headers, "form": form, "expected": expected,
        "body": BASE64_STANDARD.encode(&received), "asText": is_text(&received) && random.below(2) == 0,
    })
}

fn is_text(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_ok()
}

fn secret(random: &mut Random) -> String {
    let bytes = random.bytes(32);
    match random.below(6) {
        0 => "pässwörter☕".to_owned(),
        1 => format!("whsec_{}", BASE64_STANDARD.encode(&bytes).trim_end_matches('=')),
        2 => format!("whsec_{}!", BASE64_STANDARD.encode(&bytes)),
        3 => "k".repeat(usize::try_from(8 + random.below(249)).unwrap()),
        _ => format!("whsec_{}", BASE64_STANDARD.encode(&bytes)),
    }
}

fn body(random: &mut Random) -> Vec<u8> {
    match random.below(10) {
        0 => {
            let count = random.below(200);
            random.bytes(count)
        }
        1 => Vec::new(),
        2 => format!("\"{}\"", "x".repeat(usize::try_from(random.below(140_000)).unwrap())).into(),
        3 => "{\n  \"a\": 1,\n  \"b\": \"è/<\"\n}".into(),
        _ => payload(random).spell(random).into(),
    }
}

/// Header values: right ones of one secret or both, or what people and proxies make of them.
fn values(random: &mut Random, secrets: &[String; 2], body: &[u8]) -> [Option<String>; 5] {
    let [first, second] = secrets.each_ref().map(|text| Signer::new(&Secret::new(text.clone()).unwrap()));
    let id = random.one_of(&["dlv_1", "dlv_1", "dlv_1", " dlv_2\t", "a.b", "", "é"]);
    let times =
        ["1700000000", "1700000000", "1699999700", "1700000300", "1600000000", "1800000000", "1700000000000"];
    let timestamp = random.one_of(&[&times[..], &["01700000000", "now", "-1", "", " 1700000000 "]].concat());
    let seconds = timestamp.trim().parse().unwrap_or(NOW);
    let standard = |signer: &Signer| signer.standard(id.trim(), seconds, body);
    let hexadecimal = first.x_signature(body);
    let x_signature = match random.below(12) {
        0 => hexadecimal.to_uppercase(),
        1 => format!(" {hexadecimal} "),
        2 => format!("sha256={hexadecimal}"),
        3 => BASE64_STANDARD.encode(hexadecimal.as_bytes().get(..32).unwrap()),
        4 => format!("{hexadecimal}, {hexadecimal}"),
        5 => standard(&first),
        6 => random.one_of(&["", "deadbeef", "é"]).to_owned(),
        _ => hexadecimal.clone(),
    };
    let signature = match random.below(12) {
        0 => format!("{} {}", standard(&second), standard(&first)),
        1 => format!("v2,x  {}", standard(&first)),
        2 => standard(&first).split_off(3),
        3 => format!("v1,{hexadecimal}"),
        4 => random.one_of(&["", "v1,", "v1,AAAA", "v2,x"]).to_owned(),
        5 => standard(&first).trim_end_matches('=').to_owned(),
        _ => standard(&first),
    };
    let next = (random.below(6) == 0).then(|| second.x_signature(body));
    let standard = [id.to_owned(), timestamp.to_owned(), signature];
    let [id, timestamp, signature] = match random.below(3) {
        0 => [None, None, None],
        _ => standard.map(|value| Some(value).filter(|_| random.below(16) > 0)),
    };
    [Some(x_signature).filter(|_| random.below(8) > 0), next, id, timestamp, signature]
}

/// The secrets that the receiver has: most often the right ones.
fn known(random: &mut Random, [first, second]: [String; 2]) -> Vec<String> {
    let decorated = match random.below(12) {
        0 => format!(" {first}\n"),
        1 => format!("\"{first}\""),
        2 => first.strip_prefix("whsec_").unwrap_or(&first).to_owned(),
        3 => "yet another secret".to_owned(),
        _ => first.clone(),
    };
    let fits = |text: &String| Secret::new(text.clone()).is_ok();
    let first = if fits(&decorated) { decorated } else { first };
    match random.below(4) {
        0 => vec![second, first],
        1 => vec![second],
        _ => vec![first],
    }
}

/// What became of a body on its way.
fn on_its_way(random: &mut Random, body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    match random.below(28) {
        0 => [body, b"\n"].concat(),
        1 => ["\u{feff}".as_bytes(), body].concat(),
        2 => text.replace(':', ": ").replace(',', ", ").into(),
        3 => text.replace('\n', "\r\n").into(),
        4 => body.iter().map(|byte| char::from(*byte)).collect::<String>().into(),
        5 => BASE64_STANDARD.encode(body).into(),
        6 => [b"\x1f\x8b", body].concat(),
        7 => b"[object Object]".to_vec(),
        8 => Vec::new(),
        9 => body.trim_ascii().to_vec(),
        10 => serde_json::from_slice::<Value>(body)
            .map_or_else(|_| body.to_vec(), |value| value.to_string().into()),
        11 => text.replace('1', "2").into(),
        // As much as is looked into, and a byte less and more.
        12 => vec![b'x'; MOST_BODY - 1 + usize::try_from(random.below(3)).unwrap()],
        13 => "[".repeat(usize::try_from(random.below(5_000)).unwrap()).into(),
        _ => body.to_vec(),
    }
}

/// The native verdict, as `inspect` tells it.
fn expected(secrets: &[String], require_timestamp: bool, values: &[Option<String>; 5], body: &[u8]) -> Value {
    let secrets: Vec<Secret> = secrets.iter().map(|text| Secret::new(text.clone()).unwrap()).collect();
    let [x_signature, x_signature_next, id, timestamp, signature] = values.each_ref().map(Option::as_deref);
    let headers = Headers { x_signature, x_signature_next, id, timestamp, signature };
    let policy = Policy { require_timestamp, ..Policy::default() };
    let verifier = Verifier::new(secrets.iter().map(Signer::new).collect(), policy);
    match verifier.verify(body, &headers, NOW) {
        Ok(_) if serde_json::from_slice::<&RawValue>(body).is_err() => json!({
            "valid": false, "code": "BODY_NOT_JSON",
            "hint": "Whoever holds the secret signed something else than an event.",
        }),
        Ok(_) if serde_json::from_slice::<Value>(body).is_ok_and(|value| !value.is_object()) => json!({
            "valid": false, "code": "NOT_AN_EVENT",
            "hint": "Whoever holds the secret signed something else than an event.",
        }),
        Ok(verdict) => json!({
            "valid": true, "scheme": verdict.scheme.name(), "secretIndex": verdict.secret_index,
            "replayProtected": verdict.replay_protected,
        }),
        Err(refusal) => {
            let mut answer = json!({"valid": false, "code": refusal.code()});
            let hint = explain(&Request { body, headers }, &secrets, refusal);
            if let Some(hint) = hint {
                answer["hint"] = hint.into();
            }
            answer
        }
    }
}

/// The headers as pairs, and what holds them; names in one of the cases that they come in.
fn held(random: &mut Random, values: &[Option<String>; 5]) -> (Vec<[String; 2]>, &'static str) {
    let spell =
        random.one_of(&[str::to_owned, str::to_lowercase, str::to_uppercase] as &[fn(&str) -> String]);
    let present = NAMES.into_iter().zip(values).filter_map(|(name, value)| Some((name, value.clone()?)));
    let mut pairs: Vec<[String; 2]> = present.map(|(name, value)| [spell(name), value]).collect();
    pairs.push([spell("Content-Type"), "application/json".to_owned()]);
    (pairs, random.one_of(&["pairs", "map", "object", "fetch"]))
}
