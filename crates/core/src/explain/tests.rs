//! Each cause is found where it is the cause.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use super::*;
use crate::effort;
use crate::signature::{Mac, Policy, Signer, Verifier};
use base64::{Engine, prelude::BASE64_STANDARD};

const GENERATED: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &str =
    r#"{"event":"TODO_CREATED","currentValue":{"title":"Caffè / \u2615","position":1.0,"done":false}}"#;
const NOW: i64 = 1_700_000_000;

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned()).unwrap()
}

/// The cause found when a body was signed with one secret, and another body arrives where another secret is known.
fn cause(original: [&str; 2], got: (&str, &[u8]), standard: bool) -> Option<Cause> {
    let [text, body] = original;
    let signer = Signer::new(&secret(text));
    let (x_signature, signature) =
        (signer.x_signature(body.as_bytes()), signer.standard("dlv_1", NOW, body.as_bytes()));
    let now = format!("{NOW}");
    let headers = if standard {
        Headers {
            id: Some("dlv_1"),
            timestamp: Some(&now),
            signature: Some(&signature),
            ..Headers::default()
        }
    } else {
        Headers { x_signature: Some(&x_signature), ..Headers::default() }
    };
    diagnosed(got.0, got.1, headers)
}

fn diagnosed(has: &str, body: &[u8], headers: Headers<'_>) -> Option<Cause> {
    let secrets = [secret(has)];
    let verifier = Verifier::new(secrets.iter().map(Signer::new).collect(), Policy::default());
    let refusal = verifier.verify(body, &headers, NOW).unwrap_err();
    diagnose(&Request { body, headers }, &secrets, refusal)
}

#[track_caller]
fn check_body(signed: &str, got: impl AsRef<[u8]>, expected: Option<Cause>) {
    for standard in [true, false] {
        let got = got.as_ref();
        let found = cause([GENERATED, signed], (GENERATED, got), standard);
        assert_eq!(found, expected, "{}", String::from_utf8_lossy(got));
    }
}

#[track_caller]
fn check_secret(signed_with: &str, has: &str, expected: Option<Cause>) {
    for standard in [true, false] {
        assert_eq!(cause([signed_with, "{}"], (has, b"{}"), standard), expected, "{has}");
    }
}

#[track_caller]
fn check_headers(headers: Headers<'_>, expected: Option<Cause>) {
    assert_eq!(diagnosed(GENERATED, b"{}", headers), expected, "{headers:?}");
}

#[test]
fn bodies() {
    check_body(BODY, "", Some(Cause::BodyEmpty));
    check_body(BODY, b"\x1f\x8b\x08", Some(Cause::BodyCompressed));
    check_body(BODY, "[object Object]", Some(Cause::BodyObject));
    check_body(BODY, ["\u{feff}", BODY].concat(), Some(Cause::BodyBom));
    check_body(BODY, [BODY, "\n"].concat(), Some(Cause::BodyTrailing));
    check_body(BODY, [BODY, " \r\n"].concat(), Some(Cause::BodyTrailing));
    check_body(BODY, ["\n ", BODY].concat(), Some(Cause::BodyTrailing));
    check_body(BODY, [BODY, "\0\0\0"].concat(), Some(Cause::BodyTrailing));
    check_body(BODY, format!("{BODY:?}"), Some(Cause::BodyReserialised));
    check_body(BODY, BODY.chars().map(|one| one as u8).collect::<Vec<u8>>(), Some(Cause::BodyCompressed));
    check_body(BODY, b"\x0b\x80{\xff}", Some(Cause::BodyCompressed));
    check_body(BODY, BODY.bytes().map(char::from).collect::<String>(), Some(Cause::BodyMisread));
    check_body(BODY, BASE64_STANDARD.encode(BODY), Some(Cause::BodyBase64));
    check_body(BODY, BODY.replace("1.0", "1"), Some(Cause::BodyReserialised));
    check_body(BODY, BODY.replace(':', ": ").replace(',', ", "), Some(Cause::BodyReserialised));
    check_body(BODY, BODY.replace("TODO", "TAGS"), Some(Cause::OtherSecret));
    check_body(BODY, BODY.replace("TODO", "TAGS").replace(':', ": "), Some(Cause::BodySpaced));
}

#[test]
fn bodies_whose_original_had_other_escapes_or_lines() {
    check_body(r#"{"a":"\u00e8"}"#, r#"{"a":"è"}"#, Some(Cause::BodyReserialised));
    check_body(r#"{"a":"\u00e8\/"}"#, r#"{"a":"è/"}"#, Some(Cause::BodyReserialised));
    check_body(r#"{"a":"è"}"#, r#"{ "a" : "\u00e8" }"#, Some(Cause::BodyReserialised));
    check_body(r#"{"a":"\u003cb\u003e"}"#, r#"{"a":"<b>"}"#, Some(Cause::BodyReserialised));
    check_body("{\n  \"a\": 1\n}", r#"{"a":1}"#, Some(Cause::BodyReserialised));
    check_body("{\"a\":1}\n", r#"{"a":1}"#, Some(Cause::BodyTrailing));
    check_body("{\"a\":\n1}", "{\"a\":\r\n1}", Some(Cause::BodyLineEnds));
    check_body("{\"a\":\r\n1}", "{\"a\":\n1}", Some(Cause::BodyLineEnds));
    check_body("\u{feff}{}", "{}", Some(Cause::BodyBom));
}

#[test]
fn secrets() {
    for has in [
        format!(" {GENERATED}"),
        format!("{GENERATED}\n"),
        format!("\"{GENERATED}\""),
        format!("'{GENERATED}' "),
        format!("\u{201c}{GENERATED}\u{201d}"),
        format!("\\\"{GENERATED}\\\""),
        format!("<{GENERATED}>"),
        format!("{GENERATED};"),
        format!("\"{GENERATED}\","),
    ] {
        check_secret(GENERATED, &has, Some(Cause::SecretDecorated));
    }
    check_secret(GENERATED, &GENERATED[6..], Some(Cause::SecretPrefix));
    check_secret(OTHER, GENERATED, Some(Cause::OtherSecret));
    check_secret("another secret", "yet another", Some(Cause::OtherSecret));
    check_secret("<another secret>", "<another secret>\n", Some(Cause::SecretDecorated));
}

#[test]
fn secrets_as_people_paste_them() {
    let key = "whsec_+/+/AwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    for (has, expected) in [
        (format!("BLUEHOOK_SECRET={key}"), Cause::SecretNamed),
        (format!("export BLUEHOOK_SECRET=\"{key}\"\n"), Cause::SecretNamed),
        (format!("BLUEHOOK_SECRET = '{key}';"), Cause::SecretNamed),
        (format!("secret: {key}"), Cause::SecretNamed),
        (format!("bluehook.secret={key}\r\n"), Cause::SecretNamed),
        (format!("{{\"secret\": \"{key}\"}}"), Cause::SecretNamed),
        (format!("[\"{key}\",\"{OTHER}\"]"), Cause::SecretSeveral),
        (format!("{key},{OTHER}"), Cause::SecretSeveral),
        (format!("{OTHER} {key}"), Cause::SecretSeveral),
        (format!("'{OTHER}'; '{key}'"), Cause::SecretSeveral),
        (key.replace('+', "-").replace('/', "_").replace("whsec-", "whsec_"), Cause::SecretUrlSafe),
        (format!("\u{feff}{key}"), Cause::SecretInvisible),
        (format!("{}\u{200b}{}", &key[..20], &key[20..]), Cause::SecretInvisible),
        (format!("{key}\u{a0}"), Cause::SecretInvisible),
    ] {
        check_secret(key, &has, Some(expected));
    }
    check_secret(OTHER, &OTHER[..OTHER.len() - 4], Some(Cause::OtherSecret));
    check_secret(OTHER, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", Some(Cause::SecretSpoilt));
    check_secret("a secret of mine", "NAME=a secret of mine", Some(Cause::SecretNamed));
}

#[test]
fn bodies_as_other_programs_leave_them() {
    check_body(BODY, "payload=%7B%22event%22%3A%22TODO%22%7D", Some(Cause::BodyForm));
    check_body(BODY, "payload={\"event\":1}", Some(Cause::BodyForm));
    check_body(BODY, "%7B%22event%22%3A%22TODO%22%7D=", Some(Cause::BodyForm));
    check_body(BODY, "--boundary\r\nContent-Disposition: form-data", Some(Cause::BodyForm));
    check_body(BODY, &BODY[..BODY.len() - 1], Some(Cause::BodyCut));
    check_body(BODY, &BODY[..BODY.find("Caff").unwrap()], Some(Cause::BodyCut));
    check_body(BODY, &BODY.as_bytes()[..=BODY.find('è').unwrap()], Some(Cause::BodyCut));
    check_body(BODY, BODY.replace('è', "\u{fffd}\u{fffd}"), Some(Cause::BodyReplaced));
}

#[test]
fn the_other_reading_and_other_deliveries() {
    let now = format!("{NOW}");
    let signature = signed_with_text(GENERATED);
    let headers = Headers {
        id: Some("dlv_1"),
        timestamp: Some(&now),
        signature: Some(&signature),
        ..Headers::default()
    };
    check_headers(headers, Some(Cause::SecretDecoded));
    let x_signature = Signer::new(&secret(GENERATED)).x_signature(b"{}");
    check_headers(Headers { x_signature: Some(&x_signature), ..headers }, Some(Cause::OtherDelivery));
    let both = [OTHER, "another secret"].map(|text| Signer::new(&secret(text)).standard("dlv_1", NOW, b"{}"));
    check_headers(Headers { signature: Some(&both.join(" ")), ..headers }, Some(Cause::OldSecret));
}

/// `webhook-signature` as someone makes it who does not decode the secret.
fn signed_with_text(secret: &str) -> String {
    let mut mac = Mac::new(secret.as_bytes());
    mac.update_standard("dlv_1", &format!("{NOW}"));
    mac.update(b"{}");
    let mut out = "v1,".to_owned();
    mac.finish().write_base64(&mut out);
    out
}

#[test]
fn headers_that_are_missing() {
    let all = Headers {
        id: Some("dlv_1"),
        timestamp: Some("1700000000"),
        signature: Some("v1,x"),
        ..Headers::default()
    };
    check_headers(Headers::default(), Some(Cause::NoHeaders));
    check_headers(Headers { signature: None, ..all }, Some(Cause::NoSecret));
    check_headers(Headers { id: None, ..all }, Some(Cause::HeaderLost));
    check_headers(Headers { id: None, timestamp: None, ..all }, Some(Cause::HeaderLost));
    let blue = Request { body: b"", headers: Headers { x_signature: Some("00"), ..Headers::default() } };
    assert_eq!(diagnose(&blue, &[], Refusal::MissingSignature), Some(Cause::NoTimestamp));
}

#[test]
fn malformed_x_signatures() {
    let signer = Signer::new(&secret(GENERATED));
    let (hex, base64) = (signer.x_signature(b"{}"), signer.standard("dlv_1", NOW, b"{}"));
    for (text, expected) in [
        ("", Cause::BlankSignature),
        (&*format!("sha256={hex}"), Cause::Sha256Prefix),
        (&base64, Cause::HeadersSwapped),
        (&base64[3..], Cause::Base64NotHex),
        (&format!("{hex}, {hex}"), Cause::JoinedValues),
        ("deadbeef", Cause::NotHex),
    ] {
        check_headers(Headers { x_signature: Some(text), ..Headers::default() }, Some(expected));
    }
}

#[test]
fn malformed_and_stale_standard_headers() {
    let signer = Signer::new(&secret(GENERATED));
    let (hex, base64) = (signer.x_signature(b"{}"), signer.standard("dlv_1", NOW, b"{}"));
    for (id, timestamp, signature, expected) in [
        ("", "1700000000", &*base64, Cause::BadId),
        ("dlv.1", "1700000000", &base64, Cause::BadId),
        ("dlv_1", "2023-11-14T22:13:20Z", &base64, Cause::BadTimestamp),
        ("dlv_1", "1700000000", "", Cause::BlankSignature),
        ("dlv_1", "1700000000", &base64[3..], Cause::NoVersion),
        ("dlv_1", "1700000000", &format!("v1,{hex}"), Cause::HexNotBase64),
        ("dlv_1", "1700000000", "v2,x", Cause::NotBase64),
        ("dlv_1", "1600000000", &base64, Cause::TooOld),
        ("dlv_1", "1700009999", &base64, Cause::TooNew),
        ("dlv_1", "1700000000000", &base64, Cause::Milliseconds),
    ] {
        let [id, timestamp, signature] = [id, timestamp, signature].map(Some);
        check_headers(Headers { id, timestamp, signature, ..Headers::default() }, Some(expected));
    }
}

#[test]
fn hints_are_told_apart_and_numbered_in_order() {
    let hints: Vec<&str> = Cause::ALL.map(Cause::hint).into();
    for (number, cause) in Cause::ALL.into_iter().enumerate() {
        assert_eq!(cause as usize, number);
        assert_eq!(hints.iter().filter(|hint| **hint == cause.hint()).count(), 1);
    }
}

#[test]
fn a_hint_has_one_price() {
    let kib = |text: &str| text.repeat(64 * 1024 / text.len());
    let signer = Signer::new(&secret(GENERATED));
    let x_signature = signer.x_signature(b"another");
    let many = signer.standard("dlv_1", NOW, b"another") + " ";
    for body in [
        kib("["),
        kib("{\"a\":"),
        kib("\""),
        kib("\\"),
        kib("\"\\u00e8\","),
        kib("1,"),
        kib("[1,"),
        kib("é"),
        kib(" "),
        kib("\n"),
        kib("A"),
        kib("\r\n"),
        kib("\u{fffd}"),
        ["[", &kib("1,"), "1]"].concat(),
        ["{\"a\":\"", &kib("\\n"), "\"}"].concat(),
        ["[", &kib("[],"), "[]]"].concat(),
        ["[", &kib("\"<\","), "1]"].concat(),
        kib("a="),
        kib("\u{1f600}"),
    ] {
        let x = Headers { x_signature: Some(&x_signature), ..Headers::default() };
        let (id, now, many) = (kib("i"), format!("{NOW}"), many.repeat(1_300));
        let standard = Headers { id: Some(&id), timestamp: Some(&now), signature: Some(&many), ..x };
        for headers in [x, standard] {
            let secrets = [GENERATED, "\"whsec_-_\u{200b},a=b c|d\"", OTHER, OTHER, OTHER].map(secret);
            let request = Request { body: body.as_bytes(), headers };
            let (_, spent) = effort::of(|| diagnose(&request, &secrets, Refusal::SignatureMismatch));
            assert!(spent <= BUDGET as u64, "{spent} for {}…", body.chars().take(9).collect::<String>());
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_request_is_answered(body: Vec<u8>, signature: String) {
        let headers = Headers { x_signature: Some(&signature), ..Headers::default() };
        for refusal in Refusal::ALL {
            let _ = diagnose(&Request { body: &body, headers }, &[secret(GENERATED)], refusal);
        }
    }
}
