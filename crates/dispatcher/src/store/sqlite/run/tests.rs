//! Which files belong together: every combination of a database, its log and its ids from three moments.

use super::*;
use crate::store::sqlite::{connection::open, settings};

const IDS: Ids = Ids { file: [1, 2], log: [3, 4] };

#[test]
fn the_ids_decide() {
    for (without_log, with_log, expected) in [
        (1, 3, true),
        (1, 4, true),
        (2, 4, true),
        // Killed before the log was marked, or the mark was lost with the power.
        (2, 2, true),
        (1, 2, true),
        // A copy made while it was served, an older one, one without any id.
        (4, 4, false),
        (9, 3, false),
        (NONE, 3, false),
        // The log of another.
        (1, 9, false),
        (1, NONE, false),
    ] {
        assert_eq!(IDS.belong(without_log, with_log), expected, "{without_log} {with_log}");
    }
    assert!(Ids::default().belong(NONE, NONE), "from before there were ids");
}

#[test]
fn ids_are_read_as_they_were_written() {
    assert_eq!(Ids::from_text(&IDS.to_text()), Some(IDS));
    let other = Ids { file: [u32::MAX, 0], ..IDS };
    assert_eq!(other.to_text().len(), IDS.to_text().len());
    for text in ["", "file 1", "log 1 2\nfile 3 4\n", "file x y\nlog 1 2\n"] {
        assert_eq!(Ids::from_text(text), None, "{text}");
    }
}

/// What a killed process leaves behind, or a copy that is made beside one that runs.
#[derive(Clone)]
struct Left {
    database: Vec<u8>,
    log: Vec<u8>,
    ids: Vec<u8>,
    /// What it says, read by itself and all together.
    says: (String, String),
}

const NAMES: [&str; 3] = ["b.db", "b.db-wal", "b.db.run"];

impl Left {
    fn of(folder: &Path, says: (&str, &str)) -> Left {
        let [database, log, ids] = NAMES.map(|name| fs::read(folder.join(name)).unwrap());
        Left { database, log, ids, says: (says.0.to_owned(), says.1.to_owned()) }
    }

    fn parts(&self) -> [&[u8]; 3] {
        [&self.database, &self.log, &self.ids]
    }
}

/// Opens what is put together from these; gives what it says.
fn restored(parts: [Option<&[u8]>; 3]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.db");
    for (name, bytes) in NAMES.iter().zip(parts) {
        if let Some(bytes) = bytes {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
    }
    match open(&path) {
        Ok(opened) => Ok(settings::get(&opened.connection, "says").unwrap().unwrap_or_default()),
        Err(error) => {
            for (name, bytes) in NAMES.iter().zip(parts) {
                let left = fs::read(folder.path().join(name)).ok();
                assert_eq!(left.as_deref(), bytes, "{name} is as it was");
            }
            let error = error.to_string();
            assert!(error.contains(&format!("{}-wal away", path.display())), "{error}");
            Err(error)
        }
    }
}

/// A database in two runs, each killed after it wrote twice with a checkpoint between; and a copy made during the second.
fn history() -> (Vec<Left>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.db");
    let copy = folder.path().join("copy.db");
    let mut left = Vec::new();
    for run in ["one", "two"] {
        let opened = open(&path).unwrap();
        let says = |text: &str| settings::set(&opened.connection, "says", &format!("{run} {text}")).unwrap();
        opened.run.mark(&opened.connection).unwrap();
        says("at first");
        assert!(opened.run.checkpoint(&opened.connection, "PASSIVE").unwrap());
        opened.run.mark(&opened.connection).unwrap();
        says("then");
        left.push(Left::of(folder.path(), (&format!("{run} at first"), &format!("{run} then"))));
        opened.connection.execute("VACUUM INTO ?1", [copy.with_extension(run).to_str().unwrap()]).unwrap();
        // As a kill leaves it: nothing is written at the end.
        std::mem::forget(opened.connection);
    }
    (left, fs::read(copy.with_extension("two")).unwrap())
}

#[test]
fn only_what_belongs_together_is_opened() {
    let (left, copy) = history();
    for (d, database) in left.iter().enumerate() {
        for (l, log) in left.iter().enumerate() {
            for (i, ids) in left.iter().enumerate() {
                let opened = restored([Some(&database.database), Some(&log.log), Some(&ids.ids)]);
                let expected = (d == l && l == i).then(|| database.says.1.clone());
                assert_eq!(opened.ok(), expected, "database {d}, log {l}, ids {i}");
            }
        }
        let [file, log, ids] = database.parts();
        assert_eq!(restored([Some(file), None, Some(ids)]).as_ref(), Ok(&database.says.0), "without the log");
        assert_eq!(restored([Some(file), None, None]).as_ref(), Ok(&database.says.0), "the file alone");
        assert!(restored([Some(file), Some(log), None]).is_err(), "without the ids");
        assert!(restored([None, Some(log), Some(ids)]).is_err(), "without the file");
        assert!(restored([Some(b""), Some(log), Some(ids)]).is_err(), "an empty file");
        assert!(restored([Some(&copy), Some(log), Some(ids)]).is_err(), "the copy beside the log of {d}");
    }
    assert_eq!(restored([Some(&copy), None, Some(&left[1].ids)]).as_deref(), Ok("two then"));
}

#[test]
fn a_log_from_before_there_were_ids_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch("PRAGMA journal_mode = WAL;").unwrap();
    crate::store::sqlite::schema::bring_up_to_date(&old).unwrap();
    settings::set(&old, "says", "before").unwrap();
    std::mem::forget(old);
    let opened = open(&path).unwrap();
    assert_eq!(settings::get(&opened.connection, "says").unwrap().as_deref(), Some("before"));
    assert_ne!(id_in(&opened.claim).unwrap(), Some(NONE));
}

#[test]
fn somebody_who_reads_only_delays_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.db");
    let opened = open(&path).unwrap();
    opened.run.mark(&opened.connection).unwrap();
    settings::set(&opened.connection, "says", "one").unwrap();
    let reader = open_reader(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM settings;").unwrap();
    settings::set(&opened.connection, "says", "two").unwrap();
    assert!(!opened.run.checkpoint(&opened.connection, "PASSIVE").unwrap());
    opened.run.mark(&opened.connection).unwrap();
    let left = Left::of(folder.path(), ("", "two"));
    let [file, log, ids] = left.parts();
    assert_eq!(restored([Some(file), Some(log), Some(ids)]).as_deref(), Ok("two"));
    drop(reader);
    assert!(opened.run.checkpoint(&opened.connection, "PASSIVE").unwrap());
    assert_eq!(opened.run.ids().file[0], opened.run.ids().file[1]);
}

/// SQLite says -1 of both when it did nothing.
#[test]
fn nothing_is_not_all() {
    for (in_log, done, is_all) in [(-1, -1, false), (5, 3, false), (5, 5, true), (0, 0, true)] {
        assert_eq!(Brought { in_log, done }.is_all(), is_all, "{in_log} {done}");
    }
}
