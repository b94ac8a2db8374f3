//! The form of ids from before they were enciphered: the number in clear, then a tag. Rows that had one keep it, since
//! receivers know deliveries by it; no new one is made.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{Kind, LENGTH, push_base36};

const NUMBER_DIGITS: usize = 13;
const TAG_DIGITS: usize = LENGTH - 1 - NUMBER_DIGITS;

/// An attempt's number is its delivery's times this, and a little more.
const ATTEMPTS_OF_DELIVERY: i64 = 1_024;

/// Which rows have ids of the form from before: those below these numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OldIds {
    pub(crate) events: i64,
    pub(crate) deliveries: i64,
    pub(crate) replays: i64,
}

impl OldIds {
    fn below(self, kind: Kind) -> i64 {
        match kind {
            Kind::Event => self.events,
            Kind::Delivery => self.deliveries,
            Kind::Attempt => self.deliveries * ATTEMPTS_OF_DELIVERY,
            Kind::Replay => self.replays,
            Kind::Audit => 0,
        }
    }
}

/// Ids of the form from before.
#[derive(Clone)]
pub(super) struct Form {
    key: Hmac<Sha256>,
    old: OldIds,
}

impl Form {
    pub(super) fn new(key: Hmac<Sha256>, old: OldIds) -> Form {
        Form { key, old }
    }

    /// Whether a row has one.
    pub(super) fn has(&self, kind: Kind, number: i64) -> bool {
        number < self.old.below(kind)
    }

    pub(super) fn of(&self, kind: Kind, number: i64) -> String {
        let mut id = String::with_capacity(kind.prefix().len() + LENGTH);
        id.push_str(kind.prefix());
        id.push('c');
        push_base36(&mut id, u128::from(number.unsigned_abs()), NUMBER_DIGITS);
        push_base36(&mut id, self.tag(kind, number), TAG_DIGITS);
        id
    }

    /// The number that one was made from.
    pub(super) fn number(&self, kind: Kind, id: &str) -> Option<i64> {
        let digits = id.strip_prefix(kind.prefix())?.strip_prefix('c')?.get(..NUMBER_DIGITS)?;
        let number = i64::from_str_radix(digits, 36).ok()?;
        (self.has(kind, number) && self.of(kind, number) == id).then_some(number)
    }

    fn tag(&self, kind: Kind, number: i64) -> u128 {
        let mut mac = self.key.clone();
        mac.update(kind.prefix().as_bytes());
        mac.update(&number.to_be_bytes());
        let tag = mac.finalize().into_bytes();
        tag.iter().take(8).fold(0, |n, byte| n << 8 | u128::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ids;
    use super::*;

    #[test]
    fn rows_from_before_keep_their_ids_and_no_others_have_such() {
        let old = OldIds { events: 5, deliveries: 9, replays: 0 };
        let (before, now) =
            (Ids::new(&[7; 32], OldIds { events: 99, deliveries: 99, replays: 99 }), Ids::new(&[7; 32], old));
        for (kind, last) in
            [(Kind::Event, 4), (Kind::Delivery, 8), (Kind::Attempt, 9 * ATTEMPTS_OF_DELIVERY - 1)]
        {
            let id = before.of(kind, last);
            assert_eq!(id.len(), 28);
            assert_eq!((now.of(kind, last), now.number(kind, &id)), (id, Some(last)));
            assert_eq!(now.of(kind, last + 1).len(), 30);
            assert_eq!(now.number(kind, &before.of(kind, last + 1)), None, "nobody was given that");
        }
    }
}
