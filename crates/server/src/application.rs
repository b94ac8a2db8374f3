//! The server as a whole: one start path for the program and for tests, and a stop that loses nothing.

use std::{
    future::Future,
    io,
    net::{SocketAddr, TcpListener},
    pin::pin,
    time::{Duration, Instant},
};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web};
use bluehook_dispatcher::{self as dispatcher, Dispatcher};
use tokio::sync::watch;
use tracing::warn;

use crate::{
    api, assets,
    auth::{AdminToken, MadeToken, Sessions, Tokens},
    config::Config,
    docs, graphql, old_callers, openapi,
    problem::speak,
    state::State,
};

/// How long an idle connection of a caller is kept: longer than usual clients keep theirs.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long the head of a request may take to arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How many quarters of the time for a stop the requests under way have; the dispatcher has what is left.
const QUARTERS_FOR_REQUESTS: u32 = 3;

/// Why a server did not start, or ended other than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not one, or is taken.
    #[error("cannot listen at {address}: {error}")]
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
        let (graphql_explorer, stop_timeout) = (config.graphql_explorer, config.stop_timeout);
        let listener = listen(&config.listen)?;
        let address = listener.local_addr()?;
        let token_file = MadeToken::beside(&config.dispatcher.database, config.admin_token_in_file);
        let dispatcher = Dispatcher::open(config.dispatcher).await?;
        let (admin_token, new_admin_token) = token_file.admin_token(config.admin_token, &dispatcher).await?;
        let tokens = Tokens::load(dispatcher.clone()).await?;
        let sessions = Sessions::load(dispatcher.clone()).await?;
        let people = (tokens, sessions);
        let state = State::new(dispatcher, admin_token, people, config.public_url, config.body_limit);
        let state = web::Data::new(state);
        let (started, workers) = watch::channel(0);
        let server = serve(listener, state.clone(), (graphql_explorer, stop_timeout), started)?;
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

fn listen(address: &str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|error| StartError::Listen { address: address.to_owned(), error })
}

/// How many threads answer.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn serve(
    listener: TcpListener,
    state: web::Data<State>,
    (graphql_explorer, stop_timeout): (bool, Duration),
    started: watch::Sender<usize>,
) -> io::Result<Server> {
    let app = move || {
        // Called once by each thread.
        started.send_modify(|threads| *threads += 1);
        App::new()
            .wrap(from_fn(speak))
            .app_data(state.clone())
            .wrap(from_fn(old_callers::until_close))
            .configure(api::routes)
            .configure(|config| graphql::routes(config, graphql_explorer))
            .configure(openapi::routes)
            .configure(docs::routes)
            .configure(assets::routes)
    };
    let server = HttpServer::new(app)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .workers(threads())
        .shutdown_timeout(stop_timeout.as_secs().max(1))
        .disable_signals()
        .tcp_nodelay(true)
        .listen(listener)?;
    Ok(server.run())
}
