//! The layer below awc: it writes the request as it is spelt, reads while it writes, reads the answer by the core's rules,
//! and hands awc a plain one, from which awc learns only whether the connection may be used again.

use std::{
    fmt, io,
    mem::MaybeUninit,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_rt::net::{ActixStream, Ready};
use bluehook_core::answer::End;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

use super::{
    exchange::{self, Exchange},
    request::Request,
    tls,
    transport::{self, Transport},
};

/// How much is read at once.
const PIECE: usize = 8 * 1024;
/// A kept connection is not used again this long before the receiver says it closes it.
const MARGIN: Duration = Duration::from_millis(500);

/// A connection that exchanges go over, one after the other.
pub(super) struct Stream {
    transport: Transport,
    state: State,
    /// Until when the receiver keeps it.
    keeps_until: Option<Instant>,
}

enum State {
    /// Nothing is under way.
    Idle,
    /// A request is written and its answer read.
    Exchanging(Exchanging),
    /// The plain answer is handed to awc.
    Telling { answer: Vec<u8>, told: usize },
    /// It must not be used again.
    Spoilt,
}

struct Exchanging {
    exchange: Rc<Exchange>,
    request: Rc<Request>,
    written: usize,
    /// Everything went out, or nothing more can.
    is_written: bool,
}

impl Stream {
    pub(super) fn new(transport: Transport) -> Stream {
        Stream { transport, state: State::Idle, keeps_until: None }
    }

    /// Begins the exchange of the request that is under way in this task.
    fn begin(&mut self) -> io::Result<()> {
        let exchange = exchange::current().ok_or(io::ErrorKind::NotConnected)?;
        let request = exchange.request.clone().ok_or(io::ErrorKind::NotConnected)?;
        exchange.sending.set(Some(Instant::now()));
        self.transport.budget();
        self.state = State::Exchanging(Exchanging { exchange, request, written: 0, is_written: false });
        Ok(())
    }

    /// Nothing is under way: whatever can be read now belongs to no request.
    fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let is_over = self.keeps_until.is_some_and(|until| until <= Instant::now());
        let fresh = exchange::current().is_some_and(|exchange| exchange.fresh.get());
        if is_over || fresh {
            return Poll::Ready(());
        }
        let mut byte = [0; 1];
        Pin::new(&mut self.transport).poll_read(cx, &mut ReadBuf::new(&mut byte)).map(|_| ())
    }
}

impl Exchanging {
    /// Writes what can be written and reads what can be read, until the answer is done.
    fn poll(&mut self, transport: &mut Transport, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            self.write(transport, cx);
            let mut piece = [const { MaybeUninit::uninit() }; PIECE];
            let room = self.exchange.reader.borrow().room().clamp(1, PIECE);
            let mut buffer = ReadBuf::uninit(piece.get_mut(..room).unwrap_or_default());
            let read = ready!(Pin::new(&mut *transport).poll_read(cx, &mut buffer));
            let reader = &mut *self.exchange.reader.borrow_mut();
            match read {
                Ok(()) if buffer.filled().is_empty() => reader.end(End::Closed),
                Ok(()) => {
                    if !reader.has_begun() {
                        self.exchange.answered.set(Some(Instant::now()));
                    }
                    reader.feed(buffer.filled());
                }
                // TLS without its own goodbye: what ends there ends.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => reader.end(End::Closed),
                Err(error) if transport::is_spent(&error) => reader.end(End::Limit),
                Err(error) => {
                    if let Some(failure) =
                        tls::failure(&error, &self.request.target).filter(|_| !reader.has_begun())
                    {
                        self.exchange.fail(failure);
                    }
                    reader.end(End::Reset);
                }
            }
            if reader.is_done() {
                return Poll::Ready(());
            }
        }
    }

    /// Writes as much as goes out now. After an error the answer may still be there: it is looked for.
    fn write(&mut self, transport: &mut Transport, cx: &mut Context<'_>) {
        while !self.is_written {
            let written = if self.written < self.request.len() {
                Pin::new(&mut *transport).poll_write_vectored(cx, &self.request.from(self.written))
            } else {
                Pin::new(&mut *transport).poll_flush(cx).map_ok(|()| 0)
            };
            match written {
                Poll::Pending => return,
                Poll::Ready(Ok(0) | Err(_)) => self.is_written = true,
                Poll::Ready(Ok(count)) => self.written += count,
            }
        }
    }

    /// What awc is told: the status, and whether the connection is kept. None without a final status line.
    fn told(&self) -> Option<(Vec<u8>, Option<Instant>)> {
        let reader = self.exchange.reader.borrow();
        let code = reader.status_code()?;
        // What was not written yet would be taken for the next request.
        let keeps = reader.keeps() && self.written == self.request.len();
        let connection = if keeps { "keep-alive" } else { "close" };
        let head = format!("HTTP/1.1 {code} \r\nconnection: {connection}\r\ncontent-length: 0\r\n\r\n");
        let keeps_for = reader.keeps_for().map(Duration::from_secs);
        let until = keeps_for.and_then(|time| Instant::now().checked_add(time.saturating_sub(MARGIN)));
        Some((head.into_bytes(), until))
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            match &mut this.state {
                State::Exchanging(exchanging) => {
                    ready!(exchanging.poll(&mut this.transport, cx));
                    let Some((answer, until)) = exchanging.told() else {
                        this.state = State::Spoilt;
                        return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
                    };
                    this.keeps_until = until;
                    this.state = State::Telling { answer, told: 0 };
                }
                State::Telling { answer, told } => {
                    let rest = answer.get(*told..).unwrap_or_default();
                    let count = rest.len().min(buffer.remaining());
                    buffer.put_slice(rest.get(..count).unwrap_or_default());
                    *told += count;
                    if *told == answer.len() {
                        this.state = State::Idle;
                    }
                    return Poll::Ready(Ok(()));
                }
                State::Idle => {
                    ready!(this.poll_idle(cx));
                    this.state = State::Spoilt;
                }
                // To the pool it is closed.
                State::Spoilt => return Poll::Ready(Ok(())),
            }
        }
    }
}

impl AsyncWrite for Stream {
    /// awc's own head is not sent: the request is written as it is spelt.
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.state {
            State::Idle => self.begin()?,
            State::Exchanging(_) => {}
            State::Telling { .. } | State::Spoilt => {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_shutdown(cx)
    }
}

impl ActixStream for Stream {
    fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        self.transport.tcp().poll_read_ready(cx)
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        self.transport.tcp().poll_write_ready(cx)
    }
}
