//! Addresses without the passwords in them: what stands before the `@` of an address is shown nowhere, neither in settings
//! nor in errors, in the log, or in the list of processes.

use std::borrow::Cow;

/// What is shown in its place.
const MASK: &str = "***";

/// A text in which the user-info of every address (RFC 3986, 3.2.1) is masked. Passwords that should have been escaped, and
/// are not, are masked too: an `@`, a `/` or a `#` in one ends nothing.
pub(crate) fn user_info(text: &str) -> Cow<'_, str> {
    let (mut out, mut rest, mut is_masked) = (String::new(), text, false);
    while let Some((before, after)) = split_after(rest, "://") {
        let address = after.split(ends_address).next().unwrap_or_default();
        out.push_str(before);
        rest = after;
        if let Some(end) = end_of_user_info(address) {
            is_masked = true;
            out.push_str(MASK);
            rest = after.get(end..).unwrap_or_default();
        }
    }
    if !is_masked {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Where the `@` is that ends a user-info, if there is one.
fn end_of_user_info(address: &str) -> Option<usize> {
    let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some(at) = authority.rfind('@') {
        return Some(at);
    }
    // `user:pass/word@host`: what follows the colon is no port, so it is a password with something unescaped in it.
    let (_, port) = authority.rsplit_once(':')?;
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
    let is_ipv6 = authority.starts_with('[') && authority.ends_with(']');
    if is_port || is_ipv6 { None } else { address.rfind('@') }
}

/// What ends an address in a sentence, a log line or JSON.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | '`' | '<' | '>' | '\u{fffd}')
}

fn split_after<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    text.find(mark).map(|at| text.split_at(at + mark.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_sees_the_password_of_an_address() {
        for (text, shown) in [
            ("postgres://user:password@db/b", "postgres://***@db/b"),
            ("smtp://me%40a:p%3Aw@mail:25", "smtp://***@mail:25"),
            ("https://token@example.com/a@b", "https://***@example.com/a@b"),
            ("https://:pw@[::1]:80/", "https://***@[::1]:80/"),
            ("postgres://u:p@ss@w0rd@db", "postgres://***@db"),
            ("postgres://u:p/w@db/b", "postgres://***@db/b"),
            ("postgres://u:p#w@db", "postgres://***@db"),
            ("found `http://a:b@c`, and amqp://d:e@f.", "found `http://***@c`, and amqp://***@f."),
            ("{\"url\":\"http://a:b@c/\",\"x\":\"y@z\"}", "{\"url\":\"http://***@c/\",\"x\":\"y@z\"}"),
            ("jdbc:postgresql://u:p@h and ://u:p@h", "jdbc:postgresql://***@h and ://***@h"),
            ("http://é:ü@ö/", "http://***@ö/"),
        ] {
            assert_eq!(user_info(text), shown, "{text}");
            assert_eq!(user_info(&user_info(text)), shown, "{text}");
        }
        for same in [
            "",
            "https://example.com/a@b?c=@",
            "http://127.0.0.1:8080/@",
            "http://[::1]/@",
            "ada@example.com",
            "sqlite:a@b.db",
            "://",
            "http://",
        ] {
            assert_eq!(user_info(same), same);
        }
    }
}
