//! The headers of an attempt's request in few bytes. What follows from the attempt is not kept but written again: its
//! delivery's id, times, numbers; and a signature is kept as the bytes that it is. A value that would not come out as it was
//! sent is kept as it was.

use base64::{Engine, prelude::BASE64_STANDARD};
use bluehook_core::{
    request::{
        CONTENT_TYPE, USER_AGENT, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP, X_BLUEHOOK_ATTEMPT,
        X_BLUEHOOK_EVENT, X_BLUEHOOK_EVENT_TIME, X_BLUEHOOK_SEQUENCE, X_SIGNATURE, X_SIGNATURE_NEXT,
    },
    time::{self, Millis},
    webhook::HIDDEN,
};

use super::{
    change::headers_in,
    packed::{self, folded, unfolded},
};

/// The attempt whose headers they are.
pub(crate) struct About<'a> {
    pub(crate) delivery: i64,
    /// The delivery's id, as receivers see it.
    pub(crate) id: &'a str,
    pub(crate) started_at: Millis,
    pub(crate) ordinal: u32,
}

/// What comes first. Lines of text, which is how headers were kept before, never begin so.
const PACKED: u8 = 1;
/// How many bytes a signature has.
const SIGNATURE: usize = 32;

/// How a value is written again.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// As it was kept.
    Spelt,
    Json,
    Hidden,
    /// A signature in hexadecimal.
    Hex,
    /// Signatures as Standard Webhooks has them.
    Standard,
    Id,
    Seconds,
    Ordinal,
    /// A time, kept as what lies between it and the attempt.
    Time,
    /// A number, kept as what lies between it and the delivery's.
    Number,
}

/// Headers that are kept by their place here, which never changes, from 1 on.
const KNOWN: [(&str, Rule); 11] = [
    (CONTENT_TYPE, Rule::Json),
    (USER_AGENT, Rule::Spelt),
    (X_SIGNATURE, Rule::Hex),
    (X_SIGNATURE_NEXT, Rule::Hex),
    (WEBHOOK_ID, Rule::Id),
    (WEBHOOK_TIMESTAMP, Rule::Seconds),
    (WEBHOOK_SIGNATURE, Rule::Standard),
    (X_BLUEHOOK_EVENT, Rule::Spelt),
    (X_BLUEHOOK_ATTEMPT, Rule::Ordinal),
    (X_BLUEHOOK_EVENT_TIME, Rule::Time),
    (X_BLUEHOOK_SEQUENCE, Rule::Number),
];
/// The rule for all others: the values of a webhook's own are not shown.
const OWN: Rule = Rule::Hidden;

/// Packs headers, in their order.
pub(crate) fn pack<'h>(headers: impl Iterator<Item = (&'h str, &'h str)>, about: &About<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(192);
    bytes.push(PACKED);
    for (name, value) in headers {
        let place = KNOWN.iter().position(|(known, _)| *known == name);
        let rule = place.and_then(|place| KNOWN.get(place)).map_or(OWN, |(_, rule)| *rule);
        let short = rule.shorten(value, about).filter(|short| {
            let again = rule.write(&mut &short[..], about);
            again.as_deref() == Some(value)
        });
        let place = place.map_or(0, |place| u64::try_from(place + 1).unwrap_or(0));
        packed::push(&mut bytes, place << 1 | u64::from(short.is_some()));
        if place == 0 {
            packed::push_bytes(&mut bytes, name.as_bytes());
        }
        match short {
            Some(short) => bytes.extend(short),
            None => packed::push_bytes(&mut bytes, value.as_bytes()),
        }
    }
    bytes
}

/// The headers as they were sent; none of what are not any.
pub(crate) fn unpack(bytes: &[u8], about: &About<'_>) -> Option<Vec<(String, String)>> {
    let Some((&PACKED, mut rest)) = bytes.split_first() else {
        return Some(headers_in(std::str::from_utf8(bytes).ok()?));
    };
    let mut headers = Vec::with_capacity(KNOWN.len());
    while !rest.is_empty() {
        let tag = packed::take(&mut rest)?;
        let (name, rule) = match usize::try_from(tag >> 1).ok()?.checked_sub(1) {
            Some(place) => *KNOWN.get(place)?,
            None => (packed::take_text(&mut rest)?, OWN),
        };
        let rule = if tag & 1 == 0 { Rule::Spelt } else { rule };
        headers.push((name.to_owned(), rule.write(&mut rest, about)?));
    }
    Some(headers)
}

impl Rule {
    /// What has to be kept of a value so that this rule writes it again. None when it does not.
    fn shorten(self, value: &str, about: &About<'_>) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Rule::Spelt => return None,
            Rule::Json | Rule::Hidden | Rule::Id | Rule::Seconds | Rule::Ordinal => {}
            Rule::Hex => bytes = hex::decode(value).ok().filter(|bytes| bytes.len() == SIGNATURE)?,
            Rule::Standard => {
                packed::push(&mut bytes, u64::try_from(value.split(' ').count()).ok()?);
                for one in value.split(' ') {
                    let signature = BASE64_STANDARD.decode(one.strip_prefix("v1,")?).ok()?;
                    bytes.extend(<[u8; SIGNATURE]>::try_from(signature).ok()?);
                }
            }
            Rule::Time => {
                packed::push(&mut bytes, folded(about.started_at.wrapping_sub(time::parse(value)?)));
            }
            Rule::Number => {
                packed::push(&mut bytes, folded(about.delivery.wrapping_sub(value.parse().ok()?)));
            }
        }
        Some(bytes)
    }

    /// Writes a value again from what was kept of it, and takes that off.
    fn write(self, rest: &mut &[u8], about: &About<'_>) -> Option<String> {
        Some(match self {
            Rule::Spelt => packed::take_text(rest)?.to_owned(),
            Rule::Json => "application/json".to_owned(),
            Rule::Hidden => HIDDEN.to_owned(),
            Rule::Hex => hex::encode(signature(rest)?),
            Rule::Standard => {
                let mut value = String::new();
                for place in 0..packed::take(rest)? {
                    value.push_str(if place == 0 { "v1," } else { " v1," });
                    BASE64_STANDARD.encode_string(signature(rest)?, &mut value);
                }
                value
            }
            Rule::Id => about.id.to_owned(),
            Rule::Seconds => about.started_at.div_euclid(1_000).to_string(),
            Rule::Ordinal => about.ordinal.to_string(),
            Rule::Time => time::format(about.started_at.wrapping_sub(unfolded(packed::take(rest)?))),
            Rule::Number => about.delivery.wrapping_sub(unfolded(packed::take(rest)?)).to_string(),
        })
    }
}

fn signature<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (signature, after) = rest.split_at_checked(SIGNATURE)?;
    *rest = after;
    Some(signature)
}

#[cfg(test)]
mod tests {
    use bluehook_core::{
        request::{self, Attempt, Signing, Stamp},
        signature::{Secret, Signer},
    };
    use proptest::prelude::*;

    use super::*;

    const ABOUT: About<'static> =
        About { delivery: 1_025, id: "dlv_1", started_at: 1_700_000_000_123, ordinal: 2 };

    fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn packed(headers: &[(String, String)], about: &About<'_>) -> Vec<u8> {
        pack(headers.iter().map(|(name, value)| (name.as_str(), value.as_str())), about)
    }

    #[test]
    fn what_is_sent_takes_few_bytes() {
        let signers = [1, 2].map(|byte| Signer::new(&Secret::from_random([byte; 32])));
        let attempt = Attempt {
            delivery_id: ABOUT.id,
            timestamp_seconds: ABOUT.started_at.div_euclid(1_000),
            number: ABOUT.ordinal,
            event: "TODO_CREATED",
            stamp: Stamp { happened_at: ABOUT.started_at - 70_000, sequence: 1_024 },
            body: b"{}",
        };
        let [current, next] = &signers;
        for (signing, most) in [
            (None, 64),
            (Some(Signing { current, next: None }), 132),
            (Some(Signing { current, next: Some(next) }), 200),
        ] {
            let mut sent: Vec<(String, String)> = request::headers(&attempt, signing.as_ref())
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            sent.extend(owned(&[("X-Team", HIDDEN)]));
            let bytes = packed(&sent, &ABOUT);
            assert!(bytes.len() <= most, "{} bytes", bytes.len());
            assert_eq!(unpack(&bytes, &ABOUT), Some(sent));
        }
    }

    #[test]
    fn what_no_rule_writes_again_is_kept_as_it_was() {
        let signature = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let zeros = "0".repeat(64);
        for (name, value) in [
            (CONTENT_TYPE, "text/plain"),
            (X_SIGNATURE, "00"),
            (X_SIGNATURE, &zeros.replace('0', "A")),
            (WEBHOOK_SIGNATURE, "v2,AAAA"),
            (WEBHOOK_SIGNATURE, &format!("{signature}  {signature}")),
            (WEBHOOK_SIGNATURE, ""),
            (WEBHOOK_TIMESTAMP, "01700000000"),
            (X_BLUEHOOK_EVENT_TIME, "2023-11-14T22:13:20Z"),
            (X_BLUEHOOK_SEQUENCE, "+1024"),
            ("webhook-ID", "dlv_1"),
            ("X-Team", "shown"),
        ] {
            let sent = owned(&[(name, value), (X_SIGNATURE, &zeros)]);
            assert_eq!(unpack(&packed(&sent, &ABOUT), &ABOUT), Some(sent));
        }
    }

    /// Rows that were written stay readable: when this fails, a new first byte is due, not another text here.
    #[test]
    fn what_is_in_databases_is_read_as_ever() {
        let piece = |tag: u8, bytes: &[u8]| [&[tag], bytes].concat();
        let kept = [
            piece(1, &[]),
            piece(3, &[]),
            piece(4, b"\x0eBluehook/1.2.3"),
            piece(7, &[0xab; 32]),
            piece(9, &[0xcd; 32]),
            piece(11, &[]),
            piece(13, &[]),
            piece(15, &[&[2][..], &[0; 64]].concat()),
            piece(16, b"\x0cTODO_CREATED"),
            piece(19, &[]),
            piece(21, &[2]),
            piece(23, &[2]),
            piece(1, b"\x06X-Team"),
            piece(0, b"\x01a\x01b"),
        ];
        let zeros = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let sent = owned(&[
            ("Content-Type", "application/json"),
            ("User-Agent", "Bluehook/1.2.3"),
            ("X-Signature", &"ab".repeat(32)),
            ("X-Signature-Next", &"cd".repeat(32)),
            ("webhook-id", "dlv_1"),
            ("webhook-timestamp", "1700000000"),
            ("webhook-signature", &format!("{zeros} {zeros}")),
            ("X-Bluehook-Event", "TODO_CREATED"),
            ("X-Bluehook-Attempt", "2"),
            ("X-Bluehook-Event-Time", "2023-11-14T22:13:20.122Z"),
            ("X-Bluehook-Sequence", "1024"),
            ("X-Team", "…"),
            ("a", "b"),
        ]);
        assert_eq!(unpack(&kept.concat(), &ABOUT), Some(sent.clone()));
        assert_eq!(packed(&sent, &ABOUT), kept.concat());
    }

    #[test]
    fn lines_from_before_are_read() {
        assert_eq!(unpack(b"a: b\nc: d: e\n", &ABOUT), Some(owned(&[("a", "b"), ("c", "d: e")])));
        assert_eq!(unpack(b"", &ABOUT), Some(Vec::new()));
        assert_eq!(unpack(b"\xff", &ABOUT), None);
    }

    fn header() -> impl Strategy<Value = (String, String)> {
        let name = prop_oneof![
            prop::sample::select(&KNOWN[..]).prop_map(|(name, _)| name.to_owned()),
            "[A-Za-z-]{1,9}"
        ];
        let signature = any::<[u8; SIGNATURE]>();
        let value = prop_oneof![
            "[ -~é]{0,20}",
            any::<i64>().prop_map(|number| number.to_string()),
            (0..4_000_000_000_000_i64).prop_map(time::format),
            signature.prop_map(hex::encode),
            prop::collection::vec(signature, 1..3).prop_map(|signatures| {
                let versioned = |one: &[u8; SIGNATURE]| format!("v1,{}", BASE64_STANDARD.encode(one));
                signatures.iter().map(versioned).collect::<Vec<_>>().join(" ")
            }),
            prop::sample::select(&["application/json", HIDDEN, "dlv_1", "2"][..]).prop_map(str::to_owned),
        ];
        (name, value)
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_sent(
            headers in prop::collection::vec(header(), 0..14),
            (delivery, started_at, ordinal) in (any::<i64>(), any::<i64>(), 1..9_u32),
        ) {
            let about = About { delivery, id: "dlv_1", started_at, ordinal };
            prop_assert_eq!(unpack(&packed(&headers, &about), &about), Some(headers));
        }

        #[test]
        fn whatever_is_there_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let bytes = [&[PACKED][..], &bytes].concat();
            if let Some(headers) = unpack(&bytes, &ABOUT) {
                prop_assert_eq!(unpack(&packed(&headers, &ABOUT), &ABOUT), Some(headers));
            }
        }
    }
}
