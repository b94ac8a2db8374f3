//! Which addresses may be called: public ones, and those of networks that the operator allowed.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use bluehook_core::{
    input::Fault,
    target::{self, Destination, Target},
};
use ipnet::IpNet;

use super::names::{Lookup, Names, NoAddress};
use crate::{
    Error, Result,
    config::Config,
    model::failure::{Failure, FailureKind, Reason},
};

/// Resolves names and vets addresses. Cloned freely; the memory of names is shared.
#[derive(Clone)]
pub(crate) struct Guard(Arc<Inner>);

struct Inner {
    allowed: Vec<IpNet>,
    names: Names,
}

/// Where a host is: the addresses that may be called, in the order to try them, and what may still come.
pub(crate) struct Addresses {
    pub(super) vetted: Vec<SocketAddr>,
    lookup: Lookup,
}

/// An address that may not be called.
#[derive(Debug, thiserror::Error)]
#[error("a private or internal address")]
struct Blocked;

impl Guard {
    /// A guard that lets only public addresses through, and the networks of the configuration.
    pub(crate) fn new(config: &Config) -> Result<Guard> {
        Ok(Guard(Arc::new(Inner { allowed: config.allow_networks.clone(), names: Names::new(config)? })))
    }

    /// Whether this address may be called.
    pub(crate) fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        target::is_public(address) || self.0.allowed.iter().any(|network| network.contains(&address))
    }

    /// Reads a URL as it is saved, tried and called: by the rules for all, and, unless the operator opened a network,
    /// without names that never lead to a public address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(&self, url: &str) -> std::result::Result<Target, Fault> {
        let target = target::parse(url)?;
        if target.is_never_public() && self.0.allowed.is_empty() {
            return Err(Fault::NeverPublic);
        }
        Ok(target)
    }

    /// Whether a host leads into networks that the operator allowed, and nowhere else.
    pub(crate) async fn is_in_allowed_network(&self, host: &Destination) -> bool {
        let is_allowed =
            |ip: &IpAddr| self.0.allowed.iter().any(|network| network.contains(&ip.to_canonical()));
        match host {
            _ if self.0.allowed.is_empty() => false,
            Destination::Address(ip) => is_allowed(ip),
            Destination::Name(name) => {
                self.find(name).await.is_ok_and(|found| !found.is_empty() && found.iter().all(is_allowed))
            }
        }
    }

    /// Every address of a name that is known at once, whether it may be called or not.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn find(&self, name: &str) -> std::result::Result<Vec<IpAddr>, NoAddress> {
        Ok(self.0.names.look_up(name).await?.found)
    }

    /// The addresses that may be called for a host.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn resolve(
        &self,
        host: &Destination,
        port: u16,
    ) -> std::result::Result<Addresses, Failure> {
        let mut lookup = match host {
            Destination::Address(address) => Lookup::known(vec![*address]),
            Destination::Name(name) => self.0.names.look_up(name).await.map_err(unresolved)?,
        };
        let mut vetted = self.vetted(&lookup.found, port);
        if vetted.is_empty() {
            vetted = self.vetted(&lookup.rest().await, port);
        }
        if vetted.is_empty() {
            return Err(Failure::new(FailureKind::BlockedAddress));
        }
        Ok(Addresses { vetted, lookup })
    }

    /// The addresses of the other family that were not waited for.
    pub(super) async fn rest(&self, addresses: &mut Addresses, port: u16) -> Vec<SocketAddr> {
        let late = addresses.lookup.rest().await;
        self.vetted(&late, port)
    }

    fn vetted(&self, found: &[IpAddr], port: u16) -> Vec<SocketAddr> {
        found.iter().filter(|ip| self.allows(**ip)).map(|ip| SocketAddr::new(*ip, port)).collect()
    }

    /// Vets the address that a connection is really made to.
    ///
    /// # Errors
    /// One that [`Guard::has_refused`] knows.
    pub(super) fn vet_peer(&self, address: IpAddr) -> io::Result<()> {
        if self.allows(address) { Ok(()) } else { Err(io::Error::other(Blocked)) }
    }

    /// Whether an error says that an address may not be called.
    pub(super) fn has_refused(error: &io::Error) -> bool {
        error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Blocked>)
    }

    /// Vets a URL when it is saved, so that a person hears of it at once. What is connected to is vetted again.
    pub(crate) async fn vet(&self, pointer: &str, url: &str) -> Result<Target> {
        let target = self.read(url).map_err(|fault| Error::invalid(pointer, fault))?;
        match self.resolve(&target.host, target.port).await {
            Err(failure) if failure.kind == FailureKind::BlockedAddress => Err(Error::PrivateAddress),
            // A name that does not resolve now may resolve later: deliveries will tell.
            Ok(_) | Err(_) => Ok(target),
        }
    }
}

fn unresolved(reason: NoAddress) -> Failure {
    let reason = match reason {
        NoAddress::NoSuchName => Reason::NoSuchName,
        NoAddress::NoAnswer => Reason::NoAnswer,
    };
    Failure::because(FailureKind::Dns, reason)
}
