//! What is found out about a URL before it is saved, step by step. Classes of refusal only: nobody is told an address.

use bluehook_core::{
    input::Fault,
    language::Language,
    target::Target,
    time::{self, Millis},
};

use super::failure::{Failure, Params, Reason};

/// What was found out about a URL.
#[derive(Debug, Default)]
pub struct UrlCheck {
    /// The URL as it would be called; none when it is none.
    pub target: Option<Target>,
    /// The steps that were made, in order, with what failed. Those that are missing were not made.
    pub steps: Vec<(Step, Option<Failed>)>,
    /// The certificate that was shown.
    pub certificate: Option<Certificate>,
}

impl UrlCheck {
    /// Whether nothing failed.
    pub fn is_ok(&self) -> bool {
        self.steps.iter().all(|(_, failed)| failed.is_none())
    }
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Until when it holds.
    pub expires_at: Millis,
    /// Who gave it out.
    pub issuer: String,
}

impl Certificate {
    /// One that was not believed, from what its refusal tells.
    pub(crate) fn refused(params: &Params) -> Option<Certificate> {
        let expires_at = time::parse(params.expires_at.as_deref()?)?;
        Some(Certificate { expires_at, issuer: params.issuer.clone().unwrap_or_default() })
    }
}

/// A step on the way to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading the URL.
    Syntax,
    /// Resolving the name.
    Dns,
    /// Vetting the addresses.
    Address,
    /// Connecting.
    Connect,
    /// Agreeing on TLS.
    Tls,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Step; 5] = [Step::Syntax, Step::Dns, Step::Address, Step::Connect, Step::Tls];

    /// The word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Step::Syntax => "SYNTAX",
            Step::Dns => "DNS",
            Step::Address => "ADDRESS",
            Step::Connect => "CONNECT",
            Step::Tls => "TLS",
        }
    }
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It is not a URL that can be called.
    Syntax(Fault),
    /// As a delivery would fail there.
    Attempt(Failure),
}

impl Failed {
    /// The class of errors that it would be as a delivery; none of what cannot be sent at all.
    pub fn class(&self) -> Option<&'static str> {
        match self {
            Failed::Syntax(_) => None,
            Failed::Attempt(failure) => Some(failure.kind.name()),
        }
    }

    /// Its reason within the class; of what cannot be sent at all, the problem's code.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Failed::Syntax(fault) => Some(fault.code().name()),
            Failed::Attempt(failure) => failure.reason.map(Reason::name),
        }
    }

    /// What happened and what can be done, for people, without its full stop.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Failed::Syntax(fault) => fault.sentence(language),
            Failed::Attempt(failure) => failure.detail(language),
        }
    }
}

impl Step {
    /// What went well, for people, without its full stop.
    pub fn sentence(self, language: Language) -> &'static str {
        let [english, italian] = match self {
            Step::Syntax => ["it is a URL that can be called", "è un URL che si può chiamare"],
            Step::Dns => ["the name resolves", "il nome si risolve"],
            Step::Address => ["its address may be called", "il suo indirizzo si può chiamare"],
            Step::Connect => ["it takes connections", "accetta connessioni"],
            Step::Tls => ["TLS is agreed on", "TLS concordato"],
        };
        language.one_of(english, italian)
    }

    /// What a step that was not made is called, for people.
    pub fn skipped(language: Language) -> &'static str {
        language.one_of("not tried", "non provato")
    }
}
