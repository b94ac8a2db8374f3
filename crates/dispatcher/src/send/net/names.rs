//! Names to addresses. A and AAAA are asked side by side, server after server; neither a server nor a family that is silent
//! delays the rest. Names are absolute: search domains are never tried.

use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use hickory_resolver::proto::rr::{Name, RecordType};
use tokio::time;

use crate::{Result, config::Config};

// Name servers, asked one after the other.
mod servers;

// What the system's files say, read again when they change.
mod system;

use servers::Servers;
use system::System;

/// How long the other family is waited for once one is here (RFC 8305, 3).
const RESOLUTION_DELAY: Duration = Duration::from_millis(50);

/// Finds addresses.
pub(super) enum Names {
    /// By these servers alone.
    Servers(Arc<Servers>),
    /// As the system does: its hosts file, then its servers.
    System(System),
}

/// Why there is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAddress {
    /// There is no such name, or nothing at it.
    NoSuchName,
    /// No server could say.
    NoAnswer,
}

/// The addresses of one family.
type Found = std::result::Result<Vec<IpAddr>, NoAddress>;
type Asked = Pin<Box<dyn Future<Output = Found> + Send>>;

/// The addresses of a name: what is known, and what may still come.
pub(super) struct Lookup {
    pub(super) found: Vec<IpAddr>,
    other: Option<Asked>,
}

impl Names {
    pub(super) fn new(config: &Config) -> Result<Names> {
        if config.name_servers.is_empty() {
            return Ok(Names::System(System::new(&config.resolver_file, &config.hosts_file)));
        }
        Ok(Names::Servers(Arc::new(Servers::new(&config.name_servers)?)))
    }

    /// Looks a name up.
    ///
    /// # Errors
    /// [`NoAddress`].
    pub(super) async fn look_up(&self, host: &str) -> std::result::Result<Lookup, NoAddress> {
        let host = host.strip_suffix('.').unwrap_or(host);
        if is_local(host) {
            return Ok(Lookup::known(vec![
                IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1_u16]),
                IpAddr::from([127, 0, 0, 1]),
            ]));
        }
        let servers = match self {
            Names::Servers(servers) => servers.clone(),
            Names::System(system) => {
                let files = system.files();
                if let Some(found) = files.hosts.get(&host.to_ascii_lowercase()) {
                    return Ok(Lookup::known(found.clone()));
                }
                files.servers.clone()
            }
        };
        // Names that no server could be asked for.
        let mut name =
            Name::from_labels(host.split('.').map(str::as_bytes)).map_err(|_| NoAddress::NoSuchName)?;
        name.set_fqdn(true);
        let ask = |family| -> Asked {
            let (servers, name) = (servers.clone(), name.clone());
            Box::pin(async move { servers.ask(&name, family).await })
        };
        first_of(ask(RecordType::AAAA), ask(RecordType::A)).await
    }
}

/// What either family knows first, and a moment later both.
async fn first_of(v6: Asked, v4: Asked) -> std::result::Result<Lookup, NoAddress> {
    let (first, mut other) = match select(v6, v4).await {
        Either::Left((first, other)) | Either::Right((first, other)) => (first, other),
    };
    let mut found = match first {
        Ok(found) => found,
        Err(reason) => {
            return match other.await {
                Ok(found) => Ok(Lookup::known(found)),
                // What nobody could say is not what everybody denies.
                Err(second) if reason == NoAddress::NoSuchName => Err(second),
                Err(_) => Err(reason),
            };
        }
    };
    match time::timeout(RESOLUTION_DELAY, &mut other).await {
        Ok(second) => {
            found.extend(second.unwrap_or_default());
            Ok(Lookup::known(found))
        }
        Err(_) => Ok(Lookup { found, other: Some(other) }),
    }
}

impl Lookup {
    pub(super) fn known(found: Vec<IpAddr>) -> Lookup {
        Lookup { found, other: None }
    }

    /// Waits for the addresses of the other family, when they were not waited for.
    pub(super) async fn rest(&mut self) -> Vec<IpAddr> {
        match self.other.take() {
            Some(other) => other.await.unwrap_or_default(),
            None => Vec::new(),
        }
    }
}

/// Names that always mean this machine (RFC 6761, 6.3).
fn is_local(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("localhost")
}
