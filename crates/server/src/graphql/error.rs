//! What a refusal looks like: a message, and one of Blue's codes in `extensions.code`.

use async_graphql::{BatchResponse, Error, ErrorExtensionValues, ErrorExtensions, Response, ServerError};

use crate::problem::{Code, Problem};

/// The word for an operation that does not fit the schema, or has a value that does not.
const BAD_USER_INPUT: &str = "BAD_USER_INPUT";

/// A problem as a GraphQL error.
pub(super) fn of(problem: &Problem) -> Error {
    let code = match problem.code() {
        // Blue's own word for it.
        Code::PrivateAddress => Code::InternalServerError.name(),
        code => code.name(),
    };
    Error::new(problem.to_string()).extend_with(|_, extensions| extensions.set("code", code))
}

/// Gives a code to every error that has none: those that the schema itself found.
pub(super) fn complete(answer: &mut BatchResponse) {
    let errors = |response: &mut Response| response.errors.iter_mut().for_each(complete_one);
    match answer {
        BatchResponse::Single(response) => errors(response),
        BatchResponse::Batch(responses) => responses.iter_mut().for_each(errors),
    }
}

fn complete_one(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        extensions.set("code", BAD_USER_INPUT);
    }
}
