//! Those who send: the threads, one attempt, and the only place with sockets.

// One attempt.
mod deliver;

// The only place with sockets.
pub(crate) mod net;

// The threads.
pub(crate) mod worker;
