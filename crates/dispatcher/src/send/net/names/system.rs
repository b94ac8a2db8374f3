//! The system's hosts file and name servers, read again when they change.

use std::{
    collections::HashMap,
    fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use hickory_resolver::system_conf;

use super::servers::Servers;

/// How often it is looked whether the files changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The most of a file that is read.
const MAX_FILE: u64 = 1 << 20;
/// The port of name servers.
const PORT: u16 = 53;

/// The two files.
pub(in super::super) struct System {
    resolver: PathBuf,
    hosts: PathBuf,
    known: Mutex<Option<Known>>,
}

struct Known {
    looked_at: Instant,
    stamps: [Stamp; 2],
    files: Arc<Files>,
}

/// What tells a changed file: when it was written, and how long it is.
type Stamp = Option<(SystemTime, u64)>;

/// What the files say.
pub(super) struct Files {
    /// Addresses by name, in lower case.
    pub(super) hosts: HashMap<String, Vec<IpAddr>>,
    pub(super) servers: Arc<Servers>,
}

impl System {
    pub(super) fn new(resolver: &Path, hosts: &Path) -> System {
        System { resolver: resolver.to_owned(), hosts: hosts.to_owned(), known: Mutex::default() }
    }

    /// What the files say now, but for a second.
    pub(super) fn files(&self) -> Arc<Files> {
        let known = &mut *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some(known) = known {
            if now - known.looked_at < LOOK_EVERY {
                return known.files.clone();
            }
            known.looked_at = now;
            if known.stamps == self.stamps() {
                return known.files.clone();
            }
        }
        let (stamps, files) = (self.stamps(), Arc::new(self.read()));
        *known = Some(Known { looked_at: now, stamps, files: files.clone() });
        files
    }

    fn stamps(&self) -> [Stamp; 2] {
        [&self.resolver, &self.hosts].map(|path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        })
    }

    fn read(&self) -> Files {
        let servers = servers(&text(&self.resolver));
        let servers = Servers::new(&servers).unwrap_or_else(|error| {
            tracing::warn!(%error, "the system's name servers cannot be asked");
            Servers::none()
        });
        Files { hosts: hosts(&text(&self.hosts)), servers: Arc::new(servers) }
    }
}

/// A file as text; nothing when it cannot be read or is far too long.
fn text(path: &Path) -> String {
    let fits = fs::metadata(path).is_ok_and(|metadata| metadata.len() <= MAX_FILE);
    let bytes = if fits { fs::read(path).unwrap_or_default() } else { Vec::new() };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The name servers of a resolv.conf; without any it is this machine, as in resolv.conf(5).
fn servers(text: &str) -> Vec<SocketAddr> {
    let found = system_conf::parse_resolv_conf(text).map(|(config, _)| config);
    let servers = found.map(|config| config.name_servers().iter().map(|server| server.ip).collect());
    let servers: Vec<IpAddr> = servers.unwrap_or_default();
    let default = servers.is_empty().then(|| IpAddr::from([127, 0, 0, 1]));
    servers.into_iter().chain(default).map(|address| SocketAddr::new(address, PORT)).collect()
}

/// The names of a hosts file.
fn hosts(text: &str) -> HashMap<String, Vec<IpAddr>> {
    let mut hosts = HashMap::<String, Vec<IpAddr>>::new();
    for line in text.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(address) = words.next().and_then(|word| word.parse::<IpAddr>().ok()) else { continue };
        for name in words {
            let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
            let addresses = hosts.entry(name).or_default();
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hosts_file_is_read() {
        let hosts = hosts(
            "# none\n127.0.0.1\tlocalhost Own.Example # a\n::1 own.example.\nnot-an-address x\n10.0.0.1\n",
        );
        let own: Vec<String> = hosts["own.example"].iter().map(IpAddr::to_string).collect();
        assert_eq!((hosts.len(), own), (2, vec!["127.0.0.1".to_owned(), "::1".to_owned()]));
    }

    #[test]
    fn name_servers_are_read_and_search_domains_are_not() {
        for (text, expected) in [
            (
                "search corp.example\nnameserver 10.0.0.1\n# x\nnameserver ::1\noptions ndots:5\n",
                vec!["10.0.0.1:53", "[::1]:53"],
            ),
            ("", vec!["127.0.0.1:53"]),
        ] {
            let found: Vec<String> = servers(text).iter().map(SocketAddr::to_string).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn files_are_read_again_when_they_change() {
        let folder = tempfile::TempDir::new().unwrap();
        let (resolver, hosts) = (folder.path().join("resolv.conf"), folder.path().join("hosts"));
        let system = System::new(&resolver, &hosts);
        assert!(system.files().hosts.is_empty());
        fs::write(&hosts, "10.0.0.1 a.example\n").unwrap();
        // As if a second had passed.
        let past = Instant::now().checked_sub(LOOK_EVERY).unwrap();
        system.known.lock().unwrap().as_mut().unwrap().looked_at = past;
        assert!(system.files().hosts.contains_key("a.example"));
    }
}
