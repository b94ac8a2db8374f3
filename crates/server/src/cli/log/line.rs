//! Lines of the log that the log itself writes: what was dropped, what was summed up, how the program ended. They look
//! like the others.

use std::fmt::Write;

use serde_json::{Map, Value};
use tracing::Level;
use tracing_subscriber::fmt::{
    format,
    time::{FormatTime, SystemTime},
};

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
}
