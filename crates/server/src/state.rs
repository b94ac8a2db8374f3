//! What the handlers share.

use actix_web::HttpRequest;
use bluehook_dispatcher::{self as dispatcher, Dispatcher, Error};
use tokio::sync::watch;

use crate::{
    access::Access,
    api::Seats,
    auth::{self, Caller, Owner, Sessions, TokenHash, Tokens},
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

    /// Ends the tokens, sessions and links of those who are gone.
    ///
    /// # Errors
    /// When the store fails; what is left then is of no use, since it is of another birth.
    pub(crate) async fn end_of(
        &self,
        request: &HttpRequest,
        is_gone: impl Fn(&Owner) -> bool,
    ) -> dispatcher::Result<()> {
        let author = auth::author(request, &Caller::Service);
        self.tokens.end_of(&is_gone, &author).await?;
        self.sessions.end_of(&is_gone, &author).await
    }

    /// Where people reach this server is over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https:"))
    }

    /// The dispatcher, for changes that a caller makes by a request.
    pub(crate) fn by(&self, caller: &Caller, request: &HttpRequest) -> Dispatcher {
        self.dispatcher.by(auth::author(request, caller))
    }

    /// What a caller may do.
    pub(crate) fn access<'a>(&'a self, caller: &'a Caller) -> Access<'a> {
        Access::new(caller, &self.dispatcher)
    }

    /// Whether events are taken in.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn ready(&self) -> dispatcher::Result<()> {
        if *self.stopping.borrow() { Err(Error::ShuttingDown) } else { self.dispatcher.ready() }
    }
}
