//! Whole numbers in as few bytes as they need: seven bits a byte, the lowest first; the high bit says that more follow. Bytes
//! and texts behind the number of them.

/// Adds a number.
pub(super) fn push(bytes: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    while rest > 0x7f {
        bytes.push(u8::try_from(rest & 0x7f).unwrap_or(0) | 0x80);
        rest >>= 7;
    }
    bytes.push(u8::try_from(rest).unwrap_or(0));
}

/// Takes the first number off. None when the bytes end before it does, or it has more than 64 bits.
pub(super) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0_u64, 0_u32);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// Adds bytes with their number.
pub(super) fn push_bytes(bytes: &mut Vec<u8>, more: &[u8]) {
    push(bytes, u64::try_from(more.len()).unwrap_or(u64::MAX));
    bytes.extend_from_slice(more);
}

/// Takes as many bytes off as were added.
pub(super) fn take_bytes<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::try_from(take(rest)?).ok()?;
    let (piece, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(piece)
}

/// The same for a text.
pub(super) fn take_text<'b>(rest: &mut &'b [u8]) -> Option<&'b str> {
    std::str::from_utf8(take_bytes(rest)?).ok()
}

/// Small numbers stay small on both sides of zero.
pub(super) fn folded(number: i64) -> u64 {
    (number << 1 ^ number >> 63).cast_unsigned()
}

pub(super) fn unfolded(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers_read_back() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::MAX];
        let mut bytes = Vec::new();
        for number in numbers {
            push(&mut bytes, number);
        }
        let mut rest = &bytes[..];
        assert_eq!(std::iter::from_fn(|| take(&mut rest)).collect::<Vec<_>>(), numbers);
        assert_eq!(take(&mut &[0xff; 11][..]), None);
    }
}
