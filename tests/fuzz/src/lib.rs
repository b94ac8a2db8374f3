//! What fuzzing checks: one function for each target, called by the fuzzer and by the test that replays the kept inputs.

// Headers and bodies are verified as a plain reading of the rules does it.
pub mod signature;

// Why a request was refused: found at a bounded cost.
pub mod diagnosis;

// What a backend posts as an event.
pub mod intake;

// Bodies carry an event's values as they were spelt.
pub mod rendering;

// Filters are refused with a place, or answer.
pub mod filter;

// A preview, from JSON to JSON.
pub mod preview;

// What receivers answer.
pub mod answer;

// Bodies that manage something are read, or refused with places.
pub mod management;

// What comes past the look at a GraphQL request costs no more than its length.
pub mod graphql;

// URLs and addresses.
pub mod target;

// Ids, cursors and places in the stream.
pub mod cursor;

// What commands print of what comes from elsewhere.
pub mod printed;

// A request to verify, made from any bytes.
mod request;

// Plain looks at JSON.
mod json;

/// A target's function: it panics when something is wrong.
pub type Target = fn(&[u8]);

/// Every target by the name of its corpus.
pub const TARGETS: [(&str, Target); 12] = [
    ("signature", signature::check),
    ("diagnosis", diagnosis::check),
    ("intake", intake::check),
    ("rendering", rendering::check),
    ("filter", filter::check),
    ("preview", preview::check),
    ("answer", answer::check),
    ("management", management::check),
    ("graphql", graphql::check),
    ("target", target::check),
    ("cursor", cursor::check),
    ("printed", printed::check),
];
