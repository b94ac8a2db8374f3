//! Ids, cursors and places in the stream: letters and digits that tell nothing to whoever has them.
//!
//! A webhook's id is of cuid's form (a letter, then 23 lower-case letters and digits) and begins with its time. What is made
//! from numbers of the log (ids of events, deliveries, attempts and replays; cursors; places in the stream) is one block of
//! AES under a key of this database: no index of texts has to be kept for them, nobody can guess one or count by them, and
//! none of another database or kind is taken.

use aes::{
    Aes128,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};
use bluehook_core::time::Millis;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

// Ids from before.
mod old;

pub(crate) use old::OldIds;

const LENGTH: usize = 24;
const TIME_DIGITS: usize = 9;

/// 16 bytes in base 36.
const BLOCK_DIGITS: usize = 25;

/// What the key of the blocks is made of, beside the database's own.
const BLOCKS: &[u8] = b"bluehook numbered ids";

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
    Event = 1,
    Delivery = 2,
    Attempt = 3,
    Replay = 4,
    Audit = 5,
}

/// What a block stands for that is no id.
const CURSOR: u8 = 64;
const POSITION: u8 = 65;

/// How a place in the stream begins.
const POSITION_PREFIX: &str = "pos_";

impl Kind {
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Kind::Event => "evt_",
            Kind::Delivery => "dlv_",
            Kind::Attempt => "att_",
            Kind::Replay => "rpl_",
            Kind::Audit => "aud_",
        }
    }
}

/// What tells the cursors of one query from those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark([u8; 7]);

impl Mark {
    /// Of everything that a query says.
    pub(crate) fn of(query: &impl std::fmt::Debug) -> Mark {
        let hash: [u8; 32] = Sha256::digest(format!("{query:?}")).into();
        Mark(*hash.first_chunk().unwrap_or(&[0; 7]))
    }
}

/// Turns numbers of the log into what is shown of them, and back.
#[derive(Clone)]
pub(crate) struct Ids {
    blocks: Aes128,
    old: old::Form,
}

impl Ids {
    /// With the key of a database, in which rows below some numbers have ids of the form from before.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    pub(crate) fn new(key: &[u8; 32], old: OldIds) -> Ids {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("any length will do");
        let made: [u8; 32] = mac.clone().chain_update(BLOCKS).finalize().into_bytes().into();
        let key = *made.first_chunk::<16>().unwrap_or(&[0; 16]);
        Ids { blocks: Aes128::new(&key.into()), old: old::Form::new(mac, old) }
    }

    pub(crate) fn of(&self, kind: Kind, number: i64) -> String {
        if self.old.has(kind, number) {
            return self.old.of(kind, number);
        }
        self.text(kind.prefix(), number, kind as u8, [0; 7])
    }

    /// The number that an id was made from; `None` for an id of another kind, another database, or nobody's making.
    pub(crate) fn number(&self, kind: Kind, id: &str) -> Option<i64> {
        if let Some(number) = self.old.number(kind, id) {
            return Some(number);
        }
        let (number, rest) = self.read(kind.prefix(), kind as u8, id)?;
        (rest == [0; 7] && !self.old.has(kind, number)).then_some(number)
    }

    /// A place in a list, for whoever asks the same again.
    pub(crate) fn cursor(&self, Mark(mark): Mark, number: i64) -> String {
        self.text("", number, CURSOR, mark)
    }

    /// The place that a cursor of this query names.
    pub(crate) fn cursor_number(&self, Mark(mark): Mark, cursor: &str) -> Option<i64> {
        let (number, of) = self.read("", CURSOR, cursor)?;
        (of == mark).then_some(number)
    }

    /// A place in the stream: a commit, and how many of its changes lie before it.
    pub(crate) fn position(&self, commit: i64, seen: u32) -> String {
        let [a, b, c, d] = seen.to_be_bytes();
        self.text(POSITION_PREFIX, commit, POSITION, [a, b, c, d, 0, 0, 0])
    }

    /// The place in the stream that a text stands for.
    pub(crate) fn read_position(&self, text: &str) -> Option<(i64, u32)> {
        match self.read(POSITION_PREFIX, POSITION, text)? {
            (commit, [a, b, c, d, 0, 0, 0]) => Some((commit, u32::from_be_bytes([a, b, c, d]))),
            _ => None,
        }
    }

    fn text(&self, prefix: &str, number: i64, kind: u8, rest: [u8; 7]) -> String {
        let plain = u128::from(number.cast_unsigned()) << 64 | u128::from(kind) << 56 | whole(rest);
        let mut block = plain.to_be_bytes().into();
        self.blocks.encrypt_block(&mut block);
        let mut text = String::with_capacity(prefix.len() + 1 + BLOCK_DIGITS);
        text.push_str(prefix);
        text.push('c');
        push_base36(&mut text, u128::from_be_bytes(block.into()), BLOCK_DIGITS);
        text
    }

    fn read(&self, prefix: &str, kind: u8, text: &str) -> Option<(i64, [u8; 7])> {
        let digits =
            text.strip_prefix(prefix)?.strip_prefix('c').filter(|text| text.len() == BLOCK_DIGITS)?;
        let is_digit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let number = u128::from_str_radix(digits, 36).ok().filter(|_| digits.bytes().all(is_digit))?;
        let mut block = number.to_be_bytes().into();
        self.blocks.decrypt_block(&mut block);
        let plain = u128::from_be_bytes(block.into());
        let [number, of, rest] = [plain >> 64, plain >> 56 & 0xff, plain & 0x00ff_ffff_ffff_ffff];
        let number = u64::try_from(number).ok()?.cast_signed();
        let [_, rest @ ..] = u64::try_from(rest).ok()?.to_be_bytes();
        (of == u128::from(kind)).then_some((number, rest))
    }
}

fn whole(rest: [u8; 7]) -> u128 {
    rest.iter().fold(0, |whole, byte| whole << 8 | u128::from(*byte))
}

fn push_base36(id: &mut String, n: u128, digits: usize) {
    let mut rest = n;
    let mut reversed = [b'0'; BLOCK_DIGITS];
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
    use proptest::prelude::*;

    fn ids() -> Ids {
        Ids::new(&random(), OldIds::default())
    }

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
        let (ids, others) = (ids(), ids());
        for number in [1, 2, 35, 36, 1_000_000, i64::MAX] {
            let id = ids.of(Kind::Delivery, number);
            assert_eq!(id.len(), "dlv_c".len() + BLOCK_DIGITS, "{id}");
            assert_eq!(ids.number(Kind::Delivery, &id), Some(number));
            assert_eq!(ids.number(Kind::Event, &id.replace("dlv_", "evt_")), None);
            assert_eq!(others.number(Kind::Delivery, &id), None);
            assert_eq!(ids.number(Kind::Delivery, &id.to_uppercase().replace("DLV_C", "dlv_c")), None);
        }
        for bad in
            ["", "dlv_", "dlv_c", "dlv_c+000000000000aaaaaaaaaaaa", "dlv_czzzzzzzzzzzzzzzzzzzzzzzzz", "dlv_é"]
        {
            assert_eq!(ids.number(Kind::Delivery, bad), None, "{bad}");
        }
    }

    #[test]
    fn nothing_can_be_counted_by_them() {
        let ids = ids();
        let digits = |number| ids.of(Kind::Delivery, number)[5..].to_owned();
        let same = |a: &str, b: &str| a.bytes().zip(b.bytes()).filter(|(a, b)| a == b).count();
        let alike: usize = (0..100).map(|n| same(&digits(n), &digits(n + 1))).sum();
        assert!(alike < 200, "of 2,500 digits about 70 are the same by chance: {alike}");
    }

    proptest! {
        #[test]
        fn cursors_belong_to_their_query_and_places_are_read_as_they_are_written(
            number in any::<i64>(), seen in any::<u32>(), one in 0..9_u8, other in 0..9_u8, noise in "[a-z0-9]{0,40}",
        ) {
            let ids = Ids::new(&[7; 32], OldIds::default());
            let cursor = ids.cursor(Mark::of(&one), number);
            prop_assert_eq!(ids.cursor_number(Mark::of(&other), &cursor), (one == other).then_some(number));
            let position = ids.position(number, seen);
            prop_assert_eq!(ids.read_position(&position), Some((number, seen)));
            prop_assert_eq!(ids.cursor_number(Mark::of(&one), &position), None);
            prop_assert_eq!(ids.read_position(&cursor), None);
            prop_assert_eq!(ids.number(Kind::Event, &format!("evt_{cursor}")), None);
            for text in [noise.clone(), format!("c{noise}"), format!("pos_c{noise}")] {
                prop_assert_eq!(ids.cursor_number(Mark::of(&one), &text), None);
                prop_assert_eq!(ids.read_position(&text), None);
            }
        }
    }
}
