//! What is counted where there may be too many of it.

use super::Code;
use crate::language::Language;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Characters.
    Characters,
    /// Characters of a number.
    Digits,
    /// Bytes.
    Bytes,
    /// Bytes of a URL in its escaped spelling.
    EscapedBytes,
    /// Members of a list or of an object.
    Entries,
    /// Fields of an object.
    Fields,
    /// Operations of a GraphQL request.
    Operations,
    /// Events of a batch.
    Events,
    /// Lines with an event each.
    Lines,
    /// Bytes of a filter.
    FilterBytes,
    /// Conditions of a filter.
    Conditions,
}

impl Unit {
    /// The code of having too many.
    pub(super) const fn code(self) -> Code {
        match self {
            Unit::Characters | Unit::Digits | Unit::Bytes | Unit::EscapedBytes => Code::TooLong,
            Unit::Entries | Unit::Fields | Unit::Operations | Unit::Events | Unit::Lines => Code::TooMany,
            Unit::FilterBytes => Code::FilterSize,
            Unit::Conditions => Code::FilterConditions,
        }
    }

    /// How many of what, after a number.
    pub(super) const fn said(self, language: Language) -> &'static str {
        let (english, italian) = match self {
            Unit::Characters => ("characters", "caratteri"),
            Unit::Digits => ("characters for a number", "caratteri per un numero"),
            Unit::Bytes | Unit::FilterBytes => ("bytes", "byte"),
            Unit::EscapedBytes => ("bytes when escaped", "byte dopo la codifica"),
            Unit::Entries => ("entries", "voci"),
            Unit::Fields => ("fields", "campi"),
            Unit::Operations => ("operations in one request", "operazioni in una richiesta"),
            Unit::Events => ("events", "eventi"),
            Unit::Lines => ("lines, one event each", "righe, un evento ciascuna"),
            Unit::Conditions => ("conditions", "condizioni"),
        };
        language.one_of(english, italian)
    }
}
