//! Lines: ended by CR LF or a bare LF, gathered over pieces, kept up to a limit.

use alloc::vec::Vec;

/// The most of a line that is kept; the rest of it is read and dropped.
const MAX_LINE: usize = super::MAX_HEAD;

/// A line without its end.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) bytes: Vec<u8>,
    /// Whether there was more of it.
    pub(super) is_cut: bool,
}

/// Gathers one line after the other.
#[derive(Debug, Default)]
pub(super) struct Lines {
    partial: Vec<u8>,
    is_cut: bool,
}

impl Lines {
    /// Takes bytes up to a line's end; gives the line, if it ended, and what is left.
    pub(super) fn take<'b>(&mut self, bytes: &'b [u8]) -> (Option<Line>, &'b [u8]) {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            self.push(bytes);
            return (None, &[]);
        };
        let (line, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
        self.push(line);
        let mut bytes = core::mem::take(&mut self.partial);
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        let is_cut = core::mem::take(&mut self.is_cut);
        (Some(Line { bytes, is_cut }), rest.get(1..).unwrap_or_default())
    }

    /// What there is of a line that has not ended.
    pub(super) fn partial(&self) -> &[u8] {
        &self.partial
    }

    fn push(&mut self, bytes: &[u8]) {
        let room = MAX_LINE.saturating_sub(self.partial.len());
        self.is_cut |= bytes.len() > room;
        self.partial.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }
}
