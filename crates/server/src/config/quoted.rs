//! A value as TOML writes it: a basic string in one line, in which nothing steers a terminal.

use std::fmt::Write;

use crate::harmless;

/// The string that reads as this text (TOML 1.0, "String").
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other if harmless::steers(other) => {
                // Writing to text cannot fail.
                let _ = write!(out, "\\U{:08X}", u32::from(other));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_and_reads_the_same() {
        for text in [
            "",
            "127.0.0.1:8080",
            r#"C:\data\"b".db"#,
            "'a'\n\"\"\"b\r\n\tc = 1",
            "\u{0}\u{1b}[31m\u{7f}\u{9b}\u{202e}\u{2028}\u{e0041}",
            "Größe 東京 👩‍💻",
        ] {
            let written = quoted(text);
            assert!(!written.chars().any(harmless::steers), "{written:?}");
            let read: toml::Table = toml::from_str(&format!("a = {written}")).unwrap();
            assert_eq!(read["a"].as_str(), Some(text), "{written}");
        }
    }
}
