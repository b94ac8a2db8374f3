//! The log goes into the file beside a writer that goes on, and which file it belongs to is clear at every moment.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc::channel,
};

use super::*;
use crate::store::sqlite::{
    connection::{Opened, open as open_store},
    lane::count_pages,
    log::Log,
    settings,
};

/// Where SQLite keeps the id (its documentation, "Database File Format", 1.3).
const ID: u64 = 68;

struct Stage {
    folder: tempfile::TempDir,
    opened: Opened,
    log: Log,
    checkpoints: Checkpoints,
    orders: Receiver<Brought>,
}

impl Stage {
    fn new() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let mut opened = open_store(&folder.path().join("b.db")).unwrap();
        let log = Log::default();
        count_pages(&mut opened.connection, &log).unwrap();
        opened.run.mark(&opened.connection).unwrap();
        let (sender, orders) = channel();
        let tell = move |brought| sender.send(brought).unwrap_or_default();
        let readers = Arc::new(Readers::new(&opened.claim));
        let of = (opened.path.as_path(), opened.run.clone());
        let checkpoints = Checkpoints::start(of, readers, tell, &Threads::default()).unwrap();
        Stage { folder, opened, log, checkpoints, orders }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes something, and much beside it.
    fn say(&self, text: &str) {
        let connection = &self.opened.connection;
        for number in 0..50 {
            settings::set(connection, &format!("{text} {number}"), &text.repeat(3_000)).unwrap();
        }
        settings::set(connection, "says", text).unwrap();
    }

    fn begin_piece(&mut self) -> usize {
        let pages = self.log.pages();
        self.checkpoints.begin_piece(&self.opened.run, &self.opened.connection, pages).unwrap();
        pages
    }

    /// How far the thread got.
    fn brought(&mut self) -> (usize, bool) {
        let Ok(brought) = self.orders.recv() else { panic!("nothing else is told") };
        let is_clear = self.checkpoints.brought(brought, self.log.pages());
        (brought.pages().unwrap(), is_clear.unwrap())
    }

    fn last_piece(&mut self) -> bool {
        let log = self.log.clone();
        self.checkpoints.last_piece(&self.opened.run, &self.opened.connection, || log.pages()).unwrap()
    }

    fn id(&self) -> [u8; 4] {
        self.opened.claim.read(ID).unwrap()
    }

    fn file_size(&self) -> u64 {
        fs::metadata(self.path("b.db")).unwrap().len()
    }

    /// What a start says of what a kill would leave now, with `database` in the place of the file.
    fn after_a_kill(&self, database: &Path) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(database, folder.path().join("b.db")).unwrap();
        for name in ["b.db-wal", "b.db.run"] {
            fs::copy(self.path(name), folder.path().join(name)).unwrap();
        }
        let opened = open_store(&folder.path().join("b.db"))?;
        let found: String =
            opened.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(found, "ok");
        Ok(settings::get(&opened.connection, "says")?.unwrap_or_default())
    }

    fn says(&self) -> Result<String> {
        self.after_a_kill(&self.path("b.db"))
    }

    /// A copy that is made now, beside the log of the file, is refused.
    fn refuses_a_copy(&self, name: &str) {
        let copy = self.path(name);
        self.opened.connection.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        assert!(self.after_a_kill(&copy).is_err(), "{name}");
    }
}

#[test]
fn the_file_is_told_from_its_copies_whatever_is_under_way() {
    let mut stage = Stage::new();
    let earlier = stage.id();
    for round in ["one", "two"] {
        stage.say(round);
        let (id, size) = (stage.id(), stage.file_size());
        let pages = stage.begin_piece();
        assert_eq!(stage.log.pages(), pages + 1, "the log was marked after that");
        stage.say(&format!("{round} then"));
        stage.refuses_a_copy(&format!("{round}, under way"));
        assert_eq!(stage.brought(), (pages, true));
        assert!(stage.file_size() > size, "it is in the file");
        assert_eq!(stage.id(), id, "but for the first page");
        assert_eq!(stage.says().unwrap(), format!("{round} then"));
        stage.refuses_a_copy(&format!("{round}, brought"));
        assert!(stage.last_piece());
        assert!(stage.log.pages() <= 2, "the log began anew");
        assert_ne!(stage.id(), id);
        stage.refuses_a_copy(&format!("{round}, at last"));
        assert_eq!(stage.says().unwrap(), format!("{round} then"));
    }
    assert_ne!(stage.id(), earlier);
    stage.checkpoints.end();
}

#[test]
fn who_reads_is_in_the_way_until_the_end() {
    let mut stage = Stage::new();
    stage.say("one");
    let reader = open_reader(&stage.path("b.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM settings;").unwrap();
    let held = stage.log.pages();
    stage.say("two");
    stage.begin_piece();
    assert_eq!(stage.brought(), (held, false));
    assert!(!stage.last_piece());
    assert_eq!(stage.says().unwrap(), "two");
    stage.refuses_a_copy("held");
    reader.execute_batch("COMMIT").unwrap();
    let pages = stage.begin_piece();
    assert_eq!(stage.brought(), (pages, true));
    assert!(stage.last_piece());
    assert_eq!(stage.says().unwrap(), "two");
    stage.checkpoints.end();
}
