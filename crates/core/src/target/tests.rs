//! URLs as people, programs and attackers spell them.

use alloc::{format, string::ToString};
use core::net::Ipv4Addr;

use super::*;

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
fn what_readers_of_urls_do_not_agree_on_is_refused() {
    for url in [
        "https://@example.com/",
        "https://:@example.com/",
        "https://a%40b@example.com/",
        "https://example.com\\@127.0.0.1/",
        "https:\\\\example.com\\",
        "https:/example.com/",
        "https:example.com",
        "https:///example.com/",
        "https:/me:pw@example.://com/",
        "https:example.com://a@b/",
        "https://exam\nple.com/",
        "https://example.com/\ta",
        "ht\ntps://example.com/",
        "https://example.com/a\r\nHost: b",
        "https://example.com/\u{7f}",
        "https://example.com/\u{85}",
        "https://example.com?a=\u{0}",
        "https://a{b}.example.com/",
        "http://a\"b.example.com/",
        "http://a`b.example.com/",
        "http://a*.example.com/",
        "http://a,b.example.com/",
        "http://a%7bb.example.com/",
    ] {
        assert!(parse(url).is_err(), "{url:?} became {:?}", parse(url));
    }
    for url in ["https://example.com/a@b", "https://example.com/?a=\\&b=@", " https://example.com/ \n"] {
        assert!(parse(url).is_ok(), "{url:?}: {:?}", parse(url));
    }
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
        ("http://a!b.example/", false),
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
