//! Text from outside, made harmless where people read it: in the terminal and in the text log. Nothing in it steers a
//! terminal, turns the direction of what follows, or looks like a line of ours.

use std::{borrow::Cow, fmt::Write};

/// Stands for a character that is not shown.
const REPLACEMENT: char = '\u{fffd}';

/// Text as part of one line: line breaks and tabs become blanks.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    replaced(text, |c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        other => steers(other).then_some(REPLACEMENT),
    })
}

/// Text of several lines: line breaks and tabs stay.
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    replaced(text, |c| (steers(c) && !matches!(c, '\n' | '\t')).then_some(REPLACEMENT))
}

/// Text of several lines, each a step in, so that none begins where ours do.
pub(crate) fn indented(text: &str, by: usize) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for (i, line) in block(text).split('\n').enumerate() {
        let separator = if i == 0 { "" } else { "\n" };
        let _ = write!(out, "{separator}{:by$}{line}", "");
    }
    out
}

/// Well-formed JSON, in which the same characters are spelt as escapes: the values stay what they are.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        if is_escaped(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Line breaks and tabs stand between the tokens of well-formed JSON only.
fn is_escaped(character: char) -> bool {
    steers(character) && !matches!(character, '\n' | '\r' | '\t')
}

/// Whether a character does something other than being read: control characters (C0, DEL, C1), separators of lines and
/// paragraphs, marks that turn the direction, and other invisible ones that terminals obey or hide text with.
pub(crate) fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn replaced(text: &str, replacement: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if text.chars().all(|c| replacement(c).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| replacement(c).unwrap_or(c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of every kind that must never reach a terminal.
    const STEERING: [char; 14] = [
        '\u{0}',
        '\u{7}',
        '\u{8}',
        '\u{b}',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{9b}',
        '\u{200f}',
        '\u{2028}',
        '\u{202e}',
        '\u{2066}',
        '\u{feff}',
        '\u{e0041}',
    ];

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        for character in STEERING {
            let text = format!("a{character}b");
            assert_eq!(line(&text), "a\u{fffd}b", "{character:?}");
            assert_eq!(block(&text), "a\u{fffd}b", "{character:?}");
            assert!(!json(&format!("\"{text}\"")).contains(character), "{character:?}");
        }
        assert_eq!(line("one\r\ntwo\tthree"), "one  two three");
        assert_eq!(block("one\n\ttwo\r"), "one\n\ttwo\u{fffd}");
        assert_eq!(line("Größe 東京 👩‍💻"), "Größe 東京 👩‍💻");
    }

    #[test]
    fn json_keeps_its_values() {
        let text = "{\"k\u{9b}\": [\"\u{202e}\u{e0041}\u{7f}\",\n\t1]}";
        let escaped = json(text);
        assert!(!escaped.chars().any(is_escaped), "{escaped}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&escaped), value(text));
    }

    #[test]
    fn no_line_begins_where_ours_do() {
        assert_eq!(
            indented("{}\nPOST valid by standard\r\nx", 4),
            "    {}\n    POST valid by standard\u{fffd}\n    x"
        );
    }
}
