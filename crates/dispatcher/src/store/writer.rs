//! The thread that writes: it gathers what came in, commits it together, and has it synced.

use std::{
    fs::File,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::{Connection, hooks::Wal};

use super::{
    Context, Opened, Order, Write,
    condition::{Condition, Finding},
    connection::BUSY_TIMEOUT,
    context::Unwritten,
    ground::Ground,
    inbox::Inbox,
    sync::{Group, Syncer},
};
use crate::{Error, Result, threads::Threads, trouble::Trouble};

/// How long a write that has to succeed waits before it is tried again.
const RETRY: Duration = Duration::from_millis(250);

/// From how many pages on the write-ahead log is brought into the file.
const LOG_PAGES: usize = 4_000;

/// How many more there are before that is tried again, when somebody who reads was in the way.
const MORE_LOG_PAGES: usize = 1_000;

/// The same where the disk has little room.
const TIGHT_LOG_PAGES: usize = 250;

/// A log of so many pages is as short as it gets.
const SHORT_LOG: usize = 16;

/// Starts the writer and the thread that syncs what it commits. The writer hears of synced groups through `sender`.
pub(super) fn start(
    mut opened: Opened,
    context: Context,
    (sender, receiver): (Sender<Order>, Receiver<Order>),
    threads: &Threads,
) -> Result<JoinHandle<()>> {
    opened.connection.execute_batch("PRAGMA synchronous = NORMAL;")?;
    opened.connection.busy_timeout(BUSY_TIMEOUT)?;
    opened.run.mark(&opened.connection)?;
    let log_pages = count_log_pages(&mut opened.connection)?;
    let ground = Ground::of(opened.claim.clone(), log_pages.clone(), context.config.disk_reserve);
    let syncer = Syncer::start((log(&opened.connection)?, ground), context.lasting.clone(), sender, threads)?;
    let inbox = Inbox::new(receiver);
    let (waiting, refused) = (Vec::new(), 0);
    let writer = Writer { opened, context, syncer, inbox, waiting, refused, log_pages, again_at: 0 };
    threads.start("bluehook-store", move || writer.run())
}

/// How many pages are in the write-ahead log after each commit.
fn count_log_pages(connection: &mut Connection) -> Result<Arc<AtomicUsize>> {
    let counted = Arc::new(AtomicUsize::new(0));
    let count = counted.clone();
    connection.wal_hook(Some(move |_: &mut Wal, pages| {
        count.store(usize::try_from(pages).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }))?;
    Ok(counted)
}

/// The write-ahead log, to be synced.
fn log(connection: &Connection) -> Result<File> {
    let path = format!("{}-wal", connection.path().unwrap_or_default());
    let log = File::options().write(true).open(&path);
    log.map_err(|error| Error::Store(format!("cannot open the write-ahead log {path}: {error}")))
}

struct Writer {
    opened: Opened,
    context: Context,
    syncer: Syncer,
    inbox: Inbox,
    /// Writes that have to be tried again.
    waiting: Vec<Box<dyn Write>>,
    /// How many writes failed since the last that did not.
    refused: usize,
    /// How many pages the write-ahead log has.
    log_pages: Arc<AtomicUsize>,
    /// With how many it is tried again to bring it into the file.
    again_at: usize,
}

impl Writer {
    fn run(mut self) {
        while !self.inbox.ended {
            let condition = self.condition();
            let is_well =
                self.waiting.is_empty() && !condition.is_as_the_writer_found() && !condition.lacks_room();
            let wait = if is_well { Duration::MAX } else { RETRY };
            let first = self.inbox.first(wait);
            // Whoever is about to hand something in goes first, so that under load groups are larger.
            thread::yield_now();
            let mut group = std::mem::take(&mut self.waiting);
            group.extend(first);
            self.inbox.take_ready(&mut group);
            self.commit(group);
        }
        self.syncer.end();
        // Ends the write-ahead log, so that the next start has nothing to read back.
        let Opened { connection, run, .. } = &mut self.opened;
        let _ = connection.execute_batch("PRAGMA optimize;");
        if let Err(error) = run.checkpoint(connection, "TRUNCATE") {
            tracing::warn!(%error, "the write-ahead log could not be ended; the next start takes it up");
        }
    }

    /// Commits a group, and with it what comes in until then; when that fails, each of it alone, so that one bad write does
    /// not take others with it.
    fn commit(&mut self, mut group: Vec<Box<dyn Write>>) {
        if let Some(trouble) = self.inbox.broken {
            return self.refuse(group, &Error::Unavailable(trouble));
        }
        if group.is_empty() {
            return self.try_again();
        }
        let began = Instant::now();
        let inbox = &mut self.inbox;
        let more = |so_far| inbox.next(so_far);
        match self.context.write(&mut self.opened.connection, &mut group, more) {
            Ok(()) => self.sync(group, began),
            Err(Unwritten::Undone(_)) if group.len() > 1 => {
                for write in group {
                    self.commit_alone(write);
                }
            }
            Err(Unwritten::Undone(error) | Unwritten::NotBegun(error)) => self.refuse(group, &error),
        }
    }

    fn commit_alone(&mut self, write: Box<dyn Write>) {
        let (mut group, began) = (vec![write], Instant::now());
        match self.context.write(&mut self.opened.connection, &mut group, |_| None) {
            Ok(()) => self.sync(group, began),
            Err(Unwritten::Undone(error) | Unwritten::NotBegun(error)) => self.refuse(group, &error),
        }
    }

    fn sync(&mut self, writes: Vec<Box<dyn Write>>, began: Instant) {
        self.is_well();
        self.inbox.syncing += 1;
        let world = self.context.untold();
        self.syncer.sync(Group { writes, began, changes_end: self.context.next_commit, world });
        if self.refused > 0 {
            tracing::info!(refused = std::mem::take(&mut self.refused), "writing works again");
        }
        self.checkpoint();
    }

    /// Brings the write-ahead log into the file when it has grown enough.
    fn checkpoint(&mut self) {
        let is_tight = self.condition().is_tight();
        let longest = if is_tight { TIGHT_LOG_PAGES } else { LOG_PAGES };
        let pages = self.log_pages.load(Ordering::Relaxed);
        if pages < longest {
            self.again_at = 0;
        } else if pages >= self.again_at {
            self.again_at = pages + MORE_LOG_PAGES;
            self.empty_log(is_tight);
        }
    }

    /// Brings the log into the file, as far as nobody who reads is in the way; and gives back the room it took.
    fn empty_log(&mut self, gives_back: bool) {
        let Opened { connection, run, .. } = &mut self.opened;
        let mut done = run.checkpoint(connection, "PASSIVE");
        if gives_back && matches!(done, Ok(true)) {
            done = run.checkpoint(connection, "TRUNCATE");
        }
        if let Err(error) = done.and_then(|_| run.mark(connection)) {
            tracing::error!(%error, "the write-ahead log could not be brought into the file");
        }
    }

    /// Sees whether what was the matter is over, when there is nothing to write.
    fn try_again(&mut self) {
        if self.condition().lacks_room() && self.log_pages.load(Ordering::Relaxed) > SHORT_LOG {
            self.empty_log(true);
        }
        if self.condition().is_as_the_writer_found() && self.opened.run.mark(&self.opened.connection).is_ok()
        {
            self.is_well();
        }
    }

    fn condition(&self) -> &Condition {
        &self.context.lasting.condition
    }

    /// Something was written.
    fn is_well(&mut self) {
        if self.condition().is_as_the_writer_found() {
            for finding in Finding::OF_THE_WRITER {
                self.condition().note(finding, false);
            }
            self.wait_for_others(BUSY_TIMEOUT);
        }
    }

    /// How long another program's lock is waited for: once it was too long, whoever comes next is told soon.
    fn wait_for_others(&self, longest: Duration) {
        if let Err(error) = self.opened.connection.busy_timeout(longest) {
            tracing::error!(%error, "how long to wait for others could not be set");
        }
    }

    fn refuse(&mut self, group: Vec<Box<dyn Write>>, error: &Error) {
        tracing::error!(%error, writes = group.len(), "writing failed");
        self.refused += group.len();
        match error {
            Error::Unavailable(Trouble::Held) => {
                self.condition().note(Finding::Held, true);
                self.wait_for_others(RETRY);
            }
            Error::Unavailable(Trouble::Full) => self.condition().note(Finding::NoRoom, true),
            Error::Unavailable(_) => {}
            // What is wrong with one row keeps nobody from writing others: that is tried.
            _ if self.opened.run.mark(&self.opened.connection).is_err() => {
                self.condition().note(Finding::Unwritten, true);
            }
            _ => {}
        }
        let failed = |write: Box<dyn Write>| write.failed(again(error));
        self.waiting.extend(group.into_iter().filter_map(failed));
    }
}

/// The same error for each write of a group.
fn again(error: &Error) -> Error {
    match error {
        Error::Unavailable(trouble) => Error::Unavailable(*trouble),
        Error::Store(detail) => Error::Store(detail.clone()),
        other => Error::Store(other.to_string()),
    }
}
