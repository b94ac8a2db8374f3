//! The question whether the server runs is asked only when nothing answered. Otherwise: what is wrong, and with which flag
//! or variable. For every command that calls a server.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use bluehook_tests::{
    command::run,
    server::{ADMIN_TOKEN, Place},
};

/// Every command that calls a server, but for where it is and who calls.
const COMMANDS: [&[&str]; 6] = [
    &["send", "--sample", "TODO_CREATED"],
    &["token", "create", "--name", "n"],
    &["token", "list"],
    &["token", "revoke", "tok_1"],
    &["replay", "w", "--since", "2030-01-01T00:00:00Z", "--until", "2030-01-02T00:00:00Z", "--dry-run"],
    &["listen", "--tail"],
];

const QUESTION: &str = "is the server running?";

#[track_caller]
fn check(command: &[&str], url: &str, token: &str, code: i32, told: &[&str]) {
    let (found, _, problem) = run(&[command, &["--url", url, "--token", token]].concat());
    assert_eq!(found, Some(code), "{command:?} {url}: {problem}");
    for told in told {
        assert!(problem.contains(told), "{command:?} {url}: {told}: {problem}");
    }
    assert_eq!(problem.lines().count(), 1, "{problem}");
    if !told.contains(&QUESTION) {
        assert!(!problem.contains(QUESTION), "{command:?} {url}: {problem}");
    }
}

/// A port at which whoever connects gets these bytes, whatever they send, or nothing.
fn answers(bytes: &'static [u8]) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(bytes);
        }
    });
    port
}

#[test]
fn addresses_that_are_none() {
    for command in COMMANDS {
        for (url, told) in [
            ("localhost:8080", "did you mean http://localhost:8080?"),
            ("127.0.0.1", "did you mean http://127.0.0.1?"),
            ("ftp://127.0.0.1", "expected http:// or https://"),
            ("http://local host", "white space"),
            ("http://127.0.0.1:99999", "is no address"),
            ("http://127.0.0.1?x=1", "without `?` and `#`"),
            ("", "it is empty"),
        ] {
            check(command, url, ADMIN_TOKEN, 2, &["--url or BLUEHOOK_URL: ", told]);
        }
    }
}

#[test]
fn tokens_that_are_none() {
    for command in COMMANDS {
        for token in ["", "a b", "a\nb", "tokèn"] {
            check(command, "http://127.0.0.1:9", token, 2, &["--token or BLUEHOOK_TOKEN: "]);
        }
    }
}

#[actix_web::test]
async fn a_server_that_is_there_is_not_asked_whether_it_runs() {
    let server = Place::new().serve();
    let secure = server.url().replace("http:", "https:");
    for command in COMMANDS {
        check(command, &secure, ADMIN_TOKEN, 1, &["no TLS", "--url or BLUEHOOK_URL", "http://"]);
        check(command, server.url(), "wrong", 1, &["401 UNAUTHENTICATED", "--token or BLUEHOOK_TOKEN"]);
        let with_path = format!("{}/v2", server.url());
        check(command, &with_path, ADMIN_TOKEN, 1, &[]);
    }
    for id in ["a b", "a/b", "a?b"] {
        check(&["token", "revoke", id], server.url(), ADMIN_TOKEN, 1, &["404"]);
    }
    check(&["token", "revoke", " "], server.url(), ADMIN_TOKEN, 2, &["the id is empty"]);
}

#[test]
fn what_answers_may_be_something_else() {
    let tls_alert = answers(b"\x15\x03\x03\x00\x02\x02\x46");
    let nothing = answers(b"");
    let page = answers(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<p/>");
    let moved = answers(
        b"HTTP/1.1 301 Moved\r\nLocation: https://a/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    for command in COMMANDS {
        let url = |port: u16| format!("http://127.0.0.1:{port}");
        check(command, &url(tls_alert), ADMIN_TOKEN, 1, &["speaks no HTTP", "https://"]);
        check(command, &url(nothing), ADMIN_TOKEN, 1, &["--url or BLUEHOOK_URL"]);
        check(command, &url(page), ADMIN_TOKEN, 1, &["is not Bluehook", "404"]);
        check(command, &url(moved), ADMIN_TOKEN, 1, &["is not Bluehook", "https://a/"]);
    }
}

#[test]
fn nobody_is_there() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    for command in COMMANDS {
        check(command, &format!("http://{free}"), ADMIN_TOKEN, 1, &[QUESTION]);
        check(command, "http://no-such-host.invalid", ADMIN_TOKEN, 1, &["there is no such host"]);
    }
    let (code, _, problem) = run(&["listen", "--forward-to", "local host"]);
    assert_eq!(code, Some(2));
    assert!(problem.contains("--forward-to: "), "{problem}");
}
