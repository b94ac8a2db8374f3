//! Files for this program's user only: they hold what the webhooks' owners were promised that nobody else reads.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use super::run::beside;

/// Who may read and write such a file.
#[cfg(unix)]
const MODE: u32 = 0o600;

/// Opens a file for reading and writing, and makes it when it does not exist.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, MODE);
    options.open(path)
}

/// Takes from others what they may do with a database and with what lies beside it. SQLite gives the files that it makes
/// there the same mode.
pub(super) fn keep(database: &Path) {
    for end in ["", "-wal", "-shm", "-lock", ".run"] {
        let path = beside(database, end);
        if let Err(error) = take_from_others(&path) {
            let path = path.display();
            tracing::warn!(%error, "others may read {path}, and that cannot be changed; chmod 600 it");
        }
    }
}

#[cfg(unix)]
fn take_from_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let Ok(found) = fs::metadata(path) else { return Ok(()) };
    let mode = found.permissions().mode();
    let owners = mode & !0o077;
    if owners == mode {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(owners))
}

#[cfg(not(unix))]
fn take_from_others(path: &Path) -> io::Result<()> {
    fs::metadata(path).map(drop).or(Ok(()))
}
