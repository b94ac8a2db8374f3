//! Whether the write-ahead log that lies beside a database belongs to it. A copy that was put in the place of a database
//! after a crash still has the log of the other beside it, which SQLite would play into it.
//!
//! Two random ids take turns in the header of the database (its `application_id`, which is always in the first page): one
//! goes into the file with each checkpoint, another is written right after it and stays in the log. A copy that was made
//! meanwhile has the second, or an earlier first; so the file that the log belongs to is the only one that has the first.
//! Which two these are stands in `<database>.run`, on disk before either is in force.
//!
//! The id is in the first page, and SQLite brings of each page only what is newest in the log, if that. So a checkpoint by
//! another thread, while the writer goes on, leaves the id in the file as it is ([`super::checkpoint`]): it may bring
//! everything up to a commit, and the first page was written once more right after that. Only the last piece, which the
//! writer brings itself, changes it.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::Connection;

use super::{
    claim::Claim,
    connection::{cannot_open, open_reader},
    private,
};
use crate::{Error, Result, id};

/// Where SQLite keeps `application_id`: 4 bytes, the highest first (its documentation, "Database File Format", 1.3).
const OFFSET: u64 = 68;

/// A database without any id: it is new, or from before there were ids.
const NONE: u32 = 0;

/// Which ids a database may have. Of each two the second is the one to come, or both are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ids {
    /// In the file by itself.
    file: [u32; 2],
    /// With the log played.
    log: [u32; 2],
}

impl Ids {
    /// Whether a file and the log beside it are of these.
    fn belong(self, without_log: u32, with_log: u32) -> bool {
        self.file.contains(&without_log) && (self.log.contains(&with_log) || self.file.contains(&with_log))
    }

    fn to_text(self) -> String {
        let Ids { file: [a, b], log: [c, d] } = self;
        format!("file {a:08x} {b:08x}\nlog {c:08x} {d:08x}\n")
    }

    fn from_text(text: &str) -> Option<Ids> {
        let mut lines = text.lines().map(|line| line.split(' '));
        let mut two = |name| {
            let mut words = lines.next().filter(|words| words.clone().next() == Some(name))?.skip(1);
            let mut id = || words.next().and_then(|word| u32::from_str_radix(word, 16).ok());
            Some([id()?, id()?])
        };
        Some(Ids { file: two("file")?, log: two("log")? })
    }
}

/// Whether there is anything in the log beside a database.
pub(super) fn has_log(database: &Path) -> bool {
    fs::metadata(beside(database, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// Whether ids are kept beside a database: it is ours then, whatever is in the file.
pub(super) fn is_kept(database: &Path) -> bool {
    fs::metadata(beside(database, ".run")).is_ok_and(|kept| kept.len() > 0)
}

/// Refuses a log that is not of the database that it lies beside. Nothing is changed, and nothing played.
///
/// # Errors
/// [`Error::Store`] that says which file to move away.
pub(super) fn check(claim: &Claim) -> Result<()> {
    let database = claim.path();
    if !has_log(database) {
        return Ok(());
    }
    let log = beside(database, "-wal");
    let (file, log) = (database.display(), log.display());
    let without_log = id_in(claim).map_err(|error| cannot_open(database, &error.to_string()))?;
    let ids = read(database).map_err(|error| cannot_open(database, &error.to_string()))?;
    // What cannot even be read with this log is not the file that it belongs to.
    let with_log = open_reader(database).and_then(|connection| current(&connection)).ok();
    if with_log.is_some_and(|with_log| ids.belong(without_log.unwrap_or(NONE), with_log)) {
        return Ok(());
    }
    Err(cannot_open(
        database,
        &format!(
            "the log {log} is not of this file, but of another copy of it; nothing was changed. Move {log} away to start \
             from {file} as it is, or put back the file that the log belongs to, together with {file}.run"
        ),
    ))
}

/// The ids of a database that is open for writing, and where they are kept. All clones are one.
#[derive(Clone)]
pub(crate) struct Run(Arc<Mutex<Kept>>);

struct Kept {
    file: File,
    ids: Ids,
}

/// A last piece that was brought into the file: the ids from before it are over, which is still to be kept.
pub(super) struct Over(Ids);

impl Run {
    /// Takes over a database whose log belongs to it: what is in the log goes into the file.
    pub(super) fn begin(claim: &Claim, connection: &Connection) -> Result<Run> {
        let database = claim.path();
        let without_log = id_in(claim)?.unwrap_or(NONE);
        let file = keep(&beside(database, ".run"));
        let file = file.map_err(|error| cannot_open(database, &format!("its file .run: {error}")))?;
        let with_log = current(connection)?;
        let ids = Ids { file: [without_log, without_log], log: [with_log, with_log] };
        let run = Run(Arc::new(Mutex::new(Kept { file, ids })));
        run.checkpoint(connection, "PASSIVE")?;
        Ok(run)
    }

    /// Brings what is in the log into the file, as far as nobody who reads is in the way. The log is then marked again with
    /// [`Run::mark`], unless this is the end.
    ///
    /// # Errors
    /// [`Error::Store`]; the file and the log belong together all the same.
    pub(crate) fn checkpoint(&self, connection: &Connection, mode: &str) -> Result<bool> {
        self.prepare()?;
        let Some(over) = self.bring(connection, mode)? else { return Ok(false) };
        self.settle(&over)?;
        Ok(true)
    }

    /// Keeps which ids are next, so that [`Run::last_piece`] need not wait for that.
    pub(super) fn prepare(&self) -> Result<()> {
        let next = |[now, next]: [u32; 2]| if now == next { [now, random()] } else { [now, next] };
        let mut kept = self.kept();
        let ids = Ids { file: next(kept.ids.file), log: next(kept.ids.log) };
        kept.keep(ids)
    }

    /// Brings what is left of the log into the file, as far as nobody who reads is in the way, after [`Run::prepare`], and
    /// marks the log again. When that was all, it is for [`Run::settle`].
    pub(super) fn last_piece(&self, connection: &Connection) -> Result<Option<Over>> {
        let over = self.bring(connection, "PASSIVE");
        self.mark(connection)?;
        over
    }

    fn bring(&self, connection: &Connection, mode: &str) -> Result<Option<Over>> {
        let ids = self.ids();
        set(connection, ids.file[1])?;
        Ok(bring(connection, mode)?.is_all().then_some(Over(ids)))
    }

    /// Keeps that the ids from before a last piece are over.
    pub(super) fn settle(&self, Over(ids): &Over) -> Result<()> {
        let mut kept = self.kept();
        if kept.ids != *ids {
            // It was done since.
            return Ok(());
        }
        let only = |[_, next]: [u32; 2]| [next, next];
        kept.keep(Ids { file: only(ids.file), log: only(ids.log) })
    }

    /// Marks the log: a copy that is made from now on is told from the file.
    pub(crate) fn mark(&self, connection: &Connection) -> Result<()> {
        set(connection, self.ids().log[1])
    }

    fn ids(&self) -> Ids {
        self.kept().ids
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Puts ids on disk; always as many bytes, so that they are written at once.
    fn keep(&mut self, ids: Ids) -> Result<()> {
        if ids != self.ids {
            let written = self.file.seek(SeekFrom::Start(0));
            let written = written.and_then(|_| self.file.write_all(ids.to_text().as_bytes()));
            let written = written.and_then(|()| self.file.sync_data());
            written.map_err(|error| Error::Store(format!("the file .run beside the database: {error}")))?;
            self.ids = ids;
        }
        Ok(())
    }
}

/// How far a log was brought into the file, in pages.
#[derive(Clone, Copy)]
pub(crate) struct Brought {
    in_log: i64,
    done: i64,
}

impl Brought {
    /// It was not done at all.
    pub(super) const NOTHING: Brought = Brought { in_log: -1, done: -1 };

    fn is_all(self) -> bool {
        // SQLite says -1 of both when it did nothing, since somebody else is bringing the log into the file.
        self.in_log >= 0 && self.in_log == self.done
    }

    /// How many pages of the log are in the file, if that is known.
    pub(super) fn pages(self) -> Option<usize> {
        usize::try_from(self.done).ok()
    }
}

/// Brings a log into the file, as far as nobody is in the way.
pub(super) fn bring(connection: &Connection, mode: &str) -> Result<Brought> {
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    Ok(connection.query_row(&sql, [], |row| Ok(Brought { in_log: row.get(1)?, done: row.get(2)? }))?)
}

fn random() -> u32 {
    u32::from_be_bytes(id::random()).max(NONE + 1)
}

/// The id with the log played, as this connection sees it.
fn current(connection: &Connection) -> Result<u32> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(id.cast_unsigned())
}

fn set(connection: &Connection, id: u32) -> Result<()> {
    Ok(connection.pragma_update(None, "application_id", id.cast_signed())?)
}

/// The id in the file by itself. None when there is nothing in it.
fn id_in(claim: &Claim) -> Result<Option<u32>> {
    match claim.read(OFFSET) {
        Ok(id) => Ok(Some(u32::from_be_bytes(id))),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(Error::Store(error.to_string())),
    }
}

/// What is kept beside a database. Nothing, when it has no id yet.
fn read(database: &Path) -> io::Result<Ids> {
    match fs::read_to_string(beside(database, ".run")) {
        Ok(text) if text.is_empty() => Ok(Ids::default()),
        Ok(text) => Ids::from_text(&text)
            .ok_or_else(|| io::Error::other("what is in its file .run is not of Bluehook")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Ids::default()),
        Err(error) => Err(error),
    }
}

/// Opens the file for the ids, and makes it when it does not exist.
fn keep(path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    let file = private::open(path)?;
    if is_new && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(file)
}

pub(super) fn beside(database: &Path, end: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests;
