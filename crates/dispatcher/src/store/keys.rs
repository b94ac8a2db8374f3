//! The keys that a store is sealed with: looked at when it is opened, so that a wrong one never starts.

use base64::{Engine, prelude::BASE64_STANDARD};
use zeroize::Zeroizing;

use super::{Lane, Snapshot};
use crate::{
    Error, Result,
    seal::{self, EncryptionKey, KeyId, Keyring},
};

/// Where the database's own key is kept, sealed: what opens it is the right key.
const DATABASE_KEY: &str = "database-key";

/// What marks are made with in a database: a key of its own, which stays when the keys are changed, and those that marks from
/// before may be made with.
pub(crate) struct Marks(Vec<EncryptionKey>);

impl Marks {
    /// The marks of a text, the one to keep first.
    pub(crate) fn of<'a>(&'a self, text: &'a str) -> impl Iterator<Item = [u8; 32]> + 'a {
        self.0.iter().map(move |key| key.fingerprint(text))
    }
}

/// Checks that the keys are those of a database.
///
/// # Errors
/// [`Error::Config`] when none of them is.
pub(crate) fn check(snapshot: &dyn Snapshot, keys: &Keyring) -> Result<()> {
    match snapshot.setting(DATABASE_KEY)? {
        Some(kept) => own(&kept, keys).map(drop),
        None => Ok(()),
    }
}

/// Takes the database's own key, and makes it when there is none yet. All that is sealed in it has been opened before.
pub(crate) fn marks(lane: &mut dyn Lane, keys: &Keyring) -> Result<Marks> {
    let own = if let Some(kept) = lane.snapshot().setting(DATABASE_KEY)? {
        own(&kept, keys)?
    } else {
        let made = EncryptionKey::generate();
        lane.keep(DATABASE_KEY, &sealed(keys, &made.to_base64())?)?;
        made
    };
    Ok(Marks([&[own], keys.keys()].concat()))
}

fn own(kept: &str, keys: &Keyring) -> Result<EncryptionKey> {
    EncryptionKey::from_base64(&opened(kept, keys)?)
}

fn opened(kept: &str, keys: &Keyring) -> Result<Zeroizing<String>> {
    let damaged = |_| Error::Store("its key is damaged".to_owned());
    keys.open(DATABASE_KEY, &BASE64_STANDARD.decode(kept).map_err(damaged)?).map(Zeroizing::new).map_err(|_| {
        Error::Config(format!(
            "encryption-key: the database is not sealed with {}; give the key that it was sealed with, after the newest one \
             if there is a newer one",
            keys.ids()
        ))
    })
}

fn sealed(keys: &Keyring, own: &str) -> Result<String> {
    Ok(BASE64_STANDARD.encode(keys.seal(DATABASE_KEY, own)?))
}

/// The database's own key, sealed with the newest of its keys: the setting to be kept.
pub(crate) fn sealed_again(
    snapshot: &dyn Snapshot,
    keys: &Keyring,
) -> Result<Option<(&'static str, String)>> {
    let kept = snapshot.setting(DATABASE_KEY)?;
    kept.map(|kept| Ok((DATABASE_KEY, sealed(keys, &opened(&kept, keys)?)?))).transpose()
}

/// Which key the database's own is sealed with.
pub(crate) fn sealed_with(snapshot: &dyn Snapshot) -> Result<Option<KeyId>> {
    let kept = snapshot.setting(DATABASE_KEY)?.and_then(|kept| BASE64_STANDARD.decode(kept).ok());
    Ok(kept.as_deref().and_then(seal::key_of))
}
