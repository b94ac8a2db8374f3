//! What a request may ask for, seen before anything reads it: one walk over its text, without recursion, whose cost is the
//! text's length. What could cost more than that is refused here, so that parser, checks and resolvers never meet it.

use std::collections::HashMap;

// The text as tokens.
mod lexer;

// One operation or fragment: what it asks for itself, and which fragments it names.
mod part;

use lexer::Lexer;
use part::{Kind, Part, Weight};

/// The most bytes of the queries of one request.
const MAX_TEXT: usize = 64 * 1_024;

/// The most tokens of the queries of one request.
const MAX_TOKENS: usize = 4_000;

/// The deepest nesting of brackets of any kind.
const MAX_NESTING: usize = 32;

/// The longest name.
const MAX_NAME: usize = 128;

/// The most fragments of one request.
const MAX_FRAGMENTS: usize = 50;

/// The most fields of one request, with each fragment counted wherever it is named.
const MAX_FIELDS: usize = 500;

/// The most mutations of one request.
const MAX_MUTATIONS: usize = 10;

/// The most queries of one request.
const MAX_QUERIES: usize = 50;

/// The most lists of the schema's own description that one request asks for; the usual introspection has 9.
const MAX_SCHEMA_LISTS: usize = 20;

/// What the queries of one request come to, added up.
#[derive(Default)]
pub(crate) struct Bounds {
    text: usize,
    tokens: usize,
    fragments: usize,
    fields: usize,
    queries: usize,
    mutations: usize,
    schema_lists: usize,
}

impl Bounds {
    /// Adds one query of the request.
    ///
    /// # Errors
    /// A sentence when that is more than one request may ask for, or when the text is none that could be read.
    pub(crate) fn add(&mut self, query: &str) -> Result<(), String> {
        self.text += query.len();
        within(self.text, MAX_TEXT, "bytes of query")?;
        let parts = part::parts(Lexer::new(query, &mut self.tokens))?;
        self.fragments += parts.iter().filter(|part| part.kind == Kind::Fragment).count();
        within(self.fragments, MAX_FRAGMENTS, "fragments")?;
        let written: usize = parts.iter().map(|part| part.own.fields + part.spreads.len()).sum();
        let weights = expanded(&parts)?;
        let mut fields = 0_usize;
        for (part, weight) in parts.iter().zip(&weights) {
            match part.kind {
                Kind::Fragment => {}
                Kind::Query => self.queries += weight.roots,
                Kind::Mutation => self.mutations += weight.roots,
            }
            if part.kind != Kind::Fragment {
                fields = fields.saturating_add(weight.fields);
                self.schema_lists += weight.schema_lists;
            }
            weight.check()?;
        }
        self.fields = self.fields.saturating_add(fields.max(written));
        self.check()
    }

    fn check(&self) -> Result<(), String> {
        if self.fields > MAX_FIELDS {
            return Err("Query is too complex.".to_owned());
        }
        within(self.mutations, MAX_MUTATIONS, "mutations")?;
        within(self.queries, MAX_QUERIES, "queries")?;
        within(self.schema_lists, MAX_SCHEMA_LISTS, "lists of the schema's description")
    }
}

fn within(found: usize, max: usize, what: &str) -> Result<(), String> {
    if found <= max { Ok(()) } else { Err(format!("at most {max} {what} in one request")) }
}

/// What each part comes to with the fragments that it names, directly or through others.
fn expanded(parts: &[Part<'_>]) -> Result<Vec<Weight>, String> {
    let fragments = by_name(parts)?;
    let mut weights: Vec<Weight> = parts.iter().map(|part| part.own).collect();
    // Each round takes in one more level of fragments; there are no more levels than fragments.
    for _ in 0..=fragments.len() {
        let round: Vec<Weight> =
            parts.iter().map(|part| part.with(|name| Some(*weights.get(*fragments.get(name)?)?))).collect();
        if round == weights {
            return Ok(weights);
        }
        if round.iter().any(|weight| weight.fields > MAX_FIELDS) {
            return Err("Query is too complex.".to_owned());
        }
        weights = round;
    }
    Err("fragments name each other in a circle".to_owned())
}

fn by_name<'a>(parts: &[Part<'a>]) -> Result<HashMap<&'a str, usize>, String> {
    let mut fragments = HashMap::new();
    for (i, part) in parts.iter().enumerate() {
        if part.kind == Kind::Fragment && fragments.insert(part.name, i).is_some() {
            return Err("two fragments have the same name".to_owned());
        }
    }
    Ok(fragments)
}

#[cfg(test)]
mod tests;
