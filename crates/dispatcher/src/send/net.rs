//! The only place that opens sockets: names are resolved, addresses vetted, connections made and answers read here.

// One request, one bounded answer.
pub(crate) mod client;

// A request as it goes out.
pub(crate) mod request;

// What one request finds out.
mod exchange;

// Which addresses may be called.
pub(crate) mod guard;

// Names to addresses.
mod names;

// Addresses to connections.
mod connect;

// TLS, and why it could not be agreed on.
mod tls;

// Connections, encrypted or not.
mod transport;

// The authorities that are believed.
mod roots;

// A URL tried as far as a connection.
pub(crate) mod check;

// What awc sees of a connection.
mod stream;

// An answer for the log.
mod answer;

// What of it is meant for nobody else.
mod masked;

pub(crate) use client::{Client, Clients};
pub(crate) use guard::Guard;
