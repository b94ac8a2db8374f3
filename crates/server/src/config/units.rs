//! How values of settings are spelt: durations, sizes, counts, networks.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    time::Duration,
};

use bluehook_core::retry::{MAX_PAUSES, Policy};
use ipnet::IpNet;

/// The longest duration that a setting takes: ten years.
const MAX_DURATION: Duration = Duration::from_hours(10 * 365 * 24);

/// The port of name servers.
const NAME_SERVER: u16 = 53;

/// How a list without members is written where it has to be said.
const NONE: &str = "none";

/// Reads a duration such as `7s`, `1m`, `1h30m`, `30d` or `250ms`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("expected a duration such as 500ms, 7s, 1m or 30d, found `{text}`");
    let mut total = Duration::ZERO;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let (number, unit, after) = leading(rest).ok_or_else(wrong)?;
        let scale = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wrong()),
        };
        let part = Duration::from_millis(number.checked_mul(scale).ok_or_else(wrong)?);
        total = total.checked_add(part).filter(|total| *total <= MAX_DURATION).ok_or_else(wrong)?;
        rest = after;
    }
    Ok(total)
}

/// A duration that is longer than nothing.
pub(super) fn positive_duration(text: &str) -> Result<Duration, String> {
    duration(text).and_then(|duration| {
        if duration.is_zero() { Err("must be longer than 0".to_owned()) } else { Ok(duration) }
    })
}

/// Reads a size such as `64KiB`, `1MiB` or a number of bytes.
pub(super) fn size(text: &str) -> Result<usize, String> {
    let wrong = || format!("expected a size such as 512KiB, 1MiB or 65536, found `{text}`");
    let (number, unit, rest) = leading(text.trim()).ok_or_else(wrong)?;
    let scale = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(wrong()),
    };
    let bytes = number.checked_mul(scale).and_then(|bytes| usize::try_from(bytes).ok());
    bytes.filter(|bytes| *bytes > 0 && rest.is_empty()).ok_or_else(wrong)
}

/// The same, or 0.
pub(super) fn size_or_none(text: &str) -> Result<u64, String> {
    let bytes = if text.trim() == "0" { 0 } else { size(text)? };
    u64::try_from(bytes).map_err(|error| error.to_string())
}

/// Reads a whole number from 1 on.
pub(super) fn count<T: FromStr + Default + PartialEq>(text: &str) -> Result<T, String> {
    let number: Option<T> = text.trim().parse().ok().filter(|number| *number != T::default());
    number.ok_or_else(|| format!("expected a whole number from 1, found `{text}`"))
}

/// Reads `true` or `false`.
pub(super) fn boolean(text: &str) -> Result<bool, String> {
    text.trim().parse().map_err(|_| format!("expected true or false, found `{text}`"))
}

/// Reads the pauses between attempts, such as `5s,1m,10m,1h`, or `none`.
pub(super) fn schedule(text: &str) -> Result<Policy, String> {
    if text.split(',').all(|pause| pause.trim().is_empty()) {
        return Err("expected pauses such as 5s,1m,10m,1h, or none for no second attempt".to_owned());
    }
    let pauses = members(text)
        .map(|pause| duration(pause).map(|pause| u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)))
        .collect::<Result<Vec<_>, _>>()?;
    if pauses.len() > MAX_PAUSES {
        return Err(format!("at most {MAX_PAUSES} pauses, found {}", pauses.len()));
    }
    Ok(Policy::new(pauses))
}

/// Reads networks such as `10.0.0.0/8,fd00::/8`, or `none`; a bare address is a network of one.
pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    members(text).map(network).collect()
}

fn network(text: &str) -> Result<IpNet, String> {
    text.parse()
        .or_else(|_| text.parse().map(|address: IpAddr| IpNet::from(address)))
        .map_err(|_| format!("expected a network such as 10.0.0.0/8, found `{text}`"))
}

/// Reads name servers such as `10.0.0.53,[fd00::53]:5353`; the port is 53 unless it is said.
pub(super) fn name_servers(text: &str) -> Result<Vec<SocketAddr>, String> {
    let server = |text: &str| {
        text.parse()
            .or_else(|_| text.parse().map(|address: IpAddr| SocketAddr::new(address, NAME_SERVER)))
            .map_err(|_| format!("expected an address such as 10.0.0.53 or 10.0.0.53:53, found `{text}`"))
    };
    members(text).map(server).collect()
}

/// The members of a list, separated by commas; `none` is the list without any.
fn members(text: &str) -> impl Iterator<Item = &str> {
    let text = if text.trim() == NONE { "" } else { text };
    text.split(',').map(str::trim).filter(|member| !member.is_empty())
}

/// Splits `12kib…` into its number, its letters and the rest.
fn leading(text: &str) -> Option<(u64, &str, &str)> {
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let (unit, rest) = rest.split_at(rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len()));
    Some((digits.parse().ok()?, unit, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, millis) in [
            ("7s", 7_000),
            ("250ms", 250),
            ("1m", 60_000),
            ("1h30m", 5_400_000),
            ("30d", 2_592_000_000),
            ("0s", 0),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for bad in ["", "7", "s", "7 s", "-1s", "1.5s", "7S", "1w", "99999999999999999999s", "9999999d"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert!(positive_duration("0s").is_err());
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [("1MiB", 1 << 20), ("64KiB", 65_536), ("100", 100), ("5B", 5)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for bad in ["", "0", "1MB", "1mib", "MiB", "1MiB1", "-1", "18446744073709551615GiB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lists() {
        assert_eq!(schedule("5s, 1m").map(|policy| policy.pauses().to_vec()), Ok(vec![5_000, 60_000]));
        assert_eq!(schedule("none").map(|policy| policy.attempts()), Ok(1));
        for bad in ["", " ", ",", "none,5s", "0"] {
            assert!(schedule(bad).is_err(), "{bad}");
        }
        assert_eq!(networks("none"), Ok(Vec::new()));
        assert!(schedule(&["1s"; 21].join(",")).is_err());
        let found =
            networks("10.0.0.0/8, ::1,127.0.0.1").map(|nets| nets.iter().map(IpNet::to_string).collect());
        assert_eq!(found, Ok(["10.0.0.0/8", "::1/128", "127.0.0.1/32"].map(str::to_owned).to_vec()));
        assert!(networks("localhost").is_err());
    }

    #[test]
    fn name_servers_have_a_port() {
        let shown = |text: &str| name_servers(text).map(|all| all.iter().map(ToString::to_string).collect());
        assert_eq!(
            shown("10.0.0.53, ::1, [::1]:5353"),
            Ok(vec!["10.0.0.53:53".to_owned(), "[::1]:53".to_owned(), "[::1]:5353".to_owned()])
        );
        assert!(name_servers("dns.example.com").is_err());
    }

    #[test]
    fn counts() {
        assert_eq!(count::<u32>(" 12 "), Ok(12));
        for bad in ["0", "-1", "x", "", "4294967296"] {
            assert!(count::<u32>(bad).is_err(), "{bad}");
        }
    }
}
