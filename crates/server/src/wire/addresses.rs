//! How many connections each address has, and whose address a request comes from.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ipnet::IpNet;

/// Whom limits are about: an IPv4 address, or a network of IPv6 of the size that one customer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Address(IpAddr);

impl Address {
    pub(crate) fn of(ip: IpAddr) -> Address {
        match ip.to_canonical() {
            IpAddr::V6(ip) => Address(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)).into()),
            ip @ IpAddr::V4(_) => Address(ip),
        }
    }
}

/// How many connections each address has.
#[derive(Clone, Default)]
pub(crate) struct Addresses(Arc<Mutex<HashMap<Address, usize>>>);

/// One connection of an address; counts until it is dropped.
pub(super) struct Counted {
    addresses: Addresses,
    address: Address,
}

impl Addresses {
    /// Counts one more connection, unless there are `most`.
    pub(super) fn count(&self, address: Address, most: usize) -> Option<Counted> {
        let mut counts = self.locked();
        let count = counts.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Counted { addresses: self.clone(), address })
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Address, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.addresses.locked();
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// Whose request it is: the peer's own, or, when the peer is a proxy that is trusted, the rightmost entry of
/// `X-Forwarded-For` that is no such proxy. What callers write there themselves stands further left.
pub(crate) fn caller_ip<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    trusted: &[IpNet],
) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|network| network.contains(&ip.to_canonical()));
    let mut nearest = peer.to_canonical();
    for entry in forwarded.flat_map(|line| line.split(',')).rev() {
        if !is_trusted(nearest) {
            break;
        }
        match entry_ip(entry.trim()) {
            Some(ip) => nearest = ip.to_canonical(),
            None => break,
        }
    }
    nearest
}

/// An address, which some proxies write with a port.
fn entry_ip(entry: &str) -> Option<IpAddr> {
    let with_port = || entry.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    entry.parse().ok().or_else(with_port).or_else(bracketed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_only_so_many_connections() {
        let addresses = Addresses::default();
        let address = |text: &str| Address::of(text.parse().unwrap());
        let one = addresses.count(address("10.0.0.1"), 2).unwrap();
        let two = addresses.count(address("::ffff:10.0.0.1"), 2).unwrap();
        assert!(addresses.count(address("10.0.0.1"), 2).is_none());
        assert!(addresses.count(address("10.0.0.2"), 2).is_some());
        drop(one);
        assert!(addresses.count(address("10.0.0.1"), 2).is_some());
        drop(two);
        assert!(addresses.locked().is_empty());
        assert_eq!(address("2001:db8:1:2:3::4"), address("2001:db8:1:2::1"));
        assert_ne!(address("2001:db8:1:2:3::4"), address("2001:db8:1:3::1"));
    }

    #[track_caller]
    fn check(peer: &str, forwarded: &[&str], expected: &str) {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
        let found = caller_ip(peer.parse().unwrap(), forwarded.iter().copied(), &trusted);
        assert_eq!(found.to_string(), expected, "{peer} {forwarded:?}");
    }

    #[test]
    fn an_address_is_believed_from_trusted_proxies_only() {
        check("192.0.2.1", &["198.51.100.1"], "192.0.2.1");
        check("10.0.0.1", &["198.51.100.1"], "198.51.100.1");
        check("10.0.0.1", &["203.0.113.9, 198.51.100.1, 10.9.9.9"], "198.51.100.1");
        check("10.0.0.1", &["203.0.113.9", "198.51.100.1"], "198.51.100.1");
        check("10.0.0.1", &["203.0.113.9, nonsense"], "10.0.0.1");
        check("10.0.0.1", &["203.0.113.9:4711"], "203.0.113.9");
        check("::ffff:10.0.0.1", &["[2a00::1]:80"], "2a00::1");
        check("10.0.0.1", &[], "10.0.0.1");
        check("10.0.0.1", &["10.0.0.2"], "10.0.0.2");
    }
}
