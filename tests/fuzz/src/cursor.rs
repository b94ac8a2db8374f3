//! Ids, cursors and places in the stream as callers send them: none but those that this database made, each for what it was
//! made for.

use bluehook_dispatcher::fuzzed;

/// Reads a text as each kind of id, cursor and place; what is read is written again as it was.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let read = fuzzed::read(&text, &text);
    assert!(read.len() <= 1, "{text} is several things: {read:?}");
    for (kind, again) in read {
        assert_eq!(again, text, "{kind}");
    }
    // Numbers from the bytes are read back, and as nothing else; cursors only by who asks the same.
    let Some((number, rest)) = data.split_first_chunk::<8>() else { return };
    let Some((seen, rest)) = rest.split_first_chunk::<4>() else { return };
    let number = i64::from_be_bytes(*number) & i64::MAX;
    let asked = String::from_utf8_lossy(rest).into_owned();
    let (other, made) = (format!("{asked}!"), fuzzed::made(number, u32::from_be_bytes(*seen), &asked));
    for (kind, text) in made {
        assert_eq!(fuzzed::read(&text, &asked), [(kind, text.clone())], "{number}");
        let is_cursor = !text.contains('_');
        assert_eq!(fuzzed::read(&text, &other).is_empty(), is_cursor, "{kind} {number}");
        is_of_this_making(&text, &asked, *seen.first().unwrap_or(&0));
    }
}

/// Whoever changes a character of what was made, has nothing.
fn is_of_this_making(text: &str, asked: &str, place: u8) {
    let place = usize::from(place) % text.len();
    for other in ['a', '0', 'Z', '_', '-', 'é'] {
        let changed: String = text.char_indices().map(|(i, c)| if i == place { other } else { c }).collect();
        assert!(changed == text || fuzzed::read(&changed, asked).is_empty(), "{changed} for {text}");
    }
}
