//! Name servers: the first is asked; when it is silent for a moment or cannot say, the next one is too.

use std::{net::SocketAddr, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig},
    net::{DnsError, NetError, runtime::TokioRuntimeProvider},
    proto::{
        op::ResponseCode,
        rr::{Name, RData, RecordType},
    },
};
use tokio::time;

use super::{Found, NoAddress};
use crate::{Error, Result};

/// How long a server may be silent before the next one is asked too.
const PATIENCE: Duration = Duration::from_millis(800);
/// How long one server is asked, twice.
const TIMEOUT: Duration = Duration::from_millis(2_500);
/// How long "there is none" is believed.
const NEGATIVE: Duration = Duration::from_secs(5);
/// The most servers that are asked (as in resolv.conf).
const MAX_SERVERS: usize = 3;

/// Name servers in the order to ask them. Each remembers its own answers.
pub(in super::super) struct Servers(Vec<TokioResolver>);

impl Servers {
    pub(super) fn new(addresses: &[SocketAddr]) -> Result<Servers> {
        let servers = addresses.iter().take(MAX_SERVERS).map(|address| server(*address));
        Ok(Servers(servers.collect::<Result<_>>()?))
    }

    /// Nobody to ask.
    pub(super) fn none() -> Servers {
        Servers(Vec::new())
    }

    /// The addresses of a name in one family.
    pub(super) async fn ask(&self, name: &Name, family: RecordType) -> Found {
        let mut next = self.0.iter();
        let mut asked = FuturesUnordered::new();
        asked.extend(next.next().map(|server| ask(server, name, family)));
        loop {
            let more = next.len() > 0;
            tokio::select! {
                answer = asked.next() => match answer {
                    None => return Err(NoAddress::NoAnswer),
                    // One that is certain decides.
                    Some(found @ (Ok(_) | Err(NoAddress::NoSuchName))) => return found,
                    Some(Err(NoAddress::NoAnswer)) => {}
                },
                () = time::sleep(PATIENCE), if more => {}
            }
            asked.extend(next.next().map(|server| ask(server, name, family)));
        }
    }
}

async fn ask(server: &TokioResolver, name: &Name, family: RecordType) -> Found {
    match server.lookup(name.clone(), family).await {
        Ok(answer) => {
            let addresses = answer.answers().iter().filter_map(|record| match &record.data {
                RData::A(address) => Some(address.0.into()),
                RData::AAAA(address) => Some(address.0.into()),
                _ => None,
            });
            let addresses: Vec<_> = addresses.collect();
            if addresses.is_empty() { Err(NoAddress::NoSuchName) } else { Ok(addresses) }
        }
        Err(NetError::Dns(DnsError::NoRecordsFound(none)))
            if matches!(none.response_code, ResponseCode::NXDomain | ResponseCode::NoError) =>
        {
            Err(NoAddress::NoSuchName)
        }
        Err(_) => Err(NoAddress::NoAnswer),
    }
}

/// One server, asked over UDP, and over TCP where an answer is too long for that.
fn server(address: SocketAddr) -> Result<TokioResolver> {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    let server = NameServerConfig::new(address.ip(), true, connections.into());
    let config = ResolverConfig::from_name_servers(vec![server]);
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    let options = builder.options_mut();
    options.timeout = TIMEOUT;
    options.attempts = 1;
    options.negative_max_ttl = Some(NEGATIVE);
    options.use_hosts_file = ResolveHosts::Never;
    builder.build().map_err(|error| Error::Config(format!("no name resolver: {error}")))
}
