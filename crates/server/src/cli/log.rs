//! What is logged, to standard error.

use std::io::stderr;

use tracing_subscriber::{Registry, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use super::{colour, failure::Failure};
use crate::config::{LogConfig, LogFormat};

/// Starts the log.
pub(super) fn start(config: &LogConfig) -> Result<(), Failure> {
    let filter: Targets = config.level.parse().map_err(Failure::usage)?;
    let coloured = colour::is_wanted(&stderr());
    let registry = Registry::default().with(filter);
    let lines = fmt::layer().with_writer(stderr).with_ansi(coloured);
    match config.format {
        LogFormat::Text => registry.with(lines.with_target(false)).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
    }
    .map_err(Failure::failed)
}
