//! What is found out about a URL before it is saved, step by step. Classes of refusal only: nobody is told an address.

use bluehook_core::{
    input::Fault,
    language::Language,
    target::{self, Target},
    time::Millis,
};

use crate::Dispatcher;

// What went wrong, in each language.
mod words;

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

/// What a step was waiting for when the time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The name server.
    Dns,
    /// The connection.
    Connect,
    /// TLS.
    Tls,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It is not a URL that can be called.
    Syntax(Fault),
    /// There is no such name, or it has no address.
    NoSuchName,
    /// The name server gave no answer.
    NoAnswer,
    /// No address is public.
    Blocked,
    /// The connection was refused.
    Refused,
    /// There is no way there.
    Unreachable,
    /// The time was over.
    TimedOut(Phase),
    /// The connection was reset.
    Reset,
    /// The connection was closed.
    Closed,
    /// The certificate has expired.
    Expired,
    /// The certificate does not hold yet.
    NotYetValid,
    /// The certificate is its own issuer.
    SelfSigned,
    /// The certificate is for another name.
    WrongName,
    /// The certificate came without those that lead to its issuer.
    IncompleteChain,
    /// The issuer is not believed.
    UnknownIssuer,
    /// It is signed in a way that is not believed any more.
    Weak,
    /// The certificate is not one for servers.
    NotForServers,
    /// It speaks only versions of TLS that are too old.
    OldTls,
    /// It speaks HTTP/2 only.
    Http2Only,
    /// No agreement for another reason.
    Handshake,
}

impl Failed {
    /// The class of errors that it would be as a delivery; none of what cannot be sent at all.
    pub const fn class(&self) -> Option<&'static str> {
        Some(match self {
            Failed::Syntax(_) => return None,
            Failed::NoSuchName | Failed::NoAnswer => "DNS",
            Failed::Blocked => "BLOCKED_ADDRESS",
            Failed::Refused | Failed::Unreachable => "CONNECT",
            Failed::TimedOut(_) => "TIMEOUT",
            Failed::Reset | Failed::Closed => "CONNECTION",
            _ => "TLS",
        })
    }

    /// Its reason within the class; of what cannot be sent at all, the problem's code.
    pub fn reason(&self) -> Option<&'static str> {
        Some(match self {
            Failed::Syntax(fault) => fault.code().name(),
            Failed::Blocked => return None,
            Failed::NoSuchName => "NO_SUCH_NAME",
            Failed::NoAnswer => "NO_ANSWER",
            Failed::Refused => "REFUSED",
            Failed::Unreachable => "UNREACHABLE",
            Failed::TimedOut(Phase::Dns) => "DNS",
            Failed::TimedOut(Phase::Connect) => "CONNECT",
            Failed::TimedOut(Phase::Tls) => "TLS",
            Failed::Reset => "RESET",
            Failed::Closed => "CLOSED",
            Failed::Expired => "EXPIRED",
            Failed::NotYetValid => "NOT_YET_VALID",
            Failed::SelfSigned => "SELF_SIGNED",
            Failed::WrongName => "WRONG_NAME",
            Failed::IncompleteChain => "INCOMPLETE_CHAIN",
            Failed::UnknownIssuer => "UNKNOWN_ISSUER",
            Failed::Weak => "WEAK",
            Failed::NotForServers => "NOT_FOR_SERVERS",
            Failed::OldTls => "OLD_TLS",
            Failed::Http2Only => "HTTP2_ONLY",
            Failed::Handshake => "HANDSHAKE",
        })
    }

    /// What happened, for people, without its full stop.
    pub fn sentence(&self, language: Language) -> String {
        words::failed(self, language)
    }
}

impl Step {
    /// What went well, for people, without its full stop.
    pub fn sentence(self, language: Language) -> &'static str {
        words::done(self, language)
    }

    /// What a step that was not made is called, for people.
    pub fn skipped(language: Language) -> &'static str {
        words::skipped(language)
    }
}

impl Dispatcher {
    /// Tries a URL as far as a connection, by the rules that deliveries keep; no request is made.
    pub async fn check_url(&self, url: &str) -> UrlCheck {
        self.checker.check(url).await
    }

    /// Whether a URL leads into a network that the operator allowed, wherever else.
    pub async fn is_in_allowed_network(&self, url: &str) -> bool {
        match target::parse(url) {
            Ok(target) => self.guard.is_in_allowed_network(&target.host).await,
            Err(_) => false,
        }
    }
}
