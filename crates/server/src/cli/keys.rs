//! `bluehook keys`: the keys that secrets are encrypted with at rest.

use std::{path::Path, time::Duration};

use awc::http::Method;
use bluehook_dispatcher::{self as dispatcher, Clock};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    answer::{number, text},
    client::Server,
    failure::Failure,
    flags::variables,
    given::trimmed,
    output,
    progress::Progress,
};
use crate::config::{Given, SETTINGS, Settings, whole};

/// How often it is looked how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Change the keys that secrets are encrypted with
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Keys {
    #[command(subcommand)]
    action: Action,
}

const EXAMPLES: &str = "\
Examples:
  bluehook keys rotate";

#[derive(Subcommand)]
enum Action {
    Rotate(Rotate),
}

/// Seal everything with the newest key, so that older ones are not needed any more.
///
/// `encryption-key` takes several keys, the newest first: new secrets are sealed with that one, and older ones opened with
/// the others. A server that runs is asked to do it, and goes on serving. Where nobody answers, the database is opened here,
/// with the settings that `bluehook serve` would take.
#[derive(Args)]
#[command(after_help = ROTATE_EXAMPLES)]
struct Rotate {
    /// The server
    #[arg(long, env = "BLUEHOOK_URL", default_value = "http://127.0.0.1:8080", value_parser = trimmed)]
    url: String,

    /// The token of the backend; not needed where no server runs
    #[arg(long, env = "BLUEHOOK_TOKEN", hide_env_values = true, value_parser = trimmed)]
    token: Option<String>,

    /// Where everything is stored, when no server runs: `sqlite:FILE` [default: as `bluehook serve` would take it]
    #[arg(long, value_name = "ADDRESS")]
    database: Option<String>,

    /// A TOML file with settings, as `bluehook serve` takes it
    #[arg(long, value_name = "FILE", env = "BLUEHOOK_CONFIG", value_parser = trimmed)]
    config: Option<String>,

    /// Print the job as JSON
    #[arg(long)]
    json: bool,
}

const ROTATE_EXAMPLES: &str = "\
Examples:
  BLUEHOOK_ENCRYPTION_KEY=\"$(openssl rand -base64 32),$OLD_KEY\" bluehook serve
  bluehook keys rotate --token …
  BLUEHOOK_ENCRYPTION_KEY=\"$NEW_KEY,$OLD_KEY\" bluehook keys rotate --database sqlite:/var/lib/bluehook/bluehook.db";

impl Keys {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let Action::Rotate(rotate) = self.action;
        rotate.run().await
    }
}

impl Rotate {
    async fn run(self) -> Result<(), Failure> {
        let job = match &self.token {
            Some(token) => {
                let server = Server::new(self.url.clone(), token.clone());
                if server.is_there().await? { self.ask(&server).await? } else { self.open()? }
            }
            None => self.open()?,
        };
        let state = text(&job, "/state");
        if self.json {
            output::print_json(&job)?;
        } else {
            let (done, total) = (number(&job, "/done"), number(&job, "/total"));
            output::print(&format!("{}: {done} of {total} webhooks\n", state.to_lowercase()))?;
        }
        if state == "COMPLETED" { Ok(()) } else { Err(Failure::failed(text(&job, "/detail"))) }
    }

    /// Has the server do it, and waits until it is done.
    async fn ask(&self, server: &Server) -> Result<Value, Failure> {
        let mut job = server.post("/v1/keys/rotate", Vec::new()).await?;
        let progress = Progress::new();
        while text(&job, "/state") == "RUNNING" {
            progress.show(number(&job, "/done"), number(&job, "/total"));
            actix_web::rt::time::sleep(LOOK_EVERY).await;
            job = server.call(Method::GET, &format!("/v1/jobs/{}", text(&job, "/id")), Vec::new()).await?;
        }
        progress.end();
        Ok(job)
    }

    /// Does it here.
    fn open(&self) -> Result<Value, Failure> {
        let listed = |problems: Vec<String>| Failure::usage(problems.join("; "));
        let setting = SETTINGS.iter().find(|setting| setting.name == "database");
        let given = setting.zip(self.database.as_ref());
        let given =
            given.map(|(setting, text)| Given::new(setting, text, "--database")).into_iter().collect();
        let settings = Settings::gather(given, variables(), self.config.as_deref().map(Path::new));
        let read = settings.read().map_err(listed)?;
        let database = read.config().dispatcher.database.clone();
        let name = whole(&database);
        if !database.is_file() {
            return Err(Failure::usage(format!(
                "nobody was asked, and there is no database {name}: give --token, and --url where the server is elsewhere; \
                 or --database"
            )));
        }
        if dispatcher::is_open(&database) {
            return Err(Failure::usage(format!(
                "a server has {name} open: give --token, and --url unless it is {}",
                self.url
            )));
        }
        let config = read.ready().map_err(Failure::usage)?;
        let sealed =
            dispatcher::rotate_keys(&database, &config.dispatcher.encryption_key, Clock::system().now());
        let sealed = sealed.map_err(|error| match error {
            dispatcher::Error::Config(problem) => Failure::usage(problem),
            error => Failure::failed(error),
        })?;
        Ok(json!({ "kind": "KEYS", "state": "COMPLETED", "total": sealed, "done": sealed }))
    }
}
