//! Header lines: kept up to a limit, and read for what they say of the body, of the connection and of when to come again.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::{MAX_HEAD, lines::Line, status::Status};

/// The head of an answer, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) status_code: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) is_clean: bool,
    pub(super) keeps_for: Option<u64>,
    pub(super) retry_after: Option<String>,
    /// The last line, to which a folded one may be added.
    last: Option<(Vec<u8>, bool)>,
    kept: usize,
    persistence: Persistence,
    lengths: Lengths,
    codings: Codings,
}

/// Whether the connection is kept (RFC 9112, 9.3).
#[derive(Debug, Default)]
struct Persistence {
    /// The version keeps it unless something else is said.
    by_version: bool,
    /// What `Connection` said.
    close: bool,
    keep_alive: bool,
}

/// What `Content-Length` said.
#[derive(Debug, Default)]
struct Lengths {
    least: Option<u64>,
    /// Whether it said several things, or something that is no length.
    is_doubtful: bool,
    is_different: bool,
}

/// What `Transfer-Encoding` said.
#[derive(Debug, Default)]
struct Codings {
    chunked: u32,
    /// Codings that are not chunks: the body stays as it came.
    others: bool,
    last_is_chunked: bool,
}

/// Where the body ends (RFC 9112, 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// There is none.
    None,
    Length(u64),
    Chunked,
    UntilClose,
}

/// What the head says of what follows it.
pub(super) struct Follows {
    pub(super) body: Framing,
    /// Whether the connection may be used again.
    pub(super) keeps: bool,
    /// Whether lengths contradict each other.
    pub(super) is_broken: bool,
}

impl Head {
    pub(super) fn new(status: Status) -> Head {
        let Status { code, keeps, is_clean } = status;
        let persistence = Persistence { by_version: keeps, ..Persistence::default() };
        Head { status_code: code, persistence, is_clean, ..Head::default() }
    }

    /// Takes one line that is not empty. A folded one (RFC 9112, 5.2) continues the one before.
    pub(super) fn line(&mut self, line: &Line) {
        if let [b' ' | b'\t', ..] = *line.bytes {
            self.is_clean = false;
            if let Some((last, is_cut)) = &mut self.last {
                let room = MAX_HEAD.saturating_sub(last.len());
                *is_cut |= line.is_cut || line.bytes.len() > room;
                last.extend(line.bytes.iter().take(room));
            }
            return;
        }
        self.end();
        self.last = Some((line.bytes.clone(), line.is_cut));
    }

    /// The last line is complete.
    pub(super) fn end(&mut self) {
        let Some((line, is_cut)) = self.last.take() else { return };
        let colon = line.iter().position(|byte| *byte == b':');
        let field = colon.and_then(|at| Some((line.get(..at)?, line.get(at + 1..)?)));
        match field.and_then(|(name, value)| Some((self.name(name)?, text(value)?))) {
            Some((name, value)) => {
                if !is_cut {
                    self.says(&name, &value);
                }
                self.keep(name, value);
            }
            // Not a header line: a program's warning, a control character, a name that is none.
            None => self.is_clean = false,
        }
    }

    /// A header's name in lower case. Blanks after it are forgiven.
    fn name(&mut self, bytes: &[u8]) -> Option<String> {
        let trimmed = bytes.trim_ascii_end();
        self.is_clean &= trimmed.len() == bytes.len();
        let is_token = !trimmed.is_empty() && trimmed.iter().all(|byte| is_token(*byte));
        is_token.then(|| trimmed.iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect())
    }

    fn keep(&mut self, name: String, value: String) {
        let size = name.len() + value.len() + ": \r\n".len();
        if self.kept + size <= MAX_HEAD {
            self.kept += size;
            self.headers.push((name, value));
        }
    }

    fn says(&mut self, name: &str, value: &str) {
        match name {
            "content-length" => value.split(',').for_each(|length| self.length(length.trim())),
            "transfer-encoding" => value.split(',').for_each(|coding| self.codings.add(coding.trim())),
            "connection" => value.split(',').map(str::trim).for_each(|option| {
                self.persistence.close |= option.eq_ignore_ascii_case("close");
                self.persistence.keep_alive |= option.eq_ignore_ascii_case("keep-alive");
            }),
            "keep-alive" => self.keeps_for = self.keeps_for.or_else(|| timeout(value)),
            "retry-after" if self.retry_after.is_none() => self.retry_after = Some(value.to_owned()),
            _ => {}
        }
    }

    fn length(&mut self, text: &str) {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(length) = text.parse().ok().filter(|_| is_number) else {
            self.lengths.is_doubtful = true;
            self.is_clean = false;
            return;
        };
        match self.lengths.least {
            Some(least) if least != length => {
                self.lengths =
                    Lengths { least: Some(least.min(length)), is_doubtful: true, is_different: true };
                self.is_clean = false;
            }
            _ => self.lengths.least = Some(length),
        }
    }

    /// Where the body ends, and whether another answer can follow it.
    pub(super) fn framing(&self) -> Follows {
        let Codings { chunked, others, last_is_chunked } = self.codings;
        let Lengths { least, is_doubtful, is_different } = self.lengths;
        let Persistence { by_version, close, keep_alive } = self.persistence;
        let keeps = !close && (by_version || keep_alive);
        let (body, sure) = match (self.status_code, least) {
            // 204 and 304 have no body; one that says otherwise may send one all the same.
            (204 | 304, _) => {
                let says_none =
                    chunked == 0 && !others && least.is_none_or(|length| length == 0) && !is_doubtful;
                (Framing::None, says_none)
            }
            _ if chunked > 0 => {
                let sure = chunked == 1 && last_is_chunked && least.is_none() && !is_doubtful && by_version;
                (Framing::Chunked, sure)
            }
            _ if others => (Framing::UntilClose, false),
            (_, Some(length)) => (Framing::Length(length), !is_doubtful),
            (_, None) => (Framing::UntilClose, false),
        };
        let is_broken = is_different && matches!(body, Framing::Length(_));
        Follows { body, keeps: keeps && sure, is_broken }
    }
}

impl Codings {
    fn add(&mut self, coding: &str) {
        let coding = coding.split(';').next().unwrap_or_default().trim();
        if coding.is_empty() || coding.eq_ignore_ascii_case("identity") {
            return;
        }
        self.last_is_chunked = coding.eq_ignore_ascii_case("chunked");
        self.chunked += u32::from(self.last_is_chunked);
        self.others |= !self.last_is_chunked;
    }
}

/// A header's value without the blanks around it: UTF-8, or else Latin-1. None when it holds a control character.
fn text(bytes: &[u8]) -> Option<String> {
    let trimmed = bytes.trim_ascii();
    if trimmed.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return None;
    }
    let latin_1 = || trimmed.iter().copied().map(char::from).collect();
    Some(core::str::from_utf8(trimmed).map_or_else(|_| latin_1(), str::to_owned))
}

/// What a name may be made of (RFC 9110, 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// The seconds of `timeout=5, max=100`.
fn timeout(value: &str) -> Option<u64> {
    let parameters = value.split(',').filter_map(|parameter| parameter.split_once('='));
    parameters
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("timeout"))
        .find_map(|(_, seconds)| seconds.trim().trim_matches('"').parse().ok())
}
