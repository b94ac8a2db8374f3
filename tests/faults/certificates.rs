//! Certificates for receivers: an authority that the dispatcher trusts, and what it, or nobody, vouches for.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;

/// An authority, with its certificate in a file.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// A certificate with its key, and what is sent along with it.
pub(crate) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    pub(crate) fn new() -> Authority {
        Authority::named("The tests' own")
    }

    pub(crate) fn named(name: &str) -> Authority {
        let issuer = CertifiedIssuer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap();
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Authority { issuer, folder }
    }

    /// The file to be trusted.
    pub(crate) fn file(&self) -> PathBuf {
        Path::new(self.folder.path()).join("ca.pem")
    }

    /// A good certificate for this machine's address.
    pub(crate) fn good(&self) -> Identity {
        self.identity(&server(&["127.0.0.1"]))
    }

    /// A certificate that this authority vouches for.
    pub(crate) fn identity(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity::new(vec![certificate.der().clone()], &key)
    }

    /// A certificate that an authority below this one vouches for, which is sent along or not.
    pub(crate) fn below(&self, complete: bool) -> Identity {
        let between =
            CertifiedIssuer::signed_by(authority("Below"), KeyPair::generate().unwrap(), &self.issuer);
        let between = between.unwrap();
        let key = KeyPair::generate().unwrap();
        let own = server(&["127.0.0.1"]).signed_by(&key, &between).unwrap();
        let mut chain = vec![own.der().clone()];
        if complete {
            chain.push(between.der().clone());
        }
        Identity::new(chain, &key)
    }

    /// The same, sent with its own certificate: for authorities that nobody knows.
    pub(crate) fn whole(&self, params: &CertificateParams) -> Identity {
        let mut identity = self.identity(params);
        identity.chain.push(self.issuer.der().clone());
        identity
    }
}

impl Identity {
    fn new(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Identity {
        Identity { chain, key: PrivatePkcs8KeyDer::from(key.serialize_der()).into() }
    }

    /// A certificate that vouches for itself.
    pub(crate) fn self_signed() -> Identity {
        let key = KeyPair::generate().unwrap();
        let own = server(&["127.0.0.1"]).self_signed(&key).unwrap();
        Identity::new(vec![own.der().clone()], &key)
    }

    /// What another program made: a certificate and a key, in PEM.
    pub(crate) fn from_pem(certificate: &str, key: &str) -> Identity {
        use rustls::pki_types::pem::PemObject;
        Identity {
            chain: vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            key: PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        }
    }

    /// TLS with it, offering these protocols.
    pub(crate) fn acceptor(&self, protocols: &[&str]) -> TlsAcceptor {
        let mut config = self.config().unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }

    /// The same, where its key may be one that is not taken.
    pub(crate) fn try_acceptor(&self) -> Result<TlsAcceptor, rustls::Error> {
        self.config().map(|config| TlsAcceptor::from(Arc::new(config)))
    }

    fn config(&self) -> Result<ServerConfig, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        builder.with_no_client_auth().with_single_cert(self.chain.clone(), self.key.clone_key())
    }
}

/// A certificate for servers with these names.
pub(crate) fn server(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "A receiver");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

/// One that is valid between two years.
pub(crate) fn valid(from: i32, to: i32) -> CertificateParams {
    let mut params = server(&["127.0.0.1"]);
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    params
}

/// One for clients only.
pub(crate) fn client() -> CertificateParams {
    let mut params = server(&["127.0.0.1"]);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::OrganizationName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}
