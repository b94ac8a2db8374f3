//! `bluehook serve`: the server.

use std::{io::IsTerminal, path::Path, pin::pin, time::Instant};

use bluehook_dispatcher as dispatcher;
use clap::Args;
use tokio::sync::oneshot;
use tracing::{debug, info, warn};

use super::{
    failure::Failure,
    flags::{Flags, variables},
    given::trimmed,
    log::{self, Log},
    output,
    signals::{Asked, Heard, Signals, Stopping},
    supervisor,
};
use crate::{
    application::{self, Application, StartError},
    config::{Read, Settings},
};

/// Start the server: HTTP API, settings UI and dispatcher.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Serve {
    /// A TOML file with settings, such as `timeout = "5s"`
    #[arg(long, value_name = "FILE", env = "BLUEHOOK_CONFIG", value_parser = trimmed)]
    config: Option<String>,

    /// Show the effective settings and where each comes from, secrets masked, and end
    #[arg(long)]
    print_config: bool,

    /// Show them as JSON
    #[arg(long, requires = "print_config")]
    json: bool,

    #[command(flatten)]
    flags: Flags,
}

const EXAMPLES: &str = "\
Flags are over environment variables, which are over the file. An empty variable counts as absent. The variable of a
secret setting has a twin that names a file with the value: BLUEHOOK_ADMIN_TOKEN_FILE, BLUEHOOK_ENCRYPTION_KEY_FILE.

SIGTERM, SIGINT and SIGQUIT stop the server within `stop-timeout`, and one more after a second at once. SIGHUP has
`log-level` read again.

Examples:
  bluehook serve --listen 0.0.0.0:8080 --database sqlite:/var/lib/bluehook/bluehook.db
  bluehook serve --config bluehook.toml --print-config
  BLUEHOOK_ADMIN_TOKEN=… BLUEHOOK_ALLOW_NETWORK=127.0.0.0/8 bluehook serve";

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let signals = Signals::register()?;
        let settings = self.settings();
        if self.print_config {
            settings.known().map_err(|problems| listed(&problems))?;
            if self.json {
                output::print_json(&settings.to_json())?;
            } else {
                output::print(&settings.to_toml())?;
            }
            // What cannot be started with is shown, and told.
            return settings.read().map(drop).map_err(|problems| listed(&problems));
        }
        let mut log = log::start(&settings.log().unwrap_or_else(|_| settings.log_of_problems()))?;
        let ended = match settings.read() {
            Ok(read) => {
                settings.exposed().iter().for_each(|exposed| warn!("{exposed}"));
                self.serve(read, signals, &mut log).await
            }
            Err(problems) => Err(listed(&problems)),
        };
        log.end(ended)
    }

    fn settings(&self) -> Settings {
        Settings::gather(self.flags.0.clone(), variables(), self.config.as_deref().map(Path::new))
    }

    /// Takes the address first: where it is taken by another, nothing is made.
    async fn serve(&self, read: Read, mut signals: Signals, log: &mut Log) -> Result<(), Failure> {
        warn_of_trust();
        let listener = application::listen(&read.config().listen).map_err(Failure::failed)?;
        let mut config = read.ready().map_err(Failure::usage)?;
        if config.dispatcher.allow_networks.iter().any(|network| network.prefix_len() == 0) {
            warn!(
                "allow-network opens every address: whoever makes webhooks reaches this machine, its network and what its \
                 cloud tells it of itself; name only the networks that receivers are in"
            );
        }
        config.admin_token_in_file = !std::io::stdout().is_terminal();
        let mut building = pin!(Application::build_at(listener, config));
        let application = loop {
            tokio::select! {
                built = &mut building => break built.map_err(of_start)?,
                asked = signals.next() => match asked {
                    Asked::Stop(signal) => {
                        info!("asked to stop while starting ({signal})");
                        return Ok(());
                    }
                    other => self.heed(other, log),
                },
            }
        };
        show_admin_token(&application)?;
        self.run_until_stopped(application, signals, log).await
    }

    async fn run_until_stopped(
        &self,
        application: Application,
        mut signals: Signals,
        log: &mut Log,
    ) -> Result<(), Failure> {
        let address = application.address();
        let mut started = pin!(application.started());
        let (stop, stopped) = oneshot::channel::<()>();
        let mut stop = Some(stop);
        let mut running = pin!(application.run(async { drop(stopped.await) }));
        let (mut is_started, mut stopping) = (false, Stopping::default());
        loop {
            tokio::select! {
                ended = &mut running => break ended.map_err(of_start)?,
                () = &mut started, if !is_started => {
                    is_started = true;
                    info!("serving at http://{address}");
                    supervisor::tell("READY=1");
                }
                asked = signals.next() => match asked {
                    Asked::Stop(signal) => match stopping.heard(Instant::now()) {
                        Heard::First => {
                            info!("asked to stop ({signal})");
                            supervisor::tell("STOPPING=1");
                            drop(stop.take());
                        }
                        Heard::Same => debug!("asked to stop by several at once ({signal})"),
                        Heard::Again => {
                            warn!("asked again, stopped at once ({signal})");
                            return Ok(());
                        }
                    },
                    other => self.heed(other, log),
                },
            }
        }
        info!("stopped");
        Ok(())
    }

    /// Does what a signal asks for that ends nothing.
    fn heed(&self, asked: Asked, log: &mut Log) {
        match asked {
            Asked::Reload => {
                let settings = self.settings();
                let read = settings.log().map_err(|problems| listed(&problems));
                match read.and_then(|config| log.reload(&config)) {
                    Ok(()) => info!(
                        level = log.level(),
                        "log-level read again (SIGHUP); the rest at the next start"
                    ),
                    Err(error) => warn!(%error, "settings could not be read again (SIGHUP)"),
                }
            }
            Asked::Nothing(signal) => debug!("{signal} means nothing here"),
            Asked::Stop(_) => {}
        }
    }
}

fn listed(problems: &[String]) -> Failure {
    Failure::usage(problems.join("; "))
}

/// What cannot be started with is one thing, what went wrong another.
fn of_start(error: StartError) -> Failure {
    match error {
        StartError::Dispatcher(dispatcher::Error::Config(problem)) => Failure::usage(problem),
        lost @ StartError::Lost(_) => Failure::Broken(lost.to_string()),
        error => Failure::failed(error),
    }
}

/// What works, but not as somebody may think.
fn warn_of_trust() {
    if rustls_native_certs::load_native_certs().certs.is_empty() {
        warn!(
            "this system has no trusted certificates: no https:// receiver can be reached; install ca-certificates, or \
             name a file with ca-file or SSL_CERT_FILE"
        );
    }
}

/// A token that was made goes to whoever is at the terminal, and nowhere else.
fn show_admin_token(application: &Application) -> Result<(), Failure> {
    if let Some(token) = application.new_admin_token() {
        output::print(&format!("The admin token, shown this once: {}\n", token.expose()))?;
    }
    Ok(())
}
