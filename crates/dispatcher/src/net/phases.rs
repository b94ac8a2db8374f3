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

use super::stream::{Exchange, reached};
use crate::log::Phases;

impl Exchange {
    /// Whether it went over a connection that had been used before.
    pub(crate) fn reused(&self) -> bool {
        self.connecting.get().is_none() && self.sending.get().is_some()
    }

    /// The steps that were finished, also of a request that was given up. `tls` says whether there was one of TLS.
    pub(crate) fn phases(&self, tls: bool) -> Phases {
        let between = |from: &Cell<Option<Instant>>, to: &Cell<Option<Instant>>| -> Option<Duration> {
            from.get().zip(to.get()).map(|(from, to)| to - from)
        };
        Phases {
            queued: None,
            dns: between(&self.connecting, &self.resolved),
            connect: between(&self.resolved, &self.connected),
            tls: between(&self.connected, &self.sending).filter(|_| tls),
            first_byte: between(&self.sending, &self.answered),
        }
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
