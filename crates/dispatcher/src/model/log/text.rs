//! A receiver's body as text: in the charset that it says, or that a byte-order mark says.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::Response;

impl Response {
    /// The body as text, when it is text; of one that was cut, without the character that was cut with it.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        let content_type = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let content_type = content_type.map(|(_, value)| value.as_str()).unwrap_or_default();
        let is_coded = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
        let marked = Encoding::for_bom(&self.body).map(|(encoding, _)| encoding);
        let said = charset(content_type).and_then(|label| Encoding::for_label(label.as_bytes()));
        match marked.or(said).filter(|_| !is_coded) {
            Some(encoding) if encoding != encoding_rs::UTF_8 => Some(encoding.decode(&self.body).0),
            _ => utf_8(&self.body, self.body_truncated || self.body_cut.is_some())
                .map(Cow::Borrowed)
                // Text that does not say its charset, and is not UTF-8, is what browsers take it for.
                .or_else(|| (is_text(content_type) && !is_coded).then(|| WINDOWS_1252.decode(&self.body).0)),
        }
    }
}

/// `iso-8859-1` of `text/html; charset="ISO-8859-1"`.
fn charset(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let named = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    named.map(|(_, label)| label.trim().trim_matches(['"', '\''])).next()
}

fn is_text(content_type: &str) -> bool {
    content_type.trim_start().get(..5).is_some_and(|kind| kind.eq_ignore_ascii_case("text/"))
}

fn utf_8(bytes: &[u8], is_cut: bool) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if is_cut && error.error_len().is_none() => {
            std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content_type: &str, body: &[u8], body_truncated: bool, expected: Option<&str>) {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        let (body, body_cut) = (body.to_vec(), None);
        let response = Response { status_code: 200, headers, body, body_truncated, body_cut, clean: true };
        assert_eq!(response.text().as_deref(), expected, "{content_type}: {:?}", response.body);
    }

    #[test]
    fn text_is_shown_in_any_charset() {
        check("", "né".as_bytes(), false, Some("né"));
        check("", &"né".as_bytes()[..2], true, Some("n"));
        check("", &"né".as_bytes()[..2], false, None);
        check("", b"\xff\x00\xff", false, None);
        check("text/plain; charset=ISO-8859-1", b"n\xe9", false, Some("né"));
        check("application/json;Charset=\"windows-1251\"", b"\xef\xf0\xe8", false, Some("при"));
        check("text/html; charset=shift_jis", b"\x93\xfa", false, Some("日"));
        check("text/plain; charset=utf-16le", b"n\x00\xe9\x00", false, Some("né"));
        check("", b"\xff\xfen\x00\xe9\x00", false, Some("né"));
        check("text/html", b"n\xe9", false, Some("né"));
        check("text/plain; charset=no-such", b"n\xe9", false, Some("né"));
        check("image/png", b"n\xe9", false, None);
    }

    #[test]
    fn what_is_compressed_is_no_text() {
        let headers = vec![
            ("content-type".to_owned(), "text/html; charset=iso-8859-1".to_owned()),
            ("content-encoding".to_owned(), "gzip".to_owned()),
        ];
        let body = b"\x1f\x8b\x08\xff".to_vec();
        let response =
            Response { status_code: 200, headers, body, body_truncated: false, body_cut: None, clean: true };
        assert_eq!(response.text(), None);
    }
}
