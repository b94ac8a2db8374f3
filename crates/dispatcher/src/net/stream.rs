//! A connection that is watched: whether the receiver closed it, and whether it may be used again.
//!
//! awc takes a body for complete when the connection ends within it, and keeps a connection whose next bytes belong to
//! the answer before. Neither can be seen from its answers, so it is seen here.

use std::{
    cell::{Cell, RefCell},
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use actix_rt::net::{ActixStream, Ready};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

tokio::task_local! {
    /// Set while a request is sent.
    pub(super) static EXCHANGE: Rc<Exchange>;
}

/// What a request finds out about the connection it goes over, and when.
#[derive(Default)]
pub(crate) struct Exchange {
    /// It had to connect, and reused nothing: since then.
    pub(super) connecting: Cell<Option<Instant>>,
    /// The host's addresses are known.
    pub(super) resolved: Cell<Option<Instant>>,
    /// There is a TCP connection.
    pub(super) connected: Cell<Option<Instant>>,
    /// The connection is ready, TLS agreed on: the body is about to be written.
    pub(super) sending: Cell<Option<Instant>>,
    /// The head of the answer is here.
    pub(super) answered: Cell<Option<Instant>>,
    line: RefCell<Rc<Line>>,
}

/// Notes the time of a step of the request that is under way.
pub(super) fn reached(step: impl FnOnce(&Exchange) -> &Cell<Option<Instant>>) {
    // Where no request is, nobody asks.
    let _ = EXCHANGE.try_with(|exchange| step(exchange).set(Some(Instant::now())));
}

impl Exchange {
    /// Forgets everything: the request is sent once more.
    pub(super) fn begin(&self) {
        for step in [&self.connecting, &self.resolved, &self.connected, &self.sending, &self.answered] {
            step.set(None);
        }
        self.line.take();
    }

    /// The connection that the request was written to.
    pub(super) fn line(&self) -> Rc<Line> {
        self.line.borrow().clone()
    }
}

/// A connection as it is seen from outside.
#[derive(Debug, Default)]
pub(super) struct Line {
    closed: Cell<bool>,
    spoiled: Cell<bool>,
}

impl Line {
    /// Whether the receiver has said that nothing more will come.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Keeps the connection from being used again: the pool finds it closed.
    pub(super) fn spoil(&self) {
        self.spoiled.set(true);
    }
}

/// A watched connection.
#[derive(Debug)]
pub(super) struct Stream {
    tcp: TcpStream,
    line: Rc<Line>,
}

impl Stream {
    pub(super) fn new(tcp: TcpStream) -> Stream {
        Stream { tcp, line: Rc::default() }
    }

    fn note(&self) {
        // HTTP/2 writes from a task of its own, where no request is.
        let _ = EXCHANGE.try_with(|exchange| exchange.line.replace(self.line.clone()));
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.line.spoiled.get() {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.tcp).poll_read(cx, buffer))?;
        if buffer.filled().len() == before && buffer.remaining() > 0 {
            self.line.closed.set(true);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.note();
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.note();
        Pin::new(&mut self.tcp).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

impl ActixStream for Stream {
    fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_read_ready(&self.tcp, cx)
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_write_ready(&self.tcp, cx)
    }
}
