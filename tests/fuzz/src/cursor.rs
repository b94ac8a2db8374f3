//! Ids and cursors as callers send them: none but those that this database made, each for what it was made for.

use bluehook_dispatcher::fuzzed;

/// Reads a text as each kind of id and cursor; what is read is written again as it was.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let read = fuzzed::numbers(&text);
    assert!(read.len() <= 1, "{text} is several things: {read:?}");
    for (kind, again) in read {
        assert_eq!(again, text, "{kind}");
    }
    // Numbers from the bytes are read back, and as nothing else.
    let Some(bytes) = data.first_chunk::<8>() else { return };
    let number = i64::from_be_bytes(*bytes) & i64::MAX;
    for (kind, made) in fuzzed::made(number) {
        assert_eq!(fuzzed::numbers(&made), [(kind, made.clone())], "{number}");
    }
}
