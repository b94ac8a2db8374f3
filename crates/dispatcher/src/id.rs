//! New ids: of cuid's form (a letter, then lower-case letters and digits, 24 in all), and ordered by time.
//!
//! The order matters to the store: new rows then go to the end of their indexes, so what happened long ago does not
//! slow down what happens now, and a span of time is a span of ids. 72 random bits keep ids apart and unguessable.

use bluehook_core::time::Millis;

const LENGTH: usize = 24;
const TIME_DIGITS: usize = 9;

/// A new id with a prefix such as `evt_`.
pub fn new(prefix: &str, now: Millis) -> String {
    let mut id = String::with_capacity(prefix.len() + LENGTH);
    id.push_str(prefix);
    push_time(&mut id, now);
    let random = u128::from_le_bytes(random());
    push_base36(&mut id, random, LENGTH - 1 - TIME_DIGITS);
    id
}

/// The smallest id with this prefix that could be made at `at`: a bound for a span of time.
pub fn lower_bound(prefix: &str, at: Millis) -> String {
    let mut id = String::from(prefix);
    push_time(&mut id, at);
    id
}

/// 32 random hexadecimal characters: Blue's `uid`.
pub fn uid() -> String {
    hex::encode(random::<16>())
}

/// Random bytes from the operating system.
#[expect(clippy::expect_used, reason = "without randomness nothing here is safe; the kernel's does not fail once booted")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

fn push_time(id: &mut String, at: Millis) {
    id.push('c');
    push_base36(id, u128::from(at.unsigned_abs()), TIME_DIGITS);
}

fn push_base36(id: &mut String, mut n: u128, digits: usize) {
    let start = id.len();
    for _ in 0..digits {
        let digit = u32::try_from(n % 36).unwrap_or(0);
        id.insert(start, char::from_digit(digit, 36).unwrap_or('0'));
        n /= 36;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_form_and_order() {
        let (early, late) = (new("evt_", 1_669_878_085_014), new("evt_", 1_669_878_085_015));
        for id in [&early, &late] {
            assert_eq!(id.len(), 28);
            assert!(id.starts_with("evt_c"));
            assert!(id[4..].bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{id}");
        }
        assert!(early < late);
        assert!(lower_bound("evt_", 1_669_878_085_014) < early);
        assert!(early < lower_bound("evt_", 1_669_878_085_015));
        assert_ne!(new("", 0), new("", 0));
        assert_eq!(uid().len(), 32);
    }
}
