//! End to end: the real program, real sockets, a real database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to fail"
)]

// What was accepted arrives, whatever is killed.
mod crash;
