//! Colours: on a terminal only, and never where `NO_COLOR` is set (no-color.org).

use std::{borrow::Cow, io::IsTerminal};

use crate::harmless;

/// What a colour says.
#[derive(Clone, Copy)]
pub(super) enum Colour {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Beside the point.
    Quiet,
}

impl Colour {
    const ALL: [Colour; 3] = [Colour::Good, Colour::Bad, Colour::Quiet];

    const fn start(self) -> &'static str {
        match self {
            Colour::Good => "\x1b[32m",
            Colour::Bad => "\x1b[1;31m",
            Colour::Quiet => "\x1b[2m",
        }
    }
}

/// What ends a colour.
const END: &str = "\x1b[0m";

/// Whether a stream takes colours.
pub(super) fn is_wanted(stream: &impl IsTerminal) -> bool {
    wanted(stream.is_terminal(), std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty()))
}

fn wanted(terminal: bool, refused: bool) -> bool {
    terminal && !refused
}

/// Text as part of one line, in a colour, or plain where none is wanted. Colours in the text itself are none.
pub(super) fn paint(text: &str, colour: Colour, coloured: bool) -> String {
    let text = harmless::line(text);
    if coloured { format!("{}{text}{END}", colour.start()) } else { text.into_owned() }
}

/// Text made harmless piece by piece between the colours of [`paint`], which stay where they are wanted.
pub(super) fn kept(text: &str, harmless: impl Fn(&str) -> Cow<'_, str>, coloured: bool) -> String {
    let own = Colour::ALL.map(Colour::start);
    kept_among(text, harmless, if coloured { &own } else { &[] })
}

/// The same of a line of the log, whose writer has colours of its own.
pub(super) fn kept_in_log(line: &str, coloured: bool) -> String {
    kept_among(line, harmless::line, if coloured { &LOGS } else { &[] })
}

/// What the writer of the log begins its colours with: bold, dim, italic, and one colour for each level.
const LOGS: [&str; 8] =
    ["\x1b[1m", "\x1b[2m", "\x1b[3m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[35m"];

fn kept_among(text: &str, harmless: impl Fn(&str) -> Cow<'_, str>, starts: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('\x1b');
    out.push_str(&harmless(pieces.next().unwrap_or_default()));
    for piece in pieces {
        let end = (!starts.is_empty()).then_some(&END);
        let mut known = starts.iter().chain(end);
        match known.find_map(|code| Some((*code, piece.strip_prefix(code.get(1..)?)?))) {
            Some((code, rest)) => out.extend([code, &harmless(rest)]),
            None => out.push_str(&harmless(&format!("\x1b{piece}"))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_without_no_color() {
        assert!(wanted(true, false));
        assert!(!wanted(true, true));
        assert!(!wanted(false, false));
        assert_eq!(paint("a", Colour::Good, true), "\x1b[32ma\x1b[0m");
        assert_eq!(paint("a", Colour::Bad, false), "a");
        assert_eq!(paint("a\x1b[0m\nb", Colour::Quiet, true), "\x1b[2ma\u{fffd}[0m b\x1b[0m");
    }

    #[test]
    fn only_our_own_colours_reach_a_terminal() {
        let text = format!("{} \x1b[2J\u{9b}x\n", paint("a", Colour::Bad, true));
        assert_eq!(kept(&text, harmless::block, true), "\x1b[1;31ma\x1b[0m \u{fffd}[2J\u{fffd}x\n");
        assert_eq!(kept(&text, harmless::block, false), "\u{fffd}[1;31ma\u{fffd}[0m \u{fffd}[2J\u{fffd}x\n");
    }
}
