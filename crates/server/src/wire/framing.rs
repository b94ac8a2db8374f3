//! Where a body ends: after so many bytes, or where its last chunk does. Only what belongs to it is passed on.

/// The longest line of a chunk's size, or of a trailer.
const MAX_LINE: usize = 256;

/// The most trailers, which nobody reads.
const MAX_TRAILERS: usize = 32;

/// What is left of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// Nothing.
    None,
    /// So many bytes.
    Length(u64),
    /// Chunks (RFC 9112, section 7.1).
    Chunked(Chunk),
}

/// Where in its chunks a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    /// In the line with its size, after so many bytes of it.
    Size { value: u64, digits: u8, seen: usize, is_over: bool, returned: bool },
    /// Before so many bytes of content.
    Content(u64),
    /// Before the end of the line after the content.
    End { returned: bool },
    /// In a line behind the last chunk.
    Trailer { seen: usize, returned: bool, lines: usize },
}

/// The body is not framed as it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

const SIZE: Chunk = Chunk::Size { value: 0, digits: 0, seen: 0, is_over: false, returned: false };

impl Framing {
    pub(super) fn length(bytes: u64) -> Framing {
        if bytes == 0 { Framing::None } else { Framing::Length(bytes) }
    }

    pub(super) const fn chunked() -> Framing {
        Framing::Chunked(SIZE)
    }

    /// How many of these bytes belong to the body; what is left is noted.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<usize, Broken> {
        match *self {
            Framing::None => Ok(0),
            Framing::Length(left) => {
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                *self = Framing::length(left - u64::try_from(taken).unwrap_or(left));
                Ok(taken)
            }
            Framing::Chunked(_) => self.take_chunks(bytes),
        }
    }

    fn take_chunks(&mut self, bytes: &[u8]) -> Result<usize, Broken> {
        let mut taken = 0;
        while let (Framing::Chunked(chunk), Some(byte)) = (*self, bytes.get(taken)) {
            if let Chunk::Content(left) = chunk {
                let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len() - taken);
                taken += here;
                let left = left - u64::try_from(here).unwrap_or(left);
                *self = Framing::Chunked(if left == 0 {
                    Chunk::End { returned: false }
                } else {
                    Chunk::Content(left)
                });
            } else {
                taken += 1;
                *self = chunk.next(*byte)?.map_or(Framing::None, Framing::Chunked);
            }
        }
        Ok(taken)
    }
}

impl Chunk {
    /// Where it is after one more byte that is no content; none when that was the last.
    fn next(self, byte: u8) -> Result<Option<Chunk>, Broken> {
        match (self, byte) {
            (Chunk::End { returned: false }, b'\r') => Ok(Some(Chunk::End { returned: true })),
            (Chunk::End { returned: true }, b'\n') => Ok(Some(SIZE)),
            (Chunk::Trailer { seen, returned, lines }, byte) => trailer(seen, returned, lines, byte),
            (Chunk::Size { value, digits, returned: true, .. }, b'\n') if digits > 0 => {
                let trailer = Chunk::Trailer { seen: 0, returned: false, lines: 0 };
                Ok(Some(if value == 0 { trailer } else { Chunk::Content(value) }))
            }
            (Chunk::Size { seen, returned, .. }, _) if returned || seen >= MAX_LINE => Err(Broken),
            (Chunk::Size { value, digits, seen, is_over, .. }, b'\r') => {
                Ok(Some(Chunk::Size { value, digits, seen, is_over, returned: true }))
            }
            (Chunk::Size { value, digits, seen, is_over: false, .. }, byte) if byte.is_ascii_hexdigit() => {
                let digit = char::from(byte).to_digit(16).ok_or(Broken)?;
                let value = value.checked_mul(16).and_then(|value| value.checked_add(digit.into()));
                let (value, seen) = (value.ok_or(Broken)?, seen + 1);
                let digits = digits.saturating_add(1);
                Ok(Some(Chunk::Size { value, digits, seen, is_over: false, returned: false }))
            }
            // Extensions, which nobody reads.
            (Chunk::Size { value, digits, seen, is_over, .. }, byte)
                if digits > 0
                    && (is_over || matches!(byte, b';' | b' ' | b'\t'))
                    && (byte == b'\t' || (b' '..0x7f).contains(&byte)) =>
            {
                Ok(Some(Chunk::Size { value, digits, seen: seen + 1, is_over: true, returned: false }))
            }
            (Chunk::Content(_) | Chunk::End { .. } | Chunk::Size { .. }, _) => Err(Broken),
        }
    }
}

fn trailer(seen: usize, returned: bool, lines: usize, byte: u8) -> Result<Option<Chunk>, Broken> {
    match byte {
        b'\n' if returned && seen == 0 => Ok(None),
        b'\n' if returned && lines < MAX_TRAILERS => {
            Ok(Some(Chunk::Trailer { seen: 0, returned: false, lines: lines + 1 }))
        }
        b'\r' if !returned => Ok(Some(Chunk::Trailer { seen, returned: true, lines })),
        b'\n' | b'\r' => Err(Broken),
        _ if returned || seen >= MAX_LINE => Err(Broken),
        _ => Ok(Some(Chunk::Trailer { seen: seen + 1, returned: false, lines })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes belong to the body, given at once and byte by byte.
    #[track_caller]
    fn check(framing: Framing, bytes: &str, expected: Result<usize, Broken>) {
        let mut at_once = framing;
        assert_eq!(at_once.take(bytes.as_bytes()), expected, "{bytes:?}");
        let mut singly = framing;
        let taken = bytes.as_bytes().chunks(1).try_fold(0, |sum, byte| Ok(sum + singly.take(byte)?));
        assert_eq!(taken, expected, "{bytes:?}, byte by byte");
        if expected.is_ok() {
            assert_eq!(at_once, singly, "{bytes:?}");
        }
    }

    #[test]
    fn a_body_ends_after_its_length() {
        check(Framing::length(3), "abcdef", Ok(3));
        check(Framing::length(9), "abc", Ok(3));
        check(Framing::None, "abc", Ok(0));
    }

    #[test]
    fn a_body_ends_with_its_last_chunk() {
        let whole = "3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
        check(Framing::chunked(), whole, Ok(whole.len()));
        check(Framing::chunked(), &format!("{whole}GET / HTTP/1.1"), Ok(whole.len()));
        check(Framing::chunked(), "5\r\nab", Ok(5));
        for broken in [
            "x\r\n",
            "\r\n",
            "3\nabc",
            "3\r\nabcd\r\n",
            "3\r\nabc\n",
            "-3\r\n",
            "+3\r\n",
            "11111111111111111\r\n",
            "0\r\n\n",
            "3 \u{0}\r\n",
            "3\r\rabc",
        ] {
            check(Framing::chunked(), broken, Err(Broken));
        }
        let mut framing = Framing::chunked();
        assert_eq!(framing.take(format!("3;{}", "a".repeat(300)).as_bytes()), Err(Broken));
        let trailers = format!("0\r\n{}", "a: b\r\n".repeat(40));
        assert_eq!(Framing::chunked().take(trailers.as_bytes()), Err(Broken));
    }
}
