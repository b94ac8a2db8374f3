//! TLS: agreed on for HTTP/1.1 alone, and why it could not be, in words for people.

use std::{io, path::Path, sync::Arc};

use bluehook_core::target::{Destination, Target};
use rustls::{
    AlertDescription, ClientConfig, Error as TlsError, PeerIncompatible, PeerMisbehaved,
    client::WebPkiServerVerifier, pki_types::ServerName,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{roots, transport::Counted};
use crate::{
    Error, Result,
    model::{
        failure::{Failure, FailureKind, Reason},
        url_check::Certificate as Shown,
    },
};

// What a certificate says of itself.
mod certificate;

// Why a certificate is not accepted.
mod verify;

use certificate::Certificate;

/// The one protocol that is offered.
const HTTP_1_1: &[u8] = b"http/1.1";

/// How TLS is spoken: with the system's root certificates, and those of a file.
pub(super) fn config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>> {
    let roots = roots::believed(ca_file)?;
    let failed = |error: &dyn std::fmt::Display| Error::Config(format!("no TLS: {error}"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(roots::VERSIONS)
        .map_err(|error| failed(&error))?;
    let mut config = if roots.is_empty() {
        // There is no verifier without roots; nothing is trusted then.
        builder.with_root_certificates(roots).with_no_client_auth()
    } else {
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| failed(&error))?;
        let telling = Arc::new(verify::Telling(verifier));
        builder.dangerous().with_custom_certificate_verifier(telling).with_no_client_auth()
    };
    config.alpn_protocols = vec![HTTP_1_1.to_vec()];
    Ok(Arc::new(config))
}

/// Agrees on TLS over a connection.
///
/// # Errors
/// Why not.
pub(super) async fn agree(
    config: &Arc<ClientConfig>,
    target: &Target,
    tcp: Counted,
) -> Result<TlsStream<Counted>, Failure> {
    let handshake = || Failure::because(FailureKind::Tls, Reason::Handshake);
    let name = match &target.host {
        Destination::Name(name) => ServerName::try_from(name.clone()).map_err(|_| handshake())?,
        Destination::Address(address) => ServerName::IpAddress((*address).into()),
    };
    let agreed = TlsConnector::from(config.clone()).connect(name, tcp).await;
    // A connection that breaks here breaks because of what was offered, mostly.
    agreed.map_err(|error| failure(&error, target).unwrap_or_else(handshake))
}

/// The certificate that was shown, and believed.
pub(super) fn shown(stream: &TlsStream<Counted>) -> Option<Shown> {
    let certificate = Certificate::read(stream.get_ref().1.peer_certificates()?.first()?)?;
    Some(Shown {
        expires_at: certificate.expires_at(),
        issuer: certificate.issuer_name().unwrap_or_default(),
    })
}

/// Why TLS failed; none when the error is not one of TLS.
pub(super) fn failure(error: &io::Error, target: &Target) -> Option<Failure> {
    let error: &TlsError = error.get_ref()?.downcast_ref()?;
    let reason = match error {
        TlsError::AlertReceived(AlertDescription::ProtocolVersion)
        | TlsError::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => Reason::OldTls,
        TlsError::AlertReceived(AlertDescription::NoApplicationProtocol)
        | TlsError::NoApplicationProtocol
        | TlsError::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedApplicationProtocol) => Reason::Http2Only,
        _ => Reason::Handshake,
    };
    let failure = verify::told(error).unwrap_or_else(|| Failure::because(FailureKind::Tls, reason));
    Some(failure.with(|params| params.host = Some(target.host_text().to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bluehook_core::target;
    use proptest::prelude::*;

    proptest! {
        /// What may be saved can be called: the rules of the core are the library's.
        #[test]
        fn a_host_that_is_saved_can_be_named(name in "[a-z0-9_.!-]{1,24}", long in 60_usize..66) {
            for name in [name.clone(), format!("{name}{}", "x".repeat(long)), format!("{name}.")] {
                let saved = target::parse(&format!("https://{name}example/"));
                let Ok(Target { host: Destination::Name(host), .. }) = &saved else { continue };
                prop_assert!(ServerName::try_from(host.clone()).is_ok(), "{host}");
            }
        }
    }
}
