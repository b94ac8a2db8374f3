//! What is logged, to standard error: through a queue, so that whoever does not read the log stops nothing.

use std::{io::stderr, time::Duration};

use tracing::Level;
use tracing_subscriber::{
    Registry,
    filter::Targets,
    fmt,
    layer::{Layer, SubscriberExt},
    reload,
    util::SubscriberInitExt,
};

use super::{colour, failure::Failure};
use crate::config::{LogConfig, LogFormat};

// The queue, and the thread that writes.
mod queue;

// The same again and again, summed up.
mod floods;

// Lines that no event of the program stands behind.
mod line;

// Panics as lines.
mod panics;

use floods::Floods;
use line::Form;
use queue::Lines;

/// How long the end of the program waits for somebody to read the last lines.
const LAST_LINES: Duration = Duration::from_secs(1);

/// The log of this process.
pub(super) struct Log {
    lines: Lines,
    form: Form,
    level: reload::Handle<Targets, Registry>,
    current: LogConfig,
}

/// Starts the log.
pub(super) fn start(config: &LogConfig) -> Result<Log, Failure> {
    let form = Form { json: config.format == LogFormat::Json, coloured: colour::is_wanted(&stderr()) };
    let floods = Floods::default();
    let lines = Lines::start(stderr(), form, floods.clone()).map_err(|error| {
        Failure::failed(format!("the thread that writes the log could not be started: {error}"))
    })?;
    let (filter, level) = reload::Layer::new(targets(&config.level)?);
    let registry = Registry::default().with(filter).with(floods);
    let writer = lines.clone();
    let layer = fmt::layer().with_writer(move || writer.clone()).with_ansi(form.coloured);
    let layer = match config.format {
        LogFormat::Text => layer.with_target(false).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    registry.with(layer).try_init().map_err(Failure::failed)?;
    panics::tell(lines.clone(), form);
    Ok(Log { lines, form, level, current: config.clone() })
}

fn targets(level: &str) -> Result<Targets, Failure> {
    level.parse().map_err(|_| Failure::usage(format!("log-level: cannot read `{level}`")))
}

impl Log {
    /// Takes up another level, when it is another. The format stays.
    pub(super) fn reload(&mut self, config: &LogConfig) -> Result<(), Failure> {
        if config.level == self.current.level {
            return Ok(());
        }
        self.level.reload(targets(&config.level)?).map_err(Failure::failed)?;
        self.current.level.clone_from(&config.level);
        Ok(())
    }

    /// The level as it is.
    pub(super) fn level(&self) -> &str {
        &self.current.level
    }

    /// Ends the log with how the program ended, in the form that its other lines have.
    pub(super) fn end(&self, ended: Result<(), Failure>) -> Result<(), Failure> {
        let ended = ended.map_err(|failure| {
            let line = if self.form.json {
                self.form.line(Level::ERROR, &failure.to_string(), &[])
            } else {
                format!("bluehook: {failure}\n").into_bytes()
            };
            self.lines.offer(&line);
            failure.told()
        });
        self.lines.drain(LAST_LINES);
        ended
    }
}
