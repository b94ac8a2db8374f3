//! Whom certificates have to come from: the authorities that this system believes, and those of a file.

use std::path::Path;

use rustls::{
    RootCertStore, SupportedProtocolVersion,
    version::{TLS12, TLS13},
};

use crate::{Error, Result};

/// The versions of TLS that are spoken with receivers. There is no setting for others, and none that believes just any
/// certificate.
pub(super) const VERSIONS: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// The authorities that are believed.
///
/// # Errors
/// [`Error::Config`] when the file cannot be read, or there is no certificate in it.
pub(super) fn believed(ca_file: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in found.errors {
        tracing::warn!(%error, "a root certificate of this system cannot be read");
    }
    roots.add_parsable_certificates(found.certs);
    if let Some(file) = ca_file {
        let more = rustls_native_certs::load_certs_from_paths(Some(file), None);
        if let Some(error) = more.errors.first() {
            return Err(none_in(file, &format!(": {error}")));
        }
        let (added, _) = roots.add_parsable_certificates(more.certs);
        if added == 0 {
            return Err(none_in(file, "; expected PEM, with lines such as -----BEGIN CERTIFICATE-----"));
        }
    }
    Ok(roots)
}

fn none_in(file: &Path, why: &str) -> Error {
    Error::Config(format!("ca-file: no certificate can be read from {}{why}", file.display()))
}
