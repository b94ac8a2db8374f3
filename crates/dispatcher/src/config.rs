//! What a dispatcher is opened with. Every limit has a name here.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use bluehook_core::retry;
use ipnet::IpNet;

use crate::Keyring;

/// How a dispatcher works. [`Config::new`] has the defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// The SQLite file; made when it does not exist.
    pub database: PathBuf,
    /// What secrets are encrypted with at rest: the newest key, and those that some are still encrypted with.
    pub encryption_key: Keyring,
    /// Networks that may be called although they are not public.
    pub allow_networks: Vec<IpNet>,
    /// The name servers that are asked where receivers are; none: those of the system, and its hosts file.
    pub name_servers: Vec<SocketAddr>,
    /// The system's list of name servers, and its hosts file: used where no name servers are given, and read again when
    /// they change.
    pub resolver_file: PathBuf,
    /// See `resolver_file`.
    pub hosts_file: PathBuf,
    /// Certificates (PEM) that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// How long events, deliveries and attempts are kept.
    pub retention: Duration,
    /// How long the audit trail is kept.
    pub audit_retention: Duration,
    /// What of the database's disk events may not use, in bytes: with less room they are refused with
    /// [`crate::Trouble::Full`], so that what is there can still be sent, and taken away when its time is over.
    pub disk_reserve: u64,
    /// When failed deliveries are tried again.
    pub retry: retry::Policy,
    /// How long one attempt may take, from resolving the name to the last byte of the answer.
    pub timeout: Duration,
    /// How long the connections to a receiver are kept when nothing is sent to it; they are closed at most a quarter of
    /// this later.
    pub idle_timeout: Duration,
    /// The most requests under way at once, over all webhooks.
    pub max_in_flight: usize,
    /// The most requests under way at once to one webhook.
    pub max_in_flight_per_webhook: usize,
    /// The most deliveries that may wait before new events are refused with [`crate::Error::Overloaded`].
    pub max_backlog: u64,
    /// The most enabled webhooks of one company, checked when one is made.
    pub webhook_limit_per_company: u32,
    /// The threads that send; at least 1.
    pub workers: usize,
}

impl Config {
    /// The defaults, for a database file and a key.
    pub fn new(database: impl Into<PathBuf>, encryption_key: impl Into<Keyring>) -> Config {
        Config {
            database: database.into(),
            encryption_key: encryption_key.into(),
            allow_networks: Vec::new(),
            name_servers: Vec::new(),
            resolver_file: PathBuf::from("/etc/resolv.conf"),
            hosts_file: PathBuf::from("/etc/hosts"),
            ca_file: None,
            retention: Duration::from_hours(30 * 24),
            audit_retention: Duration::from_hours(365 * 24),
            disk_reserve: 64 << 20,
            retry: retry::Policy::default(),
            timeout: Duration::from_secs(7),
            idle_timeout: Duration::from_secs(20),
            max_in_flight: 1_024,
            max_in_flight_per_webhook: 32,
            max_backlog: 10_000_000,
            webhook_limit_per_company: 100,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}
