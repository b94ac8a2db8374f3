//! Base64 and hexadecimal, as little of them as signatures need: they are part of what a browser downloads.

use alloc::{string::String, vec, vec::Vec};

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";

/// Appends padded base64 (RFC 4648).
pub(crate) fn write_base64(out: &mut String, bytes: &[u8]) {
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = BASE64.get((bits >> (18 - 6 * place) & 63) as usize).filter(|_| place <= group.len());
            out.push(digit.map_or('=', |digit| char::from(*digit)));
        }
    }
}

/// Reads base64; `None` unless it is exactly what [`write_base64`] would write, where padding may be absent.
pub(crate) fn read_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len()];
    let length = read_base64_into(text, &mut bytes)?;
    bytes.truncate(length);
    Some(bytes)
}

/// The same into the beginning of `out`, and gives how many bytes there are; `None` also when they are more than `out` holds.
pub(crate) fn read_base64_into(text: &str, out: &mut [u8]) -> Option<usize> {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    let digits = text.as_bytes().get(..text.len() - padding)?;
    let mut places = out.iter_mut();
    let (mut bits, mut held, mut length) = (0_u32, 0, 0);
    for digit in digits {
        bits = bits << 6 | base64_digit(*digit)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            *places.next()? = (bits >> held & 0xff) as u8;
            length += 1;
        }
    }
    // Six bits that begin no byte, bits beyond the last byte, padding that completes no group: not what was meant.
    let whole = held < 6
        && bits & ((1 << held) - 1) == 0
        && (padding == 0 || (digits.len() + padding) % 4 == 0 && padding < 3);
    whole.then_some(length)
}

/// The value of every base64 digit; [`NO_DIGIT`] elsewhere. Looking it up is faster than comparing, and a header is read on
/// every request.
const VALUES: [u8; 128] = {
    let mut values = [NO_DIGIT; 128];
    let mut value = 0_u8;
    while value < 64 {
        #[expect(clippy::indexing_slicing, reason = "computed while compiling")]
        let digit = BASE64[value as usize];
        #[expect(clippy::indexing_slicing, reason = "computed while compiling")]
        {
            values[digit as usize] = value;
        }
        value += 1;
    }
    values
};

/// What [`VALUES`] holds for what is no digit.
const NO_DIGIT: u8 = 0xff;

fn base64_digit(digit: u8) -> Option<u32> {
    VALUES.get(usize::from(digit)).filter(|value| **value != NO_DIGIT).map(|value| u32::from(*value))
}

/// Appends lower-case hexadecimal digits.
pub(crate) fn write_hexadecimal(out: &mut String, bytes: &[u8]) {
    for digit in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        out.extend(HEXADECIMAL.get(usize::from(digit)).map(|digit| char::from(*digit)));
    }
}

/// Reads exactly as many hexadecimal digits as fill `out`, in either case.
pub(crate) fn read_hexadecimal(text: &str, out: &mut [u8]) -> Option<()> {
    let mut digits = text.bytes();
    for byte in out {
        *byte = hexadecimal_digit(digits.next()?)? << 4 | hexadecimal_digit(digits.next()?)?;
    }
    digits.next().is_none().then_some(())
}

fn hexadecimal_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base64(bytes: &[u8]) -> String {
        let mut out = String::new();
        write_base64(&mut out, bytes);
        out
    }

    #[test]
    fn the_examples_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
            assert_eq!(read_base64(text).unwrap(), bytes.as_bytes());
            assert_eq!(read_base64(text.trim_end_matches('=')).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn what_is_not_base64_is_refused() {
        for text in [
            "Zg=", "Zg===", "Zm8==", "Zm9v=", "Z", "Zh==", "Zm9=", "Zm9v\n", "Zm-_", "Z g=", "=", "====",
            "é===",
        ] {
            assert_eq!(read_base64(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(bytes in any::<Vec<u8>>()) {
            prop_assert_eq!(read_base64(&base64(&bytes)), Some(bytes.clone()));
            let mut digits = String::new();
            write_hexadecimal(&mut digits, &bytes);
            let mut read = vec![0; bytes.len()];
            for digits in [digits.to_ascii_uppercase(), digits] {
                prop_assert_eq!(read_hexadecimal(&digits, &mut read), Some(()));
                prop_assert_eq!(&read, &bytes);
            }
        }

        #[test]
        fn what_reads_is_what_would_be_written(text in "[A-Za-z0-9+/]{0,9}={0,3}") {
            if let Some(bytes) = read_base64(&text) {
                let written = base64(&bytes);
                prop_assert_eq!(written.trim_end_matches('='), text.trim_end_matches('='));
            }
        }
    }
}
