//! The bytes of a connection, watched: heads whole or not at all, bodies to their end, all in time, one request after the
//! other; what is written has to be read by somebody.

use std::{
    io,
    mem::MaybeUninit,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::{
    FAULT,
    connection::Connection,
    framing::Framing,
    head::{self, Fault, MAX_HEAD},
};

/// How long the head of a request may take to arrive, from its first byte; the first of a connection from its beginning.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a body may take. Whoever reads it gives up, and says so, sooner.
const BODY_TIMEOUT: Duration = Duration::from_secs(35);

/// How long what is written may wait for its reader.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// How much of it a reader has to take in this time.
const STALL_BYTES: usize = 16 * 1_024;

/// How long a caller whose head was no good is listened to after it was told so.
const LINGER: Duration = Duration::from_secs(2);

/// How much is read at once.
const READ: usize = 8 * 1_024;

/// What tells a caller that its body is wanted.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// What comes next on a connection.
enum Phase {
    Head { looked: usize },
    Body(Framing),
    Over,
}

/// One connection.
pub(crate) struct Stream {
    socket: TcpStream,
    connection: Rc<Connection>,
    phase: Phase,
    /// Came in, and was not looked at or passed on.
    input: BytesMut,
    /// Is passed on next.
    ready: BytesMut,
    /// Until when what is waited for has to come.
    deadline: Option<Pin<Box<Sleep>>>,
    /// What is written before anything else.
    first: &'static [u8],
    stall: Stall,
    /// Nothing more comes in.
    has_ended: bool,
    /// What still comes in when it is closed is read first.
    lingers: bool,
    /// Nothing more is written.
    is_shut: bool,
}

impl Stream {
    pub(super) fn new(socket: TcpStream, connection: Rc<Connection>) -> Stream {
        Stream {
            socket,
            connection,
            phase: Phase::Head { looked: 0 },
            input: BytesMut::new(),
            ready: BytesMut::new(),
            deadline: Some(Box::pin(sleep_until(Instant::now() + HEAD_TIMEOUT))),
            first: &[],
            stall: Stall::default(),
            has_ended: false,
            lingers: false,
            is_shut: false,
        }
    }

    pub(super) fn connection(&self) -> Rc<Connection> {
        self.connection.clone()
    }

    /// Looks at what came in. False when more has to come.
    fn advance(&mut self) -> bool {
        match &mut self.phase {
            Phase::Over => true,
            Phase::Body(framing) => {
                let Ok(taken) = framing.take(&self.input) else {
                    self.phase = Phase::Over;
                    return true;
                };
                let is_over = *framing == Framing::None;
                self.ready = self.input.split_to(taken);
                if is_over {
                    self.await_head();
                }
                !self.ready.is_empty()
            }
            Phase::Head { looked } => {
                if *looked == 0 {
                    // Empty lines before a request are none of it.
                    let empty = self.input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                    self.input.advance(empty);
                }
                if self.input.first().is_some_and(|byte| !head::begins_with(*byte)) {
                    self.fail(Fault::Malformed("this is no HTTP/1.1 request"));
                    return true;
                }
                match head::length(&self.input, looked) {
                    Some(length) if length <= MAX_HEAD => self.take_head(length),
                    None if self.input.len() < MAX_HEAD => return false,
                    _ => self.fail(Fault::TooLarge),
                }
                true
            }
        }
    }

    fn take_head(&mut self, length: usize) {
        let bytes = self.input.split_to(length);
        match head::read(&bytes) {
            Err(fault) => self.fail(fault),
            Ok(head) => {
                self.connection.begin(head.waits);
                self.ready.extend_from_slice(&head.text);
                if head.body == Framing::None {
                    self.await_head();
                } else {
                    self.phase = Phase::Body(head.body);
                    self.wait_until(BODY_TIMEOUT);
                }
            }
        }
    }

    /// The next head's time begins with its first byte.
    fn await_head(&mut self) {
        self.phase = Phase::Head { looked: 0 };
        if self.input.is_empty() {
            self.input = BytesMut::new();
            self.deadline = None;
        } else {
            self.wait_until(HEAD_TIMEOUT);
        }
    }

    fn wait_until(&mut self, time: Duration) {
        let at = Instant::now() + time;
        match &mut self.deadline {
            Some(deadline) => deadline.as_mut().reset(at),
            None => self.deadline = Some(Box::pin(sleep_until(at))),
        }
    }

    /// The head is not passed on; a request that is answered with the reason is, and nothing after it.
    fn fail(&mut self, fault: Fault) {
        self.connection.failed(fault);
        self.connection.begin(false);
        self.lingers = true;
        let request = format!("GET {FAULT} HTTP/1.1\r\nhost: -\r\nconnection: close\r\n\r\n");
        self.ready.extend_from_slice(request.as_bytes());
        self.over();
    }

    fn over(&mut self) {
        self.phase = Phase::Over;
        self.input.clear();
        self.deadline = None;
    }

    /// Ends what took too long.
    fn check_deadline(&mut self, context: &mut Context<'_>) -> bool {
        let is_over =
            self.deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(context).is_ready());
        if is_over {
            match self.phase {
                Phase::Head { .. } if !self.input.is_empty() => self.fail(Fault::TooSlow),
                _ => self.over(),
            }
        }
        is_over
    }

    /// Whether a request is here that has to wait until the one before it is answered. Its time has not begun.
    fn holds(&mut self, context: &Context<'_>) -> bool {
        let holds =
            matches!(self.phase, Phase::Head { .. }) && !self.input.is_empty() && self.connection.is_busy();
        if holds {
            self.connection.wake_when_answered(context);
            self.deadline = None;
        } else if matches!(self.phase, Phase::Head { .. })
            && !self.input.is_empty()
            && self.deadline.is_none()
        {
            self.wait_until(HEAD_TIMEOUT);
        }
        holds
    }

    /// Reads from the socket; false at its end.
    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<io::Result<bool>> {
        // Connections that wait have no buffer of their own.
        let mut piece = [MaybeUninit::uninit(); READ];
        let mut piece = ReadBuf::uninit(&mut piece);
        ready!(Pin::new(&mut self.socket).poll_read(context, &mut piece))?;
        let was_empty = self.input.is_empty();
        self.input.extend_from_slice(piece.filled());
        if was_empty && self.deadline.is_none() && matches!(self.phase, Phase::Head { .. }) {
            self.wait_until(HEAD_TIMEOUT);
        }
        Poll::Ready(Ok(!piece.filled().is_empty()))
    }

    /// Reads what a caller still sends that was told why its head is no good, for a while: a connection that is closed over
    /// what came in takes back what it said.
    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.deadline.is_none() {
            self.wait_until(LINGER);
        }
        while let Poll::Ready(read) = self.poll_more(context) {
            self.input.clear();
            if !matches!(read, Ok(true)) {
                return Poll::Ready(Ok(()));
            }
        }
        match &mut self.deadline {
            Some(deadline) => deadline.as_mut().poll(context).map(Ok),
            None => Poll::Ready(Ok(())),
        }
    }

    /// Writes what goes before everything else.
    fn poll_first(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.connection.take_wanted() {
            self.first = CONTINUE;
        }
        while !self.first.is_empty() {
            let written = Pin::new(&mut self.socket).poll_write(context, self.first);
            let count = ready!(self.stall.watch(context, written))?;
            self.first = self.first.get(count..).unwrap_or_default();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if !this.ready.is_empty() {
                let count = this.ready.len().min(out.remaining());
                out.put_slice(&this.ready.split_to(count));
                if this.ready.is_empty() {
                    this.ready = BytesMut::new();
                }
                return Poll::Ready(Ok(()));
            }
            if matches!(this.phase, Phase::Over) {
                return Poll::Ready(Ok(()));
            }
            let holds = this.holds(context);
            if !holds && !this.input.is_empty() && this.advance() {
                continue;
            }
            if holds && (this.has_ended || this.input.len() >= READ) {
                return Poll::Pending;
            }
            match this.poll_more(context) {
                Poll::Ready(Ok(true)) => {}
                Poll::Ready(Ok(false)) if holds => this.has_ended = true,
                Poll::Ready(Ok(false)) => this.over(),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending if !holds && this.check_deadline(context) => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_first(context))?;
        let written = Pin::new(&mut this.socket).poll_write(context, bytes);
        this.stall.watch(context, written)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_first(context))?;
        this.stall.clear();
        Pin::new(&mut this.socket).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.is_shut {
            ready!(Pin::new(&mut this.socket).poll_shutdown(context))?;
            this.is_shut = true;
        }
        if this.lingers { this.poll_drain(context) } else { Poll::Ready(Ok(())) }
    }
}

/// How long a write has waited, and how much was taken meanwhile.
#[derive(Default)]
struct Stall {
    until: Option<Pin<Box<Sleep>>>,
    taken: usize,
}

impl Stall {
    /// Looks at what a write came to: one whose reader takes nothing, or next to nothing, is ended.
    fn watch(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = written {
            self.taken = self.taken.saturating_add(written.as_ref().copied().unwrap_or(0));
            if self.taken >= STALL_BYTES {
                self.clear();
            }
            return Poll::Ready(written);
        }
        let until = self.until.get_or_insert_with(|| {
            self.taken = 0;
            Box::pin(sleep_until(Instant::now() + STALL_TIMEOUT))
        });
        ready!(until.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn clear(&mut self) {
        self.until = None;
        self.taken = 0;
    }
}
