//! The hold on a database: one process at a time has it, by whatever name it is reached, and it is known whether it still
//! lies where it was found.
//!
//! The lock is `flock`'s, on a descriptor that is opened before SQLite opens the file and closed after. SQLite's own locks
//! are of another kind (POSIX): they belong to a process, which loses all of them when it closes any descriptor of the file.
//! So while SQLite has the file open nobody here opens it in another way: its bytes are read by the descriptor of the
//! claim, and which file it is is asked by name.

use std::{
    collections::BTreeSet,
    fs::{self, File, Metadata, TryLockError},
    io,
    os::unix::fs::{FileExt, MetadataExt},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{connection::cannot_open, look, private, run::beside};
use crate::{Error, Result};

/// The databases that this process has.
static HELD: Mutex<BTreeSet<Identity>> = Mutex::new(BTreeSet::new());

/// Which file something is, whatever it is called: device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity(u64, u64);

impl Identity {
    /// What lies at a path; None when there is nothing that can be seen.
    pub(super) fn at(path: &Path) -> Option<Identity> {
        fs::metadata(path).ok().as_ref().map(Identity::of)
    }

    fn of(metadata: &Metadata) -> Identity {
        Identity(metadata.dev(), metadata.ino())
    }
}

/// A database that no other process has. Given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Claim {
    /// Where it lies itself: no symbolic link.
    path: PathBuf,
    database: File,
    _lock: File,
    identity: Identity,
}

impl Claim {
    /// Looks at what lies there, makes it when there is nothing, and takes it.
    ///
    /// # Errors
    /// [`Error::Store`]: it is another program's, damaged, or open already.
    pub(crate) fn take(path: &Path) -> Result<Claim> {
        let failed = |error: io::Error| cannot_open(path, &error.to_string());
        let mut held = held();
        if Identity::at(path).is_some_and(|identity| held.contains(&identity)) {
            return Err(is_taken(path));
        }
        look::look_at_file(path)?;
        let database = private::open(path).map_err(failed)?;
        let lock = private::open(&locked(path)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(is_taken(path)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let identity = Identity::of(&database.metadata().map_err(failed)?);
        let path = path.canonicalize().map_err(failed)?;
        if Identity::at(&path) != Some(identity) {
            return Err(cannot_open(&path, "it was replaced just now; start again"));
        }
        held.insert(identity);
        Ok(Claim { path, database, _lock: lock, identity })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file still lies where it was found.
    pub(super) fn is_in_place(&self) -> bool {
        Identity::at(&self.path) == Some(self.identity)
    }

    /// Bytes of the file, without the log. An error when it is shorter.
    pub(super) fn read<const N: usize>(&self, offset: u64) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.database.read_exact_at(&mut bytes, offset).map(|()| bytes)
    }

    /// The bytes that this program may still have on the disk that the file is on.
    pub(super) fn room_on_disk(&self) -> io::Result<u64> {
        let disk = rustix::fs::fstatvfs(&self.database)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        held().remove(&self.identity);
    }
}

/// Whether this process has a database.
pub(super) fn is_held_here(path: &Path) -> bool {
    Identity::at(path).is_some_and(|identity| held().contains(&identity))
}

/// Whether a database is open, here or in another process.
pub(crate) fn is_open(path: &Path) -> bool {
    let taken = || {
        let lock = File::options().write(true).open(locked(path));
        lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
    };
    is_held_here(path) || taken()
}

fn held() -> MutexGuard<'static, BTreeSet<Identity>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_taken(path: &Path) -> Error {
    cannot_open(path, "another process has it open; end that one first")
}

/// What is locked: the database itself. Where `flock` and SQLite's locks are of one kind, and would be in each other's way,
/// a file beside it.
fn locked(database: &Path) -> PathBuf {
    if cfg!(target_os = "linux") { database.to_owned() } else { beside(database, "-lock") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> String {
        Claim::take(path).unwrap_err().to_string()
    }

    #[test]
    fn a_database_is_one_by_whatever_name() {
        let folder = tempfile::tempdir().unwrap();
        let [database, link, twin] = ["b.db", "link.db", "twin.db"].map(|name| folder.path().join(name));
        let claim = Claim::take(&database).unwrap();
        std::os::unix::fs::symlink(&database, &link).unwrap();
        fs::hard_link(&database, &twin).unwrap();
        for name in [&database, &link, &twin] {
            assert!(refused(name).contains("another process has it open"));
            assert!(is_open(name) && is_held_here(name));
        }
        drop(claim);
        assert!(!is_open(&database));
        let claim = Claim::take(&link).unwrap();
        assert_eq!(claim.path(), database.canonicalize().unwrap());
    }

    #[test]
    fn what_is_moved_or_replaced_is_not_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let [database, other] = ["b.db", "c.db"].map(|name| folder.path().join(name));
        let claim = Claim::take(&database).unwrap();
        assert!(claim.is_in_place());
        fs::rename(&database, &other).unwrap();
        assert!(!claim.is_in_place());
        fs::copy(&other, &database).unwrap();
        assert!(!claim.is_in_place());
        fs::rename(&other, &database).unwrap();
        assert!(claim.is_in_place());
    }
}
