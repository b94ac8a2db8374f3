//! The encryption key in a file beside the database: made at first start, readable by this program's user only.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use bluehook_dispatcher::EncryptionKey;

/// The key that belongs to a database.
///
/// # Errors
/// A sentence when the file cannot be read or written, or when the database is there and its key is not: a new key would
/// make every stored secret unreadable.
pub(super) fn beside(database: &Path) -> Result<EncryptionKey, String> {
    let path = path_beside(database);
    match fs::read_to_string(&path) {
        Ok(text) => EncryptionKey::from_base64(&text).map_err(|error| format!("{}: {error}", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => make(database, &path),
        Err(error) => Err(format!("cannot read the encryption key {}: {error}", path.display())),
    }
}

/// `bluehook.db.key` for `bluehook.db`.
fn path_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

fn make(database: &Path, path: &Path) -> Result<EncryptionKey, String> {
    if database.exists() {
        let (database, path) = (database.display(), path.display());
        return Err(format!(
            "{database} exists, but the key of its secrets, {path}, does not: restore it, or give encryption-key"
        ));
    }
    let key = EncryptionKey::generate();
    write(path, &key)
        .map_err(|error| format!("cannot write the encryption key {}: {error}", path.display()))?;
    Ok(key)
}

fn write(path: &Path, key: &EncryptionKey) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(key.to_base64().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("new/b.db");
        let first = beside(&database).unwrap();
        fs::write(&database, "").unwrap();
        let read = beside(&database).unwrap();
        assert_eq!(first.to_base64(), read.to_base64());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(path_beside(&database)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_database_without_its_key_is_not_given_another() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("b.db");
        fs::write(&database, "").unwrap();
        assert!(beside(&database).unwrap_err().contains("restore it, or give encryption-key"));
        fs::write(path_beside(&database), "c2hvcnQ=").unwrap();
        assert!(beside(&database).unwrap_err().contains("32 bytes in base64"));
    }
}
