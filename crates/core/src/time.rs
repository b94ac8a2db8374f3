//! Instants as milliseconds since 1970 (UTC), read from and written as RFC 3339.
//!
//! The core reads no clock: every function that depends on the time takes it as an argument. Small on purpose, since
//! it is part of what a browser downloads; the native side checks it against a calendar library.

use alloc::string::String;
use core::fmt::Write;

/// Milliseconds since 1970-01-01T00:00:00Z; negative before.
pub type Millis = i64;

const DAY: i64 = 86_400_000;

/// Writes an instant as Blue does: `2022-12-01T07:01:25.014Z`. Years outside 0 to 9999 are clamped to that range.
pub fn format(at: Millis) -> String {
    let at = at.clamp(-62_167_219_200_000, 253_402_300_799_999);
    let (year, month, day) = civil_from_days(at.div_euclid(DAY));
    let ms = at.rem_euclid(DAY);
    let mut out = String::with_capacity(24);
    let _ = write!(
        out,
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1_000 % 60,
        ms % 1_000
    );
    out
}

/// Reads an RFC 3339 date-time; a fraction beyond milliseconds is cut off. `None` when it is anything else, or names a
/// day or an hour that does not exist. A leap second is read as the last second of its minute.
pub fn parse(text: &str) -> Option<Millis> {
    let bytes = text.as_bytes();
    let number = |from: usize, len: usize| -> Option<i64> {
        let digits = bytes.get(from..from + len)?;
        digits.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
    };
    let mark = |at: usize, any_of: &[u8]| bytes.get(at).filter(|b| any_of.contains(b)).map(|_| ());
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    for (at, any_of) in [(4, "-"), (7, "-"), (10, "Tt "), (13, ":"), (16, ":")] {
        mark(at, any_of.as_bytes())?;
    }
    let seconds = from_civil((year, month, day), (hour, minute, second))?;
    let mut at = 19;
    let mut millis = 0;
    if bytes.get(at) == Some(&b'.') {
        let digits = bytes.iter().skip(at + 1).take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        millis = number(at + 1, digits.min(3))? * [100, 10, 1].get(digits.min(3) - 1)?;
        at += 1 + digits;
    }
    let offset = match bytes.get(at)? {
        b'Z' | b'z' if bytes.len() == at + 1 => 0,
        sign @ (b'+' | b'-') if bytes.len() == at + 6 => {
            let (hours, minutes) = (number(at + 1, 2)?, number(at + 4, 2)?);
            mark(at + 3, b":")?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if *sign == b'+' { 60_000 } else { -60_000 }
        }
        _ => return None,
    };
    Some(seconds + millis - offset)
}

/// The instant of a date and a time of day, UTC; none when there is no such day or hour. A leap second is the last second
/// of its minute.
pub(crate) fn from_civil(
    (year, month, day): (i64, i64, i64),
    (hour, minute, second): (i64, i64, i64),
) -> Option<Millis> {
    let exists = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    let clock = ((hour * 60 + minute) * 60 + second.min(59)) * 1_000;
    exists.then(|| days_from_civil(year, month, day) * DAY + clock)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Years are counted from March, so that the leap
/// day is a year's last; 400 years always have 146,097 days.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date that lies this many days after 1970-01-01: year, month, day.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_instants() {
        for (text, at) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("2022-12-01T07:01:25.014Z", 1_669_878_085_014),
            ("2000-02-29T23:59:59.999Z", 951_868_799_999),
            ("1969-12-31T23:59:59.999Z", -1),
        ] {
            assert_eq!(parse(text), Some(at));
            assert_eq!(format(at), text);
        }
        assert_eq!(parse("2022-12-01T08:01:25.0149+01:00"), Some(1_669_878_085_014));
        assert_eq!(parse("2022-12-01t07:01:25.5z"), Some(1_669_878_085_500));
        assert_eq!(parse("2022-12-01T07:01:60Z"), parse("2022-12-01T07:01:59Z"));
    }

    #[test]
    fn what_is_not_a_date_time_is_refused() {
        for bad in [
            "",
            "2022-12-01",
            "2022-02-29T00:00:00Z",
            "2022-13-01T00:00:00Z",
            "2022-12-01T24:00:00Z",
            "2022-12-01T07:01:25",
            "2022-12-01T07:01:25.Z",
            "2022-12-01T07:01:25+0100",
            "2022-12-01T07:01:25Z ",
            "é022-12-01T07:01:25Z",
            "+022-12-01T07:01:25Z",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn formatted_instants_read_back(at in -62_167_219_200_000..=253_402_300_799_999_i64) {
            prop_assert_eq!(parse(&format(at)), Some(at));
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = parse(&text);
        }
    }
}
