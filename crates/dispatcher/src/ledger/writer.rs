//! The thread that writes: it gathers what came in, commits it together, and has it synced.

use std::{
    fs::File,
    sync::{
        Arc,
        mpsc::{Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{
    Context, Order, Write,
    context::Unwritten,
    inbox::Inbox,
    sync::{Group, Syncer},
};
use crate::{
    Error, Result,
    store::{
        Opened,
        checkpoint::Checkpoints,
        condition::{Condition, Finding},
        connection::{BUSY_TIMEOUT, optimize, set_up_writer},
        ground::Ground,
        log::Log,
        readers::Readers,
    },
    threads::Threads,
    trouble::Trouble,
};

// What it does about its log.
mod tending;

use tending::Gate;

/// How long a write that has to succeed waits before it is tried again.
const RETRY: Duration = Duration::from_millis(250);

/// Starts the writer and the thread that syncs what it commits. The writer hears of synced groups through `sender`.
pub(super) fn start(
    mut opened: Opened,
    context: Context,
    (sender, receiver): (Sender<Order>, Receiver<Order>),
    readers: Arc<Readers>,
    threads: &Threads,
) -> Result<JoinHandle<()>> {
    set_up_writer(&opened.connection)?;
    opened.run.mark(&opened.connection)?;
    let log = context.lasting.condition.log().clone();
    log.count(&mut opened.connection)?;
    let ground = Ground::of(opened.claim.clone(), log.clone(), context.config.disk_reserve);
    let writer = sender.clone();
    // The writer ends after the thread that tells this.
    let tell = move |brought| drop(writer.send(Order::Brought(brought)));
    let of = (opened.path.as_path(), opened.run.clone());
    let checkpoints = Checkpoints::start(of, readers.clone(), tell, threads)?;
    let lasting = context.lasting.clone();
    let syncer = Syncer::start((log_file(&opened.connection)?, ground), lasting, sender, threads)?;
    let writer = Writer {
        opened,
        context,
        syncer,
        checkpoints,
        readers,
        gate: Gate::default(),
        inbox: Inbox::new(receiver),
        waiting: Vec::new(),
        refused: 0,
        log,
        again_at: 0,
    };
    threads.start("bluehook-store", move || writer.run())
}

/// The write-ahead log, to be synced.
fn log_file(connection: &Connection) -> Result<File> {
    let path = format!("{}-wal", connection.path().unwrap_or_default());
    let log = File::options().write(true).open(&path);
    log.map_err(|error| Error::Store(format!("cannot open the write-ahead log {path}: {error}")))
}

struct Writer {
    opened: Opened,
    context: Context,
    syncer: Syncer,
    checkpoints: Checkpoints,
    readers: Arc<Readers>,
    gate: Gate,
    inbox: Inbox,
    /// Writes that have to be tried again.
    waiting: Vec<Box<dyn Write>>,
    /// How many writes failed since the last that did not.
    refused: usize,
    /// The write-ahead log.
    log: Log,
    /// With how many pages it is tried again to empty it, where the disk has little room.
    again_at: usize,
}

impl Writer {
    fn run(mut self) {
        while !self.inbox.ended {
            let condition = self.condition();
            let is_well =
                self.waiting.is_empty() && !condition.is_as_the_writer_found() && !condition.lacks_room();
            let wait = if is_well { self.until_log() } else { RETRY };
            let first = self.inbox.first(wait);
            // Whoever is about to hand something in goes first, so that under load groups are larger.
            thread::yield_now();
            let mut group = std::mem::take(&mut self.waiting);
            group.extend(first);
            self.inbox.take_ready(&mut group);
            self.commit(group);
            self.tend_log();
        }
        self.syncer.end();
        self.checkpoints.end();
        // Ends the write-ahead log, so that the next start has nothing to read back.
        let Opened { connection, run, .. } = &self.opened;
        optimize(connection);
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
        self.syncer.sync(Group { writes, began, changes_end: self.context.next_commit });
        if self.refused > 0 {
            tracing::info!(refused = std::mem::take(&mut self.refused), "writing works again");
        }
    }

    /// Sees whether what was the matter is over, when there is nothing to write.
    fn try_again(&mut self) {
        if self.condition().lacks_room() {
            self.make_room();
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
