//! Numbers as they stand in JSON, compared as the exact decimals that they are: 1 = 1.0 = 10e-1, -0 = 0, and
//! 9007199254740993 is not 9007199254740992.

use core::cmp::Ordering;

use crate::effort;

/// A number's parts, without the zeros that do not count.
struct Decimal<'t> {
    negative: bool,
    /// Digits and perhaps a point; begins and ends with a digit that is not zero. Empty for zero.
    digits: &'t [u8],
    /// The number is 0.`digits` (the point left out) times ten to this power.
    exponent: i64,
}

/// Which of two well-formed JSON numbers is greater. Powers of ten beyond 10^18 digits count as equal.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (decimal(a), decimal(b));
    match (a.sign(), b.sign()) {
        (1, 1) => magnitude(&a, &b),
        (-1, -1) => magnitude(&b, &a),
        (a, b) => a.cmp(&b),
    }
}

/// Whether two well-formed JSON numbers are the same.
pub(super) fn equal(a: &str, b: &str) -> bool {
    if is_whole(a) && is_whole(b) { a == b } else { compare(a, b).is_eq() }
}

/// Whether a number is spelled in the one way that whole numbers have without point and exponent.
fn is_whole(number: &str) -> bool {
    effort::spend(number.len());
    number != "-0" && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

impl Decimal<'_> {
    fn sign(&self) -> i8 {
        match (self.digits, self.negative) {
            ([], _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }
}

fn magnitude(a: &Decimal<'_>, b: &Decimal<'_>) -> Ordering {
    a.exponent.cmp(&b.exponent).then_with(|| digits(a).cmp(digits(b)))
}

fn digits<'t>(decimal: &Decimal<'t>) -> impl Iterator<Item = &'t u8> {
    decimal.digits.iter().filter(|digit| **digit != b'.')
}

fn decimal(number: &str) -> Decimal<'_> {
    effort::spend(number.len());
    let bytes = number.as_bytes();
    let negative = bytes.first() == Some(&b'-');
    let bytes = bytes.get(usize::from(negative)..).unwrap_or_default();
    let end = bytes.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(bytes.len());
    let (mantissa, power) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    let counts = |byte: &u8| (b'1'..=b'9').contains(byte);
    let (first, last) = (mantissa.iter().position(counts), mantissa.iter().rposition(counts));
    let Some((first, last)) = first.zip(last) else { return Decimal { negative, digits: &[], exponent: 0 } };
    let point = mantissa.iter().position(|byte| *byte == b'.').unwrap_or(mantissa.len());
    // How many digits stand between the first that counts and the point; negative where it comes after the point.
    let shift = if first < point { signed(point - first) } else { 1 - signed(first - point) };
    let digits = mantissa.get(first..=last).unwrap_or_default();
    Decimal { negative, digits, exponent: power_of(power).saturating_add(shift) }
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The power of ten in `e+12`; 0 when there is none.
fn power_of(power: &[u8]) -> i64 {
    let digits = power.iter().filter(|byte| byte.is_ascii_digit());
    let size =
        digits.fold(0_i64, |size, digit| size.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    // Half the range, so that adding the mantissa's length cannot turn one huge power into another's neighbour.
    let size = size.min(i64::MAX / 2);
    if power.get(1) == Some(&b'-') { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, expected: Ordering, b: &str) {
        assert_eq!(compare(a, b), expected, "{a} {b}");
        assert_eq!(compare(b, a), expected.reverse(), "{b} {a}");
        assert_eq!(equal(a, b), expected.is_eq(), "{a} {b}");
    }

    #[test]
    fn numbers_compare_exactly() {
        for (a, b) in [
            ("1", "1.0"),
            ("0", "-0"),
            ("-7", "-7"),
            ("1", "10e-1"),
            ("0", "-0.00e7"),
            ("0.001", "1E-3"),
            ("120", "1.2e+2"),
            ("0.5", "5e-1"),
            ("1e400", "10e399"),
            ("100.10", "1001e-1"),
        ] {
            check(a, Ordering::Equal, b);
        }
        for (a, b) in [
            ("9007199254740992", "9007199254740993"),
            ("-1", "0"),
            ("-2", "-1"),
            ("1e308", "1e309"),
            ("0.1", "0.10000000000000000001"),
            ("-1e400", "1e-400"),
            ("9", "10"),
            ("0.09", "0.1"),
            ("99.9", "100"),
            ("-10", "-9"),
            ("1e-99999999999999999999", "1"),
            ("1", "1e99999999999999999999"),
            ("0", "1e-400"),
            ("10.01", "10.1"),
        ] {
            check(a, Ordering::Less, b);
        }
    }
}
