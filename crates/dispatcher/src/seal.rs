//! Secrets at rest: XChaCha20-Poly1305, bound to the webhook they belong to.

use base64::{Engine, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{Error, Result, id};

/// What fingerprints begin with, so that they are like nothing else that is made with the key.
const FINGERPRINT: &str = "bluehook fingerprint\0";

/// The key that secrets are encrypted with: 32 bytes. Never shown.
#[derive(Clone)]
pub struct EncryptionKey(Zeroizing<[u8; 32]>);

impl EncryptionKey {
    /// A new random key.
    pub fn generate() -> EncryptionKey {
        EncryptionKey(Zeroizing::new(id::random()))
    }

    /// Reads the key from base64 text.
    ///
    /// # Errors
    /// [`Error::Config`] when it is not the base64 of 32 bytes. The text itself is not repeated.
    pub fn from_base64(text: &str) -> Result<EncryptionKey> {
        let bytes = BASE64_STANDARD.decode(text.trim()).map(Zeroizing::new);
        bytes
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok())
            .map(|key| EncryptionKey(Zeroizing::new(key)))
            .ok_or_else(|| Error::Config("the encryption key has to be 32 bytes in base64".to_owned()))
    }

    /// The key as base64 text, to be stored where only this program reads it.
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(*self.0))
    }

    /// Encrypts a text that belongs to `owner`.
    pub(crate) fn seal(&self, owner: &str, text: &str) -> Result<Vec<u8>> {
        let nonce = id::random::<24>();
        let payload = Payload { msg: text.as_bytes(), aad: owner.as_bytes() };
        let sealed = XChaCha20Poly1305::new(&(*self.0).into())
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Store("a secret could not be encrypted".to_owned()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// A number for a text that says nothing about it to whoever lacks the key.
    pub(crate) fn fingerprint(&self, text: &str) -> Result<[u8; 32]> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice());
        let mac = mac.map_err(|_| Error::Store("a fingerprint could not be made".to_owned()))?;
        Ok(mac.chain_update(FINGERPRINT).chain_update(text).finalize().into_bytes().into())
    }

    /// Decrypts what [`EncryptionKey::seal`] made for the same owner.
    pub(crate) fn open(&self, owner: &str, sealed: &[u8]) -> Result<String> {
        let wrong = || Error::Store(format!("the secret of {owner} does not open with this encryption key"));
        let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or_else(wrong)?;
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        let text = XChaCha20Poly1305::new(&(*self.0).into())
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| wrong())?;
        String::from_utf8(text).map_err(|_| wrong())
    }
}

impl std::fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EncryptionKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_only_for_its_owner_and_key() {
        let key = EncryptionKey::from_base64(&EncryptionKey::generate().to_base64()).unwrap();
        let sealed = key.seal("a", "secret").unwrap();
        assert_eq!(key.open("a", &sealed).unwrap(), "secret");
        assert!(key.open("b", &sealed).is_err());
        assert!(EncryptionKey::generate().open("a", &sealed).is_err());
        assert!(key.open("a", &sealed[..20]).is_err());
        assert!(EncryptionKey::from_base64("c2hvcnQ=").is_err());
    }
}
