//! The command line as others on the same machine see it: without the passwords and secrets that it was given. What a
//! process was started with cannot be changed in place, so it is started again, as the same process, with a command line that
//! shows none; what was meant comes along where only this program's user looks.

use std::{
    env,
    ffi::{OsStr, OsString},
};

use crate::{
    config::{ARGUMENTS, SETTINGS},
    masked,
};

/// What is shown of a secret.
const MASK: &str = "***";

/// What the program was asked, after the masked command line was put in the place of the one that it was started with.
/// Where that cannot be done, it goes on without.
pub(super) fn arguments() -> Vec<OsString> {
    let given: Vec<OsString> = env::args_os().collect();
    if let Some(meant) =
        env::var_os(ARGUMENTS).and_then(|text| read(&text)).filter(|meant| shown(meant) == given)
    {
        return meant;
    }
    let masked = shown(&given);
    if masked != given
        && let Some(text) = written(&given)
    {
        start_again(&masked, &text);
    }
    given
}

/// Comes back only when it failed.
#[cfg(unix)]
fn start_again(shown: &[OsString], meant: &str) {
    use std::{os::unix::process::CommandExt, process::Command};

    let (Ok(program), Some((name, rest))) = (env::current_exe(), shown.split_first()) else { return };
    // Nobody can be told yet how to log this, and nothing depends on it.
    let _ = Command::new(program).arg0(name).args(rest).env(ARGUMENTS, meant).exec();
}

#[cfg(not(unix))]
fn start_again(_: &[OsString], _: &str) {}

/// The arguments in one variable. Those that are no text stay where they are.
fn written(arguments: &[OsString]) -> Option<String> {
    let texts: Vec<&str> = arguments.iter().map(|argument| argument.to_str()).collect::<Option<_>>()?;
    serde_json::to_string(&texts).ok()
}

fn read(text: &OsStr) -> Option<Vec<OsString>> {
    let texts: Vec<String> = serde_json::from_str(text.to_str()?).ok()?;
    Some(texts.into_iter().map(OsString::from).collect())
}

/// Arguments with the values of secret flags masked, and in all others the user-info of addresses.
fn shown(arguments: &[OsString]) -> Vec<OsString> {
    let mut is_secret = false;
    let mut shown = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let Some(text) = argument.to_str() else {
            shown.push(argument.clone());
            continue;
        };
        let masks = std::mem::take(&mut is_secret) && !text.starts_with("--");
        shown.push(match text.split_once('=') {
            _ if masks => MASK.into(),
            Some((flag, _)) if names_secret(flag) => format!("{flag}={MASK}").into(),
            _ => {
                is_secret = names_secret(text);
                address(text).into()
            }
        });
    }
    shown
}

/// An argument without the password of the address that it is, or that its flag is given.
fn address(argument: &str) -> String {
    match argument.split_once('=').filter(|(flag, _)| flag.starts_with('-')) {
        Some((flag, value)) => format!("{flag}={}", masked::value(value)),
        None => masked::value(argument).into_owned(),
    }
}

/// A text in which no password stands that came with the arguments or with variables of ours.
pub(super) fn without_passwords(text: &str, arguments: &[OsString]) -> String {
    let variables = env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BLUEHOOK_"));
    let given = arguments.iter().cloned().chain(variables.map(|(_, value)| value));
    let given: Vec<String> = given.filter_map(|given| given.into_string().ok()).collect();
    let values = given.iter().flat_map(|given| [given.split_once('=').map_or("", |(_, value)| value), given]);
    masked::repeated(text, values).into_owned()
}

/// Whether a flag's value is a secret.
fn names_secret(flag: &str) -> bool {
    let Some(name) = flag.strip_prefix("--") else { return false };
    matches!(name, "token" | "secret")
        || SETTINGS.iter().any(|setting| setting.secret && setting.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_passwords_are_not_shown() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (given, expected) in [
            (
                "bluehook serve --admin-token abc --listen a:1",
                "bluehook serve --admin-token *** --listen a:1",
            ),
            ("bluehook serve --encryption-key=abc=", "bluehook serve --encryption-key=***"),
            ("bluehook serve --admin-token --listen a:1", "bluehook serve --admin-token --listen a:1"),
            ("bluehook serve --database postgres://u:p@h/b", "bluehook serve --database postgres://***@h/b"),
            ("bluehook listen --forward-to=http://u:p@h", "bluehook listen --forward-to=http://***@h"),
            ("bluehook send --token t --url http://h", "bluehook send --token *** --url http://h"),
        ] {
            assert_eq!(shown(&words(given)), words(expected));
            assert_eq!(shown(&words(expected)), words(expected), "once is enough");
            assert_eq!(read(OsStr::new(&written(&words(given)).unwrap())), Some(words(given)));
        }
    }
}
