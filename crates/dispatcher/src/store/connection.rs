//! Opening the file: one process at a time, the right pragmas, the newest schema.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{
    look::look,
    private,
    run::{self, Run},
    schema,
};
use crate::{Error, Result, error::of_sqlite};

/// How long a write waits for another process that holds the file, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);

/// A store that is open for writing, and locked against other processes.
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) lock: File,
    pub(crate) run: Run,
}

/// Opens the file for writing, and makes it when it does not exist, and its folder.
pub(crate) fn open(path: &Path) -> Result<Opened> {
    let path = &std::path::absolute(path).map_err(|error| cannot_open(path, &error.to_string()))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| cannot_open(path, &error.to_string()))?;
    }
    look(path)?;
    let lock = lock(path)?;
    run::check(path)?;
    private::make(path).map_err(|error| cannot_open(path, &error.to_string()))?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(set_up);
    let connection = opened.map_err(|error| cannot_open(path, &of_sqlite(&error)))?;
    let run = Run::begin(path, &connection).map_err(|error| error.of_database(path))?;
    schema::bring_up_to_date(&connection).map_err(|error| error.of_database(path))?;
    Ok(Opened { path: path.to_owned(), connection, lock, run })
}

fn set_up(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;")?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;",
    )?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Opens the file for reading beside the writer.
pub(crate) fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Whether another process has a database open.
pub(crate) fn is_open_elsewhere(path: &Path) -> bool {
    let lock = File::options().write(true).open(run::beside(path, "-lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock)))
}

fn lock(path: &Path) -> Result<File> {
    let file = private::open(&run::beside(path, "-lock"));
    let file = file.map_err(|error| cannot_open(path, &error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(cannot_open(path, "another process has it open; end that one first"))
        }
        Err(TryLockError::Error(error)) => Err(cannot_open(path, &error.to_string())),
    }
}

pub(super) fn cannot_open(path: &Path, detail: &str) -> Error {
    Error::Store(format!("cannot open the database {}: {detail}", path.display()))
}
