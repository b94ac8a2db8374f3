//! Status lines (RFC 9112, 4), and what comes in their place.

use alloc::vec::Vec;

use super::Fault;

/// How much of what is not HTTP is told.
const MAX_FOUND: usize = 64;

/// What a status line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: u16,
    /// Whether connections are kept unless something else is said: since HTTP/1.1.
    pub(super) keeps: bool,
    /// Whether it is spelt as the standard has it.
    pub(super) is_clean: bool,
}

impl Status {
    /// Whether another answer follows this one (RFC 9110, 15.2).
    pub(super) const fn is_interim(self) -> bool {
        matches!(self.code, 100..=199)
    }
}

/// Reads a whole line. `http/1.1` in lower case, any version, several blanks and a reason of any kind are taken.
pub(super) fn read(line: &[u8]) -> Result<Option<Status>, Fault> {
    begins(line)?;
    let not_http = || Fault::NotHttp(found(line));
    let (name, rest) = line.split_at_checked(NAME.len()).ok_or_else(not_http)?;
    let (major, rest) = digits(rest);
    let (minor, rest) = match rest.split_first() {
        Some((b'.', rest)) => digits(rest),
        _ => (&b"0"[..], rest),
    };
    let blanks = rest.iter().take_while(|byte| is_blank(**byte)).count();
    let (code, rest) = digits(rest.get(blanks..).unwrap_or_default());
    let &[hundreds @ b'1'..=b'9', tens, ones] = code else { return Err(not_http()) };
    let code = [hundreds, tens, ones].iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    // Nobody asked for another protocol, and what follows would be one.
    if major.is_empty() || minor.is_empty() || blanks == 0 || code == 101 {
        return Err(not_http());
    }
    Ok(Some(Status {
        code,
        keeps: is_at_least_1_1(major, minor),
        is_clean: name == NAME && blanks == 1 && rest.first().is_none_or(|byte| *byte == b' '),
    }))
}

const NAME: &[u8] = b"HTTP/";
/// A `SETTINGS` frame of HTTP/2 (RFC 9113, 4.1) after its length: its type, and the connection as its stream.
const SETTINGS: (u8, [u8; 4]) = (4, [0; 4]);

/// Whether what there is of a line may become a status line.
pub(super) fn begins(partial: &[u8]) -> Result<(), Fault> {
    let same = partial.iter().zip(NAME).all(|(found, expected)| found.eq_ignore_ascii_case(expected));
    match partial {
        b"\r" => Ok(()),
        _ if same => Ok(()),
        [0, 0, _, kind, _, stream @ ..] if *kind == SETTINGS.0 && stream.starts_with(&SETTINGS.1) => {
            Err(Fault::Http2Only)
        }
        // It may become one.
        [0, rest @ ..] if rest.len() < 8 => Ok(()),
        _ => Err(Fault::NotHttp(found(partial))),
    }
}

fn found(line: &[u8]) -> Vec<u8> {
    line.iter().copied().take(MAX_FOUND).collect()
}

fn digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    bytes.split_at_checked(count).unwrap_or((bytes, &[]))
}

fn is_at_least_1_1(major: &[u8], minor: &[u8]) -> bool {
    let is_zero = |digits: &[u8]| digits.iter().all(|digit| *digit == b'0');
    !is_zero(major) && (major != b"1" || !is_zero(minor))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
