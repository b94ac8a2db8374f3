//! The encryption key in a file beside the database: made at first start, readable by this program's user only.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use bluehook_dispatcher::{self as dispatcher, EncryptionKey, Keyring};

use super::{paths::is_special, private_file};

/// The key that belongs to a database; when there are several, on lines of their own, the newest first.
///
/// # Errors
/// A sentence when the file cannot be read or written, when what is in it is no key, or when the database is there and its
/// key is not: a new key would make every stored secret unreadable.
pub(super) fn beside(database: &Path) -> Result<Keyring, String> {
    let path = path_beside(database);
    if is_special(&path) {
        return Err(format!("{} is no file that a key could be kept in; remove it", path.display()));
    }
    match fs::read_to_string(&path) {
        Ok(text) if text.trim().is_empty() => make(database, &path, "is empty"),
        Ok(text) => keys(&text).map_err(|error| no_key(database, &path, &error)),
        Err(error) if error.kind() == ErrorKind::NotFound => make(database, &path, "is missing"),
        Err(error) => Err(format!("cannot read the encryption key {}: {error}", path.display())),
    }
}

fn keys(text: &str) -> dispatcher::Result<Keyring> {
    let keys = text.split([',', '\n']).map(str::trim).filter(|key| !key.is_empty());
    Keyring::new(keys.map(EncryptionKey::from_base64).collect::<dispatcher::Result<_>>()?)
}

/// What is said of a key in its file that others may read.
pub(super) fn exposed(database: &Path) -> Option<String> {
    private_file::exposed(&path_beside(database))
}

/// `bluehook.db.key` for `bluehook.db`.
fn path_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// Whether nothing was stored yet: there is no file, or an empty one, as a mount makes it.
fn is_new(database: &Path) -> bool {
    fs::metadata(database).map_or_else(|error| error.kind() == ErrorKind::NotFound, |file| file.len() == 0)
}

/// Makes the key of a database that is not there yet; whoever starts beside this one and was faster has made it.
fn make(database: &Path, path: &Path, state: &str) -> Result<Keyring, String> {
    if !is_new(database) {
        let (database, path) = (database.display(), path.display());
        return Err(format!(
            "{database} exists, but the key of its secrets, {path}, {state}: restore it, or give encryption-key"
        ));
    }
    let key = EncryptionKey::generate();
    let cannot = |error| format!("cannot write the encryption key {}: {error}", path.display());
    if state == "is empty" {
        fs::remove_file(path).map_err(cannot)?;
    }
    match private_file::create(path, &format!("{}\n", *key.to_base64())) {
        Ok(()) => Ok(key.into()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => beside(database),
        Err(error) => Err(cannot(error)),
    }
}

/// What is said of a file that holds something else.
fn no_key(database: &Path, path: &Path, error: &dyn std::fmt::Display) -> String {
    let path = path.display();
    if is_new(database) {
        format!("{path}: {error}; nothing is stored yet, so remove {path} and start again: a new key is made")
    } else {
        format!("{path}: {error}; restore {path} from your backup of the key, or give encryption-key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("b.db");
        beside(&database).unwrap();
        let first = fs::read_to_string(path_beside(&database)).unwrap();
        fs::write(&database, "x").unwrap();
        beside(&database).unwrap();
        assert_eq!(fs::read_to_string(path_beside(&database)).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path_beside(&database)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let names = |folder: &Path| fs::read_dir(folder).unwrap().count();
        assert_eq!(names(folder.path()), 2, "nothing else is left behind");
    }

    #[test]
    fn a_database_without_its_key_is_not_given_another() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("b.db");
        fs::write(&database, "x").unwrap();
        assert!(beside(&database).unwrap_err().contains("restore it, or give encryption-key"));
        for nothing in ["", "\n"] {
            fs::write(path_beside(&database), nothing).unwrap();
            assert!(beside(&database).unwrap_err().contains("is empty: restore it, or give encryption-key"));
        }
        fs::write(path_beside(&database), "c2hvcnQ=").unwrap();
        assert!(beside(&database).unwrap_err().contains("32 bytes in base64"));
    }

    #[test]
    fn a_first_start_that_was_interrupted_begins_again() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("b.db");
        let path = path_beside(&database);
        for empty_database in [false, true] {
            if empty_database {
                fs::write(&database, "").unwrap();
            }
            for nothing in ["", "\n"] {
                fs::write(&path, nothing).unwrap();
                beside(&database).unwrap();
                let made = fs::read_to_string(&path).unwrap();
                beside(&database).unwrap();
                assert_eq!(fs::read_to_string(&path).unwrap(), made);
            }
            fs::remove_file(&path).unwrap();
            beside(&database).unwrap();
            fs::write(&path, "c2hv").unwrap();
            let told = beside(&database).unwrap_err();
            assert!(told.contains(&format!("remove {}", path.display())), "{told}");
        }
    }
}
