//! Answers as real, careless and hostile receivers send them.

use super::*;
use alloc::{borrow::ToOwned, format, string::String};
use proptest::prelude::*;

/// Reads an answer in pieces of a size, then ends it.
fn read_in(pieces: usize, bytes: &[u8], end: End) -> Result<Answer, Fault> {
    let mut reader = Reader::default();
    for piece in bytes.chunks(pieces) {
        if reader.feed(piece) {
            break;
        }
    }
    reader.end(end);
    reader.finish()
}

/// Reads an answer whole, byte by byte and in pieces: it makes no difference, but for what follows it.
#[track_caller]
fn read_ended(bytes: &[u8], end: End) -> Result<Answer, Fault> {
    let whole = read_in(usize::MAX, bytes, end);
    for pieces in [1, 2, 7, 1_000] {
        let read = read_in(pieces, bytes, end);
        match (&read, &whole) {
            (Err(Fault::NotHttp(_)), Err(Fault::NotHttp(_))) => {}
            (Ok(read), Ok(whole)) => assert_eq!((&read.body, read.cut), (&whole.body, whole.cut)),
            _ => assert_eq!(read, whole),
        }
    }
    whole
}

#[track_caller]
fn read(text: impl AsRef<[u8]>) -> Answer {
    read_ended(text.as_ref(), End::Closed).unwrap()
}

/// Status, body, why it was cut, whether its head was clean, whether the connection is kept.
#[track_caller]
fn check(text: impl AsRef<[u8]>, (status, body, cut): (u16, &str, Option<Cut>), is_clean: bool, keeps: bool) {
    let answer = read(text.as_ref());
    let shown = String::from_utf8_lossy(text.as_ref()).into_owned();
    assert_eq!(
        (answer.status_code, &*String::from_utf8_lossy(&answer.body), answer.cut),
        (status, body, cut),
        "{shown}"
    );
    assert_eq!((answer.is_clean, answer.keeps), (is_clean, keeps), "{shown}");
}

#[test]
fn good_answers() {
    for (text, body) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", "OK"),
        ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", ""),
        ("HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nOK", "OK"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nOK", "OK"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nOK", "OK"),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nOK", "OK"),
        (
            "HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade, Keep-Alive\r\nContent-Length: 2\r\n\r\nOK",
            "OK",
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n", "OK"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n", "OK"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n02 ;a=\"b\"\r\nOK\r\n000;x\r\nA: b\r\n\r\n",
            "OK",
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", ""),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", ""),
    ] {
        check(text, (read(text).status_code, body, None), true, true);
    }
}

#[test]
fn interim_answers_are_passed_over() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
    for interim in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 199 X\r\nRetry-After: 5\r\n\r\n\r\n",
    ] {
        check(format!("{interim}{ok}"), (200, "OK", None), true, true);
        assert_eq!(read_ended(interim.as_bytes(), End::Closed), Err(Fault::Closed));
        assert_eq!(read_ended(interim.as_bytes(), End::Timeout), Err(Fault::Timeout));
    }
    assert_eq!(read("HTTP/1.1 103 E\r\nRetry-After: 5\r\n\r\nHTTP/1.1 503 No\r\n\r\n").retry_after, None);
}

#[test]
fn what_browsers_and_curl_forgive_is_forgiven() {
    let body = "Content-Length: 2\r\n\r\nOK";
    for head in [
        "http/1.1 200 OK\r\n",
        "HTTP/1.1  200  OK\r\n",
        "HTTP/1.1\t200\tOK\r\n",
        "HTTP/1.1 200 OK\r\nPHP Warning without a colon\r\n",
        "HTTP/1.1 200 OK\r\nBad Name: x\r\n",
        "HTTP/1.1 200 OK\r\nGr\u{fc}\u{df}e: x\r\n",
        "HTTP/1.1 200 OK\r\n: nothing\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u{1}b\r\n",
        "HTTP/1.1 200 OK\r\nX: a\0b\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n",
        "HTTP/1.1 200 OK\r\n folded onto nothing\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\n\tb\r\n",
    ] {
        check(format!("{head}{body}"), (200, "OK", None), false, true);
    }
    check(format!("\r\n\nHTTP/1.1 200 OK\nX: a\n{body}"), (200, "OK", None), true, true);
    let folded =
        read("HTTP/1.1 200 OK\r\nX: a\r\n  b\r\nTransfer-Encoding:\r\n chunked\r\n\r\n1\r\nO\r\n0\r\n\r\n");
    assert_eq!(folded.headers.first().unwrap(), &("x".to_owned(), "a  b".to_owned()));
    assert_eq!(folded.body, b"O");
    let kept = read("HTTP/1.1 200 OK\r\nA: 1\r\nBad Name: 2\r\nContent-Length : 1\r\nB: Gr\u{fc}n\r\n\r\nO");
    assert_eq!(
        kept.headers,
        [("a", "1"), ("content-length", "1"), ("b", "Gr\u{fc}n")].map(|(n, v)| (n.to_owned(), v.to_owned()))
    );
    let latin_1 = read(b"HTTP/1.1 200 OK\r\nB: Gr\xfcn\r\n\r\n");
    assert_eq!(latin_1.headers.first().unwrap().1, "Gr\u{fc}n");
}

#[test]
fn where_a_body_ends() {
    let ok = "HTTP/1.1 200 OK\r\n";
    for (rest, body, cut, is_clean) in [
        ("\r\nuntil close", "until close", None, true),
        ("Content-Length: \r\n\r\nuntil close", "until close", None, false),
        ("Content-Length: -1\r\n\r\nuntil close", "until close", None, false),
        ("Content-Length: many\r\n\r\nuntil close", "until close", None, false),
        ("Content-Length: +5\r\n\r\nuntil close", "until close", None, false),
        ("Content-Length: 99999999999999999999\r\n\r\nuntil close", "until close", None, false),
        ("Content-Length: 5\r\nContent-Length: nine\r\n\r\nwhole", "whole", None, false),
        ("Content-Length: 9\r\nContent-Length: 5\r\n\r\nwhole", "whole", Some(Cut::Broken), false),
        ("Content-Length: 9\r\n\r\nshort", "short", Some(Cut::Broken), true),
        ("Content-Length: 9\r\n", "", Some(Cut::Broken), true),
        ("Conte", "", Some(Cut::Broken), true),
        ("Transfer-Encoding: gzip\r\n\r\nuntil close", "until close", None, true),
        (
            "Transfer-Encoding: identity\r\nContent-Length: 9\r\nConnection: close\r\n\r\n123456789",
            "123456789",
            None,
            true,
        ),
        ("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n2\r\nOK\r\n0\r\n\r\n", "OK", None, true),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n",
            "OK",
            None,
            true,
        ),
        ("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\nOK\n0\n\n", "OK", None, true),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n", "OK", None, true),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n", "OK", Some(Cut::Broken), true),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\nOK", "OK", Some(Cut::Broken), true),
        ("Transfer-Encoding: chunked\r\n\r\nno chunk", "", Some(Cut::Broken), true),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nOKmore\r\n", "OK", Some(Cut::Broken), true),
        ("Transfer-Encoding: chunked\r\n\r\n-2\r\nOK\r\n", "", Some(Cut::Broken), true),
        ("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nOK\r\n", "", Some(Cut::Broken), true),
    ] {
        check(format!("{ok}{rest}"), (200, body, cut), is_clean, false);
    }
    check("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK", (200, "OK", None), true, false);
    check(
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n",
        (200, "OK", None),
        true,
        false,
    );
    for code in [204, 304] {
        check(format!("HTTP/1.1 {code} X\r\nContent-Length: 5\r\n\r\n"), (code, "", None), true, false);
        check(
            format!("HTTP/1.1 {code} X\r\nTransfer-Encoding: chunked\r\n\r\n"),
            (code, "", None),
            true,
            false,
        );
        check(format!("HTTP/1.1 {code} X\r\nContent-Encoding: gzip\r\n\r\n"), (code, "", None), true, true);
    }
}

#[test]
fn how_a_body_without_a_length_ends() {
    let text = b"HTTP/1.1 200 OK\r\n\r\nsome";
    for (end, cut) in
        [(End::Closed, None), (End::Reset, Some(Cut::Broken)), (End::Timeout, Some(Cut::Timeout))]
    {
        let answer = read_ended(text, end).unwrap();
        assert_eq!((&*answer.body, answer.cut, answer.keeps), (&b"some"[..], cut, false));
    }
}

#[test]
fn what_follows_an_answer_costs_the_connection() {
    let two = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOKHTTP/1.1 200 OK\r\n\r\n";
    assert!(!read_in(usize::MAX, two.as_bytes(), End::Closed).unwrap().keeps);
}

#[test]
fn what_is_no_http_is_told() {
    for text in [
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\u{16}\u{3}\u{1}hello",
        "220 mail.example.com ESMTP\r\n",
        "HTTP/1.1 99999 What\r\n",
        "HTTP/1.1 20 OK\r\n",
        "HTTP/1.1 099 X\r\n",
        "HTTP/1.1 OK\r\n",
        "HTTP/x 200 OK\r\n",
        "HTTP/1.1200 OK\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n",
        "{\"ok\":true}",
        "<html>",
    ] {
        assert!(matches!(read_ended(text.as_bytes(), End::Closed), Err(Fault::NotHttp(_))), "{text}");
    }
    let settings = [0, 0, 18, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100];
    assert_eq!(read_ended(&settings, End::Closed), Err(Fault::Http2Only));
    assert_eq!(read_ended(b"", End::Closed), Err(Fault::Closed));
    assert_eq!(read_ended(b"HTTP/1.1 200 OK", End::Reset), Err(Fault::Reset));
    assert_eq!(read_ended(b"HTTP/1.1 2", End::Timeout), Err(Fault::Timeout));
}

#[test]
fn an_answer_has_a_budget() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let endless = [
        format!("{ok}\r\n{}", "x".repeat(MAX_RAW)),
        format!("{ok}{}", "X-More: and more\r\n".repeat(MAX_RAW / 18)),
        format!("{ok}X: {}", "x".repeat(MAX_RAW)),
        format!("{ok}Transfer-Encoding: chunked\r\n\r\n1;{}", "x".repeat(MAX_RAW)),
        format!("{ok}Transfer-Encoding: chunked\r\n\r\n{}", "0".repeat(MAX_RAW)),
        format!("{ok}Transfer-Encoding: chunked\r\n\r\n{}", "1\r\nx\r\n".repeat(MAX_RAW / 6)),
        format!("{ok}Transfer-Encoding: chunked\r\n\r\n0\r\n{}", "T: x\r\n".repeat(MAX_RAW / 6)),
    ];
    for text in endless {
        let answer = read_in(1_000, text.as_bytes(), End::Closed).unwrap();
        assert_eq!((answer.status_code, answer.cut, answer.keeps), (200, Some(Cut::Limit), false));
        assert!(answer.body.len() <= MAX_BODY);
        assert!(
            answer.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() <= MAX_HEAD
        );
    }
    for text in [
        "HTTP/1.1 100 Continue\r\n\r\n".repeat(MAX_RAW / 25 + 1),
        "\r\n".repeat(MAX_RAW),
        format!("HTTP/1.1 200 {}", "x".repeat(MAX_RAW)),
    ] {
        assert_eq!(read_in(1_000, text.as_bytes(), End::Closed), Err(Fault::HeadTooLarge));
    }
}

#[test]
fn a_long_head_is_read_to_its_end_and_kept_in_part() {
    let many = "X-More: and more\r\n".repeat(8_000);
    let answer = read(format!(
        "HTTP/1.1 503 No\r\n{many}Retry-After: 1200.0\r\nKeep-Alive: max=5, timeout=4\r\nContent-Length: 2\r\n\r\nOK"
    ));
    assert_eq!((answer.status_code, &*answer.body, answer.cut), (503, &b"OK"[..], None));
    assert_eq!((answer.retry_after.as_deref(), answer.keeps_for), (Some("1200.0"), Some(4)));
    assert!(answer.headers.len() < 1_000);
    let body = "x".repeat(MAX_BODY + 1);
    let answer = read(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    assert_eq!(
        (answer.body.len(), answer.is_truncated, answer.cut, answer.keeps),
        (MAX_BODY, true, None, true)
    );
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600), pieces in 1_usize..50) {
        let _ = read_in(pieces, &bytes, End::Closed);
        let text = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", &*bytes].concat();
        prop_assert_eq!(read_in(pieces, &text, End::Reset).unwrap().status_code, 200);
    }

    #[test]
    fn a_good_answer_is_read_as_it_was_meant(code in 200_u16..=599, body in "[a-z]{0,40}", chunk in 1_usize..9, pieces in 1_usize..50) {
        prop_assume!(code != 204 && code != 304);
        let framed = |data: &[u8]| format!("{:x}\r\n{}\r\n", data.len(), String::from_utf8_lossy(data));
        let chunks = body.as_bytes().chunks(chunk).map(framed).collect::<Vec<_>>().concat();
        for text in [
            format!("HTTP/1.1 {code} X\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
            format!("HTTP/1.1 {code} X\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"),
        ] {
            let answer = read_in(pieces, text.as_bytes(), End::Closed).unwrap();
            prop_assert_eq!((answer.status_code, answer.body, answer.cut, answer.keeps), (code, body.as_bytes().to_vec(), None, true));
        }
    }
}

#[test]
fn a_reader_knows_how_far_it_is() {
    let mut reader = Reader::default();
    assert_eq!((reader.has_begun(), reader.status_code(), reader.room()), (false, None, MAX_RAW));
    reader.feed(b"HTTP/1.1 200 OK\r\n");
    assert_eq!((reader.has_begun(), reader.status_code(), reader.room()), (true, Some(200), MAX_RAW - 17));
    assert!(!reader.is_done());
    assert_eq!(reader.finish().unwrap().cut, Some(Cut::Timeout));
}
