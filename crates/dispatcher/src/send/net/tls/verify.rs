//! Certificates: accepted by the library's rules, and told apart when they are not.

use std::{fmt, sync::Arc};

use bluehook_core::time::Millis;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::certificate::Certificate;
use crate::model::failure::{Failure, FailureKind, Reason};

/// Verifies as the library does, and says why not.
#[derive(Debug)]
pub(super) struct Telling(pub(super) Arc<WebPkiServerVerifier>);

/// A refusal with its reason, carried inside the library's error.
#[derive(Debug)]
struct Refused(Failure);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.reason.map_or("not accepted", Reason::name))
    }
}

impl std::error::Error for Refused {}

/// The reason that a refusal carries.
pub(super) fn told(error: &Error) -> Option<Failure> {
    let Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) = error else { return None };
    inner.downcast_ref::<Refused>().map(|refused| refused.0.clone())
}

impl ServerCertVerifier for Telling {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        verified.map_err(|error| refused(reason(&error, end_entity, intermediates)))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let verified = self.0.verify_tls12_signature(message, certificate, signed);
        verified.map_err(|error| weak(certificate).map_or(error, refused))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let verified = self.0.verify_tls13_signature(message, certificate, signed);
        verified.map_err(|error| weak(certificate).map_or(error, refused))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

fn refused(failure: Failure) -> Error {
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(Refused(failure)))))
}

fn weak(certificate: &CertificateDer<'_>) -> Option<Failure> {
    let is_weak = Certificate::read(certificate).is_some_and(|certificate| certificate.is_weak());
    is_weak.then(|| Failure::because(FailureKind::Tls, Reason::Weak))
}

/// Why a certificate is not accepted, with what it says of itself.
fn reason(error: &Error, end_entity: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> Failure {
    let own = Certificate::read(end_entity);
    let because = |reason| {
        let failure = Failure::because(FailureKind::Tls, reason);
        failure.with(|params| {
            params.issuer = own.as_ref().and_then(Certificate::issuer_name);
            if let Some(own) = &own {
                params.expires(own.expires_at());
            }
        })
    };
    let Error::InvalidCertificate(error) = error else { return because(Reason::Handshake) };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => because(Reason::Expired),
        CertificateError::NotValidYetContext { not_before, .. } => {
            because(Reason::NotYetValid).with(|params| params.begins(millis(*not_before)))
        }
        CertificateError::NotValidYet => because(Reason::NotYetValid),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let names = own.as_ref().map(Certificate::names).unwrap_or_default();
            because(Reason::WrongName).with(|params| params.named(names.iter().map(String::as_str)))
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            because(Reason::NotForServers)
        }
        _ if own.as_ref().is_some_and(Certificate::is_self_signed) => because(Reason::SelfSigned),
        // Who sends more than its own certificate means it to be the whole chain.
        CertificateError::UnknownIssuer if intermediates.is_empty() => because(Reason::IncompleteChain),
        CertificateError::UnknownIssuer => because(Reason::UnknownIssuer),
        _ => {
            let mut chain = std::iter::once(end_entity).chain(intermediates);
            chain.find_map(weak).unwrap_or_else(|| because(Reason::Handshake))
        }
    }
}

fn millis(at: UnixTime) -> Millis {
    i64::try_from(at.as_secs()).unwrap_or(i64::MAX / 1_000).saturating_mul(1_000)
}
