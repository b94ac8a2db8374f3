//! What was given by flag or variable, made ready before it is read: empty variables are absent, white space around values
//! goes, and a secret may be in a file.

use std::{env, ffi::OsStr};

use clap::{Arg, Command, builder::Resettable};

use crate::config::{is_blank, read_secret_file};

/// A value without the white space around it.
///
/// # Errors
/// When there is a line break or another control character in it.
#[expect(clippy::unnecessary_wraps, reason = "what reads values may fail")]
pub(super) fn trimmed(text: &str) -> Result<String, String> {
    Ok(text.trim().to_owned())
}

/// A command whose variables count only where they say something.
pub(super) fn without_blanks(command: Command) -> Command {
    command.mut_args(of_argument).mut_subcommands(without_blanks)
}

fn of_argument(arg: Arg) -> Arg {
    let Some(name) = arg.get_env().and_then(OsStr::to_str).map(str::to_owned) else { return arg };
    if variable(&name).is_some() {
        // A value may be an address with a password in it.
        return arg.hide_env_values(true);
    }
    let secret = arg.is_hide_env_values_set();
    let file = variable(&format!("{name}_FILE")).filter(|_| secret);
    let arg = arg.env(Resettable::<clap::builder::OsStr>::Reset);
    match file {
        Some(file) => from_file(arg, &name, &file),
        None => arg,
    }
}

/// A variable that says something.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|text| text.to_string_lossy().into_owned()).filter(|text| !is_blank(text))
}

/// The value that a file has is what counts when no flag says another.
fn from_file(arg: Arg, name: &str, file: &str) -> Arg {
    match read_secret_file(file) {
        Ok(text) => {
            // Read once, and needed as long as the command line is.
            let text: &'static str = text.leak();
            arg.required(false).default_value(text).hide_default_value(true)
        }
        Err(problem) => {
            let problem = format!("{name}_FILE: {problem}");
            let unread = move |text: &str| match text {
                UNREAD => Err(problem.clone()),
                given => trimmed(given),
            };
            arg.required(false).default_value(UNREAD).hide_default_value(true).value_parser(unread)
        }
    }
}

/// Stands for a file that could not be read.
const UNREAD: &str = "\0";
