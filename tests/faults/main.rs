//! Faults: whatever a receiver, the disk, the clock or the system does, nothing accepted is lost, nothing failed counts as
//! a success, and what was used is given back.
//!
//! The dispatcher runs in this process, on a database of its own and a clock that tests move. Waits are for a commit or
//! for a receiver, never for time to pass.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to fail"
)]

// The dispatcher under test, with a company, a project and a person.
mod house;

// Numbers by chance, the same for the same seed.
mod chance;

// Receivers that misbehave at the level of TCP.
mod receiver;

// Certificates for receivers that speak TLS.
mod certificates;

// This binary once more, as a process that may be killed.
mod child;

// What receivers answer, or fail to.
mod answers;

// What real servers, careless ones and hostile ones answer, over http and TLS.
mod oddities;

// Requests as receivers see them.
mod requests;

// Connections that are kept, and what becomes of them.
mod kept;

// Many hostile receivers at once.
mod flood;

// nginx and Node.
mod servers;

// Names that lead elsewhere, or nowhere.
mod names;

// TLS that cannot be trusted, and TLS that can.
mod tls;

// Authorities of one's own, through the program.
mod ca_file;

// What is found of a URL before it is saved.
mod url_check;

// Retries, and what a receiver asks for.
mod retries;

// Webhooks switched off, on, and deleted.
mod health;

// Creators who leave, and what was deleted.
mod membership;

// Sent again, one by one or as a replay.
mod again;

// Sums against the log.
mod sums;

// Secrets that change.
mod rotation;

// A receiver never holds up another one.
mod isolation;

// Stopped and opened again.
mod restart;

// The disk: locked, full, read-only, of another version.
mod store;

// Those who read beside it, and its log.
mod log;

// Killed between any two stages.
mod kill;

// The clock set forward and back.
mod clock;

// Descriptors and memory are given back.
mod leftovers;

// What is taken away, and when.
mod retention;

// Random histories of the pure rules.
mod simulation;
