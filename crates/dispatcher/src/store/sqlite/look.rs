//! What lies where the database is to be: looked at before anything is made, set or moved there.

use std::{
    fmt::Write,
    fs::File,
    io::{self, ErrorKind, Read},
    path::Path,
};

use rusqlite::{Connection, OpenFlags};

use super::{
    claim,
    connection::{cannot_open, open_reader},
    run, schema,
};
use crate::{Error, Result};

/// How every SQLite file begins (its documentation, "Database File Format", 1.3).
const BEGINNING: &[u8; 16] = b"SQLite format 3\0";

/// Tables that Bluehook's databases had from the first version on.
const TABLES: &str = "'settings', 'webhooks', 'events', 'deliveries'";

/// Refuses a file that is none of Bluehook's, or that cannot be read. It is left as it was found.
///
/// # Errors
/// [`crate::Error::Store`], which names it.
pub(crate) fn look(path: &Path) -> Result<()> {
    // What this process has was looked at, and may not be opened in another way.
    if claim::is_held_here(path) { Ok(()) } else { look_at_file(path) }
}

/// The same for a file that this process does not have.
pub(super) fn look_at_file(path: &Path) -> Result<()> {
    let refused = |told: &str| Err(cannot_open(path, &format!("{told}; nothing was changed")));
    match beginning(path) {
        Ok(found) if found.is_empty() && run::has_log(path) => {
            let log = run::beside(path, "-wal");
            let log = log.display();
            return refused(&format!(
                "there is its log {log}, but nothing in the file; put the file back, or move {log} away"
            ));
        }
        Ok(found) if found.is_empty() => return Ok(()),
        Ok(found) if found != BEGINNING => {
            return refused(
                "it is not a database of SQLite. Name another file, or put a copy of the database there",
            );
        }
        Ok(_) => {}
        Err(error) => return Err(cannot_open(path, &error.to_string())),
    }
    if run::has_log(path) && run::is_kept(path) {
        // Whether the two belong together is told next; until then the file alone may be less than the database.
        return Ok(());
    }
    match open(path).and_then(|connection| whose(&connection)) {
        Ok(Whose::Nobodys | Whose::Ours) => Ok(()),
        Ok(Whose::Anothers) => refused("it is the database of another program. Name another file"),
        Err(Error::Store(told)) => {
            refused(&format!("it is damaged ({told}). Put a copy of the database there"))
        }
        Err(error) => Err(error),
    }
}

/// The first bytes of a file; none when there is nothing.
fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    let mut found = Vec::new();
    match File::open(path).and_then(|file| file.take(BEGINNING.len() as u64).read_to_end(&mut found)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(found),
    }
}

/// Opens a file so that SQLite makes nothing beside it. With a log that may not be left out, it is read as others read it.
fn open(path: &Path) -> Result<Connection> {
    if run::has_log(path) {
        return open_reader(path);
    }
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            // Writing to text cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?)
}

/// Whose database it is.
enum Whose {
    /// There is nothing in it.
    Nobodys,
    Ours,
    Anothers,
}

fn whose(connection: &Connection) -> Result<Whose> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let count = |condition: &str| -> Result<i64> {
        let sql = format!("SELECT count(*) FROM sqlite_master WHERE {condition}");
        Ok(connection.query_row(&sql, [], |row| row.get(0))?)
    };
    let (all, ours) = (count("1")?, count(&format!("type = 'table' AND name IN ({TABLES})"))?);
    Ok(match (all, version) {
        (0, 0) => Whose::Nobodys,
        _ if ours == 4 && version >= schema::FIRST => Whose::Ours,
        _ => Whose::Anothers,
    })
}
