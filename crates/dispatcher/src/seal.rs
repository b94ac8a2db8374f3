//! Secrets at rest: XChaCha20-Poly1305, bound to what they belong to, each with the id of the key that it is sealed with.

use std::{fmt, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{Error, Result, id};

/// What marks are made of, so that they are like nothing else that is made with a key.
const FINGERPRINT: &str = "bluehook fingerprint\0";
const KEY_ID: &str = "bluehook key id\0";

/// How a sealed secret begins that says with which key it is sealed. Those from before begin with their nonce.
const WITH_ID: u8 = 1;

/// The most keys at once.
const MAX_KEYS: usize = 16;

/// A key that secrets are encrypted with: 32 bytes. Never shown.
#[derive(Clone)]
pub struct EncryptionKey {
    bytes: Zeroizing<[u8; 32]>,
    id: KeyId,
}

/// By what a key is told from others; it says nothing of the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyId([u8; 8]);

/// The keys of a database: secrets are encrypted with the newest, and decrypted with the one that they were encrypted with.
#[derive(Clone, Debug)]
pub struct Keyring(Arc<[EncryptionKey]>);

impl EncryptionKey {
    /// A new random key.
    pub fn generate() -> EncryptionKey {
        EncryptionKey::new(Zeroizing::new(id::random()))
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
            .map(|key| EncryptionKey::new(Zeroizing::new(key)))
            .ok_or_else(|| Error::Config("the encryption key has to be 32 bytes in base64".to_owned()))
    }

    /// The key as base64 text, to be stored where only this program reads it.
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(*self.bytes))
    }

    fn new(bytes: Zeroizing<[u8; 32]>) -> EncryptionKey {
        let id = *marked(&bytes, KEY_ID, "").first_chunk().unwrap_or(&[0; 8]);
        EncryptionKey { bytes, id: KeyId(id) }
    }

    /// A number for a text that says nothing about it to whoever lacks the key.
    pub(crate) fn fingerprint(&self, text: &str) -> [u8; 32] {
        marked(&self.bytes, FINGERPRINT, text)
    }

    fn encrypt(&self, owner: &str, text: &str) -> Result<Vec<u8>> {
        let nonce = id::random::<24>();
        let payload = Payload { msg: text.as_bytes(), aad: owner.as_bytes() };
        let sealed = XChaCha20Poly1305::new(&(*self.bytes).into())
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Store("a secret could not be encrypted".to_owned()))?;
        Ok([&[WITH_ID], self.id.0.as_slice(), &nonce, &sealed].concat())
    }

    /// What is sealed for this owner with this key: the nonce, then the rest.
    fn decrypt(&self, owner: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        let text =
            XChaCha20Poly1305::new(&(*self.bytes).into()).decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(text).ok()
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn marked(key: &[u8; 32], purpose: &str, text: &str) -> [u8; 32] {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("any length will do");
    mac.chain_update(purpose).chain_update(text).finalize().into_bytes().into()
}

impl Keyring {
    /// A ring of keys, the newest first.
    ///
    /// # Errors
    /// [`Error::Config`] when there is none, too many, or one twice.
    pub fn new(keys: Vec<EncryptionKey>) -> Result<Keyring> {
        if keys.is_empty() || keys.len() > MAX_KEYS {
            return Err(Error::Config(format!(
                "expected 1 to {MAX_KEYS} encryption keys, found {}",
                keys.len()
            )));
        }
        let is_repeated =
            |(i, key): (usize, &EncryptionKey)| keys.iter().skip(i + 1).any(|other| other.id == key.id);
        if keys.iter().enumerate().any(is_repeated) {
            return Err(Error::Config("an encryption key is given twice".to_owned()));
        }
        Ok(Keyring(keys.into()))
    }

    /// Encrypts a text that belongs to `owner`, with the newest key.
    pub(crate) fn seal(&self, owner: &str, text: &str) -> Result<Vec<u8>> {
        let newest = self.0.first().ok_or_else(|| Error::Config("there is no encryption key".to_owned()))?;
        newest.encrypt(owner, text)
    }

    /// Decrypts what [`Keyring::seal`] made for the same owner, with whichever key.
    pub(crate) fn open(&self, owner: &str, sealed: &[u8]) -> Result<String> {
        let by_id = sealed_with(sealed)
            .and_then(|(id, rest)| self.0.iter().find(|key| key.id == id)?.decrypt(owner, rest));
        let from_before = || self.0.iter().find_map(|key| key.decrypt(owner, sealed));
        by_id.or_else(from_before).ok_or_else(|| {
            let wanted = sealed_with(sealed).map_or_else(String::new, |(id, _)| format!(", but with {id}"));
            Error::Config(format!(
                "encryption-key: the secret of {owner} is not sealed with {}{wanted}; give the key that it is sealed with too",
                self.ids()
            ))
        })
    }

    /// Whether something is sealed with the newest key, and says so.
    pub(crate) fn is_newest(&self, sealed: &[u8]) -> bool {
        sealed_with(sealed).zip(self.0.first()).is_some_and(|((id, _), newest)| id == newest.id)
    }

    /// The id of the newest key.
    pub(crate) fn newest_id(&self) -> Option<KeyId> {
        self.0.first().map(|key| key.id)
    }

    /// The keys, newest first.
    pub(crate) fn keys(&self) -> &[EncryptionKey] {
        &self.0
    }

    /// The ids of the keys, for people.
    pub(crate) fn ids(&self) -> String {
        let ids: Vec<String> = self.0.iter().map(|key| key.id.to_string()).collect();
        match ids.as_slice() {
            [only] => format!("the key {only}"),
            several => format!("one of the keys {}", several.join(", ")),
        }
    }
}

/// The id of the key that something is sealed with, if it says so.
pub(crate) fn key_of(sealed: &[u8]) -> Option<KeyId> {
    sealed_with(sealed).map(|(id, _)| id)
}

/// The same, and the rest.
fn sealed_with(sealed: &[u8]) -> Option<(KeyId, &[u8])> {
    let (id, rest) = sealed.strip_prefix(&[WITH_ID])?.split_first_chunk::<8>()?;
    Some((KeyId(*id), rest))
}

impl From<EncryptionKey> for Keyring {
    fn from(key: EncryptionKey) -> Keyring {
        Keyring([key].into())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey(…)")
    }
}

#[cfg(test)]
mod tests;
