//! What the store stands on: whether its files still lie where they were, and whether there is room for events.

use std::{io, path::PathBuf, sync::Arc};

use super::{
    claim::{Claim, Identity},
    condition::{Condition, Finding},
    run::beside,
};

/// Where SQLite keeps the size of a page and the number of pages that nothing is on, the highest byte first (its
/// documentation, "Database File Format", 1.3).
const PAGE_SIZE: u64 = 16;
const FREE_PAGES: u64 = 36;

/// What the store stands on.
pub(super) struct Ground {
    claim: Arc<Claim>,
    log: PathBuf,
    log_identity: Option<Identity>,
    /// What of the disk events may not use, in bytes.
    reserve: u64,
}

impl Ground {
    /// A database and its log as they are now.
    pub(super) fn of(claim: Arc<Claim>, reserve: u64) -> Ground {
        let log = beside(claim.path(), "-wal");
        Ground { log_identity: Identity::at(&log), claim, log, reserve }
    }

    /// Looks at it, and notes what is the matter. False when what was written last may be lost.
    pub(super) fn look(&self, condition: &Condition) -> bool {
        let is_in_place = self.is_in_place();
        condition.note(Finding::Moved, !is_in_place);
        match self.room() {
            Ok(room) => condition.note(Finding::Reserve, room < self.reserve),
            // Then writing will tell.
            Err(error) => tracing::debug!(%error, "the room on the disk is not known"),
        }
        is_in_place
    }

    fn is_in_place(&self) -> bool {
        self.claim.is_in_place() && Identity::at(&self.log) == self.log_identity
    }

    /// The room for events: on the disk, and in the file where something was taken away.
    fn room(&self) -> io::Result<u64> {
        Ok(self.claim.room_on_disk()?.saturating_add(self.room_in_file()?))
    }

    fn room_in_file(&self) -> io::Result<u64> {
        let size = match u16::from_be_bytes(self.claim.read(PAGE_SIZE)?) {
            1 => 65_536,
            size => u64::from(size),
        };
        let free = u64::from(u32::from_be_bytes(self.claim.read(FREE_PAGES)?));
        Ok(free.saturating_mul(size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open;

    #[test]
    fn what_was_taken_away_is_room_again() {
        let folder = tempfile::tempdir().unwrap();
        let opened = open(&folder.path().join("b.db")).unwrap();
        let write = |sql: &str| {
            opened.connection.execute_batch(&format!("{sql}; PRAGMA wal_checkpoint(TRUNCATE)")).unwrap();
        };
        let ground = Ground::of(opened.claim.clone(), 0);
        let counted = || {
            let pragma = |name| opened.connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
            u64::from(pragma("freelist_count").unwrap() * pragma("page_size").unwrap())
        };
        write("CREATE TABLE large (bytes)");
        write("INSERT INTO large VALUES (zeroblob(1000000))");
        let before = ground.room_in_file().unwrap();
        assert_eq!(before, counted());
        write("DELETE FROM large");
        let after = ground.room_in_file().unwrap();
        assert_eq!(after, counted());
        assert!(after >= before + 900_000, "{before} then {after}");
    }
}
