//! HMAC-SHA256: key states computed once, bodies taken in pieces, tags compared in constant time.

use alloc::string::String;
use core::fmt;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use crate::effort;

/// A key state, and what was hashed with it so far. A clone of a fresh one starts another message: computing the state
/// anew would double what a small body costs. Wiped when dropped, for it signs as well as the key does.
#[derive(Clone)]
pub(crate) struct Mac(Hmac<Sha256>);

impl Mac {
    /// Computes the key state.
    pub(crate) fn new(key: &[u8]) -> Mac {
        #[expect(clippy::expect_used, reason = "RFC 2104: a key may have any length")]
        Mac(Hmac::new_from_slice(key).expect("HMAC takes keys of any length"))
    }

    /// Takes the next piece of the message.
    pub(crate) fn update(&mut self, piece: &[u8]) {
        effort::spend(piece.len());
        self.0.update(piece);
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
        Tag(self.0.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(…)")
    }
}

/// How many bytes a signature has.
const TAG: usize = 32;

/// How many characters of padded base64 spell them.
const TAG_BASE64: usize = 44;

/// The bytes that a signature spells. Not comparable by `==`, which could stop at the first difference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag([u8; TAG]);

impl Tag {
    /// 64 hexadecimal digits in either case.
    pub(crate) fn from_hex(text: &str) -> Option<Tag> {
        let mut tag = [0; TAG];
        hex::decode_to_slice(text, &mut tag).ok().map(|()| Tag(tag))
    }

    /// 44 characters of padded base64.
    pub(crate) fn from_base64(text: &str) -> Option<Tag> {
        let digits = text.strip_suffix('=').filter(|_| text.len() == TAG_BASE64)?;
        // The decoder wants room for what the padding stands for too.
        let mut bytes = [0; TAG + 1];
        let length = BASE64_STANDARD_NO_PAD.decode_slice(digits, &mut bytes).ok()?;
        bytes.first_chunk().copied().filter(|_| length == TAG).map(Tag)
    }

    /// The bytes of a tag that is to be sent.
    pub(crate) fn bytes(self) -> [u8; TAG] {
        self.0
    }

    /// 64 lower-case hexadecimal digits.
    pub(crate) fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// Appends 44 characters of base64.
    pub(crate) fn write_base64(self, out: &mut String) {
        BASE64_STANDARD.encode_string(self.0, out);
    }

    /// Whether it is among those given; looks at all of them, and at all of their bytes.
    pub(crate) fn is_any_of(self, given: &[Tag]) -> bool {
        effort::spend(TAG * given.len());
        given.iter().fold(Choice::from(0), |any, one| any | one.equals(self)).into()
    }

    /// Word by word: byte by byte, as slices are compared, is a tenth of what a small body costs in wasm.
    fn equals(self, other: Tag) -> Choice {
        self.words().zip(other.words()).fold(Choice::from(1), |all, (own, other)| all & own.ct_eq(&other))
    }

    /// The four words of its 32 bytes.
    fn words(&self) -> impl Iterator<Item = u64> {
        let (words, _) = self.0.as_chunks::<{ size_of::<u64>() }>();
        words.iter().copied().map(u64::from_ne_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let mut mac = Mac::new(key);
            mac.update(message);
            assert_eq!(mac.finish().to_hex(), expected);
        }
    }

    #[test]
    fn a_tag_has_one_spelling_but_for_case() {
        let tag = Tag([0xfb; TAG]);
        let mut base64 = String::new();
        tag.write_base64(&mut base64);
        assert_eq!(Tag::from_base64(&base64).unwrap().0, tag.0);
        assert_eq!(Tag::from_hex(&tag.to_hex().to_ascii_uppercase()).unwrap().0, tag.0);
        for text in
            ["", &base64[..43], &base64.replace('+', "-"), &base64.replace("s=", "t="), "====", &tag.to_hex()]
        {
            assert!(Tag::from_base64(text).is_none(), "{text}");
        }
        for text in
            ["", &tag.to_hex()[..62], &tag.to_hex().replace('f', "g"), &[&tag.to_hex(), "00"].concat()]
        {
            assert!(Tag::from_hex(text).is_none(), "{text}");
        }
    }
}
