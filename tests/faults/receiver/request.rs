//! One HTTP/1.1 request, read as it comes.

use std::time::Instant;

use tokio::io::{AsyncRead, AsyncReadExt};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    head: String,
    /// When its last byte arrived.
    pub(crate) at: Instant,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A header's value; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .filter(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .next()
            .unwrap_or("")
    }

    /// The head as it was written.
    pub(crate) fn head(&self) -> &str {
        &self.head
    }

    /// The id of the event's value: in the tests' events the same as the event's.
    pub(crate) fn event_id(&self) -> String {
        let body: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        body["currentValue"]["id"].as_str().unwrap_or_default().to_owned()
    }
}

/// Reads one request; none when the connection ends before it does.
pub(crate) async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let request = Request { head: String::from_utf8(head).unwrap(), body: Vec::new(), at: Instant::now() };
    let length = request.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request { body, at: Instant::now(), ..request })
}
