//! A URL tried as far as a connection: its name, its addresses, TLS. No request is made.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bluehook_core::target::{self, Destination, Target};
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

use super::{
    certificate::{self, Watching},
    guard::Guard,
    names::NoAddress,
    roots,
};
use crate::{
    Error, Result,
    config::Config,
    url_check::{Certificate, Failed, Phase, Step, UrlCheck},
};

/// The longest that one of several addresses is tried before the next one is.
const PER_ADDRESS: Duration = Duration::from_secs(2);

/// The most addresses of a name that are tried.
const MAX_ADDRESSES: usize = 4;

/// Tries URLs, within a time for each.
#[derive(Clone)]
pub(crate) struct Checker {
    guard: Guard,
    roots: Arc<rustls::RootCertStore>,
    timeout: Duration,
}

impl Checker {
    pub(crate) fn new(guard: Guard, config: &Config) -> Result<Checker> {
        let roots = Arc::new(roots::believed(config.ca_file.as_deref())?);
        Ok(Checker { guard, roots, timeout: config.timeout })
    }

    /// Everything that can be found out about a URL without a request.
    pub(crate) async fn check(&self, url: &str) -> UrlCheck {
        let mut found = UrlCheck::default();
        let target = match target::parse(url) {
            Ok(target) => target,
            Err(fault) => {
                found.steps.push((Step::Syntax, Some(Failed::Syntax(fault))));
                return found;
            }
        };
        found.steps.push((Step::Syntax, None));
        let deadline = Instant::now() + self.timeout;
        if let Some((step, failed)) = self.walk(&target, deadline, &mut found).await.err() {
            found.steps.push((step, Some(failed)));
        }
        found.target = Some(target);
        found
    }

    async fn walk(
        &self,
        target: &Target,
        deadline: Instant,
        found: &mut UrlCheck,
    ) -> Result<(), (Step, Failed)> {
        let addresses =
            self.addresses(target, deadline, found).await.map_err(|failed| (Step::Dns, failed))?;
        let mut vetted = addresses.into_iter().filter(|address| self.guard.allows(*address)).peekable();
        if vetted.peek().is_none() {
            return Err((Step::Address, Failed::Blocked));
        }
        found.steps.push((Step::Address, None));
        let addresses = vetted.take(MAX_ADDRESSES).map(|address| SocketAddr::new(address, target.port));
        let stream = self.connect(addresses, deadline).await.map_err(|failed| (Step::Connect, failed))?;
        found.steps.push((Step::Connect, None));
        if target.is_tls() {
            let (certificate, shaken) = self.shake(target, stream, deadline).await;
            found.certificate = certificate;
            shaken.map_err(|failed| (Step::Tls, failed))?;
            found.steps.push((Step::Tls, None));
        }
        Ok(())
    }

    async fn addresses(
        &self,
        target: &Target,
        deadline: Instant,
        found: &mut UrlCheck,
    ) -> Result<Vec<IpAddr>, Failed> {
        let name = match &target.host {
            Destination::Address(address) => return Ok(vec![*address]),
            Destination::Name(name) => name,
        };
        let looked_up = timeout_at(deadline, self.guard.find(name)).await;
        match looked_up.map_err(|_| Failed::TimedOut(Phase::Dns))? {
            Ok(addresses) if addresses.is_empty() => Err(Failed::NoSuchName),
            Ok(addresses) => {
                found.steps.push((Step::Dns, None));
                Ok(addresses)
            }
            Err(NoAddress::NoSuchName) => Err(Failed::NoSuchName),
            Err(NoAddress::NoAnswer) => Err(Failed::NoAnswer),
        }
    }

    async fn connect(
        &self,
        addresses: impl Iterator<Item = SocketAddr>,
        deadline: Instant,
    ) -> Result<TcpStream, Failed> {
        let mut last = Failed::Unreachable;
        for address in addresses {
            let until = deadline.min(Instant::now() + PER_ADDRESS);
            last = match timeout_at(until, TcpStream::connect(address)).await {
                Ok(Ok(stream)) if self.is_vetted(&stream) => return Ok(stream),
                Ok(Ok(_)) => Failed::Blocked,
                Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Failed::Refused,
                Ok(Err(_)) => Failed::Unreachable,
                Err(_) => Failed::TimedOut(Phase::Connect),
            };
        }
        Err(last)
    }

    /// The last word: the address that is really connected to.
    fn is_vetted(&self, stream: &TcpStream) -> bool {
        stream.peer_addr().is_ok_and(|peer| self.guard.allows(peer.ip()))
    }

    /// Agrees on TLS. Of a certificate that was shown is told even when it was not believed.
    async fn shake(
        &self,
        target: &Target,
        stream: TcpStream,
        deadline: Instant,
    ) -> (Option<Certificate>, Result<(), Failed>) {
        let Ok((config, watching)) = self.tls() else { return (None, Err(Failed::Handshake)) };
        let name = match &target.host {
            Destination::Name(name) => ServerName::try_from(name.clone()).ok(),
            Destination::Address(address) => Some(ServerName::from(*address)),
        };
        let Some(name) = name else { return (None, Err(Failed::Handshake)) };
        let shaken = timeout_at(deadline, TlsConnector::from(config).connect(name, stream)).await;
        let seen = watching.seen();
        let failed = match shaken {
            Ok(Ok(_)) => return (seen.map(|seen| seen.certificate), Ok(())),
            Ok(Err(error)) => certificate::why(&error, seen.as_ref()),
            Err(_) => Failed::TimedOut(Phase::Tls),
        };
        (seen.map(|seen| seen.certificate), Err(failed))
    }

    fn tls(&self) -> Result<(Arc<ClientConfig>, Arc<Watching>)> {
        let none = |error: String| Error::Config(format!("no TLS: {error}"));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let watching = Watching::new(self.roots.clone(), &provider).map_err(none)?;
        let watching = Arc::new(watching);
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| none(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(watching.clone())
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok((Arc::new(config), watching))
    }
}
