//! URLs and addresses: what is taken has one reading, is spelt so that no other reader takes it for another, and what is
//! public is public in every spelling.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bluehook_core::target::{Destination, Target, is_public, parse};

/// Reads a URL, and takes the first bytes for an address.
pub fn check(data: &[u8]) {
    if let Ok(target) = parse(&String::from_utf8_lossy(data)) {
        check_target(&target);
    }
    if let Some(bytes) = data.first_chunk::<4>() {
        check_v4(Ipv4Addr::from(*bytes));
    }
    if let Some(bytes) = data.first_chunk::<16>() {
        check_v6(Ipv6Addr::from(*bytes));
    }
}

fn check_target(target: &Target) {
    assert_eq!(parse(&target.url).as_ref(), Ok(target), "what is saved is what is sent");
    let url = &target.url;
    assert!(url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte)), "{url}");
    let (scheme, rest) = url.split_once("://").unwrap();
    assert!(matches!((scheme, target.is_tls()), ("https", true) | ("http", false)), "{url}");
    assert!(target.port != 0 && url.len() <= 2_048);
    let (authority, path) = rest.split_at(rest.find('/').unwrap());
    assert_eq!((target.authority(), target.path_and_query()), (authority, path));
    assert!(!authority.contains('@') && target.origin() == format!("{scheme}://{authority}"), "{url}");
    let port = authority.strip_prefix(target.host_text()).unwrap();
    let own = if target.is_tls() { 443 } else { 80 };
    assert_eq!(port.strip_prefix(':').map_or(own, |port| port.parse().unwrap()), target.port, "{url}");
    check_host(target);
}

/// The host is a plain name, or an address in its one spelling.
fn check_host(target: &Target) {
    let text = target.host_text();
    match &target.host {
        Destination::Name(name) => {
            assert_eq!(name, text);
            assert!(
                name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)),
                "{name}"
            );
            assert!(name.parse::<IpAddr>().is_err(), "{name} is an address");
            assert!(name.len() <= 254 && !name.starts_with('.') && !name.contains(".."), "{name}");
            let last = name.strip_suffix('.').unwrap_or(name).rsplit('.').next().unwrap();
            assert!(!last.bytes().all(|byte| byte.is_ascii_digit()), "{name} ends in a number");
            if last.eq_ignore_ascii_case("localhost") || !name.trim_end_matches('.').contains('.') {
                assert!(target.is_never_public(), "{name}");
            }
        }
        Destination::Address(address) => {
            assert_eq!(text.trim_matches(['[', ']']).parse(), Ok(*address));
            assert!(!target.is_never_public());
        }
    }
}

fn check_v4(address: Ipv4Addr) {
    let public = is_public(IpAddr::V4(address));
    let is_special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || address.octets()[0] == 0
        || address.octets()[0] >= 240;
    assert!(!(public && is_special), "{address}");
    let [a, b, c, d] = address.octets();
    let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    for spelling in [
        address.to_ipv6_mapped(),
        address.to_ipv6_compatible(),
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
        Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
    ] {
        assert_eq!(is_public(IpAddr::V6(spelling)), public, "{address} as {spelling}");
    }
}

fn check_v6(address: Ipv6Addr) {
    let is_special = address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local();
    assert!(!(is_special && is_public(IpAddr::V6(address))), "{address}");
}
