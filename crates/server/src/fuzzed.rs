//! What fuzzing calls: the readers of bodies, which need no server that runs.

use bluehook_core::input::{Fields, Problem};

use crate::{
    api::fuzzed,
    auth::{Caller, Owner},
    cli, graphql, masked,
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

/// Text that a command prints, and its form.
#[derive(Debug)]
pub enum Printed {
    /// One line.
    Line(String),
    /// Several lines, of which only the first begins where ours do.
    Block(String),
    /// JSON in one line, with what it was before.
    Json(String, String),
}

/// How many kinds of things [`printed`] knows.
pub const SOURCES: u8 = 3;

/// What commands print of bytes that came from elsewhere: a refusal, a delivery, an event of a stream. What comes before a
/// NUL is its status line, headers or name, what comes after it its body.
pub fn printed(source: u8, bytes: &[u8]) -> Vec<Printed> {
    let (head, body) = match bytes.iter().position(|byte| *byte == 0) {
        Some(at) => (bytes.get(..at).unwrap_or_default(), bytes.get(at + 1..).unwrap_or_default()),
        None => (bytes, <&[u8]>::default()),
    };
    let head = String::from_utf8_lossy(head);
    let printed = match source {
        0 => cli::fuzzed::refusal(400 + u16::try_from(head.len() % 200).unwrap_or(0), &head, body),
        1 => {
            let header =
                |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()));
            cli::fuzzed::delivery(&head.split('\n').filter_map(header).collect::<Vec<_>>(), body)
        }
        _ => cli::fuzzed::told(&head, body),
    };
    let open = |printed| match printed {
        cli::fuzzed::Printed::Line(text) => Printed::Line(text),
        cli::fuzzed::Printed::Block(text) => Printed::Block(text),
        cli::fuzzed::Printed::Json(text, before) => Printed::Json(text, before),
    };
    printed.into_iter().map(open).collect()
}

/// A text in which the passwords of addresses are masked.
pub fn masked(text: &str) -> String {
    masked::user_info(text).into_owned()
}
