//! The languages that sentences for people are written in.

/// A language of the settings UI and of problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, where nobody asks for another.
    #[default]
    English,
    /// Italian.
    Italian,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::English, Language::Italian];

    /// Its tag (RFC 5646).
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Italian => "it",
        }
    }

    /// The text in this language.
    pub const fn one_of<T: Copy>(self, english: T, italian: T) -> T {
        match self {
            Language::English => english,
            Language::Italian => italian,
        }
    }

    /// The language of a tag such as `it`, `it-CH` or `en_GB`.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_by_their_first_part() {
        for (tag, expected) in [
            ("en", Some(Language::English)),
            ("IT-ch", Some(Language::Italian)),
            ("it_IT", Some(Language::Italian)),
            ("ita", None),
            ("", None),
        ] {
            assert_eq!(Language::from_tag(tag), expected, "{tag}");
        }
    }
}
