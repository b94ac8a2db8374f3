//! What one request finds out: the connection it goes over, when each step was reached, and the answer as far as it was read.
//! A deadline may drop the request at any step; this stays.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use bluehook_core::answer::{End, Reader};
use tokio::time::Instant;

use super::request::Request;
use crate::model::{
    failure::{Failure, FailureKind, Reason},
    log::Phases,
};

tokio::task_local! {
    /// Set while a request is sent.
    pub(super) static EXCHANGE: Rc<Exchange>;
}

/// One request and what is known of it.
#[derive(Default)]
pub(crate) struct Exchange {
    pub(super) request: Option<Rc<Request>>,
    /// It may only go over a new connection.
    pub(super) fresh: Cell<bool>,
    /// It had to connect, and reused nothing: since then.
    pub(super) connecting: Cell<Option<Instant>>,
    /// The host's addresses are known.
    pub(super) resolved: Cell<Option<Instant>>,
    /// There is a TCP connection.
    pub(super) connected: Cell<Option<Instant>>,
    /// The connection is ready, TLS agreed on: the request is about to be written.
    pub(super) sending: Cell<Option<Instant>>,
    /// The first byte of the answer is here.
    pub(super) answered: Cell<Option<Instant>>,
    /// The answer, as far as it was read.
    pub(super) reader: RefCell<Reader>,
    /// What went wrong below HTTP.
    pub(super) failure: RefCell<Option<Failure>>,
}

/// The request that is under way in this task.
pub(super) fn current() -> Option<Rc<Exchange>> {
    EXCHANGE.try_with(Rc::clone).ok()
}

impl Exchange {
    /// A request that is about to be sent.
    pub(super) fn new(request: &Rc<Request>, fresh: bool) -> Exchange {
        Exchange { request: Some(request.clone()), fresh: Cell::new(fresh), ..Exchange::default() }
    }

    /// Whether it went over a connection that had been used before.
    pub(crate) fn reused(&self) -> bool {
        self.connecting.get().is_none() && self.sending.get().is_some()
    }

    /// The steps that were finished, also of a request that was given up.
    pub(crate) fn phases(&self) -> Phases {
        let between = |from: &Cell<Option<Instant>>, to: &Cell<Option<Instant>>| -> Option<Duration> {
            from.get().zip(to.get()).map(|(from, to)| to - from)
        };
        Phases {
            queued: None,
            dns: between(&self.connecting, &self.resolved),
            connect: between(&self.resolved, &self.connected),
            tls: between(&self.connected, &self.sending).filter(|_| self.is_tls()),
            first_byte: between(&self.sending, &self.answered),
        }
    }

    pub(super) fn is_tls(&self) -> bool {
        self.request.as_ref().is_some_and(|request| request.target.is_tls())
    }

    /// Notes why there will be no answer.
    pub(super) fn fail(&self, failure: Failure) {
        // What is told first is nearest to the cause.
        self.failure.borrow_mut().get_or_insert(failure);
    }

    /// The time is over: where that was, unless a final status line was read, which decides.
    pub(super) fn time_out(&self) {
        let reason = if self.reader.borrow().has_begun() {
            Reason::Body
        } else if self.sending.get().is_some() {
            Reason::FirstByte
        } else if self.connected.get().is_some() {
            Reason::Tls
        } else if self.resolved.get().is_some() {
            Reason::Connect
        } else {
            Reason::Dns
        };
        self.fail(Failure::because(FailureKind::Timeout, reason));
        self.reader.borrow_mut().end(End::Timeout);
    }
}
