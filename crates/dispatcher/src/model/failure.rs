//! Why there was no complete answer: a class and a reason for programs, and a sentence for a person, which is written when
//! it is read, in the reader's language.

use bluehook_core::language::Language;
use serde::{Deserialize, Serialize};

// The words of reasons.
mod reason;

// What a sentence needs to know.
mod params;

// The sentences.
mod english;
mod italian;

pub use params::Params;
pub use reason::Reason;

/// Why there was no complete answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Which kind.
    pub kind: FailureKind,
    /// More exactly, where it is known.
    pub reason: Option<Reason>,
    /// What the sentence needs, for programs that say it in their own words.
    pub params: Box<Params>,
}

impl Failure {
    /// A failure of a kind, without more.
    pub fn new(kind: FailureKind) -> Failure {
        Failure { kind, reason: None, params: Box::default() }
    }

    /// A failure for a reason.
    pub fn because(kind: FailureKind, reason: Reason) -> Failure {
        Failure { kind, reason: Some(reason), params: Box::default() }
    }

    /// The same with what its sentence needs.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Params)) -> Failure {
        change(&mut self.params);
        self
    }

    /// What happened and what the receiver's owner can do, in one sentence without its full stop.
    pub fn detail(&self, language: Language) -> String {
        match (&self.params.told, language) {
            (Some(told), _) => told.clone(),
            (None, Language::English) => english::sentence(self),
            (None, Language::Italian) => italian::sentence(self),
        }
    }
}

/// The kinds of failure, as programs see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// The name could not be resolved.
    Dns,
    /// It leads to an address that may not be called.
    BlockedAddress,
    /// No connection: refused, unreachable.
    Connect,
    /// TLS could not be agreed on.
    Tls,
    /// Not everything was done in time.
    Timeout,
    /// The connection broke while sending or reading.
    Connection,
    /// What came back is not HTTP, or has no final status line within the limit.
    InvalidResponse,
}

impl FailureKind {
    /// Every kind.
    pub const ALL: [FailureKind; 7] = [
        FailureKind::Dns,
        FailureKind::BlockedAddress,
        FailureKind::Connect,
        FailureKind::Tls,
        FailureKind::Timeout,
        FailureKind::Connection,
        FailureKind::InvalidResponse,
    ];

    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            FailureKind::Dns => "DNS",
            FailureKind::BlockedAddress => "BLOCKED_ADDRESS",
            FailureKind::Connect => "CONNECT",
            FailureKind::Tls => "TLS",
            FailureKind::Timeout => "TIMEOUT",
            FailureKind::Connection => "CONNECTION",
            FailureKind::InvalidResponse => "INVALID_RESPONSE",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<FailureKind> {
        FailureKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind with every reason, with and without what is known: a sentence that a person understands.
    #[test]
    fn every_failure_has_a_sentence_in_both_languages() {
        let mut reasons: Vec<Option<Reason>> = Reason::ALL.into_iter().map(Some).collect();
        reasons.push(None);
        for (kind, reason) in FailureKind::ALL.into_iter().flat_map(|k| reasons.iter().map(move |r| (k, *r)))
        {
            for params in [Params::default(), Params::example()] {
                let failure = Failure { kind, reason, params: Box::new(params) };
                let [english, italian] = Language::ALL.map(|language| failure.detail(language));
                assert_ne!(english, italian, "{failure:?}");
                for sentence in [english, italian] {
                    assert!(sentence.len() > 20, "{sentence}");
                    assert!(!sentence.contains("  ") && !sentence.contains("http"), "{sentence}");
                    assert!(!sentence.ends_with(['.', ' ', ';', ',']), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn a_sentence_from_before_stays_as_it_was_told() {
        let failure =
            Failure::new(FailureKind::Tls).with(|params| params.told = Some("as it was".to_owned()));
        assert_eq!(failure.detail(Language::Italian), "as it was");
    }
}
