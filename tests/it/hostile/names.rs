//! Names whose servers lead inside, in each way that there is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bluehook_tests::names::Reply;

/// Each with what is answered for IPv4 and for IPv6.
const NAMES: [(&str, Reply, Reply); 37] = [
    ("loopback.example.com", v4(127, 0, 0, 1), Reply::NoData),
    ("loopback-high.example.com", v4(127, 255, 255, 254), Reply::NoData),
    ("this-network.example.com", v4(0, 0, 0, 0), Reply::NoData),
    ("private-a.example.com", v4(10, 0, 0, 1), Reply::NoData),
    ("private-b.example.com", v4(172, 16, 0, 1), Reply::NoData),
    ("private-c.example.com", v4(192, 168, 0, 1), Reply::NoData),
    ("shared.example.com", v4(100, 64, 0, 1), Reply::NoData),
    ("metadata.example.com", v4(169, 254, 169, 254), Reply::NoData),
    ("metadata-of-tasks.example.com", v4(169, 254, 170, 2), Reply::NoData),
    ("metadata-elsewhere.example.com", v4(100, 100, 100, 200), Reply::NoData),
    ("host-service.example.com", v4(168, 63, 129, 16), Reply::NoData),
    ("protocol.example.com", v4(192, 0, 0, 192), Reply::NoData),
    ("documentation.example.com", v4(203, 0, 113, 1), Reply::NoData),
    ("benchmark.example.com", v4(198, 18, 0, 1), Reply::NoData),
    ("multicast.example.com", v4(224, 0, 0, 1), Reply::NoData),
    ("reserved.example.com", v4(240, 0, 0, 1), Reply::NoData),
    ("broadcast.example.com", v4(255, 255, 255, 255), Reply::NoData),
    ("six-loopback.example.com", Reply::NoData, v6([0, 0, 0, 0, 0, 0, 0, 1])),
    ("six-nothing.example.com", Reply::NoData, v6([0; 8])),
    ("six-mapped.example.com", Reply::NoData, v6([0, 0, 0, 0, 0, 0xffff, 0x7f00, 1])),
    ("six-mapped-metadata.example.com", Reply::NoData, v6([0, 0, 0, 0, 0, 0xffff, 0xa9fe, 0xa9fe])),
    ("six-compatible.example.com", Reply::NoData, v6([0, 0, 0, 0, 0, 0, 0x7f00, 1])),
    ("six-translated.example.com", Reply::NoData, v6([0x64, 0xff9b, 0, 0, 0, 0, 0x7f00, 1])),
    ("six-translated-here.example.com", Reply::NoData, v6([0x64, 0xff9b, 1, 0, 0, 0, 0x7f00, 1])),
    ("six-to-four.example.com", Reply::NoData, v6([0x2002, 0x7f00, 1, 0, 0, 0, 0, 1])),
    ("six-teredo.example.com", Reply::NoData, v6([0x2001, 0, 0, 0, 0, 0, 0, 1])),
    ("six-unique.example.com", Reply::NoData, v6([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254])),
    ("six-link.example.com", Reply::NoData, v6([0xfe80, 0, 0, 0, 0, 0, 0, 1])),
    ("six-site.example.com", Reply::NoData, v6([0xfec0, 0, 0, 0, 0, 0, 0, 1])),
    ("six-multicast.example.com", Reply::NoData, v6([0xff02, 0, 0, 0, 0, 0, 0, 1])),
    ("six-documentation.example.com", Reply::NoData, v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1])),
    ("both.example.com", v4(127, 0, 0, 1), v6([0, 0, 0, 0, 0, 0, 0, 1])),
    ("several.example.com", Reply::Addresses(&SEVERAL), Reply::NoData),
    ("alias.example.com", Reply::Alias(Ipv4Addr::LOCALHOST), Reply::NoData),
    ("over-tcp.example.com", Reply::OverTcp(Ipv4Addr::LOCALHOST), Reply::NoData),
    ("six-fails.example.com", v4(127, 0, 0, 1), Reply::Failure(2)),
    ("six-is-none.example.com", v4(127, 0, 0, 1), Reply::NoSuchName),
];

const SEVERAL: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::UNSPECIFIED),
];

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Reply {
    Reply::Address(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
}

const fn v6(segments: [u16; 8]) -> Reply {
    Reply::Address(IpAddr::V6(Ipv6Addr::from_segments(segments)))
}

/// Every name.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, ..)| *name)
}

/// What is answered for one of them.
pub(super) fn reply(name: &str, is_v6: bool) -> Option<Reply> {
    let (_, v4, v6) = NAMES.iter().find(|(known, ..)| *known == name)?;
    Some(if is_v6 { *v6 } else { *v4 })
}
