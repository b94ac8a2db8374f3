//! How single values are read: addresses, keys, the log's format and levels.

use std::path::PathBuf;

use bluehook_core::nearest::nearest;
use bluehook_dispatcher::{self as dispatcher, EncryptionKey, Keyring};
use tracing_subscriber::filter::{LevelFilter, Targets};

use super::{LogFormat, sources::did_you_mean};

pub(super) fn listen(text: &str) -> Result<String, String> {
    let port = text
        .rsplit_once(':')
        .filter(|(host, _)| !host.is_empty() && !host.contains(char::is_whitespace))
        .and_then(|(_, port)| port.parse::<u16>().ok());
    port.map(|_| text.to_owned())
        .ok_or_else(|| format!("expected HOST:PORT such as 127.0.0.1:8080, found `{text}`"))
}

pub(super) fn public_url(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let is_bare = |url: &url::Url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && (url.query(), url.fragment(), url.password()) == (None, None, None)
            && url.username().is_empty()
            && url.host_str().is_some_and(|host| !host.is_empty())
    };
    let url = url::Url::parse(text).ok().filter(is_bare);
    url.map(|url| Some(url.as_str().trim_end_matches('/').to_owned())).ok_or_else(|| {
        let rest = "without a path, `?`, `#`, a name or a password";
        let found = if text.contains('@') { String::new() } else { format!(", found `{text}`") };
        format!("expected an address {rest}, such as https://hooks.example.com{found}")
    })
}

/// The newest key, and after it those that some secrets are still encrypted with.
pub(super) fn encryption_keys(text: &str) -> Result<Keyring, String> {
    let keys = text.split(',').map(EncryptionKey::from_base64).collect::<dispatcher::Result<Vec<_>>>();
    Keyring::new(keys.map_err(|error| error.to_string())?).map_err(|error| error.to_string())
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("expected text or json, found `{text}`")),
    }
}

/// A file that is there, as a whole path.
pub(super) fn file(text: &str) -> Result<Option<PathBuf>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let path = std::path::absolute(text).map_err(|error| format!("`{text}`: {error}"))?;
    match std::fs::File::open(&path) {
        Ok(_) if path.is_file() => Ok(Some(path)),
        Ok(_) => Err(format!("{} is no file", path.display())),
        Err(error) => Err(format!("cannot read {}: {error}", path.display())),
    }
}

/// How levels are spelt.
const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];

/// Levels by module, as `tracing_subscriber` takes them; but a bare word has to be a level, since one that is none would
/// be taken for the only module that is logged.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    let wrong = |part: &str| {
        let level = part.rsplit_once('=').map_or(part, |(_, level)| level).to_ascii_lowercase();
        let meant = did_you_mean(
            LEVELS
                .iter()
                .find(|known| level.starts_with(**known))
                .copied()
                .or_else(|| nearest(&level, LEVELS.into_iter())),
        );
        format!("expected error, warn, info, debug, trace, off or MODULE=LEVEL, found `{part}`{meant}")
    };
    for part in text.split(',').map(str::trim) {
        let level = part.rsplit_once('=').map_or(part, |(_, level)| level);
        level.parse::<LevelFilter>().ok().filter(|_| !level.is_empty()).ok_or_else(|| wrong(part))?;
    }
    let members: Vec<&str> = text.split(',').map(str::trim).collect();
    let text = members.join(",");
    text.parse::<Targets>().map(|_| text.clone()).map_err(|_| wrong(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_urls_have_no_path() {
        let read = |text: &str| public_url(text).map(Option::unwrap_or_default);
        assert_eq!(read("https://hooks.example.com/").as_deref(), Ok("https://hooks.example.com"));
        assert_eq!(read("http://127.0.0.1:8080").as_deref(), Ok("http://127.0.0.1:8080"));
        assert_eq!(public_url(""), Ok(None));
        for bad in [
            "hooks.example.com",
            "https://a/b",
            "https://a/?b",
            "https://a/#b",
            "https://me@a",
            "https://:planted@a",
            "https://",
            "ftp://a",
        ] {
            assert!(public_url(bad).is_err_and(|told| !told.contains("planted")), "{bad}");
        }
    }

    #[test]
    fn levels_of_the_log() {
        for good in ["info", "INFO", "off", "info, actix_server=warn", "bluehook_server::api=debug"] {
            assert!(log_level(good).is_ok(), "{good}");
        }
        assert_eq!(log_level("info, a=warn").as_deref(), Ok("info,a=warn"));
        for (bad, told) in
            [("warning", "did you mean warn?"), ("information", "info?"), ("a=traces", "trace?")]
        {
            assert!(log_level(bad).is_err_and(|problem| problem.ends_with(told)), "{:?}", log_level(bad));
        }
        for bad in ["", "verbose", "information", "info;debug", "a=loud", "in fo", "info,,debug"] {
            assert!(log_level(bad).is_err(), "{bad}");
        }
    }
}
