//! What the environment says: a variable for every setting, and a file for every secret one.

use std::{collections::BTreeMap, path::PathBuf};

use bluehook_core::nearest::nearest;

use super::{
    secret_file, service_links,
    setting::{PREFIX, SETTINGS, Setting},
    sources::{Given, did_you_mean},
};

/// Where the command line that was meant comes along, when the one that others see shows no secrets.
pub(crate) const ARGUMENTS: &str = "BLUEHOOK_ARGUMENTS";

/// Variables with our prefix that are not settings of the server: what the commands of a client read, and the file.
const OTHER_VARIABLES: [&str; 7] = [
    ARGUMENTS,
    "BLUEHOOK_CONFIG",
    "BLUEHOOK_URL",
    "BLUEHOOK_TOKEN",
    "BLUEHOOK_TOKEN_FILE",
    "BLUEHOOK_SECRET",
    "BLUEHOOK_SECRET_FILE",
];

/// Whether a variable says nothing: compose files and templates pass what is not set as empty.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// What the environment says. Every unknown variable with our prefix is a problem, unless it says nothing or the cluster
/// made it.
pub(super) fn read(
    variables: impl Iterator<Item = (String, String)>,
    problems: &mut Vec<String>,
) -> Vec<Given> {
    let says_something = |(name, text): &(String, String)| name.starts_with(PREFIX) && !is_blank(text);
    let variables: BTreeMap<String, String> = variables.filter(says_something).collect();
    let mut given = Vec::new();
    for (name, text) in &variables {
        match meaning(name, text) {
            Meaning::Value(setting) => value(setting, name, text, &mut given, problems),
            Meaning::FileOf(setting) if variables.contains_key(&setting.variable()) => {
                problems.push(format!("{} and {name} are both set; keep one of them", setting.variable()));
            }
            Meaning::FileOf(setting) => match secret_file::read(text) {
                Ok(value) => {
                    // In a file the members of a list may also stand on lines of their own.
                    let value = if setting.is_list() { lines_joined(&value) } else { value };
                    let file = Some(PathBuf::from(text.trim()));
                    given.push(Given { file, ..Given::new(setting, value, name) });
                }
                Err(problem) => problems.push(format!("{} ({name}): {problem}", setting.name)),
            },
            Meaning::NotOurs => {}
            Meaning::Unknown => problems.push(unknown(name)),
        }
    }
    given
}

fn lines_joined(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(",")
}

/// What a variable is for.
enum Meaning {
    /// The value of a setting.
    Value(&'static Setting),
    /// Where the value of a secret setting is.
    FileOf(&'static Setting),
    /// Something that the server does not read.
    NotOurs,
    Unknown,
}

fn meaning(name: &str, text: &str) -> Meaning {
    let file_of = |setting: &&Setting| setting.file_variable().is_some_and(|variable| variable == name);
    if let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == name) {
        Meaning::Value(setting)
    } else if let Some(setting) = SETTINGS.iter().find(file_of) {
        Meaning::FileOf(setting)
    } else if OTHER_VARIABLES.contains(&name) || service_links::is_one(name, text) {
        Meaning::NotOurs
    } else {
        Meaning::Unknown
    }
}

fn value(
    setting: &'static Setting,
    name: &str,
    text: &str,
    given: &mut Vec<Given>,
    problems: &mut Vec<String>,
) {
    if text.contains(char::REPLACEMENT_CHARACTER) {
        problems.push(format!("{} ({name}): not valid UTF-8", setting.name));
    } else {
        given.push(Given::new(setting, text, name));
    }
}

fn unknown(name: &str) -> String {
    let variables: Vec<String> = SETTINGS
        .iter()
        .flat_map(|setting| [Some(setting.variable()), setting.file_variable()])
        .flatten()
        .collect();
    let known = variables.iter().map(String::as_str).chain(OTHER_VARIABLES);
    format!("unknown environment variable {name}{}", did_you_mean(nearest(name, known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(variables: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let variables: Vec<(String, String)> =
            variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mut problems = Vec::new();
        let given = read(variables.into_iter(), &mut problems);
        let shown = given.iter().map(|given| format!("{}={}", given.setting.name, given.text)).collect();
        (shown, problems)
    }

    #[test]
    fn a_misspelt_variable_is_named_with_the_nearest() {
        let (given, problems) = read_all(&[
            ("BLUEHOOK_TIMEOUT", "5s"),
            ("BLUEHOOK_TIMOUT", "1s"),
            ("BLUEHOOK_TOKEN", "t"),
            ("PATH", "/"),
        ]);
        assert_eq!(given, ["timeout=5s"]);
        let expected = "unknown environment variable BLUEHOOK_TIMOUT; did you mean BLUEHOOK_TIMEOUT?";
        assert_eq!(problems, [expected]);
    }

    #[test]
    fn an_empty_variable_is_absent_whatever_its_setting() {
        for setting in SETTINGS {
            for blank in ["", " ", "\n", "\t \r\n"] {
                let variable = setting.variable();
                assert_eq!(read_all(&[(&variable, blank)]), (vec![], vec![]), "{variable}={blank:?}");
            }
        }
    }

    #[test]
    fn an_unknown_variable_is_an_error_beside_every_setting() {
        for setting in SETTINGS {
            let unknown = setting.variable() + "X";
            let (given, problems) = read_all(&[(&unknown, "1")]);
            assert_eq!((given.len(), problems.len()), (0, 1), "{unknown}");
            assert!(problems[0].contains(&setting.variable()), "{problems:?}");
        }
    }

    #[test]
    fn every_secret_setting_may_come_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let path = file.to_str().unwrap();
        std::fs::write(&file, "\u{feff}a secret's value\r\n").unwrap();
        for setting in SETTINGS {
            let name = setting.variable() + "_FILE";
            let (given, problems) = read_all(&[(&name, path), (&setting.variable(), "")]);
            if setting.secret {
                assert_eq!(given, [format!("{}=a secret's value", setting.name)]);
                let (_, problems) = read_all(&[(&name, path), (&setting.variable(), "x")]);
                assert!(problems[0].ends_with("are both set; keep one of them"), "{problems:?}");
            } else {
                assert_eq!(problems.len(), 1, "{name} is no variable");
            }
        }
    }

    #[test]
    fn a_file_without_a_value_is_named_whole() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        std::fs::write(&empty, " \n").unwrap();
        let missing = folder.path().join("missing");
        for (path, told) in
            [(&empty, "is empty"), (&missing, "cannot read"), (&folder.path().into(), "cannot read")]
        {
            let path = path.to_str().unwrap();
            let (_, problems) = read_all(&[("BLUEHOOK_ADMIN_TOKEN_FILE", path)]);
            assert!(problems[0].starts_with("admin-token (BLUEHOOK_ADMIN_TOKEN_FILE): "), "{problems:?}");
            assert!(problems[0].contains(told) && problems[0].contains(path), "{problems:?}");
        }
    }

    #[test]
    fn what_the_cluster_puts_there_is_passed_over() {
        let links = [
            ("BLUEHOOK_SERVICE_HOST", "10.0.0.7"),
            ("BLUEHOOK_PORT", "tcp://10.0.0.7:80"),
            ("BLUEHOOK_PORT_80_TCP_ADDR", "10.0.0.7"),
        ];
        assert_eq!(read_all(&links), (vec![], vec![]));
        assert_eq!(read_all(&[("BLUEHOOK_PORT", "8080")]).1.len(), 1);
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let (_, problems) = read_all(&[("BLUEHOOK_DATABASE", "sqlite:a\u{fffd}.db")]);
        assert_eq!(problems, ["database (BLUEHOOK_DATABASE): not valid UTF-8"]);
    }
}
