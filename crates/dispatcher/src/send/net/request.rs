//! A request as it goes out: the head written as it is spelt, the body beside it.

use std::{io::IoSlice, rc::Rc};

use bluehook_core::target::Target;
use bytes::Bytes;

/// A request to be sent.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) target: Rc<Target>,
    head: Vec<u8>,
    body: Bytes,
}

impl Request {
    /// A POST with these headers, in this order and spelling, after `Host`.
    pub(crate) fn post<'h>(
        target: Rc<Target>,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
        body: Bytes,
    ) -> Request {
        let mut head = Vec::with_capacity(1_024);
        let mut push = |parts: &[&str]| parts.iter().for_each(|part| head.extend_from_slice(part.as_bytes()));
        push(&["POST ", target.path_and_query(), " HTTP/1.1\r\nHost: ", target.authority(), "\r\n"]);
        let mut accepts = false;
        for (name, value) in headers {
            accepts |= name.eq_ignore_ascii_case("accept");
            push(&[name, ": ", value, "\r\n"]);
        }
        if !accepts {
            // Some firewalls refuse requests without it.
            push(&["Accept: */*\r\n"]);
        }
        push(&["Content-Length: ", &body.len().to_string(), "\r\n\r\n"]);
        Request { target, head, body }
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// What follows after so many bytes.
    pub(super) fn from(&self, written: usize) -> [IoSlice<'_>; 2] {
        let head = self.head.get(written..).unwrap_or_default();
        let body = self.body.get(written.saturating_sub(self.head.len())..).unwrap_or_default();
        if head.is_empty() {
            [IoSlice::new(body), IoSlice::new(&[])]
        } else {
            [IoSlice::new(head), IoSlice::new(body)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bluehook_core::target;

    #[track_caller]
    fn check(url: &str, headers: &[(&str, &str)], expected: &str) {
        let request = Request::post(
            Rc::new(target::parse(url).unwrap()),
            headers.iter().copied(),
            Bytes::from_static(b"{}"),
        );
        for written in 0..request.len() {
            let rest: Vec<u8> = request.from(written).iter().flat_map(|slice| slice.to_vec()).collect();
            assert_eq!(String::from_utf8_lossy(&rest), expected[written..]);
        }
    }

    #[test]
    fn a_request_is_written_as_it_is_spelt() {
        check(
            "https://example.com/hook?a=b",
            &[("Content-Type", "application/json"), ("webhook-id", "1"), ("X-TeaM", "a")],
            "POST /hook?a=b HTTP/1.1\r\nHost: example.com\r\nContent-Type: application/json\r\nwebhook-id: 1\r\n\
             X-TeaM: a\r\nAccept: */*\r\nContent-Length: 2\r\n\r\n{}",
        );
        check(
            "http://a.b:443",
            &[("accept", "x/y")],
            "POST / HTTP/1.1\r\nHost: a.b:443\r\naccept: x/y\r\nContent-Length: 2\r\n\r\n{}",
        );
    }

    #[test]
    fn the_port_is_told_where_it_is_not_the_schemes_own() {
        for (url, host) in [
            ("http://a.b:80/", "a.b"),
            ("http://a.b:443/", "a.b:443"),
            ("https://a.b:443/", "a.b"),
            ("https://a.b:80/", "a.b:80"),
            ("http://[::1]:8080/", "[::1]:8080"),
        ] {
            assert_eq!(target::parse(url).unwrap().authority(), host, "{url}");
        }
    }
}
