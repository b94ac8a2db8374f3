//! Bodies in chunks (RFC 9112, 7.1): sizes with or without extensions, lines with or without CR, trailers read past.

use super::lines::Lines;

/// The most digits of a chunk's size that say something.
const MAX_DIGITS: usize = 15;

/// Where in a chunked body the reading is.
#[derive(Debug, Default)]
pub(super) enum Chunks {
    /// Before or within a size.
    #[default]
    Size,
    /// Within a chunk's data: so much is still to come.
    Data(u64),
    /// After a chunk's data, before its line ends.
    AfterData,
    /// Among the trailers, after the last chunk.
    Trailers,
}

/// What was taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken<'b> {
    /// Framing, and more is to come.
    More,
    /// A piece of the body.
    Data(&'b [u8]),
    /// The body's end.
    End,
    /// What is no chunk.
    Broken,
}

impl Chunks {
    /// Whether the last chunk was read: the body is whole.
    pub(super) fn is_last(&self) -> bool {
        matches!(self, Chunks::Trailers)
    }

    /// Takes some of what came; gives what is left.
    pub(super) fn take<'b>(&mut self, lines: &mut Lines, bytes: &'b [u8]) -> (Taken<'b>, &'b [u8]) {
        if let Chunks::Data(left) = self {
            let count = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
            let (data, rest) = bytes.split_at_checked(count).unwrap_or((bytes, &[]));
            *left -= data.len() as u64;
            if *left == 0 {
                *self = Chunks::AfterData;
            }
            return (Taken::Data(data), rest);
        }
        let (line, rest) = lines.take(bytes);
        let taken = match line {
            Some(line) => self.line(&line.bytes),
            None => self.partial(lines.partial()),
        };
        (taken, rest)
    }

    fn line(&mut self, line: &[u8]) -> Taken<'static> {
        match (&self, line.is_empty()) {
            (Chunks::Size, _) => match size(line) {
                Some(0) => *self = Chunks::Trailers,
                Some(size) => *self = Chunks::Data(size),
                None => return Taken::Broken,
            },
            (Chunks::AfterData, true) => *self = Chunks::Size,
            (Chunks::AfterData, false) => return Taken::Broken,
            (Chunks::Trailers, true) => return Taken::End,
            (Chunks::Trailers, false) | (Chunks::Data(_), _) => {}
        }
        Taken::More
    }

    /// What cannot become right is not waited for.
    fn partial(&self, line: &[u8]) -> Taken<'static> {
        let wrong = match self {
            Chunks::Size => !line.trim_ascii().is_empty() && size(line.trim_ascii()).is_none(),
            Chunks::AfterData => !matches!(line, [] | b"\r"),
            Chunks::Data(_) | Chunks::Trailers => false,
        };
        if wrong { Taken::Broken } else { Taken::More }
    }
}

/// The size that a chunk's first line says. Extensions and blanks are passed over.
fn size(line: &[u8]) -> Option<u64> {
    let line = line.trim_ascii_start();
    let count = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (digits, rest) = line.split_at_checked(count)?;
    let digits = core::str::from_utf8(digits).ok()?;
    let significant = digits.trim_start_matches('0');
    let is_size = !digits.is_empty()
        && significant.len() <= MAX_DIGITS
        && rest.trim_ascii_start().first().is_none_or(|byte| *byte == b';');
    match significant {
        "" => is_size.then_some(0),
        _ => u64::from_str_radix(significant, 16).ok().filter(|_| is_size),
    }
}
