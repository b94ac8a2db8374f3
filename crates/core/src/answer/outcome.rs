//! What comes of reading an answer, and how a reading ends.

use alloc::{string::String, vec::Vec};

/// An answer whose final status line was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The final status code, from 100 to 999.
    pub status_code: u16,
    /// Its headers, names in lower case; what was no header line is left out.
    pub headers: Vec<(String, String)>,
    /// The first [`super::MAX_BODY`] bytes of its body, as they came: no coding but chunks is undone.
    pub body: Vec<u8>,
    /// Whether there was more of the body than what is kept.
    pub is_truncated: bool,
    /// Why not all of it was read; none when it ended as it said it would.
    pub cut: Option<Cut>,
    /// Whether its head was as the standard has it.
    pub is_clean: bool,
    /// Whether the connection may be used again.
    pub keeps: bool,
    /// For how many seconds the receiver says it keeps an idle connection.
    pub keeps_for: Option<u64>,
    /// What `Retry-After` says, wherever in the head it stands.
    pub retry_after: Option<String>,
}

/// Why not all of an answer was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It is longer than what is read.
    Limit,
    /// It did not end in time.
    Timeout,
    /// It broke off, or its form is not HTTP's.
    Broken,
}

/// Why there is no final status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What came is not HTTP/1: its beginning.
    NotHttp(Vec<u8>),
    /// The receiver speaks HTTP/2 without having been asked.
    Http2Only,
    /// None within [`super::MAX_RAW`].
    HeadTooLarge,
    /// The connection was closed before one.
    Closed,
    /// The connection broke before one.
    Reset,
    /// None came in time.
    Timeout,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The receiver closed it.
    Closed,
    /// It broke.
    Reset,
    /// The time is over.
    Timeout,
    /// Nothing more is read.
    Limit,
}
