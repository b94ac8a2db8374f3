//! Bodies that manage something are read, or refused with everything that is wrong, each with its place, in bounds.

use bluehook_server::fuzzed;

/// The most that is told of one body: its fields, and the members of its lists.
const MOST: usize = 2_000;

/// Reads a body; the first byte says which kind it is to be.
pub fn check(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else { return };
    let told = fuzzed::management(kind % fuzzed::KINDS, body);
    assert!(told.len() <= MOST, "{} problems", told.len());
    for (pointer, sentence) in &told {
        assert!(pointer.is_empty() || pointer.starts_with('/'), "{pointer}: {sentence}");
        assert!(!sentence.is_empty());
    }
    let said: usize = told.iter().map(|(pointer, sentence)| pointer.len() + sentence.len()).sum();
    assert!(said <= 1_000 * (told.len() + 1) + body.len(), "{said} bytes for {}", body.len());
}
