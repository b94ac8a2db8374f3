//! Heads that are passed on, and heads that are not.

use super::*;

fn text(head: &str) -> Result<String, Fault> {
    read(head.as_bytes()).map(|head| String::from_utf8(head.text).unwrap())
}

#[test]
fn a_head_is_spelt_anew() {
    assert_eq!(
        text("POST /a?b HTTP/1.1\r\nHost: h\r\nX-A:  b \r\nConnection: Keep-Alive, Upgrade\r\nUpgrade: websocket\r\n\r\n").unwrap(),
        "POST /a?b HTTP/1.1\r\nHost: h\r\nX-A: b\r\nconnection: keep-alive\r\n\r\n"
    );
    assert_eq!(
        text("GET / HTTP/1.0\nConnection: close\n\n").unwrap(),
        "GET / HTTP/1.0\r\nconnection: close\r\n\r\n"
    );
}

#[test]
fn where_a_body_ends_has_one_reading() {
    let framing = |headers: &str| {
        read(format!("POST / HTTP/1.1\r\nhost: h\r\n{headers}\r\n").as_bytes()).map(|head| head.body)
    };
    assert_eq!(framing(""), Ok(Framing::None));
    assert_eq!(framing("Content-Length: 0\r\n"), Ok(Framing::None));
    assert_eq!(framing("Content-Length: 7\r\n"), Ok(Framing::length(7)));
    assert_eq!(framing("Content-Length: 7\r\nUpgrade: websocket\r\n"), Ok(Framing::length(7)));
    assert_eq!(framing("Transfer-Encoding: Chunked\r\n"), Ok(Framing::chunked()));
    for headers in [
        "Content-Length: 7\r\nContent-Length: 7\r\n",
        "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Content-Length: +7\r\n",
        "Content-Length: 7, 7\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: \r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length : 7\r\n",
        "Host: h\r\n",
        " folded: a\r\n",
        "a b: c\r\n",
    ] {
        assert!(matches!(framing(headers), Err(Fault::Malformed(_))), "{headers}");
    }
}

#[test]
fn what_is_no_request_is_refused() {
    for head in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/2.0\r\nhost: h\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\n",
        "GET /\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET http://[ HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n",
        "\u{16}\u{3}\u{1}\r\n\r\n",
    ] {
        assert!(matches!(text(head), Err(Fault::Malformed(_))), "{head}");
    }
    let many = (0..97).map(|n| format!("a{n}: b\r\n")).collect::<Vec<_>>().concat();
    assert_eq!(text(&format!("GET / HTTP/1.1\r\nhost: h\r\n{many}\r\n")), Err(Fault::TooLarge));
}

#[test]
fn a_caller_may_wait_with_its_body() {
    let waits = |version: &str, headers: &str| {
        read(format!("POST / HTTP/1.{version}\r\nhost: h\r\n{headers}\r\n").as_bytes()).unwrap().waits
    };
    assert!(waits("1", "Content-Length: 7\r\nExpect: 100-Continue\r\n"));
    assert!(!waits("1", "Expect: 100-continue\r\n"), "there is no body");
    assert!(!waits("0", "Content-Length: 7\r\nExpect: 100-continue\r\n"));
    assert!(!waits("1", "Content-Length: 7\r\n"));
}

#[test]
fn a_head_ends_with_an_empty_line_however_it_comes() {
    for head in ["GET / HTTP/1.1\r\nhost: h\r\n\r\nbody\n\n", "GET / HTTP/1.1\nhost: h\n\nbody\r\n\r\n"] {
        let expected = head.find("body").unwrap();
        let mut looked = 0;
        for end in 0..head.len() {
            let found = length(&head.as_bytes()[..end], &mut looked);
            assert_eq!(found, (end >= expected).then_some(expected), "{end}");
            if found.is_some() {
                break;
            }
        }
    }
}
