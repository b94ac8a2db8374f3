//! The effective value of every setting, where it came from, and what it means.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fmt::Write,
    path::{Path, PathBuf},
};

use bluehook_dispatcher::{self as dispatcher, EncryptionKey, Keyring};

use super::{
    Config, LogConfig, LogFormat, environment, key, paths, private_file,
    quoted::quoted,
    setting::{SETTINGS, Setting},
    sources::{self, Given},
    units, values,
};
use crate::{auth::AdminToken, harmless, masked};

/// Every setting with its effective value, and what is wrong with what was given.
pub(crate) struct Settings {
    effective: Vec<Given>,
    problems: Vec<String>,
}

impl Settings {
    /// Gathers the settings: command line over environment over file over defaults. Unknown names and files that cannot be
    /// read are kept as problems.
    pub(crate) fn gather(
        command_line: Vec<Given>,
        variables: impl Iterator<Item = (String, String)>,
        file: Option<&Path>,
    ) -> Settings {
        let mut problems = Vec::new();
        let from_file = file.map(|path| sources::file(path, &mut problems)).unwrap_or_default();
        let from_environment = environment::read(variables, &mut problems);
        let given = [command_line, from_environment, from_file].concat();
        let effective = SETTINGS.iter().map(|setting| effective(setting, &given)).collect();
        Settings { effective, problems }
    }

    /// What is wrong with the names, files and variables that were given.
    ///
    /// # Errors
    /// All of it.
    pub(crate) fn known(&self) -> Result<(), Vec<String>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems.clone()) }
    }

    /// The database alone, for those who do not serve.
    ///
    /// # Errors
    /// Everything that is wrong with the settings' names, or with this one.
    pub(crate) fn database(&self) -> Result<PathBuf, Vec<String>> {
        let mut reader = self.reader();
        let database = reader.value("database", paths::database);
        database.filter(|_| reader.problems.is_empty()).ok_or(reader.problems)
    }

    /// How the log is to be.
    ///
    /// # Errors
    /// Everything that is wrong with the settings' names, or with these two.
    pub(crate) fn log(&self) -> Result<LogConfig, Vec<String>> {
        let mut reader = self.reader();
        let format = reader.value("log-format", values::log_format);
        let level = reader.value("log-level", values::log_level);
        let log = format.zip(level).filter(|_| reader.problems.is_empty());
        log.map(|(format, level)| LogConfig { format, level }).ok_or(reader.problems)
    }

    /// How it is to be told that some settings are wrong.
    pub(crate) fn log_of_problems(&self) -> LogConfig {
        let format = self.reader().value("log-format", values::log_format).unwrap_or(LogFormat::Text);
        LogConfig { format, level: "info".to_owned() }
    }

    /// What the settings mean. Nothing is made yet: neither the database's folder, nor its key.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn read(&self) -> Result<Read, Vec<String>> {
        let mut reader = self.reader();
        let database = reader.value("database", paths::database);
        let key = reader.optional("encryption-key", values::encryption_keys);
        let config = config(&mut reader);
        let log =
            reader.value("log-format", values::log_format).zip(reader.value("log-level", values::log_level));
        let Reader { problems, .. } = reader;
        match (database, config, log) {
            (Some(database), Some(mut config), Some(_)) if problems.is_empty() => {
                config.dispatcher.database = database;
                Ok(Read { config, key })
            }
            _ => Err(problems),
        }
    }

    /// The files with secrets in them that others than this program's user may read, each as a sentence.
    pub(crate) fn exposed(&self) -> Vec<String> {
        let secret = self.effective.iter().filter(|given| given.setting.secret);
        let files: BTreeSet<&Path> = secret.filter_map(|given| given.file.as_deref()).collect();
        let database = self.database().ok().filter(|_| !self.has("encryption-key"));
        let key = database.and_then(|database| key::exposed(&database));
        files.into_iter().filter_map(private_file::exposed).chain(key).collect()
    }

    /// Whether a setting has a value.
    fn has(&self, name: &str) -> bool {
        self.effective.iter().any(|given| given.setting.name == name && !given.text.is_empty())
    }

    fn reader(&self) -> Reader<'_> {
        Reader { settings: self, problems: self.problems.clone() }
    }

    /// The settings as a file that says the same, with secrets masked and each one's source beside it.
    pub(crate) fn to_toml(&self) -> String {
        let mut out = String::new();
        for given in &self.effective {
            let Given { setting, source, .. } = given;
            let _ =
                writeln!(out, "{} = {}  # {}", setting.name, quoted(&shown(given)), harmless::line(source));
        }
        out
    }

    /// The same as JSON: `{"timeout": {"value": "7s", "source": "default"}}`.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let entry = |given: &Given| {
            let value = serde_json::json!({ "value": shown(given), "source": given.source });
            (given.setting.name.to_owned(), value)
        };
        self.effective.iter().map(entry).collect()
    }
}

/// The value that counts. White space around it is never meant: what made it added a line break, or a blank.
fn effective(setting: &'static Setting, given: &[Given]) -> Given {
    match given.iter().find(|given| given.setting == setting) {
        Some(given) => Given { text: given.text.trim().to_owned(), ..given.clone() },
        None => Given::new(setting, setting.default, "default"),
    }
}

fn shown(given: &Given) -> Cow<'_, str> {
    if given.setting.secret && !given.text.is_empty() {
        Cow::Borrowed("***")
    } else {
        masked::value(&given.text)
    }
}

/// Reads values and keeps what is wrong with them.
struct Reader<'a> {
    settings: &'a Settings,
    problems: Vec<String>,
}

impl Reader<'_> {
    /// Reads a setting that always has a value.
    fn value<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let given = self.settings.effective.iter().find(|given| given.setting.name == name)?;
        let read = match given.text.chars().find(|c| c.is_control()) {
            Some(c) => Err(format!("has a {} in it", control(c))),
            None => read(&given.text),
        };
        match read {
            Ok(value) => Some(value),
            Err(problem) => {
                let problem = masked::repeated(&problem, [given.text.as_str()]);
                let problem = masked::user_info(&problem);
                self.problems.push(format!("{name} ({}): {problem}", given.source));
                None
            }
        }
    }

    /// Reads a setting that may have no value.
    fn optional<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.value(name, |text| if text.is_empty() { Ok(None) } else { read(text).map(Some) }).flatten()
    }
}

fn control(c: char) -> &'static str {
    match c {
        '\n' | '\r' => "line break",
        '\t' => "tab",
        _ => "control character",
    }
}

/// Everything but the database and its keys.
fn config(reader: &mut Reader<'_>) -> Option<Config> {
    let listen = reader.value("listen", values::listen);
    let public_url = reader.value("public-url", values::public_url);
    let admin_token = reader.optional("admin-token", |text| AdminToken::new(text.to_owned()));
    let body_limit = reader.value("body-limit", units::size);
    let trusted_proxies = reader.value("trusted-proxies", units::networks);
    let max_connections_per_address = reader.value("max-connections-per-address", units::count);
    let stop_timeout = reader.value("stop-timeout", units::positive_duration);
    let graphql_explorer = reader.value("graphql-explorer", units::boolean);
    let dispatcher = dispatcher_config(reader);
    Some(Config {
        listen: listen?,
        public_url: public_url?,
        admin_token,
        body_limit: body_limit?,
        trusted_proxies: trusted_proxies?,
        max_connections_per_address: max_connections_per_address?,
        stop_timeout: stop_timeout?,
        graphql_explorer: graphql_explorer?,
        ..Config::new(dispatcher?)
    })
}

fn dispatcher_config(reader: &mut Reader<'_>) -> Option<dispatcher::Config> {
    let allow_networks = reader.value("allow-network", units::networks);
    let name_servers = reader.value("name-servers", units::name_servers);
    let ca_file = reader.value("ca-file", values::file);
    let retention = reader.value("retention", units::positive_duration);
    let audit_retention = reader.value("audit-retention", units::positive_duration);
    let disk_reserve = reader.value("disk-reserve", units::size_or_none);
    let retry = reader.value("retry.schedule", units::schedule);
    let timeout = reader.value("timeout", units::positive_duration);
    let max_in_flight = reader.value("max-in-flight", units::count);
    let max_in_flight_per_webhook = reader.value("max-in-flight-per-webhook", units::count);
    let max_backlog = reader.value("max-backlog", units::count);
    let webhook_limit_per_company = reader.value("webhook-limit-per-company", units::count);
    Some(dispatcher::Config {
        allow_networks: allow_networks?,
        name_servers: name_servers?,
        ca_file: ca_file?,
        retention: retention?,
        audit_retention: audit_retention?,
        disk_reserve: disk_reserve?,
        retry: retry?,
        timeout: timeout?,
        max_in_flight: max_in_flight?,
        max_in_flight_per_webhook: max_in_flight_per_webhook?,
        max_backlog: max_backlog?,
        webhook_limit_per_company: webhook_limit_per_company?,
        ..dispatcher::Config::new(PathBuf::new(), EncryptionKey::generate())
    })
}

/// Settings that were read.
#[derive(Debug)]
pub(crate) struct Read {
    config: Config,
    key: Option<Keyring>,
}

impl Read {
    /// What they mean, before anything is made.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Makes the folder of the database, and where none is given its key. What lies there already is looked at first.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn ready(mut self) -> Result<Config, String> {
        let database = &self.config.dispatcher.database;
        dispatcher::look_at(database).map_err(|error| error.to_string())?;
        if let Some(folder) = database.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| format!("cannot make the folder {}: {error}", folder.display()))?;
        }
        self.config.dispatcher.encryption_key = match self.key {
            Some(keys) => keys,
            None => key::beside(database)?,
        };
        Ok(self.config)
    }
}

#[cfg(test)]
mod tests;
