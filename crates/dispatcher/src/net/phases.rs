//! How long each step of a request took. A deadline may drop the request at any of them.

use std::{
    cell::Cell,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use awc::body::{BodySize, MessageBody};
use bytes::Bytes;
use tokio::time::Instant;

use super::stream::{EXCHANGE, Exchange, reached};
use crate::log::Phases;

/// What a request tells of its steps, also when it is given up.
#[derive(Default)]
pub(crate) struct Watch {
    phases: Cell<Phases>,
    sending: Cell<Option<Instant>>,
    /// When the head of the answer was here.
    pub(super) answered: Cell<Option<Instant>>,
}

impl Watch {
    /// The steps that were finished. `tls` says whether there was one of TLS.
    pub(crate) fn phases(&self, tls: bool) -> Phases {
        let phases = self.phases.get();
        let first_byte = self.sending.get().zip(self.answered.get()).map(|(from, to)| to - from);
        Phases { tls: phases.tls.filter(|_| tls), first_byte, ..phases }
    }

    fn note(&self, exchange: &Exchange) {
        let between = |from: &Cell<Option<Instant>>, to: &Cell<Option<Instant>>| -> Option<Duration> {
            from.get().zip(to.get()).map(|(from, to)| to - from)
        };
        self.sending.set(exchange.sending.get());
        self.phases.set(Phases {
            dns: between(&exchange.connecting, &exchange.resolved),
            connect: between(&exchange.resolved, &exchange.connected),
            tls: between(&exchange.connected, &exchange.sending),
            first_byte: None,
        });
    }
}

/// Notes the steps of the request that is under way when it ends, however it ends.
pub(super) struct Noted<'a>(pub(super) &'a Watch);

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        let _ = EXCHANGE.try_with(|exchange| self.0.note(exchange));
    }
}

/// A body that notes when it is asked for: the connection is ready then, and the request's head written.
pub(super) struct Watched {
    bytes: Bytes,
    asked_for: bool,
}

impl Watched {
    pub(super) fn new(bytes: Bytes) -> Watched {
        Watched { bytes, asked_for: false }
    }
}

impl MessageBody for Watched {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.bytes.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        if !std::mem::replace(&mut self.asked_for, true) {
            reached(|exchange| &exchange.sending);
        }
        Pin::new(&mut self.bytes).poll_next(cx)
    }
}
