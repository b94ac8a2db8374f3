//! The effective value of every setting, where it came from, and what it means.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use bluehook_dispatcher::{self as dispatcher, EncryptionKey};

use super::{
    Config, LogConfig, LogFormat, key,
    setting::{SETTINGS, Setting},
    sources::{self, Given},
    units,
};
use crate::auth::AdminToken;

/// Every setting with its effective value.
pub(crate) struct Settings {
    effective: Vec<Given>,
}

impl Settings {
    /// Gathers the settings: command line over environment over file over defaults.
    ///
    /// # Errors
    /// Every unknown name and every file that cannot be read.
    pub(crate) fn gather(
        command_line: Vec<Given>,
        environment: impl Iterator<Item = (String, String)>,
        file: Option<&Path>,
    ) -> Result<Settings, Vec<String>> {
        let mut problems = Vec::new();
        let from_file = file.map(|path| sources::file(path, &mut problems)).unwrap_or_default();
        let from_environment = sources::environment(environment, &mut problems);
        let given = [command_line, from_environment, from_file].concat();
        let effective = SETTINGS.iter().map(|setting| effective(setting, &given)).collect();
        if problems.is_empty() { Ok(Settings { effective }) } else { Err(problems) }
    }

    /// The database alone, for those who do not serve.
    ///
    /// # Errors
    /// A sentence when it cannot be one.
    pub(crate) fn database(&self) -> Result<PathBuf, Vec<String>> {
        let mut reader = Reader { settings: self, problems: Vec::new() };
        reader.value("database", database).ok_or(reader.problems)
    }

    /// What the settings mean.
    ///
    /// # Errors
    /// Every value that cannot be.
    pub(crate) fn read(&self) -> Result<(Config, LogConfig), Vec<String>> {
        let mut reader = Reader { settings: self, problems: Vec::new() };
        let database = reader.value("database", database);
        let given_key = reader.secret("encryption-key", encryption_key);
        let config = config(&mut reader);
        let log = reader.value("log-format", log_format).zip(reader.value("log-level", log_level));
        let Reader { problems, .. } = reader;
        match (database, config, log) {
            (Some(database), Some(config), Some((format, level))) if problems.is_empty() => {
                let config = with_key(config, database, given_key).map_err(|problem| vec![problem])?;
                Ok((config, LogConfig { format, level }))
            }
            _ => Err(problems),
        }
    }

    /// The settings as a file that says the same, with secrets masked and each one's source beside it.
    pub(crate) fn to_toml(&self) -> String {
        let mut out = String::new();
        for given in &self.effective {
            let Given { setting, source, .. } = given;
            let value = toml::Value::String(shown(given).to_owned());
            let _ = writeln!(out, "{} = {value}  # {source}", setting.name);
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

fn effective(setting: &'static Setting, given: &[Given]) -> Given {
    given.iter().find(|given| given.setting == setting).cloned().unwrap_or_else(|| Given {
        setting,
        text: setting.default.to_owned(),
        source: "default".to_owned(),
    })
}

fn shown(given: &Given) -> &str {
    if given.setting.secret && !given.text.is_empty() { "***" } else { &given.text }
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
        match read(&given.text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(format!("{name} ({}): {problem}", given.source));
                None
            }
        }
    }

    /// Reads a setting that may have no value.
    fn secret<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.value(name, |text| if text.is_empty() { Ok(None) } else { read(text).map(Some) }).flatten()
    }
}

/// Everything but the database and its key, which [`with_key`] puts in.
fn config(reader: &mut Reader<'_>) -> Option<Config> {
    let listen = reader.value("listen", listen);
    let public_url = reader.value("public-url", public_url);
    let admin_token = reader.secret("admin-token", |text| AdminToken::new(text.to_owned()));
    let body_limit = reader.value("body-limit", units::size);
    let graphql_explorer = reader.value("graphql-explorer", units::boolean);
    let dispatcher = dispatcher_config(reader);
    Some(Config {
        listen: listen?,
        public_url: public_url?,
        dispatcher: dispatcher?,
        admin_token,
        body_limit: body_limit?,
        graphql_explorer: graphql_explorer?,
    })
}

fn dispatcher_config(reader: &mut Reader<'_>) -> Option<dispatcher::Config> {
    let allow_networks = reader.value("allow-network", units::networks);
    let retention = reader.value("retention", units::positive_duration);
    let retry = reader.value("retry.schedule", units::schedule);
    let timeout = reader.value("timeout", units::positive_duration);
    let max_in_flight = reader.value("max-in-flight", units::count);
    let max_in_flight_per_webhook = reader.value("max-in-flight-per-webhook", units::count);
    let max_backlog = reader.value("max-backlog", units::count);
    let webhook_limit_per_company = reader.value("webhook-limit-per-company", units::count);
    Some(dispatcher::Config {
        allow_networks: allow_networks?,
        retention: retention?,
        retry: retry?,
        timeout: timeout?,
        max_in_flight: max_in_flight?,
        max_in_flight_per_webhook: max_in_flight_per_webhook?,
        max_backlog: max_backlog?,
        webhook_limit_per_company: webhook_limit_per_company?,
        ..dispatcher::Config::new(PathBuf::new(), EncryptionKey::generate())
    })
}

fn with_key(mut config: Config, database: PathBuf, given: Option<EncryptionKey>) -> Result<Config, String> {
    config.dispatcher.encryption_key = given.map_or_else(|| key::beside(&database), Ok)?;
    config.dispatcher.database = database;
    Ok(config)
}

fn listen(text: &str) -> Result<String, String> {
    let port = text
        .rsplit_once(':')
        .filter(|(host, _)| !host.is_empty())
        .and_then(|(_, port)| port.parse::<u16>().ok());
    port.map(|_| text.to_owned())
        .ok_or_else(|| format!("expected HOST:PORT such as 127.0.0.1:8080, found `{text}`"))
}

fn public_url(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = url::Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none());
    url.map(|url| Some(url.as_str().trim_end_matches('/').to_owned())).ok_or_else(|| {
        format!("expected an address without a path such as https://hooks.example.com, found `{text}`")
    })
}

fn database(text: &str) -> Result<PathBuf, String> {
    match text.split_once(':') {
        Some(("sqlite", file)) if !file.trim_start_matches('/').is_empty() => {
            Ok(PathBuf::from(file.strip_prefix("//").unwrap_or(file)))
        }
        Some(("postgres" | "postgresql", _)) => {
            Err("this version stores in SQLite only; expected sqlite:FILE".to_owned())
        }
        _ => Err(format!("expected sqlite:FILE such as sqlite:bluehook.db, found `{text}`")),
    }
}

fn encryption_key(text: &str) -> Result<EncryptionKey, String> {
    EncryptionKey::from_base64(text).map_err(|error| error.to_string())
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("expected text or json, found `{text}`")),
    }
}

fn log_level(text: &str) -> Result<String, String> {
    let filter = text.parse::<tracing_subscriber::filter::Targets>();
    filter
        .map(|_| text.to_owned())
        .map_err(|_| format!("expected a level such as info or debug, found `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, text: &str) -> Given {
        Given { setting: Setting::named(name).unwrap(), text: text.to_owned(), source: format!("--{name}") }
    }

    fn variables(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<Vec<_>>()
            .into_iter()
    }

    const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    #[test]
    fn the_defaults_are_the_libraries_own() {
        let settings = Settings::gather(vec![given("encryption-key", KEY)], variables(&[]), None).unwrap();
        let (config, log) = settings.read().unwrap();
        let key = EncryptionKey::from_base64(KEY).unwrap();
        let expected = Config::new(dispatcher::Config::new("bluehook.db", key));
        assert_eq!(format!("{config:?}"), format!("{expected:?}"));
        assert_eq!(log, LogConfig { format: LogFormat::Text, level: "info,actix_server=warn".to_owned() });
    }

    #[test]
    fn the_command_line_is_over_the_environment_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.toml");
        std::fs::write(&path, "timeout = \"1s\"\nmax-in-flight = 1\nretention = \"1d\"").unwrap();
        let environment = variables(&[("BLUEHOOK_TIMEOUT", "2s"), ("BLUEHOOK_MAX_IN_FLIGHT", "2")]);
        let line = vec![given("timeout", "3s"), given("encryption-key", KEY)];
        let settings = Settings::gather(line, environment, Some(&path)).unwrap();
        let printed = settings.to_toml();
        assert!(printed.contains("timeout = \"3s\"  # --timeout\n"), "{printed}");
        assert!(printed.contains("max-in-flight = \"2\"  # BLUEHOOK_MAX_IN_FLIGHT\n"), "{printed}");
        assert!(printed.contains(&format!("retention = \"1d\"  # {}\n", path.display())), "{printed}");
        assert!(printed.contains("encryption-key = \"***\"  # --encryption-key\n"), "{printed}");
        assert!(!printed.contains(KEY));
        assert_eq!(settings.to_json()["timeout"]["value"], "3s");
        assert!(printed.parse::<toml::Table>().is_ok());
    }

    #[test]
    fn every_wrong_value_is_told_at_once() {
        let line = SETTINGS.iter().map(|setting| given(setting.name, "?")).collect();
        let problems = Settings::gather(line, variables(&[]), None).unwrap().read().unwrap_err();
        let named: Vec<&str> = SETTINGS
            .iter()
            .map(|setting| setting.name)
            .filter(|name| {
                !problems.iter().any(|problem| problem.starts_with(&format!("{name} (--{name}): ")))
            })
            .collect();
        // `?` is a token as good as any, and could be the name of a module.
        assert_eq!(named, ["admin-token", "log-level"], "{problems:?}");
    }

    #[test]
    fn public_urls_have_no_path() {
        let read = |text: &str| public_url(text).map(Option::unwrap_or_default);
        assert_eq!(read("https://hooks.example.com/").as_deref(), Ok("https://hooks.example.com"));
        assert_eq!(read("http://127.0.0.1:8080").as_deref(), Ok("http://127.0.0.1:8080"));
        assert_eq!(public_url(""), Ok(None));
        for bad in ["hooks.example.com", "https://a/b", "https://a/?b", "ftp://a"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn databases_are_sqlite_files() {
        assert_eq!(database("sqlite:a/b.db"), Ok(PathBuf::from("a/b.db")));
        assert_eq!(database("sqlite:///a/b.db"), Ok(PathBuf::from("/a/b.db")));
        assert!(database("postgres://localhost/b").unwrap_err().contains("SQLite only"));
        for bad in ["b.db", "sqlite:", "sqlite://", "mysql:b", ""] {
            assert!(database(bad).is_err(), "{bad}");
        }
    }
}
