//! What is sealed, and what opens it.

use super::*;

fn ring(keys: &[&EncryptionKey]) -> Keyring {
    Keyring::new(keys.iter().map(|key| (*key).clone()).collect()).unwrap()
}

#[test]
fn what_was_sealed_opens_only_for_its_owner_and_key() {
    let key = EncryptionKey::from_base64(&EncryptionKey::generate().to_base64()).unwrap();
    let keys = ring(&[&key]);
    let sealed = keys.seal("a", "secret").unwrap();
    assert_eq!(keys.open("a", &sealed).unwrap(), "secret");
    assert!(keys.open("b", &sealed).is_err());
    assert!(Keyring::from(EncryptionKey::generate()).open("a", &sealed).is_err());
    for end in 0..sealed.len() {
        assert!(keys.open("a", &sealed[..end]).is_err(), "{end}");
    }
    assert!(EncryptionKey::from_base64("c2hvcnQ=").is_err());
}

#[test]
fn the_newest_key_seals_and_every_key_opens() {
    let (old, new) = (EncryptionKey::generate(), EncryptionKey::generate());
    let before = ring(&[&old]).seal("a", "secret").unwrap();
    let both = ring(&[&new, &old]);
    assert_eq!(both.open("a", &before).unwrap(), "secret");
    assert!(!both.is_newest(&before));
    let after = both.seal("a", "secret").unwrap();
    assert!(both.is_newest(&after) && ring(&[&new]).open("a", &after).is_ok());
    let told = ring(&[&new]).open("a", &before).unwrap_err().to_string();
    assert!(told.contains(&old.id.to_string()) && told.contains(&new.id.to_string()), "{told}");
}

#[test]
fn what_was_sealed_before_keys_had_ids_opens() {
    let (old, new) = (EncryptionKey::generate(), EncryptionKey::generate());
    let sealed = ring(&[&old]).seal("a", "secret").unwrap();
    // Without the mark and the id.
    let before = &sealed[9..];
    let both = ring(&[&new, &old]);
    assert_eq!(both.open("a", before).unwrap(), "secret");
    assert!(!both.is_newest(before) && ring(&[&new]).open("a", before).is_err());
}

#[test]
fn a_ring_has_each_key_once() {
    let key = EncryptionKey::generate();
    assert!(Keyring::new(Vec::new()).is_err());
    assert!(Keyring::new(vec![key.clone(), key]).is_err());
    assert!(Keyring::new((0..17).map(|_| EncryptionKey::generate()).collect()).is_err());
}
