//! `Retry-After` (RFC 9110, 10.2.3): seconds, or a date in any of HTTP's three forms (5.6.7).

use super::MAX_RETRY_AFTER;
use crate::time::{self, Millis};

/// Milliseconds from `now`, at most [`MAX_RETRY_AFTER`]. None for what is neither seconds nor a date.
pub fn retry_after(value: &str, now: Millis) -> Option<u64> {
    let value = value.trim();
    let asked = seconds(value).or_else(|| {
        let at = date(value, now)?;
        Some(u64::try_from(at.saturating_sub(now)).unwrap_or(0))
    })?;
    Some(asked.min(MAX_RETRY_AFTER))
}

/// Seconds with any number of digits, also spelt `1200.0`; parts of a second count as a whole one.
fn seconds(value: &str) -> Option<u64> {
    let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(part) {
        return None;
    }
    // Only a number that is too long for the type is not one.
    let whole: u64 = whole.parse().unwrap_or(u64::MAX);
    let more = u64::from(part.bytes().any(|digit| digit != b'0'));
    Some(whole.saturating_add(more).saturating_mul(1_000))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
fn date(value: &str, now: Millis) -> Option<Millis> {
    let mut words = value.split([' ', ',', '\t']).filter(|word| !word.is_empty()).peekable();
    if words.peek()?.len() >= 3 && words.peek()?.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        words.next();
    }
    let first = words.next()?;
    let (day, month, year, clock) = if let Some(month) = month(first) {
        let (day, clock) = (words.next()?, words.next()?);
        (day, month, words.next()?, clock)
    } else if let Some((day, rest)) = first.split_once('-') {
        let (name, year) = rest.split_once('-')?;
        (day, month(name)?, year, words.next()?)
    } else {
        let (name, year) = (words.next()?, words.next()?);
        (first, month(name)?, year, words.next()?)
    };
    let offset = zone(words.next())?;
    let mut parts = clock.splitn(3, ':').map(|part| number(part, 2));
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let year = full_year(year, now)?;
    let at = time::from_civil((year, month, number(day, 2)?), (hour, minute, second))?;
    words.next().is_none().then_some(at - offset)
}

/// Two digits mean the year that is not more than 50 years ahead.
fn full_year(text: &str, now: Millis) -> Option<i64> {
    let year = number(text, 4)?;
    if text.len() > 2 {
        return Some(year);
    }
    let this = number(time::format(now).get(..4)?, 4)?;
    let near = this - this.rem_euclid(100) + year;
    Some(if near > this + 50 { near - 100 } else { near })
}

fn month(name: &str) -> Option<i64> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    (1..).zip(NAMES).find(|(_, known)| name.eq_ignore_ascii_case(known)).map(|(number, _)| number)
}

/// A time zone in milliseconds; without one it is GMT.
fn zone(word: Option<&str>) -> Option<i64> {
    let Some(word) = word else { return Some(0) };
    if ["GMT", "UTC", "UT", "Z"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        return Some(0);
    }
    let sign = match word.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (number(word.get(1..3)?, 2)?, number(word.get(3..)?, 2)?);
    Some(sign * (hours * 60 + minutes) * 60_000)
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let is_number = (1..=digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use proptest::prelude::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT.
    const KNOWN: Millis = 784_111_777_000;

    #[test]
    fn seconds_and_every_form_of_a_date() {
        for (value, expected) in [
            ("120", Some(120_000)),
            (" 0 ", Some(0)),
            ("000000000000000000000000000000120", Some(120_000)),
            ("1200.0", Some(1_200_000)),
            ("1.5", Some(2_000)),
            ("99999999999999999999999999", Some(MAX_RETRY_AFTER)),
            ("3601", Some(MAX_RETRY_AFTER)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(60_000)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(60_000)),
            ("Sun Nov  6 08:49:37 1994", Some(60_000)),
            ("Sun, 6 Nov 1994 09:49:37 +0100", Some(60_000)),
            ("06 Nov 1994 08:49:37 UTC", Some(60_000)),
            ("sun, 06 nov 1994 08:49:37 gmt", Some(60_000)),
            ("Sun, 06 Nov 1994 08:48:00 GMT", Some(0)),
            ("Mon, 01 Jan 2063 00:00:00 GMT", Some(MAX_RETRY_AFTER)),
            ("Thursday, 01-Jan-70 00:00:00 GMT", Some(0)),
            ("soon", None),
            ("", None),
            ("-5", None),
            ("1e3", None),
            ("120 seconds", None),
            ("Sun, 31 Feb 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
            ("Sun, 06 Nov 1994", None),
        ] {
            assert_eq!(retry_after(value, KNOWN - 60_000), expected, "{value}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_is_at_most_an_hour(value: String, now in 0..4_102_444_800_000_i64) {
            prop_assert!(retry_after(&value, now).is_none_or(|asked| asked <= MAX_RETRY_AFTER));
        }

        #[test]
        fn seconds_are_seconds(seconds in 0_u64..3_600) {
            prop_assert_eq!(retry_after(&seconds.to_string(), 0), Some(seconds * 1_000));
        }
    }
}
