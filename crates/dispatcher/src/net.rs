//! The only place that opens sockets: names are resolved, addresses vetted, connections made and answers read here.

// Which addresses may be called.
pub(crate) mod guard;

// Names to vetted addresses to connections.
mod connect;

// Connections, watched.
mod stream;

// How long each step of a request took.
mod phases;

// What of an answer is read, and whether it is whole.
mod answer;

// The authorities that this system believes.
mod roots;

// A URL tried as far as a connection.
pub(crate) mod check;

// The certificate that is shown there.
mod certificate;

// One request, one bounded answer.
pub(crate) mod client;

pub(crate) use client::{Client, Clients};
pub(crate) use guard::Guard;
pub(crate) use stream::Exchange;
