//! What the handlers share.

use bluehook_dispatcher::Dispatcher;
use tokio::sync::watch;

use crate::{
    access::Access,
    api::Seats,
    auth::{Caller, Sessions, TokenHash, Tokens},
    limits::Limits,
};

/// What the handlers share.
pub(crate) struct State {
    pub(crate) dispatcher: Dispatcher,
    pub(crate) admin_token: TokenHash,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Sessions,
    /// Where people reach this server, without a slash at the end.
    pub(crate) public_url: Option<String>,
    pub(crate) body_limit: usize,
    pub(crate) seats: Seats,
    pub(crate) limits: Limits,
    stopping: watch::Sender<bool>,
}

impl State {
    pub(crate) fn new(
        dispatcher: Dispatcher,
        admin_token: TokenHash,
        (tokens, sessions): (Tokens, Sessions),
        public_url: Option<String>,
        body_limit: usize,
        limits: Limits,
    ) -> State {
        let (seats, stopping) = (Seats::default(), watch::Sender::new(false));
        State { dispatcher, admin_token, tokens, sessions, public_url, body_limit, seats, limits, stopping }
    }

    /// Says that nothing new is taken in, and that open streams end.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Tells when the server stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// What a caller may do.
    pub(crate) fn access<'a>(&'a self, caller: &'a Caller) -> Access<'a> {
        Access::new(caller, &self.dispatcher)
    }

    /// Whether events are taken in.
    pub(crate) fn is_ready(&self) -> bool {
        !*self.stopping.borrow() && self.dispatcher.ready()
    }
}
