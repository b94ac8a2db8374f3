//! What the store stands on: whether its files still lie where they were, and whether there is room for events.

use std::{io, path::PathBuf, sync::Arc};

use super::{
    Condition, Finding,
    claim::{Claim, Identity},
    log::Log,
    run::beside,
};

/// Where SQLite keeps the size of a page and the number of pages that nothing is on, the highest byte first (its
/// documentation, "Database File Format", 1.3).
const PAGE_SIZE: u64 = 16;
const FREE_PAGES: u64 = 36;

/// What the store stands on.
pub(crate) struct Ground {
    claim: Arc<Claim>,
    log_path: PathBuf,
    log_identity: Option<Identity>,
    log: Log,
    /// What of the disk events may not use, in bytes.
    reserve: u64,
}

impl Ground {
    /// A database and its log as they are now.
    pub(crate) fn of(claim: Arc<Claim>, log: Log, reserve: u64) -> Ground {
        let log_path = beside(claim.path(), "-wal");
        Ground { log_identity: Identity::at(&log_path), claim, log_path, log, reserve }
    }

    /// Looks at it, and notes what is the matter. False when what was written last may be lost.
    pub(crate) fn look(&self, condition: &Condition) -> bool {
        let is_in_place = self.is_in_place();
        condition.note(Finding::Moved, !is_in_place);
        match self.room() {
            Ok(room) => {
                condition.note_tight(room.on_disk < self.reserve.saturating_mul(2));
                condition.note(Finding::Reserve, !room.suffices(self.needed(condition)));
            }
            // Then writing will tell.
            Err(error) => tracing::debug!(%error, "the room on the disk is not known"),
        }
        is_in_place
    }

    /// Some more than the reserve once there was less: the end of it is told when it lasts.
    fn needed(&self, condition: &Condition) -> u64 {
        if condition.lacks_room() { self.reserve.saturating_add(self.reserve / 4) } else { self.reserve }
    }

    fn is_in_place(&self) -> bool {
        self.claim.is_in_place() && Identity::at(&self.log_path) == self.log_identity
    }

    fn room(&self) -> io::Result<Room> {
        let (page, free) = self.pages()?;
        let in_log = u64::try_from(self.log.pages()).unwrap_or(u64::MAX);
        Ok(Room {
            on_disk: self.claim.room_on_disk()?,
            in_file: free.saturating_mul(page),
            in_log: in_log.saturating_mul(page),
        })
    }

    /// The size of a page of the file, and how many there are that nothing is on.
    fn pages(&self) -> io::Result<(u64, u64)> {
        let size = match u16::from_be_bytes(self.claim.read(PAGE_SIZE)?) {
            1 => 65_536,
            size => u64::from(size),
        };
        let free = u64::from(u32::from_be_bytes(self.claim.read(FREE_PAGES)?));
        Ok((size, free))
    }
}

/// Bytes of room.
struct Room {
    /// On the disk.
    on_disk: u64,
    /// In the file, where something was taken away.
    in_file: u64,
    /// What the file needs for what is in the log.
    in_log: u64,
}

impl Room {
    /// Whether there is so much in all, and half of it for the log, which grows on the disk before it goes into the file.
    fn suffices(&self, needed: u64) -> bool {
        let all = self.on_disk.saturating_add(self.in_file).saturating_sub(self.in_log);
        all >= needed && self.on_disk >= needed / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::connection::open;

    #[test]
    fn what_was_taken_away_is_room_again() {
        let folder = tempfile::tempdir().unwrap();
        let opened = open(&folder.path().join("b.db")).unwrap();
        let write = |sql: &str| {
            opened.connection.execute_batch(&format!("{sql}; PRAGMA wal_checkpoint(TRUNCATE)")).unwrap();
        };
        let ground = Ground::of(opened.claim.clone(), Log::default(), 0);
        let counted = || {
            let pragma = |name| opened.connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
            (u64::from(pragma("page_size").unwrap()), u64::from(pragma("freelist_count").unwrap()))
        };
        write("CREATE TABLE large (bytes)");
        write("INSERT INTO large VALUES (zeroblob(1000000))");
        let before = ground.pages().unwrap();
        assert_eq!(before, counted());
        write("DELETE FROM large");
        let after = ground.pages().unwrap();
        assert_eq!(after, counted());
        assert!((after.1 - before.1) * after.0 >= 900_000, "{before:?} then {after:?}");
    }
}
