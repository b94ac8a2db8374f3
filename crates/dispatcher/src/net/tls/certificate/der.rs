//! Just enough of DER (X.690) to walk through a certificate: one element after the other.

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

// A certificate's own marks (RFC 5280, 4.1).
pub(super) const VERSION: u8 = 0xa0;
pub(super) const ISSUER_ID: u8 = 0x81;
pub(super) const SUBJECT_ID: u8 = 0x82;
pub(super) const EXTENSIONS: u8 = 0xa3;
// Those of names (4.2.1.6).
pub(super) const DNS_NAME: u8 = 0x82;
pub(super) const IP_ADDRESS: u8 = 0x87;

/// Elements that are left to read.
#[derive(Clone, Copy)]
pub(super) struct Der<'d>(&'d [u8]);

impl<'d> Der<'d> {
    pub(super) fn new(bytes: &'d [u8]) -> Der<'d> {
        Der(bytes)
    }

    /// The next element: its tag and its value.
    pub(super) fn next(&mut self) -> Option<(u8, &'d [u8])> {
        let [tag, length, rest @ ..] = self.0 else { return None };
        let (length, rest) = match *length {
            short @ 0..=0x7f => (usize::from(short), rest),
            // At most four bytes of length: nothing that is read here is longer.
            long @ 0x81..=0x84 => {
                let (length, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
                (length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*tag, value))
    }

    /// The value of the next element, when it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Option<&'d [u8]> {
        if self.0.first() == Some(&tag) { self.next().map(|(_, value)| value) } else { None }
    }

    /// The value of the next element, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, value)| value)
    }

    /// What is inside the next element, which must be a sequence.
    pub(super) fn sequence(&mut self) -> Option<Der<'d>> {
        self.expect(SEQUENCE).map(Der)
    }
}
