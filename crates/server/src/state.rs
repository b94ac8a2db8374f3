//! What the handlers share.

use std::sync::atomic::{AtomicBool, Ordering};

use bluehook_dispatcher::Dispatcher;

use crate::{
    access::Access,
    auth::{Caller, TokenHash, Tokens},
};

/// What the handlers share.
pub(crate) struct State {
    pub(crate) dispatcher: Dispatcher,
    pub(crate) admin_token: TokenHash,
    pub(crate) tokens: Tokens,
    pub(crate) body_limit: usize,
    stopping: AtomicBool,
}

impl State {
    pub(crate) fn new(
        dispatcher: Dispatcher,
        admin_token: TokenHash,
        tokens: Tokens,
        body_limit: usize,
    ) -> State {
        State { dispatcher, admin_token, tokens, body_limit, stopping: AtomicBool::new(false) }
    }

    /// Says that nothing new is taken in.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// What a caller may do.
    pub(crate) fn access<'a>(&'a self, caller: &'a Caller) -> Access<'a> {
        Access::new(caller, &self.dispatcher)
    }

    /// Whether events are taken in.
    pub(crate) fn is_ready(&self) -> bool {
        !self.stopping.load(Ordering::Acquire) && self.dispatcher.ready()
    }
}
