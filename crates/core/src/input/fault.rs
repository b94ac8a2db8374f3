//! Everything that can be wrong with what was given: what the sentence needs, and the code of each.

use alloc::{string::String, vec::Vec};

use super::{Code, expected::Expected, unit::Unit};
use crate::{json::Kind, nearest::nearest};

/// What is wrong in a place. Its sentences are in `english` and `italian`, its parameters for programs in `params`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Required, but missing.
    Required,
    /// Required, since another field is given.
    RequiredWith(&'static str),
    /// Neither value of an event is there.
    BothNull,
    /// A field that is not known.
    UnknownField(Names),
    /// A query parameter that is not known.
    UnknownParameter(Names),
    /// Given more than once.
    Repeated,
    /// An event's id in two places that differ.
    IdsDiffer,
    /// No JSON, why and where, counted from 1.
    NotJson {
        /// What the reader met, in English.
        reason: String,
        /// The line.
        line: usize,
        /// The column, in bytes.
        column: usize,
    },
    /// No GraphQL request.
    NotGraphql,
    /// A value that is nested deeper than so many levels.
    TooDeep(usize),
    /// No UTF-8 from this byte on.
    NotUtf8(usize),
    /// A string with half a surrogate pair.
    LoneSurrogate,
    /// A byte-order mark at the beginning.
    ByteOrderMark,
    /// Another type than expected.
    WrongType(Expected, Kind),
    /// A string of another form than expected.
    WrongForm(Expected),
    /// Not a whole number between these.
    NotWhole {
        /// The lowest.
        min: i64,
        /// The highest.
        max: i64,
        /// What was there instead.
        found: Found,
    },
    /// A longer overlap of two secrets than so many days.
    Overlap(u64),
    /// Not a duration between these.
    Duration {
        /// The shortest.
        min: &'static str,
        /// The longest.
        max: &'static str,
        /// What was there instead, cut where it is long.
        found: String,
    },
    /// Empty text.
    Empty,
    /// More than so many.
    AtMost(Unit, usize, Option<usize>),
    /// Not from 1 to so many.
    From1To(Unit, usize, usize),
    /// None of a few words.
    UnknownWord(Names),
    /// No event's name; the nearest.
    UnknownEvent(Option<&'static str>),
    /// The event that nobody posts or subscribes to.
    OnlyDelivered(&'static str),
    /// No date and time.
    BadTime,
    /// No date and time, and no milliseconds either.
    BadInstant,
    /// A time that has passed.
    Passed,
    /// No later than another field.
    NotAfter(&'static str),
    /// No cursor of this list.
    BadCursor,
    /// No position in the stream.
    BadPosition,
    /// No such project in the company.
    NoSuchProject,
    /// A project of another company.
    ProjectElsewhere,
    /// No such person.
    NoSuchUser,
    /// No such company.
    NoSuchCompany,
    /// Not a member of the project.
    NotAMember,
    /// No URL, and why.
    NotAUrl(UrlReason),
    /// A scheme that is not called.
    UrlScheme(String),
    /// A user name or password in a URL.
    UrlCredentials,
    /// A fragment in a URL.
    UrlFragment,
    /// No host.
    UrlHost,
    /// A host that no name server can be asked for.
    UrlHostName(String),
    /// A character that no host's name has.
    UrlHostCharacter(char),
    /// A part of a host that no certificate can name.
    UrlTlsName(String),
    /// A port that cannot be.
    UrlPort,
    /// A name that is never public.
    NeverPublic,
    /// An address that is not public.
    PrivateAddress,
    /// A name that does not resolve.
    Unresolved,
    /// A header that is not a person's to set.
    HeaderReserved,
    /// No header's name.
    HeaderName,
    /// No header's value.
    HeaderValue,
    /// A header of a request that is not ASCII.
    HeaderAscii,
    /// A secret with fewer characters than these.
    SecretShort(usize),
    /// A secret with more characters than these.
    SecretLong(usize),
    /// A secret that should be base64.
    SecretEncoding,
    /// An operator that is not known.
    FilterOperator(Names),
    /// An operand of another type than expected.
    FilterOperand(Expected, Kind),
    /// A part of a filter without a condition.
    FilterEmpty,
    /// A list of a filter without a member.
    FilterNoMember,
    /// A comparison with the value before where there is none.
    FilterPlace,
    /// A filter that is nested deeper than so many levels.
    FilterDepth(usize),
}

/// The names that are known, and which one was probably meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The nearest, if any is near.
    pub nearest: Option<&'static str>,
    /// All of them.
    pub allowed: Vec<&'static str>,
}

impl Names {
    /// What to say of a name that is none of these.
    pub fn near(name: &str, allowed: &[&'static str]) -> Names {
        Names { nearest: nearest(name, allowed.iter().copied()), allowed: allowed.to_vec() }
    }
}

/// What was found in place of a whole number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Another kind of value.
    Kind(Kind),
    /// Another number, or text that is none, cut where it is long.
    Text(String),
}

/// Why text is not a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlReason {
    /// It names no host.
    NoHost,
    /// Its host's name is not one.
    BadHost,
    /// Its port is not one.
    BadPort,
    /// It has a character that no URL has.
    BadCharacter,
    /// It does not begin with a scheme.
    Relative,
    /// Anything else.
    Other,
}

impl Fault {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            Fault::Required | Fault::RequiredWith(_) | Fault::BothNull => Code::Required,
            Fault::UnknownField(_) => Code::UnknownField,
            Fault::UnknownParameter(_) => Code::UnknownParameter,
            Fault::Repeated | Fault::IdsDiffer => Code::Repeated,
            Fault::NotJson { .. } | Fault::NotGraphql => Code::NotJson,
            Fault::NotUtf8(_) | Fault::LoneSurrogate => Code::NotUtf8,
            Fault::ByteOrderMark => Code::ByteOrderMark,
            Fault::WrongType(_, Kind::Null) => Code::NullNotAllowed,
            Fault::WrongType(..) | Fault::WrongForm(_) => Code::WrongType,
            Fault::NotWhole { found, .. } => found.code(),
            Fault::Overlap(_) | Fault::Duration { .. } | Fault::UrlPort => Code::OutOfRange,
            Fault::AtMost(unit, ..) => unit.code(),
            Fault::Empty | Fault::From1To(_, _, 0) => Code::TooShort,
            Fault::From1To(..) | Fault::TooDeep(_) => Code::TooMany,
            Fault::UnknownWord(_) => Code::UnknownWord,
            Fault::UnknownEvent(_) | Fault::OnlyDelivered(_) => Code::UnknownEvent,
            Fault::BadTime | Fault::BadInstant => Code::BadTime,
            Fault::Passed | Fault::NotAfter(_) => Code::NotAfter,
            Fault::BadCursor | Fault::BadPosition => Code::BadCursor,
            Fault::NoSuchProject | Fault::ProjectElsewhere => Code::NoSuchProject,
            Fault::NoSuchUser => Code::NoSuchUser,
            Fault::NoSuchCompany => Code::NoSuchCompany,
            Fault::NotAMember => Code::NotAMember,
            _ => self.special_code(),
        }
    }

    /// The code of what can be wrong with a URL, a header, a secret or a filter.
    fn special_code(&self) -> Code {
        match self {
            Fault::UrlScheme(_) => Code::UrlScheme,
            Fault::UrlCredentials => Code::UrlCredentials,
            Fault::UrlFragment => Code::UrlFragment,
            Fault::UrlHost | Fault::UrlHostName(_) | Fault::UrlHostCharacter(_) | Fault::UrlTlsName(_) => {
                Code::UrlHost
            }
            Fault::NeverPublic => Code::UrlNeverPublic,
            Fault::PrivateAddress => Code::PrivateAddress,
            Fault::Unresolved => Code::UrlUnresolved,
            Fault::HeaderReserved => Code::HeaderReserved,
            Fault::HeaderName => Code::HeaderName,
            Fault::HeaderValue | Fault::HeaderAscii => Code::HeaderValue,
            Fault::SecretShort(_) | Fault::SecretLong(_) => Code::SecretLength,
            Fault::SecretEncoding => Code::SecretEncoding,
            Fault::FilterOperator(_) => Code::FilterOperator,
            Fault::FilterOperand(..) => Code::FilterOperand,
            Fault::FilterEmpty | Fault::FilterNoMember => Code::FilterEmpty,
            Fault::FilterPlace => Code::FilterPlace,
            Fault::FilterDepth(_) => Code::FilterDepth,
            _ => Code::NotAUrl,
        }
    }
}

impl Found {
    fn code(&self) -> Code {
        match self {
            Found::Kind(Kind::Null) => Code::NullNotAllowed,
            Found::Text(text) if is_whole(text) => Code::OutOfRange,
            Found::Kind(_) | Found::Text(_) => Code::WrongType,
        }
    }
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
