//! Ids: of cuid's form (a letter, then lower-case letters and digits, 24 in all), ordered by age.
//!
//! A webhook's id begins with its time. The ids of events, deliveries and attempts are made from their row's number, and
//! read back to it, so that no index of texts has to be kept for them: the number, then a tag made with a key of this
//! database. The tag keeps ids from being guessed, and the ids of two databases apart.

use bluehook_core::time::Millis;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const LENGTH: usize = 24;
const TIME_DIGITS: usize = 9;
const NUMBER_DIGITS: usize = 13;
const TAG_DIGITS: usize = LENGTH - 1 - NUMBER_DIGITS;

/// A new webhook's id: the time, then 72 random bits.
pub(crate) fn webhook(now: Millis) -> String {
    let mut id = String::with_capacity(LENGTH);
    id.push('c');
    push_base36(&mut id, u128::from(now.unsigned_abs()), TIME_DIGITS);
    push_base36(&mut id, u128::from_le_bytes(random()), LENGTH - 1 - TIME_DIGITS);
    id
}

/// 32 random hexadecimal characters: Blue's `uid`.
pub(crate) fn uid() -> String {
    hex::encode(random::<16>())
}

/// Random bytes from the operating system.
#[expect(
    clippy::expect_used,
    reason = "without randomness nothing here is safe; the kernel's does not fail once booted"
)]
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// What an id made from a row's number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Event,
    Delivery,
    Attempt,
    Replay,
}

impl Kind {
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Kind::Event => "evt_",
            Kind::Delivery => "dlv_",
            Kind::Attempt => "att_",
            Kind::Replay => "rpl_",
        }
    }
}

/// Turns row numbers into ids and back.
#[derive(Clone)]
pub(crate) struct Ids {
    key: Hmac<Sha256>,
}

impl Ids {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    pub(crate) fn new(key: &[u8; 32]) -> Ids {
        Ids { key: Hmac::new_from_slice(key).expect("any length will do") }
    }

    pub(crate) fn of(&self, kind: Kind, number: i64) -> String {
        let mut id = String::with_capacity(kind.prefix().len() + LENGTH);
        id.push_str(kind.prefix());
        id.push('c');
        push_base36(&mut id, u128::from(number.unsigned_abs()), NUMBER_DIGITS);
        push_base36(&mut id, self.tag(kind, number), TAG_DIGITS);
        id
    }

    /// The number that an id was made from; `None` for an id of another kind, another database, or nobody's making.
    pub(crate) fn number(&self, kind: Kind, id: &str) -> Option<i64> {
        let digits = id.strip_prefix(kind.prefix())?.strip_prefix('c')?.get(..NUMBER_DIGITS)?;
        let number = i64::from_str_radix(digits, 36).ok()?;
        (self.of(kind, number) == id).then_some(number)
    }

    fn tag(&self, kind: Kind, number: i64) -> u128 {
        let mut mac = self.key.clone();
        mac.update(kind.prefix().as_bytes());
        mac.update(&number.to_be_bytes());
        let tag = mac.finalize().into_bytes();
        tag.iter().take(8).fold(0, |n, byte| n << 8 | u128::from(*byte))
    }
}

fn push_base36(id: &mut String, n: u128, digits: usize) {
    let mut rest = n;
    let mut reversed = [b'0'; LENGTH];
    for place in reversed.iter_mut().take(digits) {
        let digit = u32::try_from(rest % 36).unwrap_or(0);
        *place = char::from_digit(digit, 36).and_then(|c| u8::try_from(c).ok()).unwrap_or(b'0');
        rest /= 36;
    }
    id.extend(reversed.iter().take(digits).rev().map(|byte| char::from(*byte)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhook_ids_have_their_form_and_order() {
        let (early, late) = (webhook(1_669_878_085_014), webhook(1_669_878_085_015));
        for id in [&early, &late] {
            assert_eq!(id.len(), 24);
            assert!(id.starts_with('c'));
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{id}");
        }
        assert!(early < late);
        assert_ne!(webhook(0), webhook(0));
        assert_eq!(uid().len(), 32);
    }

    #[test]
    fn numbered_ids_read_back_only_where_they_were_made() {
        let (ids, others) = (Ids::new(&random()), Ids::new(&random()));
        for number in [1, 2, 35, 36, 1_000_000, i64::MAX] {
            let id = ids.of(Kind::Delivery, number);
            assert_eq!(id.len(), 28, "{id}");
            assert_eq!(ids.number(Kind::Delivery, &id), Some(number));
            assert_eq!(ids.number(Kind::Event, &id), None);
            assert_eq!(others.number(Kind::Delivery, &id), None);
        }
        assert!(ids.of(Kind::Event, 9) < ids.of(Kind::Event, 10));
        for bad in
            ["", "dlv_", "dlv_c", "dlv_czzzzzzzzzzzzzzzzzzzzzzz", "dlv_c-000000000000aaaaaaaaaa", "dlv_é"]
        {
            assert_eq!(ids.number(Kind::Delivery, bad), None, "{bad}");
        }
    }
}
