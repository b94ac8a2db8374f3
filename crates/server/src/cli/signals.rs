//! What the system asks of the server: to stop, to read its settings again. Handled from the first moment, since what is
//! not handled ends the process at once, or, where it is the first of its container, is not heard at all.

use std::{
    io,
    time::{Duration, Instant},
};

use super::failure::Failure;

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// To stop, by this signal.
    Stop(&'static str),
    /// To read again what can be changed while it runs.
    Reload,
    /// Something that means nothing here, by this signal.
    Nothing(&'static str),
}

/// What comes within this of the first signal is the same one: some send theirs to a process and to its group, as
/// `timeout` of coreutils does, and a terminal and a supervisor may ask together.
const SAME: Duration = Duration::from_secs(1);

/// When the server was first asked to stop.
#[derive(Default)]
pub(super) struct Stopping(Option<Instant>);

/// How often it was asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// For the first time.
    First,
    /// At the same time.
    Same,
    /// Again: whoever does that does not want to wait.
    Again,
}

impl Stopping {
    /// It is asked to stop, at this time.
    pub(super) fn heard(&mut self, now: Instant) -> Heard {
        match self.0 {
            None => {
                self.0 = Some(now);
                Heard::First
            }
            Some(first) if now.saturating_duration_since(first) < SAME => Heard::Same,
            Some(_) => Heard::Again,
        }
    }
}

#[cfg(unix)]
pub(super) use unix::Signals;

#[cfg(not(unix))]
pub(super) use elsewhere::Signals;

fn cannot(error: &io::Error) -> Failure {
    Failure::failed(format!("signals cannot be handled: {error}"))
}

#[cfg(unix)]
mod unix {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::{Asked, Failure, cannot};

    /// What the signals mean that a server may get from a terminal, a supervisor, a container or a tool that rotates logs.
    const MEANINGS: [(fn() -> SignalKind, Asked); 6] = [
        (SignalKind::interrupt, Asked::Stop("SIGINT")),
        (SignalKind::terminate, Asked::Stop("SIGTERM")),
        (SignalKind::quit, Asked::Stop("SIGQUIT")),
        (SignalKind::hangup, Asked::Reload),
        (SignalKind::user_defined1, Asked::Nothing("SIGUSR1")),
        (SignalKind::user_defined2, Asked::Nothing("SIGUSR2")),
    ];

    /// The signals, handled as long as the process lives.
    pub(in crate::cli) struct Signals(Vec<(Signal, Asked)>);

    impl Signals {
        /// Handles them from now on.
        pub(in crate::cli) fn register() -> Result<Signals, Failure> {
            let handled = MEANINGS.iter().map(|(kind, asked)| Ok((signal(kind())?, *asked)));
            handled.collect::<Result<_, _>>().map(Signals).map_err(|error| cannot(&error))
        }

        /// What is asked next.
        pub(in crate::cli) async fn next(&mut self) -> Asked {
            std::future::poll_fn(|context| {
                let mut asked = std::task::Poll::Pending;
                for (signal, meaning) in &mut self.0 {
                    if asked.is_pending() && signal.poll_recv(context).is_ready() {
                        asked = std::task::Poll::Ready(*meaning);
                    }
                }
                asked
            })
            .await
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use super::{Asked, Failure, cannot};

    /// The one signal that there is everywhere.
    pub(in crate::cli) struct Signals(());

    impl Signals {
        /// Handles it.
        pub(in crate::cli) fn register() -> Result<Signals, Failure> {
            Ok(Signals(()))
        }

        /// What is asked next.
        pub(in crate::cli) async fn next(&mut self) -> Asked {
            match tokio::signal::ctrl_c().await {
                Ok(()) => Asked::Stop("Ctrl-C"),
                Err(error) => {
                    tracing::warn!(error = %cannot(&error), "only a kill ends this process");
                    std::future::pending().await
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_asks_a_while_later_asks_again() {
        let (mut stopping, first) = (Stopping::default(), Instant::now());
        for (after, heard) in [
            (Duration::ZERO, Heard::First),
            (Duration::ZERO, Heard::Same),
            (Duration::from_millis(999), Heard::Same),
            (SAME, Heard::Again),
            (SAME * 60, Heard::Again),
        ] {
            assert_eq!(stopping.heard(first + after), heard, "{after:?}");
        }
    }
}
