//! Brings the write-ahead log into the file while the writer goes on: a thread with a connection of its own brings piece
//! after piece, and only the last, a short one, is the writer's, between two groups, so that the log begins anew.
//!
//! While the thread works a guard reads beside it, from before the last commit on. So that commit, which marks the log
//! ([`super::run`]), is never brought, and with it the first page of the file stays as it is: which file the log belongs to
//! is clear whenever the process ends.

use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{
    connection::{BUSY_TIMEOUT, open_reader},
    readers::Readers,
    run::{Brought, Over, Run, bring},
};
use crate::{Result, kill, threads::Threads};

// When.
mod pace;

pub(crate) use pace::Step;

use pace::Pace;

/// How often idle readers are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// What the thread is to do.
enum Work {
    /// Bring what there is.
    Piece,
    /// Keep that the ids from before a last piece are over.
    Settle(Over),
}

/// What the writer has of it.
pub(crate) struct Checkpoints {
    pace: Pace,
    /// Reads from before the last commit on, while the thread works.
    guard: Connection,
    work: Sender<Work>,
    thread: JoinHandle<()>,
}

impl Checkpoints {
    /// Starts the thread. It tells how far it got.
    pub(crate) fn start(
        (path, run): (&Path, Run),
        readers: Arc<Readers>,
        tell: impl Fn(Brought) + Send + 'static,
        threads: &Threads,
    ) -> Result<Checkpoints> {
        let (guard, connection) = (open_reader(path)?, open(path)?);
        let (work, received) = channel();
        let run = move || work_off(&received, (&connection, &run), &readers, &tell);
        let thread = threads.start("bluehook-checkpoint", run)?;
        Ok(Checkpoints { pace: Pace::default(), guard, work, thread })
    }

    /// What is to be done with a log of so many pages. `at_once` when nobody reads, and nobody is to begin before it is done.
    pub(crate) fn next(&self, pages: usize, at_once: bool) -> Step {
        self.pace.next(pages, Instant::now(), at_once)
    }

    /// How long to wait when nothing comes in.
    pub(crate) fn wait(&self, pages: usize) -> Option<Duration> {
        self.pace.wait(pages, Instant::now())
    }

    /// Whether the thread works: nobody else brings anything meanwhile.
    pub(crate) fn is_under_way(&self) -> bool {
        self.pace.is_under_way()
    }

    /// Has the thread bring what is there, which is so many pages.
    pub(crate) fn begin_piece(&mut self, run: &Run, writer: &Connection, pages: usize) -> Result<()> {
        let guarded = self.guard().and_then(|()| run.mark(writer));
        if guarded.is_err() {
            self.pace.leave_alone(pages, Instant::now());
            self.let_go();
            return guarded;
        }
        self.pace.begun(pages);
        // The thread ends only when this is dropped.
        let _ = self.work.send(Work::Piece);
        Ok(())
    }

    /// The thread got so far with a log that has so many pages by now. Whether nobody who reads was in the way, if that is
    /// known.
    pub(crate) fn brought(&mut self, brought: Brought, pages: usize) -> Option<bool> {
        self.let_go();
        let (done, now) = (brought.pages(), Instant::now());
        if done.is_none() {
            self.pace.leave_alone(pages, now);
        }
        done.map(|done| self.pace.brought(done, pages, now))
    }

    /// Brings what is left. Whether the log begins anew: not while somebody reads. `count` says how many pages it has.
    pub(crate) fn last_piece(
        &mut self,
        run: &Run,
        writer: &Connection,
        count: impl Fn() -> usize,
    ) -> Result<bool> {
        let before = count();
        let over = match run.last_piece(writer) {
            Ok(over) => over,
            Err(error) => {
                self.pace.leave_alone(before, Instant::now());
                return Err(error);
            }
        };
        let (pages, is_all) = (count(), over.is_some());
        if let Some(over) = over {
            let _ = self.work.send(Work::Settle(over));
        }
        if pages < before {
            self.pace.began_anew();
            return Ok(true);
        }
        self.pace.went_on(is_all.then_some(before), pages, Instant::now());
        Ok(false)
    }

    /// The log was ended in another way.
    pub(crate) fn began_anew(&mut self) {
        self.pace.began_anew();
    }

    /// Waits until the thread has done what it was given.
    pub(crate) fn end(self) {
        drop(self.work);
        // A thread that panicked has said so.
        let _ = self.thread.join();
    }

    fn guard(&self) -> Result<()> {
        Ok(self.guard.execute_batch("BEGIN; SELECT 1 FROM settings LIMIT 1;")?)
    }

    fn let_go(&self) {
        if !self.guard.is_autocommit()
            && let Err(error) = self.guard.execute_batch("COMMIT")
        {
            tracing::error!(%error, "what guards the log could not be ended");
        }
    }
}

/// The thread's connection. Nothing is written with it but what is in the log.
fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;")?;
    Ok(connection)
}

fn work_off(
    work: &Receiver<Work>,
    (connection, run): (&Connection, &Run),
    readers: &Readers,
    tell: &impl Fn(Brought),
) {
    loop {
        match work.recv_timeout(LOOK) {
            Ok(Work::Piece) => {
                let brought = told(run.prepare().and_then(|()| bring(connection, "PASSIVE")));
                kill::point("checkpoint");
                tell(brought.unwrap_or(Brought::NOTHING));
            }
            Ok(Work::Settle(over)) => {
                kill::point("last-piece");
                told(run.settle(&over));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        readers.close_idle(Instant::now());
    }
}

fn told<T>(result: Result<T>) -> Option<T> {
    result
        .inspect_err(
            |error| tracing::error!(%error, "the write-ahead log could not be brought into the file"),
        )
        .ok()
}

#[cfg(test)]
mod tests;
