//! One request, one bounded answer. Never a redirect, never a proxy, nothing decompressed, everything inside the time.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use awc::http::Method;
use bluehook_core::{input::Fault, language::Language, target::Target};
use futures_util::StreamExt;
use rustls::ClientConfig;
use tokio::time::{self, Instant};

use super::{
    answer,
    check::Checker,
    connect::Connector,
    exchange::{EXCHANGE, Exchange},
    guard::Guard,
    request::Request,
    tls,
};
use crate::{
    Result,
    config::Config,
    model::{
        failure::{Failure, FailureKind},
        log::{Outcome, Phases},
    },
};

/// How long a connection may be idle and still be used again.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// What awc is asked for: where that leads is the request's own business.
const RECEIVER: &str = "http://receiver/";

/// Makes clients: one per webhook, so that no webhook waits for another's connections, and a cold one's are closed by
/// dropping its client.
#[derive(Clone)]
pub(crate) struct Clients {
    guard: Guard,
    tls: Arc<ClientConfig>,
    timeout: Duration,
}

impl Clients {
    pub(crate) fn new(guard: Guard, config: &Config) -> Result<Clients> {
        Ok(Clients { guard, tls: tls::config(config.ca_file.as_deref())?, timeout: config.timeout })
    }

    /// A client with connections of its own. Belongs to the thread it is made on.
    pub(crate) fn client(&self) -> Client {
        Client {
            clients: self.clone(),
            pool: Rc::new(RefCell::new((String::new(), self.pool()))),
            known: Rc::default(),
            idle_since: Rc::new(Cell::new(Instant::now())),
        }
    }

    /// What tries URLs, by the same rules.
    pub(crate) fn checker(&self) -> Checker {
        Checker::new(self.guard.clone(), self.tls.clone(), self.timeout)
    }

    fn pool(&self) -> awc::Client {
        let connector = awc::Connector::new()
            .connector(Connector { guard: self.guard.clone(), tls: self.tls.clone() })
            // The deadline of a request ends before, and knows where it was.
            .timeout(self.timeout * 2)
            .limit(0)
            .conn_keep_alive(KEEP_ALIVE)
            .conn_lifetime(Duration::from_mins(10));
        awc::Client::builder()
            .connector(connector)
            .disable_redirects()
            .disable_timeout()
            .no_default_headers()
            .finish()
    }
}

/// Sends requests to one webhook.
#[derive(Clone)]
pub(crate) struct Client {
    clients: Clients,
    /// The origin that the connections lead to, and the connections.
    pool: Rc<RefCell<(String, awc::Client)>>,
    /// The URL that was read last.
    known: Rc<RefCell<Option<Known>>>,
    idle_since: Rc<Cell<Instant>>,
}

/// A URL that may be called, and where it leads.
struct Known {
    url: String,
    target: Rc<Target>,
}

/// What came of a request.
pub(crate) struct Sent {
    pub(crate) outcome: Outcome,
    /// What `Retry-After` said.
    pub(crate) retry_after: Option<String>,
    /// Whether it went over a connection that had been used before.
    pub(crate) reused: bool,
    pub(crate) phases: Phases,
}

impl Client {
    /// Reads the URL of a webhook by the rules that it was saved by; what is open to be called may have changed at a start
    /// since.
    ///
    /// # Errors
    /// Why it cannot be called.
    pub(crate) fn read(&self, url: &str) -> Result<Rc<Target>, Failure> {
        if let Some(known) = &*self.known.borrow()
            && known.url == url
        {
            return Ok(known.target.clone());
        }
        let target = self.clients.guard.read(url).map_err(|fault| match fault {
            Fault::NeverPublic => Failure::new(FailureKind::BlockedAddress),
            fault => Failure::new(FailureKind::Connect)
                .with(|params| params.found(fault.sentence(Language::English).as_bytes())),
        })?;
        let target = Rc::new(target);
        *self.known.borrow_mut() = Some(Known { url: url.to_owned(), target: target.clone() });
        Ok(target)
    }

    /// Sends one request and reads its answer. A kept connection that turned out to be closed costs one free retry, over a
    /// new one.
    pub(crate) async fn send(&self, request: Request) -> Sent {
        let request = Rc::new(request);
        let deadline = Instant::now() + self.clients.timeout;
        let mut exchange = self.exchange(&request, false, deadline).await;
        if was_not_processed(&exchange) {
            exchange = self.exchange(&request, true, deadline).await;
        }
        self.idle_since.set(Instant::now());
        self.sent(&request, &exchange)
    }

    /// How long nothing was sent.
    pub(crate) fn idle(&self) -> Duration {
        self.idle_since.get().elapsed()
    }

    /// One try. Whatever comes of it is noted there.
    async fn exchange(&self, request: &Rc<Request>, fresh: bool, deadline: Instant) -> Rc<Exchange> {
        let exchange = Rc::new(Exchange::new(request, fresh));
        let sending = self.pool_for(request).request(Method::POST, RECEIVER).no_decompress().send();
        let done = EXCHANGE.scope(exchange.clone(), async {
            // awc hears of a plain answer without a body; to the end of it, so that the pool takes the connection back.
            if let Ok(mut answer) = sending.await {
                while answer.next().await.is_some() {}
            }
        });
        if time::timeout_at(deadline, done).await.is_err() {
            exchange.time_out();
        }
        exchange
    }

    /// The connections to the request's origin; those to another one are let go.
    fn pool_for(&self, request: &Request) -> awc::Client {
        let (origin, pool) = &mut *self.pool.borrow_mut();
        if *origin != request.target.origin() {
            request.target.origin().clone_into(origin);
            *pool = self.clients.pool();
        }
        pool.clone()
    }

    fn sent(&self, request: &Request, exchange: &Exchange) -> Sent {
        let (phases, reused) = (exchange.phases(), exchange.reused());
        let (outcome, retry_after) = match exchange.reader.take().finish() {
            Ok(answer) => {
                let (response, retry_after) = answer::response(answer);
                (Outcome::Response(response), retry_after)
            }
            Err(fault) => {
                let failure = exchange.failure.take().unwrap_or_else(|| answer::failure(fault));
                (Outcome::Failure(placed(failure, &request.target, self.clients.timeout)), None)
            }
        };
        Sent { outcome, retry_after, reused, phases }
    }
}

/// A failure with where it was.
pub(super) fn placed(failure: Failure, target: &Target, timeout: Duration) -> Failure {
    let (kind, reason) = (failure.kind, failure.reason);
    failure.with(|params| {
        params.host = Some(target.host_text().to_owned());
        match kind {
            FailureKind::Connect => params.port = Some(target.port),
            FailureKind::Timeout => {
                params.timeout_ms = u64::try_from(timeout.as_millis()).ok();
                params.phase = reason.map(|reason| reason.name().to_owned());
            }
            _ => {}
        }
    })
}

/// Whether the receiver did not look at a request that went over a kept connection: it closed it meanwhile, or says that
/// it waited for a request for too long (RFC 9110, 15.5.9).
fn was_not_processed(exchange: &Exchange) -> bool {
    let reader = exchange.reader.borrow();
    let timed_out =
        exchange.failure.borrow().as_ref().is_some_and(|failure| failure.kind == FailureKind::Timeout);
    let closed = !reader.has_begun() && reader.is_done();
    let gave_up = reader.status_code() == Some(408) && !reader.keeps();
    exchange.reused() && !timed_out && (closed || gave_up)
}
