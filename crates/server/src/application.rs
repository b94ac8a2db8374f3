//! The server as a whole: one start path for the program and for tests, and a stop that loses nothing.

use std::{
    future::Future,
    io,
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{App, dev::Server, middleware::from_fn, web};
use bluehook_dispatcher::{self as dispatcher, Dispatcher};
use tokio::{net::TcpSocket, sync::watch};
use tracing::warn;

use crate::{
    api, around, assets,
    auth::{AdminToken, MadeToken, Sessions, Tokens},
    config::Config,
    docs, graphql,
    limits::{Limits, Refusals},
    old_callers, openapi,
    problem::speak,
    starting,
    state::State,
    wire::{self, Door},
};

/// How much of the descriptors that the system allows one address may take: a quarter.
const DESCRIPTORS_OF_ADDRESS: usize = 4;

/// The connections that wait to be accepted.
const BACKLOG: u32 = 1_024;

/// How many quarters of the time for a stop the requests under way have; the dispatcher has what is left.
const QUARTERS_FOR_REQUESTS: u32 = 3;

/// Why a server did not start, or ended other than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not one, or is taken.
    #[error("cannot listen at {address}: {error}{}", hint(.error))]
    Listen {
        /// What was asked for.
        address: String,
        /// What the system says.
        error: io::Error,
    },
    /// The dispatcher did not open.
    #[error(transparent)]
    Dispatcher(#[from] dispatcher::Error),
    /// The token that was made cannot be written where it is to be found.
    #[error("cannot write the admin token to {file}: {error}")]
    AdminToken {
        /// The file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// A thread ended that the dispatcher cannot do without.
    #[error(
        "the thread {0} was lost, and what it failed at is told above; everything accepted is on disk: start again"
    )]
    Lost(String),
    /// The server broke.
    #[error("the server failed: {0}")]
    Server(#[from] io::Error),
}

/// A server that listens but does not answer yet: [`Application::run`] makes it.
///
/// Built and run inside an actix runtime, as `#[actix_web::main]` and `#[actix_web::test]` make one:
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use bluehook_dispatcher::{self as dispatcher, EncryptionKey};
/// use bluehook_server::{AdminToken, Application, Config};
///
/// let dispatcher = dispatcher::Config::new("bluehook.db", EncryptionKey::generate());
/// let mut config = Config::new(dispatcher);
/// config.listen = "127.0.0.1:0".to_owned();
/// config.admin_token = Some(AdminToken::new("a-token-for-the-backend".to_owned())?);
///
/// let application = Application::build(config).await?;
/// println!("http://{}", application.address());
/// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
/// let running = actix_web::rt::spawn(application.run(async { drop(stopped.await) }));
/// drop(stop);
/// running.await??;
/// # Ok(())
/// # }
/// ```
pub struct Application {
    server: Server,
    address: SocketAddr,
    state: web::Data<State>,
    new_admin_token: Option<AdminToken>,
    stop_timeout: Duration,
    workers: watch::Receiver<usize>,
}

impl Application {
    /// Opens the dispatcher and listens. Callers may connect from now on; they are answered once it runs.
    ///
    /// # Errors
    /// When the address is taken, or the store does not open.
    pub async fn build(config: Config) -> Result<Application, StartError> {
        let listener = listen(&config.listen)?;
        Application::build_at(listener, config).await
    }

    /// The same at an address that is taken already.
    pub(crate) async fn build_at(listener: TcpListener, config: Config) -> Result<Application, StartError> {
        let (graphql_explorer, stop_timeout) = (config.graphql_explorer, config.stop_timeout);
        let address = listener.local_addr()?;
        let token_file = MadeToken::beside(&config.dispatcher.database, config.admin_token_in_file);
        let (trusted, refusals): (Arc<[_]>, _) = (config.trusted_proxies.into(), Refusals::default());
        let door =
            Door::new(connections(config.max_connections_per_address), trusted.clone(), refusals.clone());
        let dispatcher = starting::answering(&listener, &door, Dispatcher::open(config.dispatcher)).await??;
        let (admin_token, new_admin_token) = token_file.admin_token(config.admin_token, &dispatcher).await?;
        let tokens = Tokens::load(dispatcher.clone()).await?;
        let sessions = Sessions::load(dispatcher.clone()).await?;
        let people = (tokens, sessions);
        let limits = Limits::new(trusted, refusals);
        let state = State::new(dispatcher, admin_token, people, config.public_url, config.body_limit, limits);
        let state = web::Data::new(state);
        let (started, workers) = watch::channel(0);
        let server = serve(listener, door, state.clone(), (graphql_explorer, stop_timeout), started)?;
        Ok(Application { server, address, state, new_admin_token, stop_timeout, workers })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The dispatcher that it serves.
    pub fn dispatcher(&self) -> &Dispatcher {
        &self.state.dispatcher
    }

    /// The token that was made because none was given: to be shown now, since only its hash is kept.
    pub fn new_admin_token(&self) -> Option<&AdminToken> {
        self.new_admin_token.as_ref()
    }

    /// Ends when every thread that answers is there, which is soon after it runs.
    pub fn started(&self) -> impl Future<Output = ()> + use<> {
        let mut workers = self.workers.clone();
        async move {
            let all = |started: &usize| *started >= threads();
            // A server that ends before has its own way to say so.
            let _ = workers.wait_for(all).await;
        }
    }

    /// Answers until `shutdown` ends. Then nothing new is taken in or sent, requests and deliveries under way are finished
    /// as far as the time for a stop allows, and what is left is taken up by the next start.
    ///
    /// # Errors
    /// When the server breaks.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), StartError> {
        let Application { server, state, stop_timeout, .. } = self;
        let handle = server.handle();
        let mut server = pin!(server);
        let broken = tokio::select! {
            ended = &mut server => Some(ended),
            thread = state.dispatcher.lost() => return Err(StartError::Lost(thread)),
            () = shutdown => None,
        };
        let deadline = Instant::now() + stop_timeout;
        state.stop();
        state.dispatcher.start_no_more();
        if broken.is_none() {
            let stopped = async { tokio::join!(handle.stop(true), server) };
            if tokio::time::timeout(stop_timeout / 4 * QUARTERS_FOR_REQUESTS, stopped).await.is_err() {
                warn!("requests under way did not end in time");
            }
        }
        state.dispatcher.shutdown_within(deadline.saturating_duration_since(Instant::now())).await;
        Ok(broken.unwrap_or(Ok(()))?)
    }
}

/// What to do about an address that cannot be taken.
fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "; end the program that listens there, or give another address with `listen`"
        }
        io::ErrorKind::AddrNotAvailable => "; give an address of this machine with `listen`",
        io::ErrorKind::PermissionDenied => "; give a port from 1024 on with `listen`",
        _ => "",
    }
}

/// Takes an address.
///
/// # Errors
/// [`StartError::Listen`].
pub(crate) fn listen(address: &str) -> Result<TcpListener, StartError> {
    let wrong = |error| StartError::Listen { address: address.to_owned(), error };
    bind(address).map_err(wrong)
}

/// Binds to the first of the addresses that a name stands for that can be bound to.
fn bind(address: &str) -> io::Result<TcpListener> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in address.to_socket_addrs()? {
        match bind_to(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn bind_to(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that was just stopped has left connections behind that need not be waited for.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// How many threads answer.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The most connections of one address: as many as are set, unless that is too large a part of all that there can be.
fn connections(set: usize) -> usize {
    wire::raise_descriptors().map_or(set, |descriptors| set.min(descriptors / DESCRIPTORS_OF_ADDRESS).max(1))
}

fn serve(
    listener: TcpListener,
    door: Door,
    state: web::Data<State>,
    (graphql_explorer, stop_timeout): (bool, Duration),
    started: watch::Sender<usize>,
) -> io::Result<Server> {
    let app = move || {
        // Called once by each thread.
        started.send_modify(|threads| *threads += 1);
        App::new()
            .wrap(from_fn(around::every_request))
            .wrap(from_fn(speak))
            .app_data(state.clone())
            .wrap(from_fn(old_callers::until_close))
            .wrap(from_fn(around::every_answer))
            .wrap(from_fn(wire::one_at_a_time))
            .configure(wire::routes)
            .configure(api::routes)
            .configure(|config| graphql::routes(config, graphql_explorer))
            .configure(openapi::routes)
            .configure(docs::routes)
            .configure(assets::routes)
    };
    wire::serve(listener, door, (threads(), stop_timeout), app)
}
