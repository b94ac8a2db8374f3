//! Connecting: what awc calls when its pool has no connection to reuse. Every address is vetted here, right before it is
//! connected to, however the URL spelt it.

use std::{future::Future, io, pin::Pin, time::Duration};

use actix_service::Service;
use actix_tls::connect::{ConnectError, ConnectInfo, Connection};
use awc::http::Uri;
use bluehook_core::target;
use tokio::{net::TcpStream, time};

use super::{
    guard::{Guard, Refusal},
    stream::{Stream, reached},
};

/// The longest that one of several addresses is tried before the next one is.
const PER_ADDRESS: Duration = Duration::from_secs(2);

/// Connects to vetted addresses only.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) guard: Guard,
}

impl Service<ConnectInfo<Uri>> for Connector {
    type Response = Connection<Uri, Stream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>>>>;

    actix_service::always_ready!();

    fn call(&self, info: ConnectInfo<Uri>) -> Self::Future {
        let guard = self.guard.clone();
        Box::pin(async move {
            reached(|exchange| &exchange.connecting);
            let uri = info.request().clone();
            let stream = connect(&guard, &uri).await?;
            Ok(Connection::new(uri, Stream::new(stream)))
        })
    }
}

async fn connect(guard: &Guard, uri: &Uri) -> Result<TcpStream, ConnectError> {
    let target =
        target::parse(&uri.to_string()).map_err(|fault| ConnectError::Io(io::Error::other(fault)))?;
    let addresses = guard.resolve(&target.host, target.port).await.map_err(refused)?;
    reached(|exchange| &exchange.resolved);
    let several = addresses.len() > 1;
    let mut last = ConnectError::NoRecords;
    for address in addresses {
        let attempt = TcpStream::connect(address);
        let connected = if several {
            time::timeout(PER_ADDRESS, attempt).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        } else {
            attempt.await
        };
        match connected.and_then(|stream| vetted(guard, stream)) {
            Ok(stream) => {
                reached(|exchange| &exchange.connected);
                return Ok(stream);
            }
            Err(error) => last = ConnectError::Io(error),
        }
    }
    Err(last)
}

/// The last word: the address that the socket is really connected to.
fn vetted(guard: &Guard, stream: TcpStream) -> io::Result<TcpStream> {
    if !guard.allows(stream.peer_addr()?.ip()) {
        return Err(io::Error::other(Blocked(
            "the connection led to a private or internal address".to_owned(),
        )));
    }
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn refused(refusal: Refusal) -> ConnectError {
    match refusal {
        Refusal::Unresolved(detail) => ConnectError::Resolver(detail.into()),
        Refusal::Blocked(detail) => ConnectError::Io(io::Error::other(Blocked(detail))),
    }
}

/// An address that may not be called.
#[derive(Debug)]
pub(super) struct Blocked(pub(super) String);

impl std::fmt::Display for Blocked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Blocked {}
