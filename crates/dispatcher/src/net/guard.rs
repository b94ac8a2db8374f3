//! Which addresses may be called: public ones, and those of networks that the operator allowed.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use bluehook_core::target::{self, Destination, Target};
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
};
use ipnet::IpNet;

use crate::{Error, Result};

/// Resolves names and vets addresses. Cloned freely; the cache of names is shared.
#[derive(Clone)]
pub(crate) struct Guard(Arc<Inner>);

struct Inner {
    allowed: Vec<IpNet>,
    resolver: TokioResolver,
}

/// Why a name leads nowhere that may be called.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The name could not be resolved.
    Unresolved(String),
    /// Everything it leads to may not be called.
    Blocked(String),
}

/// A name server asked over UDP, and over TCP where an answer is too long for that.
fn name_server(server: SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection
    });
    NameServerConfig::new(server.ip(), true, connections.into())
}

impl Guard {
    /// A guard that lets only public addresses through, and these networks; it asks these name servers, or the system's.
    pub(crate) fn new(allowed: Vec<IpNet>, name_servers: &[SocketAddr]) -> Result<Guard> {
        let asking = |config| TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        let builder = if name_servers.is_empty() {
            // Without a readable system configuration names resolve by the hosts file alone.
            TokioResolver::builder_tokio().unwrap_or_else(|error| {
                tracing::warn!(%error, "the system's resolver settings cannot be read; only the hosts file is used");
                asking(ResolverConfig::default())
            })
        } else {
            let servers = name_servers.iter().map(|server| name_server(*server)).collect();
            asking(ResolverConfig::from_name_servers(servers))
        };
        let resolver =
            builder.build().map_err(|error| Error::Config(format!("no name resolver: {error}")))?;
        Ok(Guard(Arc::new(Inner { allowed, resolver })))
    }

    /// Whether this address may be called.
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        target::is_public(address) || self.0.allowed.iter().any(|network| network.contains(&address))
    }

    /// Whether a host leads into networks that the operator allowed, and nowhere else.
    pub(crate) async fn is_in_allowed_network(&self, host: &Destination) -> bool {
        let is_allowed =
            |ip: &IpAddr| self.0.allowed.iter().any(|network| network.contains(&ip.to_canonical()));
        match host {
            _ if self.0.allowed.is_empty() => false,
            Destination::Address(ip) => is_allowed(ip),
            Destination::Name(name) => {
                self.lookup(name).await.is_ok_and(|found| !found.is_empty() && found.iter().all(is_allowed))
            }
        }
    }

    /// The addresses that may be called for a host, in the order to try them.
    pub(crate) async fn resolve(&self, host: &Destination, port: u16) -> Result<Vec<SocketAddr>, Refusal> {
        let found = match host {
            Destination::Address(address) => vec![*address],
            Destination::Name(name) => self.lookup(name).await?,
        };
        let vetted: Vec<SocketAddr> =
            found.iter().filter(|ip| self.allows(**ip)).map(|ip| SocketAddr::new(*ip, port)).collect();
        match (vetted.is_empty(), found.first()) {
            (false, _) => Ok(vetted),
            (true, Some(address)) => {
                Err(Refusal::Blocked(format!("{address} is a private or internal address")))
            }
            (true, None) => Err(Refusal::Unresolved("the name has no address".to_owned())),
        }
    }

    async fn lookup(&self, name: &str) -> Result<Vec<IpAddr>, Refusal> {
        let found = self.find(name).await;
        found.map_err(|error| Refusal::Unresolved(format!("{name} could not be resolved: {error}")))
    }

    /// Every address of a name, whether it may be called or not.
    pub(super) async fn find(&self, name: &str) -> Result<Vec<IpAddr>, NetError> {
        // A final dot keeps the system's search domains out of it.
        let absolute =
            if name.ends_with('.') || name == "localhost" { name.to_owned() } else { format!("{name}.") };
        Ok(self.0.resolver.lookup_ip(absolute).await?.iter().collect())
    }

    /// Vets a URL when it is saved, so that a person hears of it at once. What is connected to is vetted again.
    pub(crate) async fn vet(&self, pointer: &str, url: &str) -> Result<Target> {
        let target = target::parse(url).map_err(|fault| Error::invalid(pointer, fault))?;
        match self.resolve(&target.host, target.port).await {
            Err(Refusal::Blocked(_)) => Err(Error::PrivateAddress),
            // A name that does not resolve now may resolve later: deliveries will tell.
            Ok(_) | Err(Refusal::Unresolved(_)) => Ok(target),
        }
    }
}
