//! A string as it stands in JSON, compared by code point without being unescaped first.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{cmp::Ordering, str::Chars};

use crate::effort;

/// The most bytes that JSON needs for one code point: an escaped pair of surrogates.
const LONGEST: usize = 12;

/// What stands between a string's quotes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'t> {
    raw: &'t str,
    escaped: bool,
}

impl<'t> Text<'t> {
    pub(crate) fn new(raw: &'t str, escaped: bool) -> Text<'t> {
        Text { raw, escaped }
    }

    /// Text that has nothing to escape.
    pub(crate) fn plain(raw: &'t str) -> Text<'t> {
        Text::new(raw, false)
    }

    /// The text itself, where nothing is escaped.
    pub(crate) fn as_plain(self) -> Option<&'t str> {
        if self.escaped { None } else { Some(self.raw) }
    }

    /// The text for people: an unpaired surrogate becomes U+FFFD.
    pub(crate) fn readable(self) -> Cow<'t, str> {
        self.unescaped().unwrap_or_else(|| {
            let shown = |code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            self.code_points().map(shown).collect::<String>().into()
        })
    }

    /// The text; `None` where it has an unpaired surrogate.
    pub(crate) fn unescaped(self) -> Option<Cow<'t, str>> {
        match self.as_plain() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.code_points().map(char::from_u32).collect::<Option<String>>().map(Cow::Owned),
        }
    }

    fn code_points(self) -> CodePoints<'t> {
        CodePoints(self.raw.chars())
    }

    /// Whether another text has more code points for certain, told without looking at either.
    fn is_shorter_than(self, other: Text<'_>) -> bool {
        self.raw.len() < other.raw.len() / LONGEST
    }

    pub(crate) fn starts_with(self, start: Text<'_>) -> bool {
        if let (Some(text), Some(start)) = (self.as_plain(), start.as_plain()) {
            effort::spend(text.len().min(start.len()));
            return text.starts_with(start);
        }
        let mut own = self.code_points();
        start.code_points().all(|code| own.next() == Some(code))
    }

    pub(crate) fn ends_with(self, end: Text<'_>) -> bool {
        if let (Some(text), Some(end)) = (self.as_plain(), end.as_plain()) {
            effort::spend(text.len().min(end.len()));
            return text.ends_with(end);
        }
        if self.is_shorter_than(end) {
            return false;
        }
        let (own, wanted) = (self.code_points().count(), end.code_points().count());
        own >= wanted && self.code_points().skip(own - wanted).eq(end.code_points())
    }

    pub(crate) fn contains(self, part: Text<'_>) -> bool {
        match (self.as_plain(), part.as_plain()) {
            (Some(text), Some(part)) => {
                effort::spend(text.len());
                contains(text.bytes(), part.as_bytes())
            }
            _ if self.is_shorter_than(part) => false,
            _ => contains(self.code_points(), &part.code_points().collect::<Vec<_>>()),
        }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Text<'_>) -> bool {
        if self.escaped || other.escaped {
            self.code_points().eq(other.code_points())
        } else {
            effort::spend(if self.raw.len() == other.raw.len() { self.raw.len() } else { 1 });
            self.raw == other.raw
        }
    }
}

impl Eq for Text<'_> {}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Text<'_>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Text<'_>) -> Ordering {
        if self.escaped || other.escaped {
            self.code_points().cmp(other.code_points())
        } else {
            effort::spend(self.raw.len().min(other.raw.len()));
            // The order of UTF-8 bytes is the order of code points.
            self.raw.cmp(other.raw)
        }
    }
}

/// Knuth, Morris and Pratt's search: linear however often the part nearly occurs.
fn contains<T: Copy + PartialEq>(text: impl Iterator<Item = T>, part: &[T]) -> bool {
    let mut borders = Vec::with_capacity(part.len());
    let mut border = 0;
    for (at, code) in part.iter().enumerate() {
        border = if at == 0 { 0 } else { advance(part, &borders, border, *code) };
        borders.push(border);
    }
    let mut matched = 0;
    part.is_empty()
        || text.into_iter().any(|code| {
            matched = advance(part, &borders, matched, code);
            matched == part.len()
        })
}

/// How much of `part` is matched when `code` follows what already was.
fn advance<T: Copy + PartialEq>(part: &[T], borders: &[usize], mut matched: usize, code: T) -> usize {
    loop {
        if part.get(matched) == Some(&code) {
            return matched + 1;
        }
        if matched == 0 {
            return 0;
        }
        matched = borders.get(matched - 1).copied().unwrap_or(0);
    }
}

/// Code points of text whose escapes are well formed; surrogates that are not a pair stand for themselves.
struct CodePoints<'t>(Chars<'t>);

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        effort::spend(1);
        let character = self.0.next()?;
        if character != '\\' {
            return Some(character.into());
        }
        Some(match self.0.next()? {
            'b' => 0x08,
            'f' => 0x0c,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'u' => self.after_u(),
            other => other.into(),
        })
    }
}

impl CodePoints<'_> {
    fn after_u(&mut self) -> u32 {
        let unit = hex(&mut self.0);
        if !(0xd800..0xdc00).contains(&unit) {
            return unit;
        }
        let mut ahead = self.0.clone();
        if ahead.next() == Some('\\') && ahead.next() == Some('u') {
            let low = hex(&mut ahead);
            if (0xdc00..0xe000).contains(&low) {
                self.0 = ahead;
                return 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            }
        }
        unit
    }
}

fn hex(characters: &mut Chars<'_>) -> u32 {
    characters.take(4).fold(0, |unit, digit| unit << 4 | digit.to_digit(16).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> Text<'_> {
        Text::new(raw, raw.contains('\\'))
    }

    #[test]
    fn escapes_do_not_matter() {
        for (a, b) in
            [(r"\u0061b", "ab"), (r"\ud83d\ude00", "😀"), (r"\/", "/"), (r"\u00e9", "é"), (r"\u005c", r"\\")]
        {
            assert_eq!(text(a), text(b), "{a} {b}");
            assert_eq!(text(a).cmp(&text(b)), Ordering::Equal);
        }
        assert_eq!(text(r"\ud83dx\ude00").readable(), "\u{fffd}x\u{fffd}");
        assert!(
            text(r"\ud83d") < text(r"\ud83d\ude00"),
            "a lone surrogate comes before every astral character"
        );
        assert!(text("\u{ffff}") < text("😀"), "not the order of UTF-16");
    }

    #[test]
    fn parts_are_found_by_code_point() {
        for (whole, part) in [("abab", r"\u0061b"), (r"x\u0061b", "ab"), ("", r"\u0061"), (r"\u0061", "")] {
            let expected = whole.replace(r"\u0061", "a").contains(&part.replace(r"\u0061", "a"));
            assert_eq!(text(whole).contains(text(part)), expected, "{whole} {part}");
        }
        assert!(text(r"aabaabaaa\u0062").contains(text("aabaaab")));
        assert!(!text(r"\ud83d\ude00").contains(text(r"\ud83d")), "half a character is not part of it");
        assert!(text(r"\u0061bc").starts_with(text("ab")) && text(r"ab\u0063").ends_with(text("bc")));
        assert!(!text(r"\u0061").ends_with(text("aa")) && !text("a").starts_with(text(r"\u0061\u0061")));
    }
}
