//! How a command ends when it does not do what it was asked.

use std::{fmt, process::ExitCode};

/// Why a command did not do what it was asked, in one line that says what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It was asked wrongly: flags, settings, files that are not there.
    Usage(String),
    /// It failed.
    Failed(String),
}

impl Failure {
    pub(super) fn usage(text: impl fmt::Display) -> Failure {
        Failure::Usage(text.to_string())
    }

    pub(super) fn failed(text: impl fmt::Display) -> Failure {
        Failure::Failed(text.to_string())
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Usage(_) => ExitCode::from(2),
            Failure::Failed(_) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Usage(text) | Failure::Failed(text)) = self;
        for (i, line) in text.lines().enumerate() {
            let separator = if i == 0 { "" } else { " " };
            write!(f, "{separator}{}", line.trim())?;
        }
        Ok(())
    }
}
