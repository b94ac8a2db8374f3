//! The settings as flags of `serve`, made from the one table.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::config::{Given, SETTINGS};

/// The settings that were given as flags.
#[derive(Clone)]
pub(super) struct Flags(pub(super) Vec<Given>);

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        SETTINGS.iter().fold(command, |command, setting| {
            let default = match setting.default {
                "" => String::new(),
                default => format!(" [default: {default}]"),
            };
            let flag = Arg::new(setting.name)
                .long(setting.name)
                .value_name(setting.value_name)
                .action(ArgAction::Append)
                .allow_hyphen_values(true)
                .help_heading("Settings")
                .help(format!("{}{default} [env: {}]", setting.help, setting.variable()));
            command.arg(flag)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    /// A flag given several times is a list.
    fn from_arg_matches(matches: &ArgMatches) -> Result<Flags, Error> {
        let given = SETTINGS.iter().filter_map(|setting| {
            let texts: Vec<&str> = matches.get_many::<String>(setting.name)?.map(String::as_str).collect();
            Some(Given { setting, text: texts.join(","), source: format!("--{}", setting.name) })
        });
        Ok(Flags(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Flags::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The environment; what is not text has a mark where it is not.
pub(super) fn variables() -> impl Iterator<Item = (String, String)> {
    let text = |text: OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(move |(name, value)| (text(name), text(value)))
}
