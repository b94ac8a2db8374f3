//! What the tests across crates stand on: the real program as a process, a scripted receiver, an API client.
//!
//! Nothing here imitates a part of Bluehook, and nothing sleeps: every wait is for a condition and has a limit.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on has to fail"
)]

// The program under test.
pub mod server;

// Its other commands.
pub mod command;

// How it is talked to.
pub mod api;

// How its changes are followed.
pub mod stream;

// What it sends to.
pub mod receiver;

// Who tells it where that is.
pub mod names;

// Who it works for.
pub mod company;

// All of these together.
pub mod world;

// Waiting without sleeping.
pub mod wait;
