//! Where settings come from: the command line over the environment over a file. Here what a file says.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bluehook_core::nearest::nearest;

use super::{
    paths::whole,
    setting::{SETTINGS, Setting},
};

/// The value of one setting, as text, and where it came from.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) setting: &'static Setting,
    pub(crate) text: String,
    pub(crate) source: String,
    /// The file that it was in.
    pub(crate) file: Option<PathBuf>,
}

impl Given {
    /// What was said by flag or variable.
    pub(crate) fn new(
        setting: &'static Setting,
        text: impl Into<String>,
        source: impl Into<String>,
    ) -> Given {
        Given { setting, text: text.into(), source: source.into(), file: None }
    }
}

/// What a TOML file says; every unknown key is a problem.
pub(super) fn file(path: &Path, problems: &mut Vec<String>) -> Vec<Given> {
    let source = whole(path);
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(format!("cannot read {source}: {error}"));
            return Vec::new();
        }
    };
    let given = toml_text(&text, &source, problems);
    given.into_iter().map(|given| Given { file: Some(path.to_owned()), ..given }).collect()
}

fn toml_text(text: &str, source: &str, problems: &mut Vec<String>) -> Vec<Given> {
    let mut given = Vec::new();
    match text.parse::<toml::Table>() {
        Ok(table) => keys(&table, "", source, &mut given, problems),
        Err(error) => {
            let line = error
                .span()
                .map_or(1, |span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
            problems.push(format!("{source}, line {line}: {}", error.message().replace('\n', ", ")));
        }
    }
    given
}

/// The keys of a table, `retry.schedule` for one inside `[retry]`.
fn keys(table: &toml::Table, above: &str, source: &str, given: &mut Vec<Given>, problems: &mut Vec<String>) {
    for (key, value) in table {
        let name = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        match (Setting::named(&name), value) {
            (None, toml::Value::Table(inner)) if is_above_a_setting(&name) => {
                keys(inner, &name, source, given, problems);
            }
            (None, _) => problems.push(unknown_key(&name, source)),
            (Some(setting), value) => match value_text(value) {
                Some(text) => given.push(Given::new(setting, text, source)),
                None => problems.push(format!(
                    "{name} ({source}): expected a string, a whole number, true or false, or a list of them"
                )),
            },
        }
    }
}

fn is_above_a_setting(name: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

fn unknown_key(name: &str, source: &str) -> String {
    let known = SETTINGS.iter().map(|setting| setting.name);
    format!("unknown setting {name} in {source}{}", did_you_mean(nearest(name, known)))
}

pub(super) fn did_you_mean(known: Option<&str>) -> String {
    known.map_or_else(String::new, |known| format!("; did you mean {known}?"))
}

fn value_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(value) => Some(value.to_string()),
        // Said in so many words, so it is not what was left out.
        toml::Value::Array(members) if members.is_empty() => Some("none".to_owned()),
        toml::Value::Array(members) => {
            members.iter().map(value_text).collect::<Option<Vec<_>>>().map(|members| members.join(","))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(given: &[Given]) -> Vec<String> {
        given.iter().map(|given| format!("{}={}", given.setting.name, given.text)).collect()
    }

    #[test]
    fn a_file_may_nest_and_list() {
        let mut problems = Vec::new();
        let text = "timeout = \"5s\"\nmax-in-flight = 10\nallow-network = [\"10.0.0.0/8\", \"::1\"]\n[retry]\nschedule = []";
        let given = toml_text(text, "b.toml", &mut problems);
        assert_eq!(
            shown(&given),
            ["allow-network=10.0.0.0/8,::1", "max-in-flight=10", "retry.schedule=none", "timeout=5s"]
        );
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn a_files_problems_name_the_nearest() {
        let mut problems = Vec::new();
        toml_text(
            "time-out = \"5s\"\ncolour = 1\ntimeout = 1.5\nretry = 1\n[x]\ny = 1",
            "b.toml",
            &mut problems,
        );
        problems.sort();
        assert_eq!(
            problems,
            [
                "timeout (b.toml): expected a string, a whole number, true or false, or a list of them",
                "unknown setting colour in b.toml",
                "unknown setting retry in b.toml",
                "unknown setting time-out in b.toml; did you mean timeout?",
                "unknown setting x in b.toml",
            ]
        );
        let mut problems = Vec::new();
        toml_text("listen = 1\nlisten = ", "b.toml", &mut problems);
        assert!(problems.iter().all(|problem| problem.starts_with("b.toml, line 2: ")), "{problems:?}");
    }
}
