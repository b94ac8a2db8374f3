//! One request, one bounded answer. Never a redirect, never a proxy, nothing decompressed, everything inside the time.

use std::{cell::Cell, rc::Rc, sync::Arc, time::Duration};

use awc::{
    error::{ConnectError, SendRequestError},
    http::{
        Method, Uri,
        header::{HeaderName, HeaderValue},
    },
};
use bytes::Bytes;
use rustls::ClientConfig;
use tokio::time::{self, Instant};

use super::{
    answer,
    connect::{Blocked, Connector},
    guard::Guard,
    phases::Watched,
    roots,
    stream::{EXCHANGE, Exchange},
};
use crate::{
    Error, Result,
    failure::{Failure, FailureKind},
    log::Outcome,
};

/// How long a connection may be idle and still be used again.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Makes clients: one per webhook, so that no webhook waits for another's connections, and a cold one's are closed by
/// dropping its client.
#[derive(Clone)]
pub(crate) struct Clients {
    guard: Guard,
    tls: Arc<ClientConfig>,
    timeout: Duration,
}

impl Clients {
    pub(crate) fn new(guard: Guard, timeout: Duration) -> Result<Clients> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Config(format!("no TLS: {error}")))?
            .with_root_certificates(roots::system())
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Clients { guard, tls: Arc::new(tls), timeout })
    }

    /// A client with connections of its own. Belongs to the thread it is made on.
    pub(crate) fn client(&self) -> Client {
        let connector = awc::Connector::new()
            .connector(Connector { guard: self.guard.clone() })
            .rustls_0_23(self.tls.clone())
            .timeout(self.timeout)
            .handshake_timeout(self.timeout)
            .limit(0)
            .conn_keep_alive(KEEP_ALIVE)
            .conn_lifetime(Duration::from_mins(10));
        let pool = awc::Client::builder()
            .connector(connector)
            .disable_redirects()
            .disable_timeout()
            .no_default_headers()
            .finish();
        Client { pool, timeout: self.timeout, idle_since: Rc::new(Cell::new(Instant::now())) }
    }
}

/// Sends requests to one webhook.
#[derive(Clone)]
pub(crate) struct Client {
    pool: awc::Client,
    timeout: Duration,
    idle_since: Rc<Cell<Instant>>,
}

/// A request to be sent.
pub(crate) struct Request {
    pub(crate) uri: Uri,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

impl Client {
    /// Sends one POST and reads its answer. A reused connection that turned out to be closed costs one free retry. Notes how
    /// long each step took.
    pub(crate) async fn post_noting(&self, request: &Request, noted: &Rc<Exchange>) -> Outcome {
        let deadline = Instant::now() + self.timeout;
        let exchange = async {
            match self.exchange(request, noted).await {
                Err((error, Reused(true))) if closed_before_answer(&error) => {
                    self.exchange(request, noted).await
                }
                other => other,
            }
        };
        let outcome = match time::timeout_at(deadline, exchange).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err((error, _))) => Outcome::Failure(self.failure(&error)),
            Err(_) => Outcome::Failure(self.timed_out()),
        };
        self.idle_since.set(Instant::now());
        outcome
    }

    /// How long nothing was sent.
    pub(crate) fn idle(&self) -> Duration {
        self.idle_since.get().elapsed()
    }

    async fn exchange(
        &self,
        request: &Request,
        noted: &Rc<Exchange>,
    ) -> Result<Outcome, (SendRequestError, Reused)> {
        let mut sending = self.pool.request(Method::POST, request.uri.clone()).no_decompress();
        for (name, value) in &request.headers {
            sending.headers_mut().insert(name.clone(), value.clone());
        }
        noted.begin();
        let answer =
            EXCHANGE.scope(noted.clone(), sending.send_body(Watched::new(request.body.clone()))).await;
        noted.answered.set(Some(Instant::now()));
        match answer {
            Ok(answer) => Ok(answer::read(answer, &noted.line()).await),
            Err(error) => Err((error, Reused(noted.connecting.get().is_none()))),
        }
    }

    fn timed_out(&self) -> Failure {
        let detail = format!("no complete answer within {} s", self.timeout.as_secs_f32());
        Failure::new(FailureKind::Timeout).with(|params| params.told = Some(detail))
    }

    fn failure(&self, error: &SendRequestError) -> Failure {
        let (kind, detail) = match error {
            SendRequestError::Timeout | SendRequestError::Connect(ConnectError::Timeout) => {
                return self.timed_out();
            }
            SendRequestError::Connect(ConnectError::Resolver(detail)) => {
                (FailureKind::Dns, detail.to_string())
            }
            SendRequestError::Connect(ConnectError::Disconnected) => {
                (FailureKind::Connection, "the receiver closed the connection without an answer".to_owned())
            }
            SendRequestError::Connect(ConnectError::Io(error)) => connect_failure(error),
            SendRequestError::Connect(error) => (FailureKind::Connect, error.to_string()),
            SendRequestError::Response(parsing) => match broken(parsing) {
                Some(error) => (FailureKind::Connection, format!("the connection broke: {error}")),
                None => (FailureKind::InvalidResponse, format!("the answer is not HTTP: {parsing}")),
            },
            SendRequestError::Send(error) => (FailureKind::Connection, error.to_string()),
            error => (FailureKind::Connection, error.to_string()),
        };
        Failure::new(kind).with(|params| params.told = Some(detail))
    }
}

/// Whether a request went over a connection that had been used before.
#[derive(Clone, Copy)]
struct Reused(bool);

/// Whether the peer had closed the connection before it answered anything: nothing tells it got the request.
fn closed_before_answer(error: &SendRequestError) -> bool {
    match error {
        SendRequestError::Connect(ConnectError::Disconnected | ConnectError::Io(_))
        | SendRequestError::Send(_) => true,
        SendRequestError::Response(parsing) => {
            broken(parsing).is_some_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset)
        }
        _ => false,
    }
}

/// A connection that broke while the answer was read: awc takes that for an answer that cannot be read.
fn broken<'a>(parsing: &'a (dyn std::error::Error + 'static)) -> Option<&'a std::io::Error> {
    parsing.source()?.downcast_ref()
}

fn connect_failure(error: &std::io::Error) -> (FailureKind, String) {
    if let Some(blocked) = error.get_ref().and_then(|inner| inner.downcast_ref::<Blocked>()) {
        return (FailureKind::BlockedAddress, blocked.to_string());
    }
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return (FailureKind::Tls, format!("TLS could not be agreed on: {tls}"));
    }
    match error.kind() {
        std::io::ErrorKind::TimedOut => {
            (FailureKind::Connect, "the receiver could not be reached in time".to_owned())
        }
        std::io::ErrorKind::ConnectionReset
        | std::io::ErrorKind::BrokenPipe
        | std::io::ErrorKind::UnexpectedEof => {
            (FailureKind::Connection, format!("the connection broke: {error}"))
        }
        _ => (FailureKind::Connect, error.to_string()),
    }
}
