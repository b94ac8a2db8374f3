//! The language of an answer: what the request asks for, else the person's own, else English.

use actix_web::{HttpMessage, HttpRequest, HttpResponseBuilder, http::header, web};
use bluehook_core::language::Language;

use crate::{
    auth::{Caller, Owner},
    state::State,
};

/// The language in which a request is answered.
pub(crate) fn of(request: &HttpRequest) -> Language {
    asked(request).or_else(|| own(request)).unwrap_or_default()
}

/// The language in which somebody who is not signed in yet is answered.
pub(crate) fn of_person(request: &HttpRequest, owner: &Owner, state: &State) -> Language {
    asked(request).or_else(|| locale(owner, state)).unwrap_or_default()
}

/// Says which language an answer is in.
pub(crate) fn told(response: &mut HttpResponseBuilder, language: Language) -> &mut HttpResponseBuilder {
    response
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .append_header((header::VARY, "Accept-Language"))
}

/// The most languages of a request that are looked at.
const MAX_LANGUAGES: usize = 20;

/// The one that `Accept-Language` likes best (RFC 9110, 12.5.4); of equal ones the first.
fn asked(request: &HttpRequest) -> Option<Language> {
    let given = request.headers().get_all(header::ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok());
    let ranges = given.flat_map(|value| value.split(',')).take(MAX_LANGUAGES).filter_map(range);
    ranges.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(language, _)| language)
}

fn range(text: &str) -> Option<(Language, f32)> {
    let (tag, weight) = text.split_once(';').unwrap_or((text, ""));
    let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.trim().parse().ok())?;
    Language::from_tag(tag.trim()).filter(|_| weight > 0.0).map(|language| (language, weight))
}

/// The language of the person who calls, where that is known by now.
fn own(request: &HttpRequest) -> Option<Language> {
    let state = request.app_data::<web::Data<State>>()?;
    match request.extensions().get::<Caller>()? {
        Caller::User(owner) => locale(owner, state),
        Caller::Service => None,
    }
}

fn locale(owner: &Owner, state: &State) -> Option<Language> {
    Language::from_tag(&state.dispatcher.user(&owner.user_id)?.locale?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn the_language_is_the_one_that_is_liked_best() {
        for (given, expected) in [
            ("it", Some(Language::Italian)),
            ("it-CH, en;q=0.9", Some(Language::Italian)),
            ("en;q=0.5, it;q=0.8", Some(Language::Italian)),
            ("fr, en-GB", Some(Language::English)),
            ("it;q=0, en;q=0.1", Some(Language::English)),
            ("en, it", Some(Language::English)),
            ("de", None),
            ("*", None),
            ("it;q=x", None),
            ("", None),
        ] {
            let request = TestRequest::default().insert_header(("accept-language", given)).to_http_request();
            assert_eq!(asked(&request), expected, "{given}");
        }
    }
}
