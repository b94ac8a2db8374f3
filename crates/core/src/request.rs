//! The headers of a delivery: one function makes them, for the dispatcher and for the preview alike.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    signature::Signer,
    time::{self, Millis},
};

/// Says that bodies are JSON.
pub const CONTENT_TYPE: &str = "Content-Type";
/// Says who sends.
pub const USER_AGENT: &str = "User-Agent";
/// Blue's signature.
pub const X_SIGNATURE: &str = "X-Signature";
/// Blue's signature with the coming secret, while secrets are being changed.
pub const X_SIGNATURE_NEXT: &str = "X-Signature-Next";
/// The delivery's id, the same on every attempt (Standard Webhooks).
pub const WEBHOOK_ID: &str = "webhook-id";
/// When the attempt was made, in seconds since 1970 (Standard Webhooks).
pub const WEBHOOK_TIMESTAMP: &str = "webhook-timestamp";
/// One or two signatures, separated by a space (Standard Webhooks).
pub const WEBHOOK_SIGNATURE: &str = "webhook-signature";
/// The event's name.
pub const X_BLUEHOOK_EVENT: &str = "X-Bluehook-Event";
/// The attempt's number, from 1.
pub const X_BLUEHOOK_ATTEMPT: &str = "X-Bluehook-Attempt";
/// When what happened happened, as in RFC 3339.
pub const X_BLUEHOOK_EVENT_TIME: &str = "X-Bluehook-Event-Time";
/// The event's place in the order of intake.
pub const X_BLUEHOOK_SEQUENCE: &str = "X-Bluehook-Sequence";

/// The value of `User-Agent`.
pub const BLUEHOOK: &str = concat!("Bluehook/", env!("CARGO_PKG_VERSION"));

/// Who signs: the current secret, and the coming one while secrets are being changed.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// The secret that receivers know.
    pub current: &'a Signer,
    /// The secret that will take over.
    pub next: Option<&'a Signer>,
}

/// When an event happened and where it stands among others: the same on every attempt and redelivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When it happened, as the backend said, or else when it was taken in.
    pub happened_at: Millis,
    /// Its place in the order of intake, at most 19 digits.
    pub sequence: i64,
}

/// How many bits of a sequence number count the events of one millisecond in one lane, and name the lane.
pub const SEQUENCE_BITS: u32 = 22;
/// 2020-01-01, from which the milliseconds of sequence numbers count.
pub const SEQUENCE_BEGINS: Millis = 1_577_836_800_000;
/// What one event adds to the sequence: the ten bits below it name the lane.
const SEQUENCE_STEP: i64 = 1 << 10;

impl Stamp {
    /// That of something that happens at this moment and is in no order.
    pub fn at(now: Millis) -> Stamp {
        Stamp { happened_at: now, sequence: first_sequence(now) }
    }
}

/// The first sequence number of a millisecond: `milliseconds since 2020 << 22`.
pub fn first_sequence(at: Millis) -> i64 {
    const MOST: i64 = i64::MAX >> SEQUENCE_BITS;
    at.saturating_sub(SEQUENCE_BEGINS).clamp(0, MOST) << SEQUENCE_BITS
}

/// The sequence number of the next event, taken in at `now`: above the last one, whatever the clock did.
pub fn next_sequence(last: i64, now: Millis) -> i64 {
    last.saturating_add(SEQUENCE_STEP).max(first_sequence(now))
}

/// One attempt at a delivery.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The delivery's id.
    pub delivery_id: &'a str,
    /// When it is made, in seconds since 1970.
    pub timestamp_seconds: i64,
    /// Its number, from 1.
    pub number: u32,
    /// The event's name as in `TODO_CREATED`.
    pub event: &'a str,
    /// When the event happened, and its place among others.
    pub stamp: Stamp,
    /// The exact bytes that are sent.
    pub body: &'a [u8],
}

/// The headers of an attempt, in the order in which they are sent. Without a secret there are no signatures.
pub fn headers(attempt: &Attempt<'_>, signing: Option<&Signing<'_>>) -> Vec<(&'static str, String)> {
    let mut headers = Vec::with_capacity(11);
    headers.push((CONTENT_TYPE, "application/json".to_owned()));
    headers.push((USER_AGENT, BLUEHOOK.to_owned()));
    if let Some(signing) = signing {
        headers.push((X_SIGNATURE, signing.current.x_signature(attempt.body)));
        headers.extend(signing.next.map(|next| (X_SIGNATURE_NEXT, next.x_signature(attempt.body))));
    }
    headers.push((WEBHOOK_ID, attempt.delivery_id.to_owned()));
    headers.push((WEBHOOK_TIMESTAMP, attempt.timestamp_seconds.to_string()));
    headers.extend(signing.map(|signing| (WEBHOOK_SIGNATURE, standard(attempt, signing))));
    headers.push((X_BLUEHOOK_EVENT, attempt.event.to_owned()));
    headers.push((X_BLUEHOOK_ATTEMPT, attempt.number.to_string()));
    headers.push((X_BLUEHOOK_EVENT_TIME, time::format(attempt.stamp.happened_at)));
    headers.push((X_BLUEHOOK_SEQUENCE, attempt.stamp.sequence.to_string()));
    headers
}

fn standard(attempt: &Attempt<'_>, signing: &Signing<'_>) -> String {
    let sign =
        |signer: &Signer| signer.standard(attempt.delivery_id, attempt.timestamp_seconds, attempt.body);
    let mut value = sign(signing.current);
    if let Some(next) = signing.next {
        value.push(' ');
        value.push_str(&sign(next));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Secret;

    const ATTEMPT: Attempt<'static> = Attempt {
        delivery_id: "dlv_1",
        timestamp_seconds: 1_700_000_000,
        number: 2,
        event: "TODO_CREATED",
        stamp: Stamp { happened_at: 1_577_836_800_002, sequence: (2 << 22) + 1_024 },
        body: b"{}",
    };

    fn names(signing: Option<&Signing<'_>>) -> Vec<&'static str> {
        headers(&ATTEMPT, signing).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn signatures_come_with_secrets() {
        let signer = Signer::new(&Secret::from_random([1; 32]));
        let unsigned = [
            CONTENT_TYPE,
            USER_AGENT,
            WEBHOOK_ID,
            WEBHOOK_TIMESTAMP,
            X_BLUEHOOK_EVENT,
            X_BLUEHOOK_ATTEMPT,
            X_BLUEHOOK_EVENT_TIME,
            X_BLUEHOOK_SEQUENCE,
        ];
        assert_eq!(names(None), unsigned);
        let with_secret = names(Some(&Signing { current: &signer, next: None }));
        assert_eq!(with_secret.len(), unsigned.len() + 2);
        assert!(with_secret.contains(&X_SIGNATURE) && with_secret.contains(&WEBHOOK_SIGNATURE));
    }

    #[test]
    fn while_secrets_change_both_sign() {
        let (current, next) = (Secret::from_random([1; 32]), Secret::from_random([2; 32]));
        let (current, next) = (Signer::new(&current), Signer::new(&next));
        let headers = headers(&ATTEMPT, Some(&Signing { current: &current, next: Some(&next) }));
        let value = |name| headers.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str());
        assert_eq!(value(X_SIGNATURE), Some(&*current.x_signature(b"{}")));
        assert_eq!(value(X_SIGNATURE_NEXT), Some(&*next.x_signature(b"{}")));
        let both = [&current, &next].map(|signer| signer.standard("dlv_1", 1_700_000_000, b"{}")).join(" ");
        assert_eq!(value(WEBHOOK_SIGNATURE), Some(&*both));
        assert_eq!(value(USER_AGENT), Some(BLUEHOOK));
        assert_eq!(value(X_BLUEHOOK_ATTEMPT), Some("2"));
        assert_eq!(value(X_BLUEHOOK_EVENT_TIME), Some("2020-01-01T00:00:00.002Z"));
        assert_eq!(value(X_BLUEHOOK_SEQUENCE), Some("8389632"));
    }

    #[test]
    fn a_sequence_rises_whatever_the_clock_does() {
        let first = next_sequence(0, SEQUENCE_BEGINS + 5);
        assert_eq!(first, 5 << 22);
        assert_eq!(next_sequence(first, SEQUENCE_BEGINS + 5), first + 1_024);
        assert_eq!(next_sequence(first, SEQUENCE_BEGINS), first + 1_024);
        assert_eq!(next_sequence(first, SEQUENCE_BEGINS + 6), 6 << 22);
        assert_eq!((first_sequence(0), first_sequence(i64::MIN)), (0, 0));
        assert!(first_sequence(i64::MAX) > 0 && first_sequence(i64::MAX).to_string().len() <= 19);
        assert_eq!(
            Stamp::at(SEQUENCE_BEGINS + 1),
            Stamp { happened_at: SEQUENCE_BEGINS + 1, sequence: 1 << 22 }
        );
    }
}
