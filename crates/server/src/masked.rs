//! Addresses without the passwords in them: what stands before the `@` of an address is shown nowhere, neither in settings
//! nor in errors, in the log, or in the list of processes; and no password that is given by name.

use std::borrow::Cow;

// Passwords by name, as databases take them.
mod named;

/// What is shown in its place.
const MASK: &str = "***";

/// A text in which the user-info of every address (RFC 3986, 3.2.1) is masked, and every password that is given by name.
/// Passwords that should have been escaped, and are not, are masked too: an `@`, a `/` or a `#` in one ends nothing.
pub(crate) fn user_info(text: &str) -> Cow<'_, str> {
    if !text.contains('@') {
        return named::passwords(text);
    }
    let text = named::passwords(text);
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(ends_address) {
        let end = piece.chars().next_back().filter(|c| ends_address(*c)).map_or(0, char::len_utf8);
        let (word, end) = piece.split_at(piece.len() - end);
        out.push_str(&in_word(word));
        out.push_str(end);
    }
    if out == text { text } else { Cow::Owned(out) }
}

/// The same of what was given as one address, of whatever form: the whole of it up to the last `@`, if there is any doubt.
pub(crate) fn value(text: &str) -> Cow<'_, str> {
    let is_file = text.get(..FILE.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(FILE));
    let (scheme, address) = split_scheme(text);
    let Some(at) = address.rfind('@').filter(|_| !is_file) else { return user_info(text) };
    let before = address.get(..at).unwrap_or_default();
    let is_secret =
        if scheme.is_empty() { before.contains(':') } else { authority(address).contains(['@', ':']) };
    if is_secret {
        Cow::Owned(format!("{scheme}{MASK}{}", address.get(at..).unwrap_or_default()))
    } else {
        user_info(text)
    }
}

/// A text in which each of these, wherever it is repeated, is masked as [`value`] does; also where it is taken for a path.
pub(crate) fn repeated<'a>(text: &'a str, given: impl IntoIterator<Item = &'a str>) -> Cow<'a, str> {
    let mut shown = Cow::Borrowed(text);
    for given in given {
        let Cow::Owned(masked) = value(given) else { continue };
        shown = replaced(shown, given, &masked);
        shown = replaced(shown, &as_path(given), &masked);
    }
    shown
}

fn replaced<'a>(text: Cow<'a, str>, from: &str, to: &str) -> Cow<'a, str> {
    if from.is_empty() || !text.contains(from) { text } else { Cow::Owned(text.replace(from, to)) }
}

/// Slashes in a row are one in a path.
fn as_path(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '/' || !path.ends_with('/') {
            path.push(c);
        }
    }
    path
}

/// How the address of a database in a file begins: what follows is a path.
const FILE: &str = "sqlite:";

/// The addresses of a word, one after the other.
fn in_word(word: &str) -> Cow<'_, str> {
    if !word.contains("://") {
        return without_slashes(word);
    }
    let (mut out, mut rest) = (String::new(), word);
    while let Some((before, address)) = split_after(rest, "://") {
        out.push_str(before);
        rest = address;
        if let Some(end) = end_of_user_info(address) {
            out.push_str(MASK);
            rest = address.get(end..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What would be an address if it had the slashes: `http:me:password@host`, `//me:password@host`, `me:password@host:80`.
fn without_slashes(word: &str) -> Cow<'_, str> {
    let (scheme, address) = split_scheme(word);
    let (scheme, address) =
        if word.starts_with(FILE) { word.split_at(FILE.len()) } else { (scheme, address) };
    let secret = address.rsplit_once('@').filter(|(before, _)| before.contains(':'));
    secret.map_or(Cow::Borrowed(word), |(_, host)| Cow::Owned(format!("{scheme}{MASK}@{host}")))
}

/// A scheme with the slashes that follow it, or slashes alone, and the rest; nothing where there are no slashes.
fn split_scheme(text: &str) -> (&str, &str) {
    let is_slash = |c: char| matches!(c, '/' | '\\');
    let is_named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let after_name = text.trim_start_matches(is_named);
    let after_scheme = after_name.strip_prefix(':').filter(|_| after_name.len() < text.len()).unwrap_or(text);
    let rest = after_scheme.trim_start_matches(is_slash);
    if rest.len() == after_scheme.len() { ("", text) } else { text.split_at(text.len() - rest.len()) }
}

/// Who and where, of what follows a scheme.
fn authority(address: &str) -> &str {
    address.split(['/', '\\', '?', '#']).next().unwrap_or_default()
}

/// Where the `@` is that ends a user-info, if there is one.
fn end_of_user_info(address: &str) -> Option<usize> {
    let authority = authority(address);
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
mod tests;
