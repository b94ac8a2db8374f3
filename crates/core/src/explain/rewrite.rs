//! JSON written as other programs write it, token by token. It need not check the grammar: a wrong guess fits no signature.

use alloc::{string::String, vec::Vec};
use core::str::Chars;

use crate::effort;

/// What stands between tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// Nothing, as JavaScript and Bluehook write.
    Compact,
    /// A space after `:` and `,`, as Python writes.
    Spaced,
    /// A line for each member, two spaces deeper with each level.
    Indented,
}

/// How characters of strings are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escapes {
    /// As they are.
    Kept,
    /// Only what must be escaped, as JavaScript does.
    Few,
    /// Everything beyond ASCII, as Python does.
    Ascii,
    /// Everything beyond ASCII and slashes, as PHP does.
    AsciiAndSlashes,
    /// `<`, `>`, `&`, as Go does.
    Html,
}

/// How a program writes JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    layout: Layout,
    escapes: Escapes,
}

impl Style {
    const LAYOUTS: [Layout; 3] = [Layout::Compact, Layout::Spaced, Layout::Indented];
    const ESCAPES: [Escapes; 5] =
        [Escapes::Kept, Escapes::Few, Escapes::Ascii, Escapes::AsciiAndSlashes, Escapes::Html];

    /// One of them; the first is compact and leaves strings alone.
    pub(super) fn nth(which: usize) -> Option<Style> {
        let layout = *Style::LAYOUTS.get(which / Style::ESCAPES.len())?;
        let escapes = *Style::ESCAPES.get(which % Style::ESCAPES.len())?;
        Some(Style { layout, escapes })
    }
}

/// Writes JSON in another style; `None` when a string does not end or has a wrong escape, or when it would be longer than
/// `most` bytes: indented, a body of nothing but brackets grows with the square of its length.
pub(super) fn rewrite(json: &str, style: Style, most: usize) -> Option<String> {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut rest) = (0_usize, json.trim_ascii());
    while let Some(first) = rest.bytes().next() {
        let token = token(rest)?;
        rest = rest.get(token.len()..)?.trim_ascii_start();
        match first {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if first == b'"' && style.escapes != Escapes::Kept {
            respell(&mut out, token, style.escapes)?;
        } else {
            out.push_str(token);
        }
        gap(&mut out, style.layout, [first, rest.bytes().next().unwrap_or_default()], depth);
        if out.len() > most {
            effort::spend(json.len() + out.len());
            return None;
        }
    }
    effort::spend(json.len() + out.len());
    Some(out)
}

/// What a layout puts between two tokens, of which these are the first bytes.
fn gap(out: &mut String, layout: Layout, tokens: [u8; 2], depth: usize) {
    let depth = match (layout, tokens) {
        (Layout::Compact, _) => return,
        (_, [b':', _]) | (Layout::Spaced, [b',', _]) => return out.push(' '),
        (Layout::Spaced, _) | (_, [b'{' | b'[', b'}' | b']']) => return,
        (_, [b'{' | b'[' | b',', _]) => depth,
        (_, [_, b'}' | b']']) => depth.saturating_sub(1),
        _ => return,
    };
    out.push('\n');
    out.extend(core::iter::repeat_n("  ", depth));
}

/// The same JSON with `.0` after one of its whole numbers: a parser of floating point may have dropped it.
pub(super) fn with_fraction(json: &str, mut which: usize) -> Option<Vec<u8>> {
    let mut end = 0;
    loop {
        let token = token(json.get(end..)?)?;
        end += token.len();
        if is_whole(token.as_bytes()) {
            if which == 0 {
                effort::spend(end);
                let (head, tail) = json.split_at_checked(end)?;
                return Some([head, ".0", tail].concat().into_bytes());
            }
            which -= 1;
        }
    }
}

/// Whether a token is a number without fraction and exponent.
fn is_whole(token: &[u8]) -> bool {
    let digits = token.strip_prefix(b"-").unwrap_or(token);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// Whether JSON ends within a string, an object or a list.
pub(super) fn ends_early(json: &str) -> bool {
    let (mut depth, mut rest) = (0_usize, json);
    while !rest.is_empty() {
        let Some(token) = token(rest) else { return true };
        match token {
            "{" | "[" => depth += 1,
            "}" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        rest = rest.get(token.len()..).unwrap_or_default();
    }
    effort::spend(json.len());
    depth > 0
}

/// The first token: a string with its quotes, a mark, a run of white space, or anything up to the next of these.
fn token(json: &str) -> Option<&str> {
    let bytes = json.as_bytes();
    let length = match bytes.first()? {
        b'"' => string_length(bytes)?,
        b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
        byte if byte.is_ascii_whitespace() => bytes.len() - bytes.trim_ascii_start().len(),
        _ => bytes.iter().position(|byte| ends_token(*byte)).unwrap_or(bytes.len()),
    };
    json.get(..length)
}

fn ends_token(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n')
}

fn string_length(bytes: &[u8]) -> Option<usize> {
    let mut escaped = true;
    let end = bytes.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map(|end| end + 1)
}

/// Writes a string token with other escapes. Lone surrogates stay as they are escaped.
fn respell(out: &mut String, token: &str, escapes: Escapes) -> Option<()> {
    let mut units = token.strip_prefix('"')?.strip_suffix('"')?.chars();
    out.push('"');
    while let Some(character) = units.next() {
        let unit = if character == '\\' { unescape(&mut units)? } else { Ok(character) };
        match unit {
            Ok(character) => spell(out, character, escapes),
            Err(surrogate) => escape(out, surrogate),
        }
    }
    out.push('"');
    Some(())
}

/// What an escape stands for: a character, or a surrogate without its other half.
fn unescape(units: &mut Chars<'_>) -> Option<Result<char, u16>> {
    Some(Ok(match units.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return surrogates(units),
        other => other,
    }))
}

fn surrogates(units: &mut Chars<'_>) -> Option<Result<char, u16>> {
    let high = hex4(units)?;
    let mut ahead = units.clone();
    let low = if ahead.next() == Some('\\') && ahead.next() == Some('u') { hex4(&mut ahead) } else { None };
    let pair = match (high, low) {
        (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
            char::from_u32(0x1_0000 + (u32::from(high & 0x3ff) << 10 | u32::from(low & 0x3ff)))
        }
        _ => None,
    };
    if pair.is_some() {
        *units = ahead;
    }
    Some(pair.or_else(|| char::from_u32(high.into())).ok_or(high))
}

fn hex4(units: &mut Chars<'_>) -> Option<u16> {
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit << 4 | units.next()?.to_digit(16)?;
    }
    u16::try_from(unit).ok()
}

fn spell(out: &mut String, character: char, escapes: Escapes) {
    let short = match character {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '/' if escapes == Escapes::AsciiAndSlashes => "\\/",
        _ => "",
    };
    let ascii = matches!(escapes, Escapes::Ascii | Escapes::AsciiAndSlashes);
    let html = escapes == Escapes::Html && matches!(character, '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
    if !short.is_empty() {
        out.push_str(short);
    } else if html || character < ' ' || (ascii && !character.is_ascii()) {
        character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escape(out, *unit));
    } else {
        out.push(character);
    }
}

fn escape(out: &mut String, unit: u16) {
    out.push_str("\\u");
    out.push_str(&hex::encode(unit.to_be_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"a":[1,-0,{}],"b":"\u00e9\/<\ud83d\ude00\ud800","c":[],"d":1e2}"#;

    fn written(layout: Layout, escapes: Escapes) -> String {
        rewrite(JSON, Style { layout, escapes }, usize::MAX).unwrap()
    }

    #[test]
    fn layouts() {
        assert_eq!(written(Layout::Compact, Escapes::Kept), JSON);
        let spaced = r#"{"a": [1, -0, {}], "b": "\u00e9\/<\ud83d\ude00\ud800", "c": [], "d": 1e2}"#;
        assert_eq!(written(Layout::Spaced, Escapes::Kept), spaced);
        let indented = written(Layout::Indented, Escapes::Kept);
        let lines = [
            "{",
            "  \"a\": [",
            "    1,",
            "    -0,",
            "    {}",
            "  ],",
            r#"  "b": "\u00e9\/<\ud83d\ude00\ud800","#,
            "  \"c\": [],",
            "  \"d\": 1e2",
            "}",
        ];
        assert_eq!(indented, lines.join("\n"));
        let compact = Style { layout: Layout::Compact, escapes: Escapes::Kept };
        assert_eq!(rewrite(&indented, compact, JSON.len()).unwrap(), JSON);
    }

    #[test]
    fn length_is_limited() {
        let brackets = "[".repeat(100_000);
        for style in (0..).map_while(Style::nth) {
            let written = rewrite(&brackets, style, 1_000_000);
            assert_eq!(written.is_none(), style.layout == Layout::Indented, "{style:?}");
        }
    }

    #[test]
    fn escapes() {
        for (escapes, expected) in [
            (Escapes::Few, "\"é/<\u{1f600}\\ud800\""),
            (Escapes::Ascii, r#""\u00e9/<\ud83d\ude00\ud800""#),
            (Escapes::AsciiAndSlashes, r#""\u00e9\/<\ud83d\ude00\ud800""#),
            (Escapes::Html, "\"é/\\u003c\u{1f600}\\ud800\""),
        ] {
            assert!(written(Layout::Compact, escapes).contains(expected), "{escapes:?}");
        }
    }

    #[test]
    fn fractions() {
        let all: Vec<_> = (0..4).map_while(|which| with_fraction("[1,2.5,-3,\"4\"]", which)).collect();
        assert_eq!(all, [b"[1.0,2.5,-3,\"4\"]", b"[1,2.5,-3.0,\"4\"]"]);
    }

    #[test]
    fn what_is_not_json_has_another_form_or_none() {
        for text in ["\"", "\"\\", "{\"\\u12", "[\"\\ud800\\u", "é", "\u{feff}{", "{\"a\":\"\\ué\"}"] {
            for style in (0..).map_while(Style::nth) {
                let _ = rewrite(text, style, 100);
            }
            let _ = with_fraction(text, 0);
        }
    }
}
