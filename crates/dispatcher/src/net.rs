//! The only place that opens sockets: names are resolved, addresses vetted, connections made and answers read here.

// Which addresses may be called.
pub(crate) mod guard;

// Names to vetted addresses to connections.
mod connect;

// One request, one bounded answer.
pub(crate) mod client;

pub(crate) use client::{Client, Clients};
pub(crate) use guard::Guard;
