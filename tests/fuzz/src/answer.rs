//! What a receiver answers: read the same in whatever pieces it comes, within its budget, the status line deciding.

use bluehook_core::answer::{Answer, End, Fault, MAX_BODY, MAX_HEAD, MAX_RAW, Reader};

/// Reads an answer whole, byte by byte and in pieces, and ends it in each way.
pub fn check(data: &[u8]) {
    let (first, text) = data.split_first().map_or((0, data), |(first, rest)| (*first, rest));
    for end in [End::Closed, End::Reset, End::Timeout, End::Limit] {
        let whole = read(text, text.len().max(1), end);
        check_bounds(&whole);
        for pieces in [1, usize::from(first).max(2)] {
            check_same(&read(text, pieces, end), &whole);
        }
    }
    // A final status line that was read is never taken back.
    let good = [b"HTTP/1.1 200 OK\r\n", text].concat();
    let answer = read(&good, usize::from(first).max(1), End::Reset);
    assert_eq!(answer.as_ref().map(|answer| answer.status_code), Ok(200), "{answer:?}");
}

fn read(text: &[u8], pieces: usize, end: End) -> Result<Answer, Fault> {
    let mut reader = Reader::default();
    for piece in text.chunks(pieces) {
        let status = reader.status_code();
        let is_done = reader.feed(piece);
        assert!(reader.room() <= MAX_RAW);
        assert!(status.is_none() || reader.status_code() == status);
        if is_done {
            break;
        }
    }
    reader.end(end);
    reader.finish()
}

fn check_bounds(answer: &Result<Answer, Fault>) {
    let Ok(answer) = answer else { return };
    assert!((100..1_000).contains(&answer.status_code) && answer.body.len() <= MAX_BODY);
    let head: usize = answer.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    // Latin-1 is two bytes a character here.
    assert!(head <= MAX_HEAD, "{head}");
    let is_shown = |text: &String| {
        !text.chars().any(|character| character.is_control() && character < '\u{80}' && character != '\t')
    };
    assert!(answer.headers.iter().all(|(name, value)| is_shown(name) && is_shown(value)));
    assert!(!(answer.keeps && answer.cut.is_some()), "{answer:?}");
}

/// Pieces make no difference, but that what follows an answer may not have come yet.
fn check_same(one: &Result<Answer, Fault>, other: &Result<Answer, Fault>) {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            assert_eq!(
                (one.status_code, &one.headers, &one.body),
                (other.status_code, &other.headers, &other.body)
            );
            assert_eq!((one.cut, one.is_truncated), (other.cut, other.is_truncated));
        }
        (Err(Fault::NotHttp(_)), Err(Fault::NotHttp(_))) => {}
        (one, other) => assert_eq!(one, other),
    }
}
