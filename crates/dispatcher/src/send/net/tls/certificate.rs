//! What a certificate says of itself, read to tell people why it is not accepted. Trust is decided elsewhere.

use std::net::{Ipv4Addr, Ipv6Addr};

use bluehook_core::time::Millis;
use x509_parser::{
    der_parser::{oid, oid::Oid},
    oid_registry::{OID_PKCS1_MD5WITHRSAENC, OID_PKCS1_SHA1WITHRSA, OID_SIG_DSA_WITH_SHA1},
    prelude::{FromDer, GeneralName, X509Certificate},
    public_key::PublicKey,
    x509::X509Name,
};

/// The smallest RSA key that is still safe, in bits.
const MIN_RSA_BITS: usize = 2_048;
/// The most names that are read.
const MAX_NAMES: usize = 8;
/// Signatures with MD5 or SHA-1.
const BROKEN_SIGNATURES: [Oid<'static>; 4] = [
    OID_PKCS1_MD5WITHRSAENC,
    OID_PKCS1_SHA1WITHRSA,
    OID_SIG_DSA_WITH_SHA1,
    // By ECDSA (RFC 5758, 3.2).
    oid!(1.2.840.10045.4.1),
];

/// A certificate, as far as its owner has to hear of it.
#[derive(Debug)]
pub(super) struct Certificate<'c>(X509Certificate<'c>);

impl<'c> Certificate<'c> {
    /// Reads one; none when it is not in the form of one.
    pub(super) fn read(bytes: &'c [u8]) -> Option<Certificate<'c>> {
        X509Certificate::from_der(bytes).ok().map(|(_, certificate)| Certificate(certificate))
    }

    /// Whether it names itself as who vouches for it.
    pub(super) fn is_self_signed(&self) -> bool {
        let subject = self.0.subject();
        subject.iter().next().is_some() && self.0.issuer().as_raw() == subject.as_raw()
    }

    /// Whether its key or its signature is no longer safe.
    pub(super) fn is_weak(&self) -> bool {
        let has_small_key = match self.0.public_key().parsed() {
            Ok(PublicKey::RSA(key)) => key.key_size() < MIN_RSA_BITS,
            _ => false,
        };
        has_small_key || BROKEN_SIGNATURES.contains(&self.0.signature_algorithm.algorithm)
    }

    /// Who vouches for it: the organisation, or else the common name.
    pub(super) fn issuer_name(&self) -> Option<String> {
        name(self.0.issuer())
    }

    /// Until when it is valid.
    pub(super) fn expires_at(&self) -> Millis {
        self.0.validity().not_after.timestamp().saturating_mul(1_000)
    }

    /// The names and addresses that it is for.
    pub(super) fn names(&self) -> Vec<String> {
        let Ok(Some(alternatives)) = self.0.subject_alternative_name() else { return Vec::new() };
        let names = alternatives.value.general_names.iter().take(MAX_NAMES);
        names
            .filter_map(|name| match name {
                GeneralName::DNSName(name) => Some((*name).to_owned()),
                GeneralName::IPAddress(bytes) => address(bytes),
                _ => None,
            })
            .collect()
    }
}

fn name(name: &X509Name<'_>) -> Option<String> {
    let mut names = name.iter_organization().chain(name.iter_common_name());
    names.find_map(|name| name.as_str().ok()).map(str::to_owned)
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(|bytes| Ipv4Addr::from(bytes).to_string());
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(|bytes| Ipv6Addr::from(bytes).to_string())).ok()
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
        assert!(BROKEN_SIGNATURES.contains(&read.0.signature_algorithm.algorithm));
        assert_eq!(read.names(), ["a.example.com", "127.0.0.1"]);
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
                let read = Certificate::read(bytes);
                let _ = read.map(|read| (read.is_weak(), read.issuer_name(), read.names(), read.expires_at()));
            }
        }
    }
}
