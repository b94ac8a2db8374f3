//! The text of a query as tokens, as GraphQL's grammar has them. What no grammar could read is refused: a text that two
//! readers see differently must not come past the first.

use super::{MAX_NAME, MAX_TOKENS};

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Name(&'a str),
    /// One of the characters that stand for themselves.
    Mark(u8),
    /// `...`
    Spread,
    /// A number or a string.
    Value,
}

/// Walks over a text.
pub(super) struct Lexer<'a, 'c> {
    rest: &'a str,
    /// How many tokens the request had so far.
    tokens: &'c mut usize,
    /// Whether a comment stood before the last token.
    passed_comment: bool,
}

impl<'a, 'c> Lexer<'a, 'c> {
    pub(super) fn new(text: &'a str, tokens: &'c mut usize) -> Lexer<'a, 'c> {
        Lexer { rest: text, tokens, passed_comment: false }
    }

    /// The next token; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, String> {
        self.skip();
        let Some(first) = self.rest.as_bytes().first().copied() else { return Ok(None) };
        *self.tokens += 1;
        super::within(*self.tokens, MAX_TOKENS, "tokens of query")?;
        match first {
            b'"' => self.string().map(|()| Some(Token::Value)),
            b'.' => self.spread().map(Some),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => self.name().map(Some),
            b'-' | b'0'..=b'9' => {
                self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-'));
                Ok(Some(Token::Value))
            }
            b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}' => {
                self.advance(1);
                Ok(Some(Token::Mark(first)))
            }
            _ => Err("the query has a character that GraphQL does not know".to_owned()),
        }
    }

    /// Whether a comment stood before the last token.
    pub(super) fn passed_comment(&self) -> bool {
        self.passed_comment
    }

    /// Passes over white space, commas and comments.
    fn skip(&mut self) {
        self.passed_comment = false;
        loop {
            self.take(|c| matches!(c, ' ' | ',' | '\t' | '\n' | '\r' | '\u{feff}'));
            if !self.rest.starts_with('#') {
                return;
            }
            self.passed_comment = true;
            self.take(|c| !matches!(c, '\n' | '\r'));
        }
    }

    fn name(&mut self) -> Result<Token<'a>, String> {
        let name = self.take(|c| c == '_' || c.is_ascii_alphanumeric());
        if name.len() > MAX_NAME {
            return Err(format!("a name in the query is longer than {MAX_NAME} characters"));
        }
        Ok(Token::Name(name))
    }

    fn spread(&mut self) -> Result<Token<'a>, String> {
        if !self.rest.starts_with("...") {
            return Err("the query has a dot where none can be".to_owned());
        }
        self.advance(3);
        Ok(Token::Spread)
    }

    fn string(&mut self) -> Result<(), String> {
        let unended = || "the query has a string that does not end".to_owned();
        if let Some(block) = self.rest.strip_prefix("\"\"\"") {
            let length = block_length(block).ok_or_else(unended)?;
            self.advance(3 + length + 3);
        } else {
            let length = string_length(self.rest.get(1..).unwrap_or_default()).ok_or_else(unended)?;
            self.advance(1 + length + 1);
        }
        Ok(())
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let taken = self.rest.get(..end).unwrap_or_default();
        self.advance(end);
        taken
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}

/// The length of a string up to its closing quote; none when its line or the text ends before.
fn string_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' | b'\r' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}

/// The same of a block string, in which `\"""` is no end.
fn block_length(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find("\"\"\"")?;
        if at == from || !text.get(..at)?.ends_with('\\') {
            return Some(at);
        }
        from = at + 3;
    }
}
