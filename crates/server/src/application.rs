//! The server as a whole: one start path for the program and for tests, and a stop that loses nothing.

use std::{
    future::Future,
    io,
    net::{SocketAddr, TcpListener},
    pin::pin,
    time::Duration,
};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web};
use bluehook_dispatcher::{self as dispatcher, Dispatcher};

use crate::{
    api, assets,
    auth::{AdminToken, Sessions, TokenHash, Tokens},
    config::Config,
    docs, graphql, openapi,
    problem::speak,
    random,
    state::State,
};

/// Where the hash of a token that was made at first start is kept.
const ADMIN_TOKEN_HASH: &str = "admin-token-sha256";

/// How long an idle connection of a caller is kept: longer than usual clients keep theirs.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long the head of a request may take to arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long requests under way may take to end when the server stops, in seconds.
const STOP_TIMEOUT_SECONDS: u64 = 30;

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
}

impl Application {
    /// Opens the dispatcher and listens. Callers may connect from now on; they are answered once it runs.
    ///
    /// # Errors
    /// When the address is taken, or the store does not open.
    pub async fn build(config: Config) -> Result<Application, StartError> {
        let graphql_explorer = config.graphql_explorer;
        let listener = listen(&config.listen)?;
        let address = listener.local_addr()?;
        let dispatcher = Dispatcher::open(config.dispatcher).await?;
        let (admin_token, new_admin_token) = admin_token(config.admin_token, &dispatcher).await?;
        let tokens = Tokens::load(dispatcher.clone()).await?;
        let sessions = Sessions::load(dispatcher.clone()).await?;
        let people = (tokens, sessions);
        let state = State::new(dispatcher, admin_token, people, config.public_url, config.body_limit);
        let state = web::Data::new(state);
        let server = serve(listener, state.clone(), graphql_explorer)?;
        Ok(Application { server, address, state, new_admin_token })
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

    /// Answers until `shutdown` ends. Then nothing new is taken in, requests under way are finished, and the dispatcher
    /// drains.
    ///
    /// # Errors
    /// When the server breaks.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), StartError> {
        let Application { server, state, .. } = self;
        let handle = server.handle();
        let stop = async {
            shutdown.await;
            state.stop();
            handle.stop(true).await;
        };
        let ended = end_of(server, stop).await;
        state.dispatcher.shutdown().await;
        Ok(ended?)
    }
}

/// Runs the server until it ends, with what stops it beside it.
async fn end_of(server: Server, stop: impl Future<Output = ()>) -> io::Result<()> {
    let mut server = pin!(server);
    tokio::select! {
        ended = &mut server => ended,
        () = stop => server.await,
    }
}

fn listen(address: &str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|error| StartError::Listen { address: address.to_owned(), error })
}

/// The hash that callers are checked against: of the given token, of the one made earlier, or of one made now.
async fn admin_token(
    given: Option<AdminToken>,
    dispatcher: &Dispatcher,
) -> dispatcher::Result<(TokenHash, Option<AdminToken>)> {
    if let Some(given) = given {
        return Ok((given.hash(), None));
    }
    let stored = dispatcher.setting(ADMIN_TOKEN_HASH).await?;
    if let Some(hash) = stored.and_then(|hex| TokenHash::from_hex(&hex)) {
        return Ok((hash, None));
    }
    let made = AdminToken::from_random(random::bytes()?);
    dispatcher.set_setting(ADMIN_TOKEN_HASH, made.hash().to_hex()).await?;
    Ok((made.hash(), Some(made)))
}

fn serve(listener: TcpListener, state: web::Data<State>, graphql_explorer: bool) -> io::Result<Server> {
    let app = move || {
        App::new()
            .wrap(from_fn(speak))
            .app_data(state.clone())
            .configure(api::routes)
            .configure(|config| graphql::routes(config, graphql_explorer))
            .configure(openapi::routes)
            .configure(docs::routes)
            .configure(assets::routes)
    };
    let server = HttpServer::new(app)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .shutdown_timeout(STOP_TIMEOUT_SECONDS)
        .disable_signals()
        .tcp_nodelay(true)
        .listen(listener)?;
    Ok(server.run())
}
