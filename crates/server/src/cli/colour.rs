//! Colours: on a terminal only, and never where `NO_COLOR` is set (no-color.org).

use std::io::IsTerminal;

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
    const fn code(self) -> &'static str {
        match self {
            Colour::Good => "32",
            Colour::Bad => "1;31",
            Colour::Quiet => "2",
        }
    }
}

/// Whether a stream takes colours.
pub(super) fn is_wanted(stream: &impl IsTerminal) -> bool {
    wanted(stream.is_terminal(), std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty()))
}

fn wanted(terminal: bool, refused: bool) -> bool {
    terminal && !refused
}

/// Text in a colour, or plain where none is wanted.
pub(super) fn paint(text: &str, colour: Colour, coloured: bool) -> String {
    if coloured { format!("\x1b[{}m{text}\x1b[0m", colour.code()) } else { text.to_owned() }
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
    }
}
