//! Whom certificates have to come from: the authorities that this system believes, and those of a file.

use std::path::Path;

use rustls::RootCertStore;

use crate::{Error, Result};

/// The authorities that are believed.
///
/// # Errors
/// [`Error::Config`] when the file cannot be read.
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
            return Err(Error::Config(format!(
                "the certificates of {} cannot be read: {error}",
                file.display()
            )));
        }
        roots.add_parsable_certificates(more.certs);
    }
    Ok(roots)
}
