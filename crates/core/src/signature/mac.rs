//! HMAC-SHA256 (RFC 2104): key states computed once, bodies taken in pieces, tags compared in constant time.
//!
//! Built on SHA-256's compression function directly: a generic hash would be a good part of what a browser downloads. The
//! tests compare it with RFC 4231 and with a generic implementation.

use alloc::string::String;
use core::fmt;

use sha2::block_api::compress256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, Zeroizing};

use super::codec;
use crate::effort;

/// A block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// What the key is mixed with before the message, and before the message's hash (RFC 2104).
const INNER: u8 = 0x36;
const OUTER: u8 = 0x5c;

/// Where the message's length stands in its last block.
const LENGTH_AT: usize = BLOCK - 8;

/// SHA-256's state before anything was hashed (FIPS 180-4, 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A SHA-256 in the making.
#[derive(Clone)]
struct Hash {
    state: [u32; 8],
    /// What does not fill a block yet.
    block: [u8; BLOCK],
    length: u64,
}

impl Hash {
    const fn new() -> Hash {
        Hash { state: INITIAL, block: [0; BLOCK], length: 0 }
    }

    /// How many bytes do not fill a block yet.
    #[expect(clippy::cast_possible_truncation, reason = "less than a block")]
    const fn held(&self) -> usize {
        (self.length % BLOCK as u64) as usize
    }

    fn update(&mut self, mut piece: &[u8]) {
        let held = self.held();
        self.length += piece.len() as u64;
        if held > 0 {
            let room = self.block.get_mut(held..).unwrap_or_default();
            let (now, later) = piece.split_at_checked(room.len()).unwrap_or((piece, &[]));
            room.iter_mut().zip(now).for_each(|(place, byte)| *place = *byte);
            if held + now.len() < BLOCK {
                return;
            }
            compress256(&mut self.state, &[self.block]);
            piece = later;
        }
        let (blocks, rest) = piece.as_chunks();
        compress256(&mut self.state, blocks);
        self.block.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    }

    fn finish(mut self) -> [u8; 32] {
        let bits = self.length * 8;
        let held = self.held();
        // A one bit, zeros, and the length in the last eight bytes of a block.
        if let Some((first, rest)) = self.block.get_mut(held..).and_then(|rest| rest.split_first_mut()) {
            *first = 0x80;
            rest.fill(0);
        }
        if held >= LENGTH_AT {
            compress256(&mut self.state, &[self.block]);
            self.block.fill(0);
        }
        if let Some(length) = self.block.last_chunk_mut() {
            *length = bits.to_be_bytes();
        }
        compress256(&mut self.state, &[self.block]);
        let mut bytes = [0; 32];
        for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(self.state) {
            *place = word.to_be_bytes();
        }
        bytes
    }
}

/// A key state, and what was hashed with it so far. A clone of a fresh one starts another message.
#[derive(Clone)]
pub(crate) struct Mac {
    inner: Hash,
    outer: [u32; 8],
}

impl Mac {
    /// Computes the key state.
    pub(crate) fn new(key: &[u8]) -> Mac {
        let mut block = Zeroizing::new([INNER; BLOCK]);
        let mut mix = |key: &[u8]| block.iter_mut().zip(key).for_each(|(place, byte)| *place ^= byte);
        // A key longer than a block stands for its hash.
        if key.len() > BLOCK {
            let mut hash = Hash::new();
            hash.update(key);
            mix(Zeroizing::new(hash.finish()).as_slice());
        } else {
            mix(key);
        }
        let mut inner = Hash::new();
        let mut outer = Hash::new();
        inner.update(&*block);
        block.iter_mut().for_each(|byte| *byte ^= INNER ^ OUTER);
        outer.update(&*block);
        Mac { inner, outer: outer.state }
    }

    /// Takes the next piece of the message.
    pub(crate) fn update(&mut self, piece: &[u8]) {
        effort::spend(piece.len());
        self.inner.update(piece);
    }

    /// Takes what Standard Webhooks signs before the body. `timestamp` is the header's text: what was signed is what was
    /// sent.
    pub(crate) fn update_standard(&mut self, id: &str, timestamp: &str) {
        for piece in [id, ".", timestamp, "."] {
            self.update(piece.as_bytes());
        }
    }

    /// The tag of the whole message.
    pub(crate) fn finish(self) -> Tag {
        let mut outer = Hash { state: self.outer, block: [0; BLOCK], length: BLOCK as u64 };
        outer.update(&self.inner.clone().finish());
        Tag(outer.finish())
    }
}

/// A key state signs as well as the key does.
impl Drop for Mac {
    fn drop(&mut self) {
        self.inner.state.zeroize();
        self.outer.zeroize();
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(…)")
    }
}

/// The 32 bytes that a signature spells. Not comparable by `==`, which could stop at the first difference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag([u8; 32]);

impl Tag {
    /// 64 hexadecimal digits in either case.
    pub(crate) fn from_hex(text: &str) -> Option<Tag> {
        let mut tag = [0; 32];
        codec::read_hexadecimal(text, &mut tag).map(|()| Tag(tag))
    }

    /// 44 characters of padded base64.
    pub(crate) fn from_base64(text: &str) -> Option<Tag> {
        let mut tag = [0; 32];
        let length = codec::read_base64_into(text, &mut tag)?;
        (length == tag.len() && text.len() == 44).then_some(Tag(tag))
    }

    /// The bytes of a tag that is to be sent.
    pub(crate) fn bytes(self) -> [u8; 32] {
        self.0
    }

    /// Appends 64 lower-case hexadecimal digits.
    pub(crate) fn write_hex(self, out: &mut String) {
        codec::write_hexadecimal(out, &self.0);
    }

    /// Appends 44 characters of base64.
    pub(crate) fn write_base64(self, out: &mut String) {
        codec::write_base64(out, &self.0);
    }

    /// Whether it is among those given; looks at all of them, and at all of their bytes.
    pub(crate) fn is_any_of(self, given: &[Tag]) -> bool {
        given.iter().fold(Choice::from(0), |any, one| any | one.0.ct_eq(&self.0)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use hmac::{Hmac, KeyInit, Mac as _};
    use proptest::prelude::*;

    fn tag(key: &[u8], message: &[u8]) -> String {
        let mut mac = Mac::new(key);
        mac.update(message);
        let mut out = String::new();
        mac.finish().write_hex(&mut out);
        out
    }

    #[test]
    fn the_cases_of_rfc_4231() {
        for (key, message, expected) in [
            (
                &[0x0b; 20][..],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            assert_eq!(tag(key, message), expected);
        }
    }

    proptest! {
        #[test]
        fn it_is_what_others_compute(key in prop::collection::vec(any::<u8>(), 0..200), message: Vec<u8>, cut: prop::sample::Index) {
            let mut other = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
            other.update(&message);
            let (head, tail) = message.split_at(cut.index(message.len() + 1));
            let mut mac = Mac::new(&key);
            mac.update(head);
            mac.update(tail);
            prop_assert_eq!(mac.finish().0, <[u8; 32]>::from(other.finalize().into_bytes()));
        }
    }
}
