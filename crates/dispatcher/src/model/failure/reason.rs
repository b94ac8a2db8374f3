//! The reasons of failures, as programs see them.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])+ $name:ident = $word:literal,)+) => {
        /// Why exactly an attempt failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Reason {
            $($(#[$doc])+ $name,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: [Reason; [$($word),+].len()] = [$(Reason::$name),+];

            /// The word in the API and the store.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Reason::$name => $word,)+
                }
            }
        }
    };
}

reasons! {
    /// The name does not exist, or has no address.
    NoSuchName = "NO_SUCH_NAME",
    /// No name server knew an answer.
    NoAnswer = "NO_ANSWER",
    /// Nothing listens there.
    Refused = "REFUSED",
    /// The address cannot be reached.
    Unreachable = "UNREACHABLE",
    /// The certificate is out of date.
    Expired = "EXPIRED",
    /// The certificate is for later.
    NotYetValid = "NOT_YET_VALID",
    /// The certificate vouches for itself.
    SelfSigned = "SELF_SIGNED",
    /// The certificate is for other names.
    WrongName = "WRONG_NAME",
    /// The receiver sends its own certificate alone, and its issuer is not a known one.
    IncompleteChain = "INCOMPLETE_CHAIN",
    /// Nobody known vouches for the certificate.
    UnknownIssuer = "UNKNOWN_ISSUER",
    /// The certificate is signed with what is no longer safe: SHA-1, or a key of less than 2,048 bits.
    Weak = "WEAK",
    /// The certificate may not be used by servers.
    NotForServers = "NOT_FOR_SERVERS",
    /// The receiver speaks only versions of TLS before 1.2.
    OldTls = "OLD_TLS",
    /// The receiver speaks only HTTP/2.
    Http2Only = "HTTP2_ONLY",
    /// TLS could not be agreed on for another reason.
    Handshake = "HANDSHAKE",
    /// The time ended while the name was resolved.
    Dns = "DNS",
    /// The time ended while connecting.
    Connect = "CONNECT",
    /// The time ended while TLS was agreed on.
    Tls = "TLS",
    /// The time ended before an answer began.
    FirstByte = "FIRST_BYTE",
    /// The time ended within an answer, before its final status line.
    Body = "BODY",
    /// The connection broke off.
    Reset = "RESET",
    /// The receiver closed the connection.
    Closed = "CLOSED",
    /// What came back is not HTTP.
    NotHttp = "NOT_HTTP",
    /// No final status line came within the limit.
    HeadTooLarge = "HEAD_TOO_LARGE",
}

impl Reason {
    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.name() == name)
    }
}
