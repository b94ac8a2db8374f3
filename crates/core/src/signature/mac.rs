//! HMAC-SHA256 (RFC 2104): key states computed once, bodies taken in pieces, tags compared in constant time.

use alloc::string::String;
use core::fmt;

use hmac::{Hmac, KeyInit, Mac as _};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::codec;

/// A key state, and what was hashed with it so far. A clone of a fresh one starts another message.
#[derive(Clone)]
pub(crate) struct Mac(Hmac<Sha256>);

impl Mac {
    /// Computes the key state.
    pub(crate) fn new(key: &[u8]) -> Mac {
        let mut block = Zeroizing::new([0; 64]);
        if let Some(head) = block.get_mut(..key.len()) {
            head.copy_from_slice(key);
        } else {
            // A key longer than a block stands for its hash.
            let hash = Sha256::digest(key);
            block.iter_mut().zip(hash).for_each(|(place, byte)| *place = byte);
        }
        Mac(Hmac::new((&*block).into()))
    }

    /// Takes the next piece of the message.
    pub(crate) fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// Takes what Standard Webhooks signs before the body. `timestamp` is the header's text: what was signed is what was sent.
    pub(crate) fn update_standard(&mut self, id: &str, timestamp: &str) {
        for piece in [id, ".", timestamp, "."] {
            self.update(piece.as_bytes());
        }
    }

    /// The tag of the whole message.
    pub(crate) fn finish(self) -> Tag {
        Tag(self.0.finalize().into_bytes().into())
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
        codec::read_hexadecimal(text)?.try_into().ok().map(Tag)
    }

    /// 44 characters of padded base64.
    pub(crate) fn from_base64(text: &str) -> Option<Tag> {
        codec::read_base64(text).filter(|_| text.ends_with('='))?.try_into().ok().map(Tag)
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
