//! Passwords that are given by name, as in `host=db password=…` and `postgres://db/b?password=…`.

use std::borrow::Cow;

use super::MASK;

/// What a name of one ends with.
const NAMES: [&str; 4] = ["password", "passwd", "passphrase", "pwd"];

/// A text in which their values are masked.
pub(super) fn passwords(text: &str) -> Cow<'_, str> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('=') {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        rest = after;
        if names_password(before) {
            let blank = after.len() - after.trim_start_matches(' ').len();
            let (blank, value) = after.split_at(blank);
            let end = end_of_value(value);
            if end > 0 {
                out.push_str(blank);
                out.push_str(MASK);
                rest = value.get(end..).unwrap_or_default();
            }
        }
    }
    if out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// Whether what stands before a value, with its `=`, is the name of a password.
fn names_password(before: &str) -> bool {
    let name = before.trim_end_matches('=').trim_end_matches(' ');
    NAMES.iter().any(|known| {
        let begin = name.len().checked_sub(known.len());
        begin.and_then(|begin| name.get(begin..)).is_some_and(|end| end.eq_ignore_ascii_case(known))
    })
}

/// Where a value ends: at its closing quote, or before what separates it from the next.
fn end_of_value(value: &str) -> usize {
    let bare = value.trim_start_matches('\\');
    let escapes = value.len() - bare.len();
    match bare.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        Some(quote) => {
            let inner = bare.get(1..).unwrap_or_default();
            let closed = escapes + 1 + closing(inner, quote, escapes > 0).map_or(inner.len(), |at| at + 1);
            closed + end_of_word(value.get(closed..).unwrap_or_default())
        }
        None => end_of_word(value),
    }
}

fn end_of_word(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || "&;'\"`".contains(c)).unwrap_or(text.len())
}

/// The place of the quote that closes: one that is escaped does not, unless the opening one was.
fn closing(text: &str, quote: char, was_escaped: bool) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        if c == quote && (was_escaped || !is_escaped) {
            return Some(at);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}
