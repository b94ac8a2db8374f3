//! A receiver at the level of TCP: a script says, step by step, what becomes of each request.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bluehook_tests::wait::within;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time,
};
use tokio_rustls::TlsAcceptor;

// Requests as they arrive.
mod request;

pub(crate) use request::Request;

/// How much of a request fits into the way to a receiver that does not read: little, as over a real network.
const NARROW: u32 = 4 * 1024;

/// A good answer that keeps the connection.
pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";
/// A bad answer that keeps the connection.
pub(crate) const BROKEN: &str = "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n";
/// A webhook is not wanted any more.
pub(crate) const GONE: &str = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n";

/// What is done once bytes of a request have come in.
#[derive(Clone)]
pub(crate) enum Step {
    /// Reads the whole request and keeps it.
    Read,
    /// Writes these bytes.
    Write(Vec<u8>),
    /// Writes these bytes one by one, each 20 ms after the one before.
    Drip(Vec<u8>),
    /// Writes these bytes again and again until the other side closes.
    Flood(Vec<u8>),
    /// Closes properly.
    Close,
    /// Breaks off with a reset.
    Reset,
    /// Does nothing more, as long as the receiver lives.
    Hang,
    /// Waits until [`Receiver::let_go`] is called.
    Wait,
}

/// Reads the request and writes this.
pub(crate) fn answer(text: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Read, Step::Write(text.into())]
}

/// What to do with a request, given how many came before it.
type Script = dyn Fn(usize) -> Vec<Step> + Send + Sync;

/// Listens until it is dropped.
pub(crate) struct Receiver {
    scheme: &'static str,
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

struct Shared {
    script: Box<Script>,
    turns: AtomicUsize,
    requests: Mutex<Vec<Request>>,
    seen: watch::Sender<usize>,
    /// Requests that were read and not answered yet: now, and at most.
    open: AtomicUsize,
    most_open: AtomicUsize,
    /// Bytes that [`Step::Flood`] got rid of.
    flooded: AtomicUsize,
    go: watch::Sender<bool>,
    connections: AtomicUsize,
    closed: watch::Sender<usize>,
}

impl Receiver {
    /// One that answers 200 to everything.
    pub(crate) async fn good() -> Receiver {
        Receiver::scripted(|_| answer(OK)).await
    }

    /// One that does these steps with everything.
    pub(crate) async fn always(steps: Vec<Step>) -> Receiver {
        Receiver::scripted(move |_| steps.clone()).await
    }

    /// One that does these steps with the first request, and answers 200 to the others.
    pub(crate) async fn first(steps: Vec<Step>) -> Receiver {
        Receiver::scripted(move |turn| if turn == 0 { steps.clone() } else { answer(OK) }).await
    }

    pub(crate) async fn scripted(script: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static) -> Receiver {
        Receiver::over(None, script).await
    }

    /// One that speaks TLS, or not.
    pub(crate) async fn over(
        tls: Option<TlsAcceptor>,
        script: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static,
    ) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Receiver::listening(listener, tls, script)
    }

    /// One that holds little of what it has not read.
    pub(crate) fn narrow(script: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static) -> Receiver {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(NARROW).unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Receiver::listening(socket.listen(64).unwrap(), None, script)
    }

    fn listening(
        listener: TcpListener,
        tls: Option<TlsAcceptor>,
        script: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static,
    ) -> Receiver {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script: Box::new(script),
            turns: AtomicUsize::new(0),
            requests: Mutex::default(),
            seen: watch::Sender::new(0),
            open: AtomicUsize::new(0),
            most_open: AtomicUsize::new(0),
            flooded: AtomicUsize::new(0),
            go: watch::Sender::new(false),
            connections: AtomicUsize::new(0),
            closed: watch::Sender::new(0),
        });
        let listening = tokio::spawn(listen(listener, tls, shared.clone()));
        Receiver { scheme, address, shared, listening }
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}/hook", self.scheme, self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Everything that was read so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Waits until so many requests were read.
    pub(crate) async fn until_seen(&self, count: usize) -> Vec<Request> {
        let mut seen = self.shared.seen.subscribe();
        let what = format!("{count} requests arrive");
        within(&what, seen.wait_for(|seen| *seen >= count)).await.unwrap();
        self.requests()
    }

    /// How many requests were under way at once, at most.
    pub(crate) fn most_open(&self) -> usize {
        self.shared.most_open.load(Ordering::SeqCst)
    }

    /// How many bytes of a flood went out.
    pub(crate) fn flooded(&self) -> usize {
        self.shared.flooded.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Waits until so many connections have ended.
    pub(crate) async fn until_closed(&self, count: usize) {
        let mut closed = self.shared.closed.subscribe();
        let what = format!("{count} connections end");
        within(&what, closed.wait_for(|closed| *closed >= count)).await.unwrap();
    }

    /// Ends every [`Step::Wait`], now and later.
    pub(crate) fn let_go(&self) {
        self.shared.go.send_replace(true);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// The connections end with the listener: they are its own tasks.
async fn listen(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::SeqCst);
        // A reset takes back what was written and waits for an acknowledgement.
        stream.set_nodelay(true).unwrap();
        let (shared, tls) = (shared.clone(), tls.clone());
        connections.spawn(async move {
            match tls {
                None => serve(stream, |stream| stream, &shared).await,
                // A handshake that fails is the caller's business.
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, |stream| stream.get_ref().0, &shared).await;
                    }
                }
            }
            shared.closed.send_modify(|closed| *closed += 1);
        });
    }
}

async fn serve<S>(stream: S, tcp: impl Fn(&S) -> &TcpStream, shared: &Shared)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    // A turn begins with the first byte of a request, not with a connection that is only kept.
    while stream.fill_buf().await.is_ok_and(|bytes| !bytes.is_empty()) {
        let turn = shared.turns.fetch_add(1, Ordering::SeqCst);
        for step in (shared.script)(turn) {
            match step {
                Step::Close => return,
                Step::Reset => return tcp(stream.get_ref()).set_zero_linger().unwrap(),
                step => {
                    if !shared.take(step, &mut stream).await {
                        return;
                    }
                }
            }
        }
    }
}

impl Shared {
    /// Takes a step. False when the connection has ended.
    async fn take<S: AsyncRead + AsyncWrite + Unpin>(&self, step: Step, stream: &mut S) -> bool {
        match step {
            Step::Read => {
                let Some(request) = request::read(stream).await else { return false };
                self.note(request);
                true
            }
            Step::Write(bytes) => {
                self.open.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).ok();
                stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok()
            }
            Step::Drip(bytes) => drip(stream, &bytes).await,
            Step::Flood(bytes) => {
                while let Ok(count) = stream.write(&bytes).await {
                    self.flooded.fetch_add(count, Ordering::SeqCst);
                }
                false
            }
            Step::Wait => self.go.subscribe().wait_for(|go| *go).await.is_ok(),
            Step::Hang => std::future::pending().await,
            Step::Close | Step::Reset => false,
        }
    }

    fn note(&self, request: Request) {
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_open.fetch_max(open, Ordering::SeqCst);
        let count = {
            let mut requests = self.requests.lock().unwrap();
            requests.push(request);
            requests.len()
        };
        self.seen.send_replace(count);
    }
}

async fn drip<S: AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) -> bool {
    let mut ticks = time::interval(Duration::from_millis(20));
    for byte in bytes {
        ticks.tick().await;
        if stream.write_all(&[*byte]).await.is_err() || stream.flush().await.is_err() {
            return false;
        }
    }
    true
}
