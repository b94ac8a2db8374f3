//! Who may connect: an address has only so many connections; more are told so and closed.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::ResponseError;
use bluehook_core::language::Language;
use ipnet::IpNet;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    addresses::{Address, Addresses},
    connection::Connection,
    stream::Stream,
};
use crate::{
    limits::{Limit, Refusals},
    problem::{Body, Problem, RequestId},
};

/// The most connections that are told why they are closed at once; more are closed without a word.
const MAX_TOLD: usize = 64;

/// How long that may take.
const TELLING: Duration = Duration::from_secs(1);

/// The seconds after which one may try again.
const RETRY_AFTER: u32 = 5;

/// Who may connect. Cloned freely; all clones are one.
#[derive(Clone)]
pub(crate) struct Door {
    addresses: Addresses,
    /// The most connections of an address.
    most: usize,
    /// Proxies, behind which many callers are: they have as many connections as they need.
    trusted: Arc<[IpNet]>,
    told: Arc<AtomicUsize>,
    refusals: Refusals,
}

impl Door {
    pub(crate) fn new(most: usize, trusted: Arc<[IpNet]>, refusals: Refusals) -> Door {
        Door { addresses: Addresses::default(), most, trusted, told: Arc::default(), refusals }
    }

    /// Lets a connection in.
    pub(super) async fn admit(&self, socket: TcpStream) -> io::Result<(Stream, SocketAddr)> {
        let peer = socket.peer_addr()?;
        socket.set_nodelay(true)?;
        if self.is_trusted(peer.ip()) {
            return Ok((Stream::new(socket, Connection::new(None)), peer));
        }
        if let Some(counted) = self.addresses.count(Address::of(peer.ip()), self.most) {
            return Ok((Stream::new(socket, Connection::new(Some(counted))), peer));
        }
        self.refusals.note(Limit::Connections);
        self.refuse(socket).await;
        Err(io::ErrorKind::ConnectionRefused.into())
    }

    fn is_trusted(&self, ip: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&ip.to_canonical()))
    }

    async fn refuse(&self, socket: TcpStream) {
        if self.told.fetch_add(1, Ordering::AcqRel) < MAX_TOLD {
            // Whether it is heard is the caller's affair.
            let _ = timeout(TELLING, tell(socket, self.most)).await;
        }
        self.told.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Says why, and waits until the caller has had the time to read it: a connection that is closed over what it sent takes
/// back what it was told.
async fn tell(mut socket: TcpStream, most: usize) -> io::Result<()> {
    let problem = Problem::rate_limited(most, "ADDRESS", RETRY_AFTER);
    let id = RequestId::new();
    let body = serde_json::to_vec(&Body::new(&problem, Language::English, &id)).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {}\r\ncontent-type: application/problem+json\r\nretry-after: {RETRY_AFTER}\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n",
        problem.status_code(),
        body.len()
    );
    socket.write_all(head.as_bytes()).await?;
    socket.write_all(&body).await?;
    socket.shutdown().await?;
    let mut rest = [0; 1_024];
    while socket.read(&mut rest).await? > 0 {}
    Ok(())
}
