//! The certificate that a receiver shows, looked at while it is verified, and why it was not believed.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::{
    AlertDescription, CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::url_check::{Certificate, Failed};

/// Verifies as every client does, and notes what it was shown.
#[derive(Debug)]
pub(super) struct Watching {
    inner: Arc<WebPkiServerVerifier>,
    seen: Mutex<Option<Seen>>,
}

/// What was shown.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) certificate: Certificate,
    is_self_signed: bool,
    /// Whether nothing came along that leads to an issuer.
    is_alone: bool,
}

impl Watching {
    pub(super) fn new(roots: Arc<RootCertStore>, provider: &Arc<CryptoProvider>) -> Result<Watching, String> {
        let inner = WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build();
        Ok(Watching { inner: inner.map_err(|error| error.to_string())?, seen: Mutex::default() })
    }

    pub(super) fn seen(&self) -> Option<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Watching {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = read(end_entity, intermediates);
        self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// The longest name of an issuer that is told, in characters.
const MAX_ISSUER: usize = 200;

fn read(end_entity: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> Option<Seen> {
    let (_, certificate) = X509Certificate::from_der(end_entity.as_ref()).ok()?;
    let issuer = certificate.issuer();
    let name = issuer.iter_organization().next().or_else(|| issuer.iter_common_name().next());
    let issuer_name = name.and_then(|name| name.as_str().ok()).unwrap_or_default();
    Some(Seen {
        certificate: Certificate {
            expires_at: certificate.validity().not_after.timestamp().saturating_mul(1_000),
            issuer: issuer_name.chars().take(MAX_ISSUER).collect(),
        },
        is_self_signed: issuer.as_raw() == certificate.subject().as_raw(),
        is_alone: intermediates.is_empty(),
    })
}

/// Why there was no agreement.
pub(super) fn why(error: &io::Error, seen: Option<&Seen>) -> Failed {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::InvalidCertificate(error)) => refused(error, seen),
        Some(
            Error::PeerIncompatible(_)
            | Error::AlertReceived(AlertDescription::ProtocolVersion | AlertDescription::InsufficientSecurity),
        ) => Failed::OldTls,
        Some(
            Error::NoApplicationProtocol | Error::AlertReceived(AlertDescription::NoApplicationProtocol),
        ) => Failed::Http2Only,
        Some(_) => Failed::Handshake,
        None => match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => Failed::Reset,
            io::ErrorKind::UnexpectedEof => Failed::Closed,
            _ => Failed::Handshake,
        },
    }
}

fn refused(error: &CertificateError, seen: Option<&Seen>) -> Failed {
    use CertificateError as C;
    let is_self_signed = seen.is_some_and(|seen| seen.is_self_signed);
    match error {
        C::Expired | C::ExpiredContext { .. } => Failed::Expired,
        C::NotValidYet | C::NotValidYetContext { .. } => Failed::NotYetValid,
        C::NotValidForName | C::NotValidForNameContext { .. } => Failed::WrongName,
        C::UnknownIssuer | C::Other(_) if is_self_signed => Failed::SelfSigned,
        C::UnknownIssuer if seen.is_some_and(|seen| seen.is_alone) => Failed::IncompleteChain,
        C::UnknownIssuer => Failed::UnknownIssuer,
        C::InvalidPurpose | C::InvalidPurposeContext { .. } => Failed::NotForServers,
        C::UnsupportedSignatureAlgorithmContext { .. }
        | C::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => Failed::Weak,
        _ => Failed::Handshake,
    }
}
