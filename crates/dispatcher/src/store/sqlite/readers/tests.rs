//! Connections and the gate.

use std::sync::mpsc::channel;

use super::*;
use crate::{
    error::Busy,
    store::sqlite::connection::{Opened, open},
};

struct Stage {
    folder: tempfile::TempDir,
    readers: Readers,
    _opened: Opened,
}

impl Stage {
    fn new() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let opened = open(&folder.path().join("b.db")).unwrap();
        Stage { folder, readers: Readers::new(&opened.claim), _opened: opened }
    }
}

fn one(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("SELECT 1", [], |row| row.get(0))?)
}

#[test]
fn connections_are_used_again_and_closed_when_idle() {
    let stage = Stage::new();
    let readers = &stage.readers;
    let nested = |connection: &Connection| Ok(one(connection)? + readers.read(one)?);
    assert_eq!(readers.read(nested).unwrap(), 2);
    readers.read(one).unwrap();
    assert_eq!(readers.idle().len(), 2);
    let now = Instant::now();
    readers.close_idle(now);
    assert_eq!(readers.idle().len(), 2, "they were used just now");
    readers.close_idle(now + IDLE + Duration::from_secs(1));
    assert!(readers.idle().is_empty());
    assert_eq!(readers.read(one).unwrap(), 1);
}

#[test]
fn nobody_passes_a_closed_gate() {
    let stage = Stage::new();
    let readers = &stage.readers;
    readers.close_gate();
    assert!(matches!(readers.read(one), Err(Error::Busy { what: Busy::Reading, .. })));
    std::thread::scope(|scope| {
        let (begun, has_begun) = channel();
        let waits = scope.spawn(move || {
            begun.send(()).unwrap();
            readers.read(one)
        });
        has_begun.recv().unwrap();
        readers.open_gate();
        assert_eq!(waits.join().unwrap().unwrap(), 1);
    });
    assert_eq!(readers.read(|_| Ok(readers.reading())).unwrap(), 1);
    assert_eq!(readers.reading(), 0);
}

#[test]
fn another_file_in_its_place_is_not_read() {
    let Stage { folder, readers, .. } = &Stage::new();
    let path = folder.path().join("b.db");
    std::fs::rename(&path, folder.path().join("c.db")).unwrap();
    std::fs::copy(folder.path().join("c.db"), &path).unwrap();
    assert!(matches!(readers.read(one), Err(Error::Unavailable(Trouble::Moved))));
}
