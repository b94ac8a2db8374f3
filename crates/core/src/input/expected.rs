//! What was expected in a place, and what was found: as a word for programs and in words for people.

use crate::{json::Kind, language::Language};

/// What a place expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An object.
    Object,
    /// An object, or `null`.
    ObjectOrNull,
    /// A string.
    String,
    /// A list of strings.
    Strings,
    /// A string, or a list of strings.
    StringOrStrings,
    /// `true` or `false`.
    Boolean,
    /// A number or a string.
    NumberOrString,
    /// A list or a string.
    ListOrString,
    /// A list of conditions.
    Conditions,
    /// A list of events.
    Events,
    /// An object of headers.
    Headers,
    /// Text without control characters.
    PlainText,
    /// An e-mail address.
    Email,
    /// A path of the settings UI.
    UiPath,
}

impl Expected {
    /// The word, and how it is said in English and in Italian, with an article.
    const fn entry(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Expected::Object => ("OBJECT", "an object", "un oggetto"),
            Expected::ObjectOrNull => ("OBJECT_OR_NULL", "an object or null", "un oggetto o null"),
            Expected::String => ("STRING", "a string", "una stringa"),
            Expected::Strings => ("STRINGS", "a list of strings", "un elenco di stringhe"),
            Expected::StringOrStrings => {
                ("STRING_OR_STRINGS", "a string or a list of strings", "una stringa o un elenco di stringhe")
            }
            Expected::Boolean => ("BOOLEAN", "true or false", "true o false"),
            Expected::NumberOrString => {
                ("NUMBER_OR_STRING", "a number or a string", "un numero o una stringa")
            }
            Expected::ListOrString => ("LIST_OR_STRING", "a list or a string", "un elenco o una stringa"),
            Expected::Conditions => ("CONDITIONS", "a list of conditions", "un elenco di condizioni"),
            Expected::Events => ("EVENTS", "a list of events", "un elenco di eventi"),
            Expected::Headers => (
                "HEADERS",
                "an object whose values are strings, such as {\"X-Team\": \"sales\"}",
                "un oggetto i cui valori sono stringhe, come {\"X-Team\": \"sales\"}",
            ),
            Expected::PlainText => {
                ("PLAIN_TEXT", "text without control characters", "un testo senza caratteri di controllo")
            }
            Expected::Email => (
                "EMAIL",
                "an e-mail address such as name@example.com",
                "un indirizzo e-mail come nome@example.com",
            ),
            Expected::UiPath => (
                "UI_PATH",
                "a path of the settings UI such as /webhooks",
                "un percorso delle impostazioni come /webhooks",
            ),
        }
    }

    /// The word for programs.
    pub const fn word(self) -> &'static str {
        self.entry().0
    }

    /// The same for people.
    pub(super) const fn said(self, language: Language) -> &'static str {
        match language {
            Language::English => self.entry().1,
            Language::Italian => self.entry().2,
        }
    }
}

/// What a kind of JSON value is called: a word for programs, in English, in Italian.
const fn kind(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Null => ("NULL", "null", "null"),
        Kind::Boolean => ("BOOLEAN", "a boolean", "un valore booleano"),
        Kind::Number => ("NUMBER", "a number", "un numero"),
        Kind::String => ("STRING", "a string", "una stringa"),
        Kind::Array => ("ARRAY", "an array", "un array"),
        Kind::Object => ("OBJECT", "an object", "un oggetto"),
    }
}

/// The word of a kind.
pub(super) const fn kind_word(found: Kind) -> &'static str {
    kind(found).0
}

/// A kind for people.
pub(super) const fn kind_said(found: Kind, language: Language) -> &'static str {
    match language {
        Language::English => kind(found).1,
        Language::Italian => kind(found).2,
    }
}
