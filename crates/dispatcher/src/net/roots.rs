//! Whom certificates have to come from: the authorities that this system believes.

use rustls::RootCertStore;

/// The authorities of this system.
pub(super) fn system() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in found.errors {
        tracing::warn!(%error, "a root certificate of this system cannot be read");
    }
    roots.add_parsable_certificates(found.certs);
    roots
}
