//! What commands print of what servers answer and senders send: nothing that steers a terminal, no line of theirs where ours
//! begin, JSON that still says the same; and no password of an address.

use bluehook_server::fuzzed::{self, Printed};

/// Prints a refusal, a delivery or an event; the first byte says which.
pub fn check(data: &[u8]) {
    let Some((source, bytes)) = data.split_first() else { return };
    for printed in fuzzed::printed(source % fuzzed::SOURCES, bytes) {
        match printed {
            Printed::Line(text) => assert!(text.chars().all(|c| c != '\n' && is_harmless(c)), "{text:?}"),
            Printed::Block(text) => {
                assert!(text.chars().all(|c| c == '\n' || c == '\t' || is_harmless(c)), "{text:?}");
                let begin_elsewhere = |line: &str| line.is_empty() || line.starts_with("  ");
                assert!(text.lines().skip(1).all(begin_elsewhere), "{text:?}");
            }
            Printed::Json(text, before) => {
                assert!(text.trim_end_matches('\n').chars().all(is_harmless), "{text:?}");
                let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
                assert_eq!(value(&text), value(&before));
            }
        }
    }
    check_passwords(&String::from_utf8_lossy(bytes));
}

/// Whether a character is only read: no control character, none that turns the direction of text or cannot be seen.
fn is_harmless(c: char) -> bool {
    let invisible = ['\u{ad}', '\u{61c}', '\u{180e}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{feff}'];
    let ranges = [
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{fff9}'..='\u{fffb}',
        '\u{e0000}'..='\u{e007f}',
    ];
    !c.is_control() && !invisible.contains(&c) && !ranges.iter().any(|range| range.contains(&c))
}

/// Whatever the text around it, a password is masked, once and for all.
fn check_passwords(text: &str) {
    let masked = fuzzed::masked(text);
    assert_eq!(fuzzed::masked(&masked), masked, "{text:?}");
    let around = format!("{text} https://me:hunter2-of-fuzzing@host/ {text}");
    assert!(!fuzzed::masked(&around).contains("hunter2-of-fuzzing"), "{text:?}");
}
