//! What a certificate says of itself (RFC 5280, 4.1), read to tell people why it is not accepted. Trust is decided elsewhere.

use std::net::{Ipv4Addr, Ipv6Addr};

// The encoding.
mod der;

use der::Der;

/// The smallest RSA key that is still safe, in bits.
const MIN_RSA_BITS: usize = 2_048;
/// The most names that are read.
const MAX_NAMES: usize = 8;

// Object identifiers, encoded.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];
/// Signatures with MD5 or SHA-1: by RSA, by ECDSA, by DSA.
const BROKEN_SIGNATURES: [&[u8]; 4] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01],
    &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03],
];

/// A certificate, as far as its owner has to hear of it.
#[derive(Debug, Default)]
pub(super) struct Certificate<'c> {
    issuer: &'c [u8],
    subject: &'c [u8],
    signature: &'c [u8],
    rsa_bits: Option<usize>,
    /// The names and addresses that it is for.
    pub(super) names: Vec<String>,
}

impl<'c> Certificate<'c> {
    /// Reads one; none when it is not in the form of one.
    pub(super) fn read(bytes: &'c [u8]) -> Option<Certificate<'c>> {
        let mut all = Der::new(bytes).sequence()?;
        let mut body = all.sequence()?;
        let signature = all.sequence()?.expect(der::OBJECT)?;
        body.optional(der::VERSION);
        body.expect(der::INTEGER)?;
        body.sequence()?;
        let issuer = body.expect(der::SEQUENCE)?;
        body.sequence()?;
        let subject = body.expect(der::SEQUENCE)?;
        let rsa_bits = rsa_bits(body.sequence()?);
        let names = extensions(&mut body).and_then(names).unwrap_or_default();
        Some(Certificate { issuer, subject, signature, rsa_bits, names })
    }

    /// Whether it names itself as who vouches for it.
    pub(super) fn is_self_signed(&self) -> bool {
        !self.subject.is_empty() && self.issuer == self.subject
    }

    /// Whether its key or its signature is no longer safe.
    pub(super) fn is_weak(&self) -> bool {
        self.rsa_bits.is_some_and(|bits| bits < MIN_RSA_BITS) || BROKEN_SIGNATURES.contains(&self.signature)
    }

    /// Who vouches for it: the organisation, or else the common name.
    pub(super) fn issuer_name(&self) -> Option<String> {
        attribute(self.issuer, ORGANIZATION).or_else(|| attribute(self.issuer, COMMON_NAME))
    }
}

/// The size of an RSA key: of its modulus without the zeros before it.
fn rsa_bits(mut key: Der<'_>) -> Option<usize> {
    if key.sequence()?.expect(der::OBJECT)? != RSA {
        return None;
    }
    let (_unused_bits, key) = key.expect(der::BIT_STRING)?.split_first()?;
    let modulus = Der::new(key).sequence()?.expect(der::INTEGER)?;
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus.get(zeros)?;
    Some((modulus.len() - zeros) * 8 - usize::try_from(first.leading_zeros()).unwrap_or(0))
}

/// The value of the extension with the names, behind the unique identifiers that hardly anybody uses.
fn extensions<'c>(body: &mut Der<'c>) -> Option<&'c [u8]> {
    body.optional(der::ISSUER_ID);
    body.optional(der::SUBJECT_ID);
    let mut list = Der::new(body.optional(der::EXTENSIONS)?).sequence()?;
    while let Some(mut extension) = list.sequence() {
        let is_names = extension.expect(der::OBJECT)? == SUBJECT_ALT_NAME;
        extension.optional(der::BOOLEAN);
        if is_names {
            return extension.expect(der::OCTETS);
        }
    }
    None
}

fn names(value: &[u8]) -> Option<Vec<String>> {
    let mut list = Der::new(value).sequence()?;
    let mut names = Vec::new();
    while let Some((tag, value)) = list.next().filter(|_| names.len() < MAX_NAMES) {
        names.extend(match tag {
            der::DNS_NAME => Some(String::from_utf8_lossy(value).into_owned()),
            der::IP_ADDRESS => address(value),
            _ => None,
        });
    }
    Some(names)
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(|bytes| Ipv4Addr::from(bytes).to_string());
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(|bytes| Ipv6Addr::from(bytes).to_string())).ok()
}

/// The first value of an attribute of a distinguished name.
fn attribute(name: &[u8], wanted: &[u8]) -> Option<String> {
    let mut sets = Der::new(name);
    while let Some((_, set)) = sets.next() {
        let mut attributes = Der::new(set);
        while let Some(mut attribute) = attributes.sequence() {
            if attribute.expect(der::OBJECT)? == wanted {
                let (_, value) = attribute.next()?;
                return Some(String::from_utf8_lossy(value).into_owned());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A certificate as servers have it: self-signed, RSA of 1,024 bits with SHA-1, `CN=test`, two names.
    const WEAK: &[u8] = include_bytes!("certificate/weak.der");

    #[test]
    fn a_certificate_says_what_it_is() {
        let read = Certificate::read(WEAK).unwrap();
        assert!(read.is_self_signed() && read.is_weak());
        assert_eq!((read.rsa_bits, read.signature), (Some(1_024), BROKEN_SIGNATURES[1]));
        assert_eq!(read.names, ["a.example.com", "127.0.0.1"]);
        assert_eq!(read.issuer_name().as_deref(), Some("Test authority"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = Certificate::read(&bytes).map(|read| (read.is_weak(), read.issuer_name()));
        }

        #[test]
        fn a_broken_certificate_is_answered(at in 0..WEAK.len(), byte: u8, end in 0..WEAK.len()) {
            let mut bytes = WEAK.to_vec();
            bytes[at] = byte;
            for bytes in [&bytes[..], &bytes[..end]] {
                let _ = Certificate::read(bytes).map(|read| (read.is_weak(), read.issuer_name()));
            }
        }
    }
}
