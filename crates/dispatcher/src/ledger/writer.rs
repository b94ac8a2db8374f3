//! The thread that writes: it gathers what came in, commits it together, and has it made to last.

use std::{
    sync::mpsc::Sender,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    Context, Order, Write,
    inbox::Inbox,
    sync::{Committed, Syncer},
};
use crate::{
    Error, Result, kill,
    store::{
        Lane, Unwritten,
        condition::{Condition, Finding},
    },
    threads::Threads,
    trouble::Trouble,
};

/// How long a write that has to succeed waits before it is tried again.
const RETRY: Duration = Duration::from_millis(250);

/// Starts the writer and the thread that makes last what it commits. The writer hears of that through `sender`.
pub(super) fn start(
    mut lane: Box<dyn Lane>,
    context: Context,
    (sender, inbox): (Sender<Order>, Inbox),
    threads: &Threads,
) -> Result<JoinHandle<()>> {
    let writer = sender.clone();
    // The writer ends after those who wake it.
    let wake = Box::new(move || drop(writer.send(Order::Tend)));
    let lasting = context.lasting.clone();
    let disk = lane.serve(&lasting.condition, context.config.disk_reserve, wake, threads)?;
    let syncer = Syncer::start(disk, lasting, sender, threads)?;
    let writer = Writer { lane, context, syncer, inbox, waiting: Vec::new(), refused: 0 };
    threads.start("bluehook-store", move || writer.run())
}

struct Writer {
    lane: Box<dyn Lane>,
    context: Context,
    syncer: Syncer,
    inbox: Inbox,
    /// Writes that have to be tried again.
    waiting: Vec<Box<dyn Write>>,
    /// How many writes failed since the last that did not.
    refused: usize,
}

impl Writer {
    fn run(mut self) {
        while !self.inbox.is_done() {
            let first = self.inbox.first(self.longest_wait());
            if !self.inbox.is_quiet() {
                // Whoever is about to hand something in goes first, so that under load groups are larger.
                thread::yield_now();
            }
            let mut group = std::mem::take(&mut self.waiting);
            // One that looks comes before those that wait.
            let place = if first.as_ref().is_some_and(|first| first.looks()) { 0 } else { group.len() };
            group.splice(place..place, first);
            self.inbox.take_ready(&mut group);
            self.commit(group);
            let is_over = self.inbox.broken.is_some();
            self.lane.tend(is_over);
        }
        self.syncer.end();
        self.lane.end();
    }

    /// How long to wait for something to write.
    fn longest_wait(&self) -> Duration {
        let condition = self.condition();
        if !self.waiting.is_empty() || condition.is_as_the_writer_found() || condition.lacks_room() {
            return RETRY;
        }
        self.lane.tend_after(self.inbox.broken.is_some()).unwrap_or(Duration::MAX)
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
        match self.context.write(&mut *self.lane, &mut group, more) {
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
        match self.context.write(&mut *self.lane, &mut group, |_| None) {
            Ok(()) => self.sync(group, began),
            Err(Unwritten::Undone(error) | Unwritten::NotBegun(error)) => self.refuse(group, &error),
        }
    }

    fn sync(&mut self, writes: Vec<Box<dyn Write>>, began: Instant) {
        kill::point("before-sync");
        self.is_well();
        let group = Committed { writes, began, changes_end: self.context.next_commit };
        if self.inbox.is_quiet() {
            self.inbox.broken = self.syncer.sync_here(group);
        } else {
            self.inbox.syncing += 1;
            self.syncer.sync(group);
        }
        if self.refused > 0 {
            tracing::info!(refused = std::mem::take(&mut self.refused), "writing works again");
        }
    }

    /// Sees whether what was the matter is over, when there is nothing to write.
    fn try_again(&mut self) {
        if self.condition().lacks_room() {
            self.lane.make_room();
        }
        if self.condition().is_as_the_writer_found() && self.lane.try_to_write().is_ok() {
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
            self.lane.wait_for_others(false);
        }
    }

    fn refuse(&mut self, group: Vec<Box<dyn Write>>, error: &Error) {
        tracing::error!(%error, writes = group.len(), "writing failed");
        self.refused += group.len();
        match error {
            Error::Unavailable(Trouble::Held) => {
                self.condition().note(Finding::Held, true);
                // Whoever comes next is told soon.
                self.lane.wait_for_others(true);
            }
            Error::Unavailable(Trouble::Full) => self.condition().note(Finding::NoRoom, true),
            Error::Unavailable(_) => {}
            // What is wrong with one row keeps nobody from writing others: that is tried.
            _ if self.lane.try_to_write().is_err() => self.condition().note(Finding::Unwritten, true),
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
