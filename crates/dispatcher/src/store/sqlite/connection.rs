//! Opening the file: one process at a time, the right pragmas, the newest schema.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{
    claim::Claim,
    failed::of_sqlite,
    private,
    run::{self, Run},
    schema,
};
use crate::{Error, Result};

/// How long opening waits for another program that has the file locked, such as a backup.
const OPENING: Duration = Duration::from_secs(15);

/// How long reading and writing wait for it: whoever asked is told well within five seconds.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// A store that is open for writing, and locked against other processes.
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) claim: Arc<Claim>,
    pub(crate) run: Run,
}

/// Opens the file for writing, and makes it when it does not exist, and its folder.
pub(crate) fn open(path: &Path) -> Result<Opened> {
    let path = &std::path::absolute(path).map_err(|error| cannot_open(path, &error.to_string()))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| cannot_open(path, &error.to_string()))?;
    }
    let claim = Claim::take(path)?;
    let path = claim.path().to_owned();
    run::check(&claim)?;
    private::keep(&path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(&path, flags).and_then(set_up);
    let connection = opened.map_err(|error| cannot_open(&path, &of_sqlite(&error)))?;
    let run = Run::begin(&claim, &connection).map_err(|error| error.of_database(&path))?;
    schema::bring_up_to_date(&connection).map_err(|error| error.of_database(&path))?;
    Ok(Opened { path, connection, claim: Arc::new(claim), run })
}

fn set_up(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(OPENING)?;
    connection.execute_batch("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;")?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;",
    )?;
    plan_once(&connection)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Makes it the writer's, who waits for the disk in another way.
pub(crate) fn set_up_writer(connection: &Connection) -> Result<()> {
    connection.execute_batch("PRAGMA synchronous = NORMAL;")?;
    Ok(connection.busy_timeout(BUSY_TIMEOUT)?)
}

/// What is written together, from its beginning on. Without an end it is undone. (rusqlite's own has SQLite read the words for it
/// anew each time, which takes as long as a small row.)
pub(crate) struct Together<'c>(&'c Connection);

impl<'c> Together<'c> {
    pub(crate) fn begin(connection: &'c mut Connection) -> Result<Together<'c>> {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Together(connection))
    }

    pub(crate) fn connection(&self) -> &Connection {
        self.0
    }

    pub(crate) fn commit(self) -> Result<()> {
        self.0.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}

impl Drop for Together<'_> {
    fn drop(&mut self) {
        // SQLite may have undone it by itself.
        if !self.0.is_autocommit()
            && let Err(error) = self.0.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "what was written in part could not be undone");
        }
    }
}

/// Looks over what searches go by. The end does not depend on it.
pub(crate) fn optimize(connection: &Connection) {
    let _ = connection.execute_batch("PRAGMA optimize;");
}

/// Opens the file for reading beside the writer.
pub(crate) fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    plan_once(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Has each statement planned once, not again whenever it is given other values: that takes longer than most of them run.
fn plan_once(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

pub(super) fn cannot_open(path: &Path, detail: &str) -> Error {
    Error::Store(format!("cannot open the database {}: {detail}", path.display()))
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_statement_is_planned_once_whatever_values_it_is_given() {
        let folder = tempfile::tempdir().unwrap();
        let opened = open(&folder.path().join("store.db")).unwrap();
        let reader = open_reader(&opened.path).unwrap();
        for connection in [&opened.connection, &reader] {
            let sql = "SELECT last FROM lists WHERE webhook = ?1 AND last > ?2 ORDER BY last DESC LIMIT ?3";
            let mut statement = connection.prepare_cached(sql).unwrap();
            for value in 1..9 {
                assert!(
                    statement.query_row([value; 3], |row| row.get::<_, i64>(0)).is_err(),
                    "there is none"
                );
            }
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        }
    }
}
