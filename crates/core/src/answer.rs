//! What a receiver answers, read as it comes: bounded, and lenient where browsers and curl are. Pure: no sockets, no clock.
//!
//! The status line decides; whatever is wrong with the rest, a status that could be read is the answer (RFC 9112, with what
//! real servers send beside it).

use alloc::vec::Vec;

// What comes of reading one.
mod outcome;

// Lines, whatever ends them.
mod lines;

// One piece after the other.
mod steps;

// `HTTP/1.1 200 OK`.
mod status;

// Header lines, and what they say of the body.
mod head;

// Bodies in chunks.
mod chunks;

pub use outcome::{Answer, Cut, End, Fault};

use chunks::Chunks;
use head::Head;
use lines::Lines;

/// The most raw bytes of an answer that are read: interim answers, head, framing and body.
pub const MAX_RAW: usize = 256 * 1024;
/// The most of an answer's head that is kept.
pub const MAX_HEAD: usize = 16 * 1024;
/// The most of an answer's body that is kept.
pub const MAX_BODY: usize = 16 * 1024;

/// Reads one answer. Feed it until it is done, or end it; then take what came of it.
#[derive(Debug, Default)]
pub struct Reader {
    raw: usize,
    state: State,
    lines: Lines,
    head: Head,
    body: Vec<u8>,
    is_truncated: bool,
    cut: Option<Cut>,
    keeps: bool,
}

#[derive(Debug, Default)]
enum State {
    /// Before or within a status line.
    #[default]
    Status,
    /// Among the header lines of an interim or the final answer.
    Fields { interim: bool },
    /// So many bytes of body are still to come.
    Length(u64),
    /// The body comes in chunks.
    Chunks(Chunks),
    /// The body ends with the connection.
    UntilClose,
    /// There is a final status, and nothing more is to come.
    Done,
    /// There is none.
    Failed(Fault),
}

impl Reader {
    /// How many more bytes may be read.
    pub fn room(&self) -> usize {
        MAX_RAW - self.raw
    }

    /// Whether anything came yet.
    pub fn has_begun(&self) -> bool {
        self.raw > 0
    }

    /// Whether nothing more is to be read.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done | State::Failed(_))
    }

    /// Whether the connection may be used again after what was read.
    pub fn keeps(&self) -> bool {
        self.keeps && matches!(self.state, State::Done)
    }

    /// For how many seconds the receiver says it keeps an idle connection.
    pub fn keeps_for(&self) -> Option<u64> {
        self.head.keeps_for
    }

    /// The final status code, once its line was read.
    pub fn status_code(&self) -> Option<u16> {
        match self.state {
            State::Status | State::Fields { interim: true } | State::Failed(_) => None,
            _ => Some(self.head.status_code),
        }
    }

    /// Takes in what came. True when nothing more is to be read.
    pub fn feed(&mut self, bytes: &[u8]) -> bool {
        let mut rest = bytes.get(..self.room()).unwrap_or(bytes);
        self.raw += rest.len();
        while !rest.is_empty() && !self.is_done() {
            rest = self.take(rest);
        }
        if !rest.is_empty() {
            // More than the answer: what follows cannot be told from the answer to the next request.
            self.keeps = false;
        }
        if !self.is_done() && self.room() == 0 {
            self.stop(Cut::Limit, Fault::HeadTooLarge);
        }
        self.is_done()
    }

    /// The connection or the time ended.
    pub fn end(&mut self, end: End) {
        if self.is_done() {
            return;
        }
        let whole = match &self.state {
            State::UntilClose => end == End::Closed,
            State::Chunks(chunks) => chunks.is_last() && matches!(end, End::Closed | End::Reset),
            _ => false,
        };
        match end {
            _ if whole => self.done(),
            End::Closed => self.stop(Cut::Broken, Fault::Closed),
            End::Reset => self.stop(Cut::Broken, Fault::Reset),
            End::Timeout => self.stop(Cut::Timeout, Fault::Timeout),
            End::Limit => self.stop(Cut::Limit, Fault::HeadTooLarge),
        }
        self.keeps = false;
    }

    /// What came of it. An answer that was not ended is as if its time had ended.
    ///
    /// # Errors
    /// Why there is no final status line.
    pub fn finish(mut self) -> Result<Answer, Fault> {
        self.end(End::Timeout);
        if let State::Failed(fault) = self.state {
            return Err(fault);
        }
        let Head { status_code, headers, is_clean, keeps_for, retry_after, .. } = self.head;
        Ok(Answer {
            status_code,
            headers,
            body: self.body,
            is_truncated: self.is_truncated,
            cut: self.cut,
            is_clean,
            keeps: self.keeps,
            keeps_for,
            retry_after,
        })
    }

    fn keep(&mut self, data: &[u8]) {
        let room = MAX_BODY.saturating_sub(self.body.len());
        self.is_truncated |= data.len() > room;
        self.body.extend_from_slice(data.get(..room).unwrap_or(data));
    }

    fn done(&mut self) {
        self.state = State::Done;
    }

    /// Stops before the end: with what there is when a final status line was read.
    fn stop(&mut self, cut: Cut, fault: Fault) {
        self.keeps = false;
        if self.status_code().is_some() {
            self.head.end();
            self.cut = Some(cut);
            self.state = State::Done;
        } else {
            self.state = State::Failed(fault);
        }
    }
}

#[cfg(test)]
mod tests;
