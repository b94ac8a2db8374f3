//! `bluehook serve`: the server.

use std::path::PathBuf;

use clap::Args;
use tracing::{info, warn};

use super::{
    failure::Failure,
    flags::{Flags, variables},
    log, output,
};
use crate::{
    application::Application,
    config::{Config, Settings},
};

/// Start the server: HTTP API, settings UI and dispatcher.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Serve {
    /// A TOML file with settings, such as `timeout = "5s"`
    #[arg(long, value_name = "FILE", env = "BLUEHOOK_CONFIG")]
    config: Option<PathBuf>,

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
Flags are over environment variables, which are over the file.

Examples:
  bluehook serve --listen 0.0.0.0:8080 --database sqlite:/var/lib/bluehook/bluehook.db
  bluehook serve --config bluehook.toml --print-config
  BLUEHOOK_ADMIN_TOKEN=… BLUEHOOK_ALLOW_NETWORK=127.0.0.0/8 bluehook serve";

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let settings = Settings::gather(self.flags.0, variables(), self.config.as_deref())
            .map_err(|problems| listed(&problems))?;
        if self.print_config {
            return if self.json {
                output::print_json(&settings.to_json())
            } else {
                output::print(&settings.to_toml())
            };
        }
        let (config, log) = settings.read().map_err(|problems| listed(&problems))?;
        log::start(&log)?;
        serve(config).await
    }
}

fn listed(problems: &[String]) -> Failure {
    Failure::usage(problems.join("; "))
}

async fn serve(config: Config) -> Result<(), Failure> {
    if config.admin_token.as_ref().is_some_and(|token| !token.is_safe()) {
        warn!("the admin token is short and could be guessed; 32 random characters are a good length");
    }
    let application = Application::build(config).await.map_err(Failure::failed)?;
    if let Some(token) = application.new_admin_token() {
        output::print(&format!("The admin token, shown this once: {}\n", token.expose()))?;
    }
    info!("serving at http://{}", application.address());
    application.run(stop_signal()).await.map_err(Failure::failed)?;
    info!("stopped");
    Ok(())
}

/// Ends when the program is asked to stop.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => info!("asked to stop (SIGINT)"),
                _ = terminate.recv() => info!("asked to stop (SIGTERM)"),
            }
            return;
        }
    }
    drop(interrupt.await);
}
