//! An event's values as they are kept: both one after the other, pressed where that saves something. They are pressed where
//! the event came in, not by the writer that everybody waits for.

use bluehook_core::{event::Event, json::RawJson};
use lz4_flex::block;

use super::packed;
use crate::{Error, Result};

/// Values that are kept as they are.
const PLAIN: u8 = 0;

/// Values that are kept as one block of LZ4, behind the length that they had.
const PRESSED: u8 = 1;

/// Fewer bytes than this are not worth the trouble.
const SHORTEST: usize = 256;

/// The longest that values are believed to be: more than an event may have.
const LONGEST: u64 = 1 << 26;

/// Packs an event's values. They are pressed when that saves an eighth of them.
pub(crate) fn pack(event: &Event) -> Vec<u8> {
    let (previous, current) = (event.previous_value.as_str(), event.current_value.as_str());
    let mut plain = Vec::with_capacity(previous.len() + current.len() + 12);
    plain.push(PLAIN);
    packed::push(&mut plain, length(previous.len()));
    plain.extend_from_slice(previous.as_bytes());
    plain.extend_from_slice(current.as_bytes());
    let Some(values) = plain.get(1..).filter(|values| values.len() >= SHORTEST) else { return plain };
    let mut pressed = vec![PRESSED];
    packed::push(&mut pressed, length(values.len()));
    pressed.extend(block::compress(values));
    if pressed.len() <= plain.len() / 8 * 7 { pressed } else { plain }
}

/// Reads values back: the previous one, and the current one.
///
/// # Errors
/// [`Error::Store`] when they are not what was packed.
pub(crate) fn unpack(bytes: &[u8]) -> Result<(RawJson, RawJson)> {
    let read = match bytes.split_first() {
        Some((&PLAIN, values)) => split(values),
        Some((&PRESSED, pressed)) => unpressed(pressed).and_then(|values| split(&values)),
        Some((other, _)) => return Err(broken(&format!("they are of a form that is not known: {other}"))),
        None => None,
    };
    read.ok_or_else(|| broken("they are damaged"))
}

fn unpressed(pressed: &[u8]) -> Option<Vec<u8>> {
    let mut rest = pressed;
    let length = packed::take(&mut rest).filter(|length| *length <= LONGEST)?;
    block::decompress(rest, usize::try_from(length).ok()?).ok()
}

fn split(values: &[u8]) -> Option<(RawJson, RawJson)> {
    let mut rest = values;
    let length = usize::try_from(packed::take(&mut rest)?).ok()?;
    let (previous, current) = rest.split_at_checked(length)?;
    let read = |bytes: &[u8]| Some(RawJson::from_stored(std::str::from_utf8(bytes).ok()?.into()));
    Some((read(previous)?, read(current)?))
}

fn broken(why: &str) -> Error {
    Error::Store(format!("an event's values cannot be read: {why}"))
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use bluehook_core::event::EventType;
    use proptest::prelude::*;

    use super::*;

    fn event(previous: &str, current: &str) -> Event {
        let value = |text: &str| RawJson::from_stored(text.into());
        Event {
            id: None,
            event_type: EventType::TodoCreated,
            company_id: String::new(),
            project_id: String::new(),
            user_id: String::new(),
            occurred_at: None,
            previous_value: value(previous),
            current_value: value(current),
        }
    }

    fn comes_back(previous: &str, current: &str) -> usize {
        let packed = pack(&event(previous, current));
        let (first, second) = unpack(&packed).unwrap();
        assert_eq!((first.as_str(), second.as_str()), (previous, current));
        packed.len()
    }

    proptest! {
        #[test]
        fn values_come_back_byte_for_byte(previous in ".{0,300}", current in "(\"[a-c]{1,9}\":){0,90}") {
            let length = comes_back(&previous, &current);
            prop_assert!(length <= previous.len() + current.len() + 3);
        }

        #[test]
        fn whatever_is_there_is_read_or_refused(kind in 0..3_u8, bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = unpack(&[&[kind], &bytes[..]].concat());
        }
    }

    #[test]
    fn what_repeats_itself_is_pressed_and_what_is_short_is_not() {
        let long = r#"{"id":"clx1","title":"Water the plants","done":false},"#.repeat(30);
        assert!(comes_back("null", &long) < long.len() / 4);
        assert_eq!(comes_back("null", "{}"), "null{}".len() + 2);
    }

    #[test]
    fn what_was_not_packed_is_named() {
        let error = |bytes: &[u8]| unpack(bytes).unwrap_err().to_string();
        assert!(error(&[9, 1]).contains("not known: 9"));
        for damaged in
            [&[][..], &[PLAIN], &[PLAIN, 9, b'x'], &[PRESSED, 200, 1], &[PRESSED, 255, 255, 255, 255, 255, 1]]
        {
            assert!(error(damaged).contains("damaged"), "{damaged:?}");
        }
        let mut cut = pack(&event("null", &"long ".repeat(99)));
        cut.pop();
        assert!(error(&cut).contains("damaged"));
    }
}
