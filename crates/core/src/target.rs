//! Where deliveries may go: rules for URLs and for addresses. Resolving a name is the caller's; vetting what it resolved
//! to, and what was really connected to, is done with [`is_public`].

use alloc::{borrow::ToOwned, string::String};
use core::{
    fmt::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use url::{Host, ParseError, Url};

use crate::input::{Fault, Unit, UrlReason, shown};

/// The longest URL, in bytes, as given and as normalised.
pub const MAX_URL: usize = 2_048;

/// A URL that may be called, in its normalised spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The URL as the request uses it.
    pub url: String,
    /// The host: a name to resolve, or an address as given.
    pub host: Destination,
    /// The port, given or by scheme.
    pub port: u16,
}

impl Target {
    /// Whether TLS is spoken there.
    pub fn is_tls(&self) -> bool {
        self.url.starts_with("https:")
    }

    /// Scheme, host and port: what a connection is good for.
    pub fn origin(&self) -> &str {
        self.url.get(..self.path_at()).unwrap_or_default()
    }

    /// The host, with the port where it is not the scheme's own (RFC 9110, 7.2).
    pub fn authority(&self) -> &str {
        self.origin().split_once("://").map_or("", |(_, authority)| authority)
    }

    /// The host as the URL spells it, without the port.
    pub fn host_text(&self) -> &str {
        let authority = self.authority();
        let end = authority.rfind(':').filter(|end| *end > authority.rfind(']').unwrap_or(0));
        end.and_then(|end| authority.get(..end)).unwrap_or(authority)
    }

    /// What is asked for there: path and query, as RFC 3986 has them.
    pub fn path_and_query(&self) -> &str {
        self.url.get(self.path_at()..).unwrap_or("/")
    }

    /// Where the path begins: a URL of these schemes always has one.
    fn path_at(&self) -> usize {
        let host = self.url.find("://").map_or(0, |at| at + "://".len());
        self.url.get(host..).and_then(|rest| rest.find('/')).map_or(self.url.len(), |at| host + at)
    }
}

/// What has to be connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A name to resolve, in its ASCII form.
    Name(String),
    /// An address, however it was spelt (`2130706433`, `0x7f.1`, `[::ffff:127.0.0.1]`).
    Address(IpAddr),
}

/// Reads a webhook's URL.
///
/// # Errors
/// What is wrong: not a URL, not http or https, a user name or password in it, a fragment, or too long.
pub fn parse(text: &str) -> Result<Target, Fault> {
    if text.len() > MAX_URL {
        return Err(Fault::AtMost(Unit::Bytes, MAX_URL, Some(text.len())));
    }
    let url = Url::parse(text).map_err(|error| Fault::NotAUrl(reason(error)))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Fault::UrlScheme(shown(url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Fault::UrlCredentials);
    }
    if url.fragment().is_some() {
        return Err(Fault::UrlFragment);
    }
    let host = match url.host() {
        Some(Host::Domain(name)) => {
            let is_tls = url.scheme() == "https";
            check_name(name, is_tls)?;
            Destination::Name(name.to_owned())
        }
        Some(Host::Ipv4(address)) => Destination::Address(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Destination::Address(IpAddr::V6(address)),
        None => return Err(Fault::UrlHost),
    };
    let Some(port) = url.port_or_known_default().filter(|port| *port != 0) else {
        return Err(Fault::UrlPort);
    };
    let url = escaped(url.as_str());
    if url.len() > MAX_URL {
        return Err(Fault::AtMost(Unit::EscapedBytes, MAX_URL, Some(url.len())));
    }
    Ok(Target { url, host, port })
}

/// The longest name that name servers can be asked for, and the longest of its labels (RFC 1035, 2.3.4).
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Refuses names that no request could carry: those that no name server can be asked for, and over TLS those that no
/// certificate can name.
fn check_name(name: &str, is_tls: bool) -> Result<(), Fault> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let mut labels = name.split('.');
    if name.len() > MAX_NAME || labels.clone().any(|label| label.is_empty() || label.len() > MAX_LABEL) {
        return Err(Fault::UrlHostName(shown(name)));
    }
    let can_be_named = |label: &str| {
        !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    match labels.find(|label| is_tls && !can_be_named(label)) {
        Some(label) => Err(Fault::UrlTlsName(shown(label))),
        None => Ok(()),
    }
}

/// A URL with everything escaped in path and query that RFC 3986 does not allow there. What is escaped already stays byte
/// for byte, since it may be signed.
fn escaped(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + "://".len());
    let path = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| host + at);
    let mut out = String::with_capacity(url.len());
    out.push_str(url.get(..path).unwrap_or_default());
    let mut rest = url.get(path..).unwrap_or_default().chars();
    while let Some(character) = rest.next() {
        let is_allowed = match character {
            '%' => is_escape(rest.as_str()),
            _ => character.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?".contains(character),
        };
        if is_allowed {
            out.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Whether a percent sign before this begins an escape.
fn is_escape(rest: &str) -> bool {
    rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn reason(error: ParseError) -> UrlReason {
    match error {
        ParseError::EmptyHost => UrlReason::NoHost,
        ParseError::IdnaError
        | ParseError::InvalidIpv4Address
        | ParseError::InvalidIpv6Address
        | ParseError::InvalidDomainCharacter => UrlReason::BadHost,
        ParseError::InvalidPort => UrlReason::BadPort,
        ParseError::RelativeUrlWithoutBase => UrlReason::Relative,
        _ => UrlReason::Other,
    }
}

/// Whether an address is one of the public internet: not of a private, local, shared, reserved or test network, in any
/// of the spellings that reach one (IPv4 mapped into, embedded in or translated from IPv6). After IANA's registries of
/// special-purpose addresses.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    const SPECIAL: [([u8; 4], u32); 16] = [
        ([0, 0, 0, 0], 8),       // this network
        ([10, 0, 0, 0], 8),      // private
        ([100, 64, 0, 0], 10),   // shared by providers
        ([127, 0, 0, 0], 8),     // loopback
        ([169, 254, 0, 0], 16),  // link-local, cloud metadata
        ([172, 16, 0, 0], 12),   // private
        ([192, 0, 0, 0], 24),    // protocol assignments
        ([192, 0, 2, 0], 24),    // documentation
        ([192, 31, 196, 0], 24), // AS112
        ([192, 52, 193, 0], 24), // AMT
        ([192, 88, 99, 0], 24),  // 6to4 relays
        ([192, 168, 0, 0], 16),  // private
        ([192, 175, 48, 0], 24), // AS112
        ([198, 18, 0, 0], 15),   // benchmarks
        ([198, 51, 100, 0], 24), // documentation
        ([203, 0, 113, 0], 24),  // documentation
    ];
    let bits = address.to_bits();
    // 224.0.0.0/3: multicast, reserved, broadcast.
    bits < Ipv4Addr::new(224, 0, 0, 0).to_bits()
        && !SPECIAL.iter().any(|(net, length)| (bits ^ Ipv4Addr::from(*net).to_bits()) >> (32 - length) == 0)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        // IPv4-mapped and IPv4-compatible: judged as the IPv4 address; `::` and `::1` fall out as 0.0.0.x.
        // NAT64 and 6to4: a translator or relay would reach the embedded IPv4 address.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        // 2001::/23: protocol assignments, Teredo, ORCHID, benchmarks. 2001:db8::/32, 3fff::/20: documentation.
        // 2620:4f:8000::/48: AS112.
        [0x2001, 0..0x0200 | 0x0db8, ..] | [0x3fff, 0..0x1000, ..] | [0x2620, 0x4f, 0x8000, ..] => false,
        // Only 2000::/3 is given out as global unicast; everything else (local, link-local, multicast …) is not.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};

    #[test]
    fn addresses() {
        for public in [
            "8.8.8.8",
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "64:ff9b::8.8.8.8",
            "::ffff:8.8.8.8",
            "2002:808:808::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for local in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "5f00::1",
            "4000::1",
        ] {
            assert!(!is_public(local.parse().unwrap()), "{local}");
        }
    }

    #[test]
    fn spellings_of_one_address_are_one_destination() {
        for url in [
            "http://127.0.0.1",
            "http://2130706433/",
            "http://0x7f.1",
            "http://0177.0.0.1",
            "http://127.1:80",
            "HTTP://１２７.0.0.1",
        ] {
            let target = parse(url).unwrap();
            assert_eq!(target.host, Destination::Address(IpAddr::V4(Ipv4Addr::LOCALHOST)), "{url}");
            assert_eq!((target.url.as_str(), target.port), ("http://127.0.0.1/", 80));
        }
    }

    #[test]
    fn what_is_not_to_be_called_is_told() {
        for (url, detail) in [
            (
                "example.com/hook",
                "not a URL (relative URL without a base); expected one such as https://example.com/hook",
            ),
            ("ftp://example.com", "expected http or https, found ftp"),
            ("https://user@example.com", "must not contain a user name or password; use a header instead"),
            ("https://:pw@example.com", "must not contain a user name or password; use a header instead"),
            ("https://example.com/#x", "must not contain a fragment (#…); it is never sent"),
            ("https://example.com:0/", "expected a port from 1 to 65535"),
            ("https://", "not a URL (empty host); expected one such as https://example.com/hook"),
        ] {
            assert_eq!(parse(url).unwrap_err().to_string(), detail, "{url}");
        }
        assert_eq!(
            parse(&format!("https://e.com/{}", "a".repeat(2_048))).unwrap_err().to_string(),
            "at most 2048 bytes, found 2062"
        );
    }

    #[test]
    fn what_a_request_cannot_carry_is_escaped_and_the_rest_stays() {
        for (given, sent) in [
            ("https://a.b/{id}|x^y`z", "/%7Bid%7D%7Cx%5Ey%60z"),
            ("https://a.b/?q={x}|^`[0]", "/?q=%7Bx%7D%7C%5E%60%5B0%5D"),
            ("https://a.b/100%/a%2", "/100%25/a%252"),
            ("https://a.b/a%2fb%2Fc%7e?sig=a%2Bb%3d", "/a%2fb%2Fc%7e?sig=a%2Bb%3d"),
            ("https://a.b/a%zz", "/a%25zz"),
            ("https://a.b/\u{e4}?\u{e4}", "/%C3%A4?%C3%A4"),
            ("https://a.b", "/"),
            ("https://a.b?x=/", "/?x=/"),
        ] {
            let target = parse(given).unwrap();
            assert_eq!(target.path_and_query(), sent, "{given}");
            // Saved and sent are one.
            assert_eq!(parse(&target.url).unwrap(), target);
        }
    }

    #[test]
    fn a_target_says_where_it_is() {
        let target = parse("http://[::1]:8080/a").unwrap();
        assert_eq!(
            (target.origin(), target.authority(), target.host_text()),
            ("http://[::1]:8080", "[::1]:8080", "[::1]")
        );
        let target = parse("https://a.b:443/").unwrap();
        assert_eq!((target.origin(), target.authority(), target.host_text()), ("https://a.b", "a.b", "a.b"));
        assert!(target.is_tls());
    }

    #[test]
    fn host_names_as_urls_take_them() {
        let label = "x".repeat(64);
        for (url, good) in [
            ("https://my_host.example/", true),
            ("http://my_host.example/", true),
            ("http://-a.example/", true),
            ("http://a-.example/", true),
            ("https://-a.example/", false),
            ("https://a-.example/", false),
            ("https://a.example./", true),
            ("http://a..example/", false),
            ("http://a!b.example/", true),
            ("https://a!b.example/", false),
            (&format!("http://{label}.example/"), false),
            (&format!("http://{}example/", "abcdefghi.".repeat(25)), false),
        ] {
            assert_eq!(parse(url).is_ok(), good, "{url}");
        }
    }

    #[test]
    fn names_are_normalised() {
        let target = parse("https://Exämple.COM/Hook?a=b").unwrap();
        assert_eq!(target.url, "https://xn--exmple-cua.com/Hook?a=b");
        assert_eq!(target.host, Destination::Name("xn--exmple-cua.com".to_owned()));
        assert_eq!(target.port, 443);
    }
}
