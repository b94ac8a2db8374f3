//! Connections, below HTTP: every head and body has a deadline, a write that stalls is ended, an address has only so many
//! connections, and a request has one reading only.
//!
//! The library above is given nothing but heads that are whole and were found to be good, spelt anew without what would
//! change how the rest is read (`Upgrade`, `Expect`). For a head that is not good it is given a request that
//! [`routes`] answers with the problem, so that answers keep their order.

use std::{fmt::Debug, io, net::TcpListener, rc::Rc, time::Duration};

use actix_http::{HttpServiceBuilder, Protocol, Request, body::MessageBody, error::DispatchError};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    Error, HttpRequest,
    dev::{AppConfig, Response, Server, ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};
use tokio::net::TcpStream;

// How many connections each address has.
mod addresses;

// What of a connection the requests on it can see.
mod connection;

// The head of a request.
mod head;

// Where a body ends.
mod framing;

// The bytes of a connection, watched.
mod stream;

// Answers as their readers take them.
mod pieces;

// Who may connect.
mod door;

// How many descriptors the system lets this program have.
mod descriptors;

pub(crate) use addresses::{Address, caller_ip};
pub(crate) use connection::Connection;
pub(crate) use descriptors::raise as raise_descriptors;
pub(crate) use door::Door;
use pieces::Pieces;
use stream::Stream;

use crate::problem::Problem;

/// How long an idle connection of a caller is kept: longer than usual clients keep theirs.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long a connection that is being closed may take to be.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The path of the request that stands for one that could not be read.
const FAULT: &str = "/_fault";

/// The answer to a head that was no good.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource(FAULT).to(fault));
}

/// Around everything: the next request of a connection waits until all of an answer was given, piece by piece.
pub(crate) async fn one_at_a_time<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Pieces>, Error> {
    let answering = Connection::answering(request.request());
    let answer = next.call(request).await?;
    Ok(pieces::cut(answer.map_into_boxed_body(), answering))
}

async fn fault(request: HttpRequest) -> Problem {
    let connection = request.conn_data::<Rc<Connection>>();
    connection.and_then(|connection| connection.fault()).unwrap_or_else(|| Problem::not_found("This route"))
}

/// A server whose connections come through a door, with so many threads, that takes so long to stop.
pub(crate) fn serve<F, I, S, B>(
    listener: TcpListener,
    door: Door,
    (threads, stop_timeout): (usize, Duration),
    app: F,
) -> io::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<Error> + 'static,
    S::InitError: Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let builder =
        Server::build().disable_signals().workers(threads).shutdown_timeout(stop_timeout.as_secs().max(1));
    let stopping = builder.graceful_shutdown_signal();
    let server = builder.listen("bluehook", listener, move || {
        let (door, stopping) = (door.clone(), stopping.clone());
        let app = app().into_factory().map_err(|error| error.into().error_response());
        let http = HttpServiceBuilder::<Stream, _>::default()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(CLOSE_TIMEOUT)
            .on_connect_ext(|stream: &Stream, data| {
                data.insert(stream.connection());
            })
            .finish(map_config(app, |()| AppConfig::default()));
        fn_service(move |socket: TcpStream| {
            let door = door.clone();
            async move {
                let (stream, peer) = door.admit(socket).await.map_err(DispatchError::Io)?;
                Ok((stream, Protocol::Http1, Some(peer)))
            }
        })
        .and_then(http)
    })?;
    Ok(server.run())
}
