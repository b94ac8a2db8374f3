//! JSON written as other programs write it, token by token. It need not check the grammar: a wrong guess fits no signature.

use alloc::string::String;
use core::fmt::Write;

/// What stands between tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Nothing, as JavaScript and Bluehook write.
    Compact,
    /// A space after `:` and `,`, as Python writes.
    Spaced,
    /// A line for each member, two spaces deeper with each level.
    Indented,
}

impl Layout {
    pub(super) const ALL: [Layout; 3] = [Layout::Compact, Layout::Spaced, Layout::Indented];
}

/// How characters of strings are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
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

impl Escapes {
    pub(super) const ALL: [Escapes; 5] =
        [Escapes::Kept, Escapes::Few, Escapes::Ascii, Escapes::AsciiAndSlashes, Escapes::Html];
}

/// Writes JSON in another style; `None` when a string is not a JSON string.
pub(super) fn rewrite(json: &str, layout: Layout, escapes: Escapes) -> Option<String> {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut rest) = (0_usize, json);
    let mut empty = true;
    while let Some(first) = rest.chars().next() {
        let token = token(rest)?;
        rest = rest.get(token.len()..)?;
        match first {
            '{' | '[' => {
                depth += 1;
                out.push(first);
                let closes = rest.trim_ascii_start().starts_with(['}', ']']);
                new_line(&mut out, layout, if closes { None } else { Some(depth) });
                empty = closes;
                continue;
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, layout, if empty { None } else { Some(depth) });
                out.push(first);
            }
            ',' => {
                out.push(first);
                out.push_str(if layout == Layout::Spaced { " " } else { "" });
                new_line(&mut out, layout, Some(depth));
            }
            ':' => out.push_str(if layout == Layout::Compact { ":" } else { ": " }),
            '"' if escapes != Escapes::Kept => respell(&mut out, token, escapes)?,
            _ if first.is_ascii_whitespace() => continue,
            _ => out.push_str(token),
        }
        empty = false;
    }
    Some(out)
}

/// The same JSON with `.0` after one of its whole numbers: a parser of floating point may have dropped it.
pub(super) fn with_fraction(json: &str, which: usize) -> Option<String> {
    let mut at = 0;
    let mut wholes = core::iter::from_fn(|| {
        let token = token(json.get(at..)?)?;
        at += token.len();
        Some((token, at))
    })
    .filter(|(token, _)| token.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
    .filter(|(token, _)| !token.contains(['.', 'e', 'E']));
    let (_, end) = wholes.nth(which)?;
    Some([json.get(..end)?, ".0", json.get(end..)?].concat())
}

fn new_line(out: &mut String, layout: Layout, depth: Option<usize>) {
    if let (Layout::Indented, Some(depth)) = (layout, depth) {
        out.push('\n');
        out.extend(core::iter::repeat_n("  ", depth));
    }
}

/// The first token: a string with its quotes, a mark, a run of white space, or anything up to the next of these.
fn token(json: &str) -> Option<&str> {
    let bytes = json.as_bytes();
    let length = match bytes.first()? {
        b'"' => string_length(bytes)?,
        b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
        byte if byte.is_ascii_whitespace() => bytes.len() - bytes.trim_ascii_start().len(),
        _ => bytes.iter().position(|byte| b"\"{}[],: \t\r\n".contains(byte)).unwrap_or(bytes.len()),
    };
    json.get(..length)
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
fn unescape(units: &mut core::str::Chars<'_>) -> Option<Result<char, u16>> {
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

fn surrogates(units: &mut core::str::Chars<'_>) -> Option<Result<char, u16>> {
    let high = hex4(units)?;
    let mut ahead = units.clone();
    let low = if ahead.next() == Some('\\') && ahead.next() == Some('u') { hex4(&mut ahead) } else { None };
    let pair = low.and_then(|low| char::decode_utf16([high, low]).next()?.ok().filter(|c| u32::from(*c) > 0xffff));
    if pair.is_some() {
        *units = ahead;
    }
    Some(pair.or_else(|| char::from_u32(high.into())).ok_or(high))
}

fn hex4(units: &mut core::str::Chars<'_>) -> Option<u16> {
    let text = units.as_str().get(..4)?;
    *units = units.as_str().get(4..)?.chars();
    u16::from_str_radix(text, 16).ok()
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
    let _ = write!(out, "\\u{unit:04x}");
}
