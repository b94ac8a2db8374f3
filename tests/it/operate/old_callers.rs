//! Callers that speak HTTP/1.0: there are no chunks there (RFC 9112, 6.1), a stream goes on until the connection ends.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
};

use bluehook_tests::{
    receiver::Receiver,
    server::{ADMIN_TOKEN, Place},
    world::World,
};

/// The head of an answer, and what follows.
fn ask(url: &str, version: &str, path: &str) -> (Vec<String>, BufReader<TcpStream>) {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(bluehook_tests::wait::LIMIT)).unwrap();
    let head = format!("GET {path} HTTP/{version}\r\nHost: a\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        answer.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => return (lines, answer),
            line => lines.push(line.to_ascii_lowercase()),
        }
    }
}

#[actix_web::test]
async fn a_stream_in_http_1_0_has_no_chunks_and_ends_with_the_connection() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let url = world.server.url().to_owned();
    let (head, mut stream) = ask(&url, "1.0", "/v1/stream");
    assert!(head[0].contains(" 200 "), "{head:?}");
    assert!(!head.iter().any(|line| line.starts_with("transfer-encoding")), "{head:?}");
    assert!(!head.iter().any(|line| line.contains("keep-alive")), "{head:?}");
    world.webhook(serde_json::json!({})).await;
    let mut all = Vec::new();
    while !all.iter().any(|line: &String| line.starts_with("event: webhook")) {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "{all:?}");
        all.push(line);
    }
    assert!(
        all.iter().all(|line| u32::from_str_radix(line.trim(), 16).is_err()),
        "a chunk's length: {all:?}"
    );
    let (head, _) = ask(&url, "1.1", "/v1/stream");
    assert!(head.iter().any(|line| line == "transfer-encoding: chunked"), "{head:?}");
}
