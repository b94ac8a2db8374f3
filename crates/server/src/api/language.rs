//! The language of sentences in answers: what the request asks for, else the person's own, else English.

use actix_web::{
    HttpRequest, HttpResponseBuilder,
    http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, VARY},
};
use bluehook_core::language::Language;

use crate::{auth::Caller, state::State};

/// The most languages of a header that are looked at.
const MAX_LANGUAGES: usize = 20;

/// The language that the reader of an answer wants.
pub(super) fn of(request: &HttpRequest, state: &State, caller: &Caller) -> Language {
    let asked = request.headers().get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
    let locale = || match caller {
        Caller::User(owner) => state.dispatcher.user(&owner.user_id)?.locale,
        Caller::Service => None,
    };
    let own = || locale().as_deref().and_then(Language::from_tag);
    asked.and_then(preferred).or_else(own).unwrap_or_default()
}

/// Says which language an answer is in.
pub(super) fn told(response: &mut HttpResponseBuilder, language: Language) -> &mut HttpResponseBuilder {
    response.insert_header((CONTENT_LANGUAGE, language.tag())).append_header((VARY, "Accept-Language"))
}

/// The language of the header that is known and wanted most (RFC 9110, 12.5.4).
fn preferred(header: &str) -> Option<Language> {
    let weighed = header.split(',').take(MAX_LANGUAGES).filter_map(|range| {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok())?;
        Some((Language::from_tag(tag.trim())?, weight))
    });
    let mut best: Option<(Language, f32)> = None;
    for (language, weight) in weighed.filter(|(_, weight)| *weight > 0.0) {
        if best.is_none_or(|(_, known)| weight > known) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_that_is_known_wins() {
        for (header, expected) in [
            ("it", Some(Language::Italian)),
            ("de, it;q=0.5, en;q=0.9", Some(Language::English)),
            ("it-CH, en;q=0.9", Some(Language::Italian)),
            ("en;q=0, it;q=0.1", Some(Language::Italian)),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(preferred(header), expected, "{header}");
        }
    }
}
