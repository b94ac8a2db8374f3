//! The `bluehook` program: HTTP API, settings UI and command line over the dispatcher.
//!
//! [`Application`] is the whole server behind one start path: the program and the tests both build it from a
//! [`Config`], ask where it listens, and run it until they say so.

// The server as a whole: built, run, stopped.
mod application;

// What callers are told while it starts.
mod starting;

// What it is built from.
mod config;

// What its handlers share.
mod state;

// Connections, below HTTP.
mod wire;

// What one caller may take.
mod limits;

// Who calls.
mod auth;

// What they may do.
mod access;

// Randomness.
mod random;

// Text from outside, where people read it.
mod harmless;

// Addresses without their passwords.
mod masked;

// The routes under `/v1`, and the two that say how the server is.
mod api;

// Blue's own API.
mod graphql;

// The API described.
mod openapi;

// The documentation.
mod docs;

// What callers are told when something is wrong.
mod problem;

// The language that they are told it in.
mod language;

// What holds for every request and answer.
mod around;

// Callers that speak HTTP/1.0.
mod old_callers;

// What fuzzing calls.
#[doc(hidden)]
pub mod fuzzed;

// The settings UI.
mod assets;

// The command line.
mod cli;

// A server for tests.
#[cfg(test)]
mod trial;

pub use application::{Application, StartError};
pub use auth::AdminToken;
pub use cli::main;
pub use config::Config;
