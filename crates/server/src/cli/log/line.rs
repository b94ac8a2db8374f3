//! Lines of the log that the log itself writes: what was dropped, what was summed up, how the program ended. They look
//! like the others.

use std::fmt::Write;

use serde_json::{Map, Value};
use tracing::Level;
use tracing_subscriber::fmt::{
    format,
    time::{FormatTime, SystemTime},
};

use crate::{cli::colour, harmless, masked};

/// How lines are written.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// One JSON object a line.
    pub(super) json: bool,
    /// Lines for a person, in colours.
    pub(super) coloured: bool,
}

impl Form {
    /// One line, with its end.
    pub(super) fn line(self, level: Level, message: &str, fields: &[(&str, Value)]) -> Vec<u8> {
        let line = if self.json { as_json(level, message, fields) } else { as_text(level, message, fields) };
        (line + "\n").into_bytes()
    }

    /// A line as it may be read, with its end: whatever it repeats, it is one line, nothing in it steers a terminal, and no
    /// password of an address stands in it.
    pub(super) fn readable(self, line: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line));
        let text = masked::user_info(&text);
        let shown = if self.json {
            harmless::json(&text).into_owned()
        } else {
            colour::kept_in_log(&text, self.coloured)
        };
        (shown + "\n").into_bytes()
    }
}

fn as_json(level: Level, message: &str, fields: &[(&str, Value)]) -> String {
    let mut line = Map::new();
    line.insert("timestamp".to_owned(), now().into());
    line.insert("level".to_owned(), level.as_str().into());
    line.insert("message".to_owned(), message.into());
    line.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Object(line).to_string()
}

/// What would end the line early is written as an escape.
fn as_text(level: Level, message: &str, fields: &[(&str, Value)]) -> String {
    let mut line = format!("{} {:>5} ", now(), level.as_str());
    for c in message.chars() {
        if c.is_control() { line.extend(c.escape_default()) } else { line.push(c) }
    }
    for (name, value) in fields {
        // Writing to text cannot fail.
        let _ = write!(line, " {name}={value}");
    }
    line
}

fn now() -> String {
    let mut text = String::new();
    // Writing to text cannot fail.
    let _ = SystemTime.format_time(&mut format::Writer::new(&mut text));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_one_line() {
        for json in [true, false] {
            let form = Form { json, coloured: false };
            let line = form.line(Level::ERROR, "a\nb \"c\"", &[("dropped", 3.into())]);
            let line = String::from_utf8(line).unwrap();
            assert_eq!((line.matches('\n').count(), line.ends_with('\n')), (1, true), "{line}");
            if json {
                let read: Value = serde_json::from_str(&line).unwrap();
                assert_eq!((&read["level"], &read["message"]), (&"ERROR".into(), &"a\nb \"c\"".into()));
                assert_eq!(read["dropped"], 3);
            } else {
                assert!(line.contains("Z ERROR a\\nb \"c\" dropped=3"), "{line}");
            }
        }
    }

    #[test]
    fn whatever_a_line_repeats_steers_nothing() {
        const HOSTILE: &str = "a\u{1b}]0;t\u{7}\u{9b}2J\u{7f}\u{202e}\u{2028}\u{e0041} http://u:hunter2@h/";
        let json = serde_json::to_string(&serde_json::json!({ "message": HOSTILE })).unwrap();
        for (json, coloured, line) in [
            (true, false, json),
            (false, false, format!("{HOSTILE}\nb\r\nc")),
            (false, true, HOSTILE.to_owned()),
        ] {
            let form = Form { json, coloured };
            let shown = String::from_utf8(form.readable(format!("{line}\n").as_bytes())).unwrap();
            let shown = shown.strip_suffix('\n').unwrap();
            assert!(!shown.chars().any(harmless::steers), "{shown:?}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn the_colours_of_the_log_stay_on_a_terminal() {
        let line =
            "\u{1b}[2mnow\u{1b}[0m \u{1b}[32m INFO\u{1b}[0m \u{1b}[1mm\u{1b}[0m \u{1b}[8mhidden\u{1b}[2Jx\n";
        let read =
            |coloured| String::from_utf8(Form { json: false, coloured }.readable(line.as_bytes())).unwrap();
        assert_eq!(read(true), line.replace("\u{1b}[8m", "\u{fffd}[8m").replace("\u{1b}[2J", "\u{fffd}[2J"));
        assert_eq!(read(false), line.replace('\u{1b}', "\u{fffd}"));
    }
}
