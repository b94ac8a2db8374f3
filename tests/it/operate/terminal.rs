//! Whatever a file, a flag, a variable or a setting is called, what is said of it is one line that steers no terminal.

use std::{fs, path::PathBuf, process::Command};

use bluehook_tests::{command::bluehook, server::Place};

/// One of each kind that a terminal obeys, hides text with or breaks lines at, and a line that looks like one of ours.
const HOSTILE: &str =
    "\u{1b}]0;x\u{7}\u{9b}31m\u{7f}\u{202e}\u{2066}\u{200b}\u{2028}\u{feff}\u{85}\u{e0041}\r\nserving at x";

/// What a command says, each line of both streams.
fn said(mut command: Command) -> Vec<String> {
    let output = command.output().unwrap();
    assert!(output.status.code().is_some_and(|code| code < 3), "{output:?}");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[track_caller]
fn check(lines: &[String], what: &str) {
    for line in lines {
        let steers = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                    | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        };
        assert!(!line.chars().any(steers), "{what}: {line:?}");
        assert!(!line.starts_with("serving"), "{what}: {lines:?}");
    }
}

/// That it is refused in one line.
#[track_caller]
fn check_refused(command: Command, what: &str) {
    let lines = said(command);
    check(&lines, what);
    assert!(lines.len() == 1 && lines[0].starts_with("bluehook: "), "{what}: {lines:?}");
}

#[test]
fn nothing_that_is_given_steers_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (nowhere, database) = (path(HOSTILE), format!("sqlite:{}", path(&format!("{HOSTILE}/b.db"))));
    let token = ["--token", "t", "--url", "http://127.0.0.1:9"];
    for arguments in [
        &["serve", "--config", &nowhere][..],
        &["serve", "--listen", HOSTILE],
        &["serve", "--database", &database],
        &["serve", "--ca-file", &nowhere],
        &["serve", "--log-level", HOSTILE],
        &["serve", "--public-url", HOSTILE],
        &["serve", "--allow-network", HOSTILE],
        &["serve", HOSTILE],
        &["migrate", "--database", &database],
        &["keys", "rotate", "--database", &database],
        &["keys", "rotate", "--config", &nowhere],
        &["send", &nowhere, token[0], token[1], token[2], token[3]],
        &["send", "--sample", HOSTILE, token[0], token[1]],
        &["send", "--sample", "TODO_CREATED", "--url", HOSTILE, "--token", "t"],
        &["verify", "--secret", "a-secret-of-tests", "--header", HOSTILE, &nowhere],
        &["preview", &nowhere],
        &["token", "revoke", HOSTILE, token[0], token[1], token[2], token[3]],
        &["replay", HOSTILE, "--since", HOSTILE, "--until", HOSTILE, token[0], token[1], token[2], token[3]],
        &["listen", "--port", HOSTILE],
        &["listen", "--forward-to", HOSTILE],
        &[HOSTILE],
    ] {
        check_refused(bluehook(arguments), &format!("{arguments:?}"));
    }
}

/// A place with a file of settings that say this.
fn with_file(text: &str) -> (Place, PathBuf) {
    let place = Place::new();
    let path = place.file("b.toml");
    fs::write(&path, text).unwrap();
    (place, path)
}

#[test]
fn nothing_that_a_file_or_a_variable_says_steers_the_terminal() {
    for text in [
        "\"\\u001b\\u202e\" = 1",
        "listen = \"\\u001b[31m\\u202e\\n\"",
        "listen = \"\u{202e}\u{9b}",
        "database = \"sqlite:\\u001b\\u2028/b.db\"",
        "log-level = \"\\u009b\"",
        "[\"\\u202e\"]\nx = 1",
    ] {
        for format in ["text", "json"] {
            let (place, path) = with_file(text);
            let place = place.without("DATABASE").without("LISTEN").with("LOG_FORMAT", format);
            let mut command = place.command();
            command.arg("--config").arg(&path);
            check(&said(command), text);
        }
    }
    for name in [
        "LISTEN",
        "DATABASE",
        "CONFIG",
        "ADMIN_TOKEN_FILE",
        "CA_FILE",
        "LOG_LEVEL",
        "ALLOW_NETWORK",
        "\u{1b}\u{202e}",
    ] {
        let place = Place::new().without(name).with(name, HOSTILE);
        check_refused(place.command(), name);
    }
}

#[test]
fn settings_are_shown_one_a_line_whatever_they_are() {
    let place =
        Place::new().without("LISTEN").with("LISTEN", HOSTILE).with("DATABASE", "sqlite:\u{202e}\"\\.db");
    let shown = |more: &[&str]| {
        let mut command = place.command();
        command.arg("--print-config").args(more);
        said(command)
    };
    let lines = shown(&[]);
    check(&lines, "--print-config");
    let settings = lines.iter().filter(|line| line.contains(" = \"") && line.contains("\"  # "));
    assert_eq!(settings.count(), lines.len() - 1, "and what is wrong in one more line: {lines:?}");
    let lines = shown(&["--json"]);
    check(&lines, "--print-config --json");
    assert_eq!(lines.len(), 2, "{lines:?}");
}
