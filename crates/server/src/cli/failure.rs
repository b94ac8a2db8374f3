//! How a command ends when it does not do what it was asked.

use std::{fmt, process::ExitCode};

use crate::masked;

/// Why a command did not do what it was asked, in one line that says what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It was asked wrongly: flags, settings, files that are not there.
    Usage(String),
    /// It failed.
    Failed(String),
    /// It is broken inside, and of no use any more (`EX_SOFTWARE` of sysexits.h).
    Broken(String),
    /// It was told already, and ends with this code.
    Told(u8),
}

impl Failure {
    pub(super) fn usage(text: impl fmt::Display) -> Failure {
        Failure::Usage(text.to_string())
    }

    pub(super) fn failed(text: impl fmt::Display) -> Failure {
        Failure::Failed(text.to_string())
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::Failed(_) => 1,
            Failure::Broken(_) => 70,
            Failure::Told(code) => *code,
        }
    }

    /// The same when somebody has heard of it.
    pub(super) fn told(&self) -> Failure {
        Failure::Told(self.code())
    }

    /// Whether somebody has.
    pub(super) fn is_told(&self) -> bool {
        matches!(self, Failure::Told(_))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Failure::Usage(text) | Failure::Failed(text) | Failure::Broken(text)) = self else {
            return Ok(());
        };
        let text = masked::user_info(text);
        for (i, line) in text.lines().enumerate() {
            let separator = if i == 0 { "" } else { " " };
            write!(f, "{separator}{}", line.trim())?;
        }
        Ok(())
    }
}

/// What clap says of wrong arguments, in one line: the fault, the tip, and where help is.
pub(super) fn of_arguments(told: &str) -> String {
    let mut command = "bluehook".to_owned();
    let mut parts = Vec::new();
    for paragraph in told.split("\n\n").map(str::trim) {
        if let Some(usage) = paragraph.strip_prefix("Usage: ") {
            let is_name = |word: &&str| !word.starts_with(['-', '<', '[']);
            command = usage.split_whitespace().take_while(is_name).collect::<Vec<_>>().join(" ");
        } else if !paragraph.starts_with("For more information") && !paragraph.is_empty() {
            let text = paragraph.strip_prefix("error: ").unwrap_or(paragraph);
            parts.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    parts.push(format!("see `{command} --help`"));
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_failure_shows_the_password_of_an_address() {
        let told = Failure::failed("cannot reach http://me:hunter2@a:1/: refused").to_string();
        assert_eq!(told, "cannot reach http://***@a:1/: refused");
    }

    #[test]
    fn wrong_arguments_are_told_in_one_line() {
        let told = "error: unexpected argument '--max-inflight' found\n\n  tip: a similar argument exists: \
                    '--max-in-flight'\n\nUsage: bluehook serve --max-in-flight <N>\n\nFor more information, try '--help'.\n";
        assert_eq!(
            of_arguments(told),
            "unexpected argument '--max-inflight' found; tip: a similar argument exists: '--max-in-flight'; \
             see `bluehook serve --help`"
        );
        let told = "error: the following required arguments were not provided:\n  --since <TIME>\n  <WEBHOOK>\n\n\
                    Usage: bluehook replay --since <TIME> --until <TIME> --token <TOKEN> <WEBHOOK>\n";
        assert_eq!(
            of_arguments(told),
            "the following required arguments were not provided: --since <TIME> <WEBHOOK>; see `bluehook replay --help`"
        );
    }
}
