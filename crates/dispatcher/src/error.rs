//! The dispatcher's errors: what a caller can act on, and what means that this program failed.

use std::{fmt, path::Path};

use bluehook_core::{
    input::{Fault, Problem},
    language::Language,
};

use crate::{conflict::Conflict, trouble::Trouble};

/// Why something was not done. A receiver's failure is never one of these: it is an outcome, recorded with its delivery.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was given breaks rules; every problem has its place.
    #[error("{}", Listed(.0))]
    Invalid(Vec<Problem>),
    /// There is no such thing.
    #[error("{0} was not found.")]
    NotFound(&'static str),
    /// It contradicts what is there.
    #[error("{}", .0.sentence(Language::English))]
    Conflict(Conflict),
    /// What is to be changed is not as the caller expected it to be.
    #[error("it was changed since it was read; read it again")]
    Changed,
    /// The URL leads to an address that is not public.
    #[error("URL resolves to a private/internal address")]
    PrivateAddress,
    /// The company has as many webhooks as it may.
    #[error("the company already has {limit} {}webhooks, which is its limit", .counts.english())]
    LimitReached {
        /// The limit.
        limit: usize,
        /// How many there are.
        used: usize,
        /// Which of them count.
        counts: Counted,
    },
    /// The backlog is full: try again later.
    #[error("too many deliveries are waiting; try again in {retry_after_seconds} s")]
    Overloaded {
        /// When to try again.
        retry_after_seconds: u32,
    },
    /// As much of this is under way as may be at once: try again soon.
    #[error("{}; try again in {retry_after_seconds} s", .what.sentence(Language::English))]
    Busy {
        /// What is under way.
        what: Busy,
        /// When to try again.
        retry_after_seconds: u32,
    },
    /// The dispatcher is shutting down.
    #[error("shutting down")]
    ShuttingDown,
    /// The store as a whole takes nothing now.
    #[error("{}", .0.sentence(Language::English))]
    Unavailable(Trouble),
    /// The store failed: it cannot be read or written, or is damaged.
    #[error("the store failed: {0}")]
    Store(String),
    /// The configuration cannot work.
    #[error("{0}")]
    Config(String),
}

/// Which webhooks of a company count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Those that are on.
    On,
    /// All of them.
    All,
}

impl Counted {
    /// The word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Counted::On => "ON",
            Counted::All => "ALL",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Counted::On => "enabled ",
            Counted::All => "",
        }
    }
}

/// Of what as much is under way as may be at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// A test or probe of the webhook.
    Webhook,
    /// Tests and probes of the company.
    Company,
    /// Tests and probes of all.
    All,
    /// Replays of the company.
    Replays,
    /// Reading of what is stored.
    Reading,
}

impl Busy {
    /// The sentence, without its full stop.
    pub const fn sentence(self, language: Language) -> &'static str {
        match (self, language) {
            (Busy::Webhook, Language::English) => "a test or probe of this webhook is under way",
            (Busy::Webhook, Language::Italian) => "è in corso una prova o una verifica di questo webhook",
            (Busy::Company, Language::English) => "too many tests and probes of the company are under way",
            (Busy::Company, Language::Italian) => "sono in corso troppe prove e verifiche dell'azienda",
            (Busy::All, Language::English) => "too many tests and probes are under way",
            (Busy::All, Language::Italian) => "sono in corso troppe prove e verifiche",
            (Busy::Replays, Language::English) => "too many replays of the company are under way",
            (Busy::Reading, Language::English) => "too much is being read at once",
            (Busy::Reading, Language::Italian) => "troppe letture sono in corso",
            (Busy::Replays, Language::Italian) => "sono in corso troppi reinvii dell'azienda",
        }
    }
}

impl Error {
    /// One problem at one place.
    pub(crate) fn invalid(pointer: &str, fault: Fault) -> Error {
        Error::Invalid(vec![Problem::new(pointer, fault)])
    }
}

impl Error {
    /// The same with the database that it is about, when it does not name it.
    pub(crate) fn of_database(self, path: &Path) -> Error {
        let name = path.display().to_string();
        match self {
            Error::Store(detail) if !detail.contains(&name) => {
                Error::Store(format!("cannot open the database {name}: {detail}"))
            }
            Error::Unavailable(trouble) => {
                let told = trouble.sentence(Language::English);
                Error::Store(format!("cannot open the database {name}: {told}"))
            }
            other => other,
        }
    }
}

impl Error {
    /// Whether the store failed, rather than what was asked of it.
    pub(crate) fn is_of_store(&self) -> bool {
        matches!(self, Error::Store(_) | Error::Unavailable(_))
    }
}

/// Short for this crate's results.
pub type Result<T, E = Error> = std::result::Result<T, E>;

struct Listed<'a>(&'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}
