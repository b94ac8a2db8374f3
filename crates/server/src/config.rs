//! What the server is built from, and how that is gathered from command line, environment and file.

use std::time::Duration;

use bluehook_dispatcher as dispatcher;
use ipnet::IpNet;

use crate::auth::AdminToken;

// The table of settings.
mod setting;

// Where they come from: a file.
mod sources;

// Where they come from: the environment.
mod environment;

// Variables of a cluster that begin as ours do.
mod service_links;

// Values as TOML writes them.
mod quoted;

// Secrets in files.
mod secret_file;

// All of them, the effective value of each.
mod settings;

// How values are spelt.
mod units;

// How single values are read.
mod values;

// Where the database is.
mod paths;

// The key beside the database.
mod key;

// Files that only this program's user reads.
mod private_file;

pub(crate) use environment::{ARGUMENTS, is_blank};
pub(crate) use paths::whole;
pub(crate) use private_file::replace as replace_private_file;
pub(crate) use secret_file::read as read_secret_file;
pub(crate) use setting::{SETTINGS, Setting};
pub(crate) use settings::{Read, Settings};
pub(crate) use sources::Given;
pub(crate) use units::duration;

/// How a server works. [`Config::new`] has the defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens, such as `127.0.0.1:8080`; port 0 takes any free one.
    pub listen: String,
    /// Where people reach it, such as `https://hooks.example.com`, without a slash at the end; sign-in links begin with it.
    pub public_url: Option<String>,
    /// How it stores and sends.
    pub dispatcher: dispatcher::Config,
    /// The token of the backend; one is made at first start when there is none.
    pub admin_token: Option<AdminToken>,
    /// Whether a token that is made is written to `<database>.admin-token`; if not, somebody has to be shown
    /// [`crate::Application::new_admin_token`].
    pub admin_token_in_file: bool,
    /// The largest request body that is read, in bytes.
    pub body_limit: usize,
    /// Proxies in front of the server: whose request it is, is believed from them only, and they have as many connections as
    /// they need.
    pub trusted_proxies: Vec<IpNet>,
    /// The most connections of one address, or of one IPv6 network of 64 bits.
    pub max_connections_per_address: usize,
    /// How long a stop may take, requests and deliveries under way included.
    pub stop_timeout: Duration,
    /// Whether `GET /graphql` shows a page to try queries on.
    pub graphql_explorer: bool,
}

impl Config {
    /// The defaults around a dispatcher's configuration.
    pub fn new(dispatcher: dispatcher::Config) -> Config {
        Config {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: None,
            dispatcher,
            admin_token: None,
            admin_token_in_file: false,
            body_limit: 1 << 20,
            trusted_proxies: Vec::new(),
            max_connections_per_address: 1_100,
            stop_timeout: Duration::from_secs(10),
            graphql_explorer: false,
        }
    }
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogConfig {
    /// How lines are written.
    pub(crate) format: LogFormat,
    /// Which lines: a level, or levels by module.
    pub(crate) level: String,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Lines for a person.
    Text,
    /// One JSON object a line.
    Json,
}
