//! What a refusal looks like: a message, and one of Blue's codes in `extensions.code`.

use actix_web::{
    HttpResponse, ResponseError,
    body::BoxBody,
    http::header::{CONTENT_TYPE, HeaderValue},
};
use async_graphql::{
    BatchResponse, Error, ErrorExtensionValues, ErrorExtensions, Pos, Response, ServerError,
};
use bluehook_core::language::Language;
use serde_json::json;

use crate::problem::{Code, Detail, Problem};

/// The word for an operation that does not fit the schema, or has a value that does not.
const BAD_USER_INPUT: &str = "BAD_USER_INPUT";

/// The most errors of one operation that are told.
const MAX_ERRORS: usize = 100;

/// The longest message, in characters: some repeat what was given.
const MAX_MESSAGE: usize = 1_000;

/// A problem as a GraphQL error.
pub(super) fn of(problem: &Problem) -> Error {
    if problem.leads_inside() {
        // Blue's own words for it.
        let code = Code::InternalServerError.name();
        return Error::new(Detail::PrivateAddress.sentence(Language::English))
            .extend_with(|_, extensions| extensions.set("code", code));
    }
    let code = problem.code().name();
    Error::new(problem.to_string()).extend_with(|_, extensions| extensions.set("code", code))
}

/// The same as the schema itself tells errors, but without a place in the query: it has none.
pub(super) fn without_place(problem: &Problem) -> ServerError {
    let mut error = of(problem).into_server_error(Pos::default());
    error.locations.clear();
    error
}

/// What is refused with another status than 200, in the form that GraphQL clients read. Status and headers are the
/// problem's.
pub(super) fn refusal(problem: &Problem) -> HttpResponse {
    let body = json!({ "errors": [without_place(problem)] }).to_string();
    let mut response = problem.error_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.set_body(BoxBody::new(body))
}

/// Gives a code to every error that has none: those that the schema itself found. Of many, the first are told.
pub(super) fn complete(answer: &mut BatchResponse) {
    let errors = |response: &mut Response| {
        response.errors.truncate(MAX_ERRORS);
        response.errors.iter_mut().for_each(complete_one);
    };
    match answer {
        BatchResponse::Single(response) => errors(response),
        BatchResponse::Batch(responses) => responses.iter_mut().for_each(errors),
    }
}

/// The parser draws where it stopped, over several lines: what it says there is the last of them.
fn one_line(drawn: &str) -> String {
    let said = drawn.lines().filter_map(|line| line.trim().strip_prefix("= ")).collect::<Vec<_>>().join(", ");
    if said.is_empty() {
        drawn.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        format!("Syntax Error: {said}")
    }
}

fn complete_one(error: &mut ServerError) {
    error.locations.retain(|place| place.line > 0);
    if error.message.contains('\n') {
        error.message = one_line(&error.message);
    }
    if let Some((end, _)) = error.message.char_indices().nth(MAX_MESSAGE) {
        error.message.truncate(end);
        error.message.push('…');
    }
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        extensions.set("code", BAD_USER_INPUT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_parser_draws_becomes_one_line() {
        let drawn = " --> 1:3\n  |\n1 | { \n  |   ^---\n  |\n  = expected selection, or name";
        assert_eq!(one_line(drawn), "Syntax Error: expected selection, or name");
        assert_eq!(one_line("a\n  b"), "a b");
    }
}
