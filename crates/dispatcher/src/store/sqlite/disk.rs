//! What makes commits last: SQLite only writes them into the write-ahead log; here the log is synced, once for all that was
//! committed since the last time. A log that ends early after a loss of power is read up to its last whole commit, so what was
//! not synced yet is either there or not, and never half.

use std::fs::File;

use rusqlite::Connection;

use super::{Condition, Finding, ground::Ground};
use crate::{Error, Result, store, trouble::Trouble};

/// The write-ahead log, and what it lies on.
pub(super) struct Disk {
    log: File,
    ground: Ground,
    condition: Condition,
}

impl Disk {
    /// That of a connection that writes.
    pub(super) fn of(connection: &Connection, ground: Ground, condition: &Condition) -> Result<Disk> {
        let path = format!("{}-wal", connection.path().unwrap_or_default());
        let log = File::options().write(true).open(&path);
        let log =
            log.map_err(|error| Error::Store(format!("cannot open the write-ahead log {path}: {error}")));
        Ok(Disk { log: log?, ground, condition: condition.clone() })
    }
}

impl store::Disk for Disk {
    fn look(&self) -> Option<Trouble> {
        (!self.ground.look(&self.condition)).then_some(Trouble::Moved)
    }

    fn sync(&self) -> Option<Trouble> {
        if let Err(error) = self.log.sync_data() {
            tracing::error!(%error, "the disk did not take what was written");
            self.condition.note(Finding::Unsynced, true);
            return Some(Trouble::Broken);
        }
        self.look()
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, sync::Arc};

    use super::*;
    use crate::store::{Disk as _, log::Log, sqlite::claim::Claim};

    /// What a disk says with this log, after something was done to the file.
    fn said(log: File, before: impl Fn(&Path)) -> [Option<Trouble>; 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.db");
        let claim = Arc::new(Claim::take(&path).unwrap());
        let disk =
            Disk { log, ground: Ground::of(claim, Log::default(), 0), condition: Condition::default() };
        before(&path);
        [disk.sync(), disk.look()]
    }

    #[test]
    fn a_log_that_is_synced_lasts() {
        assert_eq!(said(tempfile::tempfile().unwrap(), |_| ()), [None, None]);
    }

    #[test]
    fn a_log_that_cannot_be_synced_does_not() {
        // A device that cannot be synced.
        let log = File::options().write(true).open("/dev/null").unwrap();
        assert_eq!(said(log, |_| ()), [Some(Trouble::Broken), None]);
    }

    #[test]
    fn nor_one_of_a_file_that_is_not_there_any_more() {
        let gone = |path: &Path| fs::remove_file(path).unwrap();
        assert_eq!(said(tempfile::tempfile().unwrap(), gone), [Some(Trouble::Moved); 2]);
    }
}
