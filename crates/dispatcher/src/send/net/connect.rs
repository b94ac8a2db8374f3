//! Connecting: what awc calls when its pool has no connection to reuse. Every address is vetted here, right before it is
//! connected to, however the URL spelt it.

use std::{future::Future, io, net::SocketAddr, pin::Pin, rc::Rc, sync::Arc};

use actix_service::Service;
use actix_tls::connect::{ConnectError, ConnectInfo, Connection};
use awc::http::Uri;
use bluehook_core::target::Target;
use rustls::ClientConfig;
use tokio::{net::TcpStream, time::Instant};

use super::{
    exchange::{self, Exchange},
    guard::{Addresses, Guard},
    stream::Stream,
    tls,
    transport::{Counted, Transport},
};
use crate::model::failure::{Failure, FailureKind, Reason};

// Several addresses, tried side by side.
mod race;

/// Connects to vetted addresses only.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) guard: Guard,
    pub(super) tls: Arc<ClientConfig>,
}

impl Service<ConnectInfo<Uri>> for Connector {
    type Response = Connection<Uri, Stream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>>>>;

    actix_service::always_ready!();

    fn call(&self, info: ConnectInfo<Uri>) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move {
            let exchange = exchange::current().ok_or(ConnectError::Unresolved)?;
            match connector.connect(&exchange).await {
                Ok(stream) => Ok(Connection::new(info.request().clone(), stream)),
                Err(failure) => {
                    exchange.fail(failure);
                    Err(ConnectError::Unresolved)
                }
            }
        })
    }
}

impl Connector {
    async fn connect(&self, exchange: &Rc<Exchange>) -> Result<Stream, Failure> {
        let request = exchange.request.as_ref().ok_or_else(|| Failure::new(FailureKind::Connect))?;
        let target = &request.target;
        exchange.connecting.set(Some(Instant::now()));
        let addresses = self.guard.resolve(&target.host, target.port).await?;
        exchange.resolved.set(Some(Instant::now()));
        let tcp = self.reach(addresses, target).await?;
        exchange.connected.set(Some(Instant::now()));
        let counted = Counted::new(tcp);
        Ok(Stream::new(if target.is_tls() {
            Transport::Secure(Box::new(tls::agree(&self.tls, target, counted).await?))
        } else {
            Transport::Plain(counted)
        }))
    }

    /// A connection to one of the addresses; to those that came late only when the first lead nowhere.
    pub(super) async fn reach(
        &self,
        mut addresses: Addresses,
        target: &Target,
    ) -> Result<TcpStream, Failure> {
        let mut reached = race::reach(&addresses.vetted, |address| self.dial(address)).await;
        if reached.is_err() {
            let late = self.guard.rest(&mut addresses, target.port).await;
            if !late.is_empty() {
                reached = race::reach(&late, |address| self.dial(address)).await;
            }
        }
        reached.map_err(|error| {
            if Guard::has_refused(&error) {
                Failure::new(FailureKind::BlockedAddress)
            } else if error.kind() == io::ErrorKind::ConnectionRefused {
                Failure::because(FailureKind::Connect, Reason::Refused)
            } else {
                Failure::because(FailureKind::Connect, Reason::Unreachable)
            }
        })
    }

    /// One address. The last word has the one that the socket is really connected to.
    async fn dial(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let tcp = TcpStream::connect(address).await?;
        self.guard.vet_peer(tcp.peer_addr()?.ip())?;
        tcp.set_nodelay(true)?;
        Ok(tcp)
    }
}
