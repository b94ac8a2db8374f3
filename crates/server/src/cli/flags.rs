//! The settings as flags of `serve`, made from the one table.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, error::ErrorKind};

use crate::config::{Given, SETTINGS, Setting};

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
            // A value that begins with `-` is given as `--flag=-value`: otherwise a flag whose value is missing, as an
            // unset variable leaves it, would take the next flag for it.
            let flag = Arg::new(setting.name)
                .long(setting.name)
                .value_name(setting.value_name)
                .action(ArgAction::Append)
                .help_heading("Settings")
                .help(format!("{}{default} [env: {}]", setting.help, setting.variable()));
            let flag =
                if setting.is_switch() { flag.num_args(0..=1).default_missing_value("true") } else { flag };
            command.arg(flag)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    /// A flag given several times is a list, where the setting is one.
    fn from_arg_matches(matches: &ArgMatches) -> Result<Flags, Error> {
        let given = SETTINGS.iter().filter_map(|setting| {
            let texts: Vec<&str> = matches.get_many::<String>(setting.name)?.map(String::as_str).collect();
            Some(one(setting, &texts))
        });
        given.collect::<Result<_, _>>().map(Flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Flags::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What a flag says.
fn one(setting: &'static Setting, texts: &[&str]) -> Result<Given, Error> {
    let name = setting.name;
    let wrong = |told: String| Err(Error::raw(ErrorKind::ValueValidation, told));
    if texts.len() > 1 && !setting.is_list() {
        return wrong(format!("--{name} was given {} times; give it once\n", texts.len()));
    }
    if setting.secret && texts.iter().any(|text| text.trim().is_empty()) {
        return wrong(format!("--{name} has no value; was a variable meant that is not set?\n"));
    }
    Ok(Given::new(setting, texts.join(","), format!("--{name}")))
}

/// The environment; what is not text has a mark where it is not.
pub(super) fn variables() -> impl Iterator<Item = (String, String)> {
    let text = |text: OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(move |(name, value)| (text(name), text(value)))
}
