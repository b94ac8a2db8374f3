//! The settings: one table from which the flags, the variables, the file's keys and their help all come.

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The flag without `--`, and the key in the file.
    pub(crate) name: &'static str,
    /// What it is when nobody says anything; empty when there is no such value.
    pub(crate) default: &'static str,
    /// What stands for its value in the help.
    pub(crate) value_name: &'static str,
    /// One sentence.
    pub(crate) help: &'static str,
    /// Whether its value is never shown.
    pub(crate) secret: bool,
}

impl Setting {
    const fn new(
        name: &'static str,
        default: &'static str,
        value_name: &'static str,
        help: &'static str,
    ) -> Setting {
        Setting { name, default, value_name, help, secret: false }
    }

    const fn secret(name: &'static str, value_name: &'static str, help: &'static str) -> Setting {
        Setting { name, default: "", value_name, help, secret: true }
    }

    /// The environment variable: `BLUEHOOK_MAX_IN_FLIGHT` for `max-in-flight`.
    pub(crate) fn variable(&self) -> String {
        PREFIX.to_owned() + &self.name.replace(['-', '.'], "_").to_ascii_uppercase()
    }

    /// The variable that names a file with the value, for a secret: `BLUEHOOK_ADMIN_TOKEN_FILE`.
    pub(crate) fn file_variable(&self) -> Option<String> {
        self.secret.then(|| self.variable() + "_FILE")
    }

    /// Whether it may have several values, with commas between.
    pub(crate) fn is_list(&self) -> bool {
        self.value_name.ends_with(",…")
    }

    /// Whether it is on or off.
    pub(crate) fn is_switch(&self) -> bool {
        self.value_name == "BOOL"
    }

    /// The setting of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }
}

/// How every environment variable of this program begins.
pub(crate) const PREFIX: &str = "BLUEHOOK_";

/// Every setting, in the order in which help and `--print-config` show them.
#[rustfmt::skip]
pub(crate) const SETTINGS: &[Setting] = &[
    Setting::new("listen", "127.0.0.1:8080", "HOST:PORT", "Where the server listens"),
    Setting::new("database", "sqlite:bluehook.db", "ADDRESS", "Where everything is stored: sqlite:FILE"),
    Setting::new("public-url", "", "URL", "Where people reach the server; sign-in links begin with it; without it they are paths"),
    Setting::secret("admin-token", "TOKEN", "The token of the backend; made at the first start when absent: shown once on a terminal, else written to <database>.admin-token"),
    Setting::secret("encryption-key", "BASE64,…", "32 bytes that secrets are encrypted with, after the newest key those that some still are; made and stored beside the database when absent"),
    Setting::new("allow-network", "", "CIDR,…", "Networks that may be called although they are not public"),
    Setting::new("name-servers", "", "HOST:PORT,…", "Name servers that are asked where receivers are, instead of the system's and its hosts file"),
    Setting::new("ca-file", "", "FILE", "Certificates (PEM) of authorities that receivers' certificates may come from, beside those that the system trusts"),
    Setting::new("retention", "30d", "DURATION", "How long events, deliveries and attempts are kept"),
    Setting::new("audit-retention", "365d", "DURATION", "How long the audit trail is kept"),
    Setting::new("disk-reserve", "64MiB", "SIZE", "What of the database's disk events may not use; 0: nothing"),
    Setting::new("retry.schedule", "5s,1m,10m,1h", "DURATION,…", "The pauses between attempts, one attempt more than pauses; none: no second attempt"),
    Setting::new("timeout", "7s", "DURATION", "How long one attempt may take"),
    Setting::new("max-in-flight", "1024", "N", "The most requests under way at once"),
    Setting::new("max-in-flight-per-webhook", "32", "N", "The most requests under way at once to one webhook"),
    Setting::new("max-backlog", "10000000", "N", "The most deliveries that may wait before new events are refused"),
    Setting::new("webhook-limit-per-company", "100", "N", "The most enabled webhooks of one company, checked when one is made"),
    Setting::new("body-limit", "1MiB", "SIZE", "The largest request body that is read"),
    Setting::new("trusted-proxies", "", "CIDR,…", "Proxies in front of the server, whose X-Forwarded-For is believed"),
    Setting::new("max-connections-per-address", "1100", "N", "The most connections of one address (IPv6: of one network of 64 bits)"),
    Setting::new("stop-timeout", "10s", "DURATION", "How long a stop may take; what is open then is taken up by the next start"),
    Setting::new("graphql-explorer", "false", "BOOL", "Whether GET /graphql shows a page to try queries on"),
    Setting::new("log-format", "text", "FORMAT", "How the log is written: text or json"),
    Setting::new("log-level", "info,actix_server=warn", "FILTER", "What is logged: error, warn, info, debug, trace, or MODULE=LEVEL,…"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_variables() {
        let variable = |name| Setting::named(name).map(Setting::variable);
        assert_eq!(variable("max-in-flight").as_deref(), Some("BLUEHOOK_MAX_IN_FLIGHT"));
        assert_eq!(variable("retry.schedule").as_deref(), Some("BLUEHOOK_RETRY_SCHEDULE"));
        assert_eq!(variable("colour"), None);
    }
}
