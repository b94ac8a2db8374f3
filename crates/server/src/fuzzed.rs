//! What fuzzing calls: the readers of bodies, which need no server that runs.

use bluehook_core::input::{Fields, Problem};

use crate::{
    api::fuzzed,
    auth::{Caller, Owner},
    graphql,
};

/// How many kinds of bodies [`management`] knows.
pub const KINDS: u8 = 6;

/// Reads a body that manages something, of one of the kinds; gives everything that is wrong with it, each with its place.
pub fn management(kind: u8, body: &[u8]) -> Vec<(String, String)> {
    let told = |problems: Vec<Problem>| {
        problems.into_iter().map(|problem| (problem.pointer.clone(), problem.to_string())).collect()
    };
    Fields::parse(body).and_then(|fields| read(kind, fields)).err().map(told).unwrap_or_default()
}

fn read(kind: u8, mut fields: Fields<'_>) -> Result<(), Vec<Problem>> {
    let person = Caller::User(Owner { user_id: "u".to_owned(), company_id: "c".to_owned() });
    match kind {
        0 => drop(fuzzed::new_webhook(&mut fields, &Caller::Service)),
        1 => drop(fuzzed::new_webhook(&mut fields, &person)),
        2 => drop(fuzzed::change(&mut fields)),
        3 => return fuzzed::replay(fields, "w".to_owned()).map(drop),
        4 => return fuzzed::choice(fields).map(drop),
        _ => return fuzzed::rotation(fields).map(drop),
    }
    fields.finish(Some(()))
}

/// Reads a GraphQL request; gives its queries, if they are within the bounds of one request.
///
/// # Errors
/// Why they are not.
pub fn graphql(body: &[u8]) -> Result<Vec<String>, String> {
    graphql::queries(body)
}
