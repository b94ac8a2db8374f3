//! The ledger: one thread that writes, and decides as it writes.
//!
//! The writer takes whatever has come in since its last commit into one group, so that one wait for the disk
//! serves many callers (group commit), and goes on with the next while the disk is busy. Nobody hears of success before
//! it is on disk.

use std::{
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::{
    Error, Result,
    background::Background,
    store::{
        Readers, Snapshot,
        lane::{BUSY, Open},
    },
    threads::Threads,
    trouble::Trouble,
};

// What goes into a group.
mod writing;

// What a group of writes works with.
mod context;

// What of that is in memory of what is to be sent.
pub(crate) mod lines;

// What of that is due, and when.
pub(crate) mod due;

// What of that is gone.
pub(crate) mod gone;

// Whose creators are away.
pub(crate) mod away;

// The thread that commits.
mod writer;

// What comes in for it.
mod inbox;

// What of that nobody waits for.
mod shelf;

// The thread that waits for the disk.
mod sync;

// Whose turn it is to read.
mod turns;

// Counts of what it did.
pub(crate) mod counters;

// An event is taken in.
pub(crate) mod accept;

// What came of an attempt.
pub(crate) mod record;

// A delivery once more.
pub(crate) mod again;

// A webhook switched on or off.
pub(crate) mod switching;

// Who did what.
mod audit;

// The strictest store there may be.
#[cfg(test)]
mod frozen;

use inbox::Inbox;
use shelf::Shelf;
use turns::{Turns, Who};

pub(crate) use context::Context;
pub(crate) use sync::Lasting;
pub(crate) use writing::Writing;

/// Something to be written. `apply` may run again after another write of its group failed.
pub(crate) trait Write: Send {
    /// Whether it looks into the store. What it finds there is from before its group, so it comes first in that.
    fn looks(&self) -> bool {
        false
    }

    /// Writes within the group. An error [of the store](Error::is_of_store) undoes the group; it is then tried one by one.
    fn apply(&mut self, writing: &Writing<'_>, context: &mut Context) -> Result<()>;

    /// It is on disk.
    fn committed(self: Box<Self>, lasting: &Lasting);

    /// It could not be written. Gives itself back when it has to be tried again rather than be forgotten.
    fn failed(self: Box<Self>, error: Error) -> Option<Box<dyn Write>>;
}

/// What the writer is told.
enum Order {
    Write(Box<dyn Write>),
    /// Something lies on the shelf.
    Shelved,
    /// So many groups that were committed are on disk.
    Synced(usize),
    /// Nothing can be written any more.
    Broken(Trouble),
    /// The store has something to do between two groups.
    Tend,
    End,
}

/// How long a look at much of the log waits for its turn.
const MAX_LOOK_WAIT: Duration = Duration::from_secs(10);

/// A handle to the store. Cloned freely.
#[derive(Clone)]
pub(crate) struct Store {
    sender: mpsc::Sender<Order>,
    shelf: Arc<Shelf>,
    readers: Arc<dyn Readers>,
    turns: Turns,
}

impl Store {
    /// Starts the writer. What it does after each commit it does with `context`.
    pub(crate) fn start(open: Open, context: Context, threads: &Threads) -> Result<(Store, JoinHandle<()>)> {
        let (sender, receiver) = mpsc::channel::<Order>();
        let Open { lane, readers } = open;
        let shelf = Arc::<Shelf>::default();
        let inbox = Inbox::new(receiver, shelf.clone());
        let thread = writer::start(lane, context, (sender.clone(), inbox), threads)?;
        Ok((Store { sender, shelf, readers, turns: Turns::default() }, thread))
    }

    /// Hands something to the writer.
    pub(crate) fn submit(&self, write: Box<dyn Write>) -> Result<()> {
        self.sender.send(Order::Write(write)).map_err(|_| Error::ShuttingDown)
    }

    /// Hands over what nobody waits for: it is written together with what comes next, and in a moment at the latest.
    pub(crate) fn submit_later(&self, writes: Vec<Box<dyn Write>>) {
        if self.shelf.put(writes) {
            // A writer that has ended took everything that was handed over before.
            let _ = self.sender.send(Order::Shelved);
        }
    }

    /// Lets the writer end when it has written everything that was handed to it before.
    pub(crate) fn end(&self) {
        // One that has ended already need not be told.
        let _ = self.sender.send(Order::End);
    }

    /// Runs a change in the writer and waits until it is on disk. What is known in memory changes with
    /// [`Context::stage`].
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        change: impl FnMut(&Writing<'_>, &mut Context) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run(change, false).await
    }

    /// The same for a change that looks into the store.
    pub(crate) async fn look_and_change<T: Send + 'static>(
        &self,
        change: impl FnMut(&Writing<'_>, &mut Context) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.run(change, true).await
    }

    async fn run<T: Send + 'static>(
        &self,
        run: impl FnMut(&Writing<'_>, &mut Context) -> Result<T> + Send + 'static,
        looks: bool,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.submit(Box::new(Awaited { run, looks, reply, done: None }))?;
        answer.await.map_err(|_| Error::ShuttingDown)?
    }

    /// Reads beside the writer, off the caller's thread, when there is a turn to.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Snapshot) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.read_in(Who::Lookup, read).await
    }

    /// The same for those who follow the log: there may be thousands, and nobody else is to wait for them.
    pub(crate) async fn follow<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Snapshot) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.read_in(Who::Follower, read).await
    }

    /// The same for a look at much of the log: when it is the company's turn, on a thread that gives way to others. A look
    /// whose turn comes too late is none any more.
    pub(crate) async fn look_through<T: Send + 'static>(
        &self,
        background: &Background,
        company: &str,
        read: impl FnOnce(&dyn Snapshot) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let readers = self.readers.clone();
        let asked = Instant::now();
        let look =
            move || if asked.elapsed() > MAX_LOOK_WAIT { Err(BUSY) } else { read_with(&*readers, read) };
        background.run(company, look).await?
    }

    /// Reads for upkeep, which takes no turn.
    pub(crate) async fn read_beside<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Snapshot) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let readers = self.readers.clone();
        let task = tokio::task::spawn_blocking(move || read_with(&*readers, read));
        task.await.map_err(|_| Error::ShuttingDown)?
    }

    async fn read_in<T: Send + 'static>(
        &self,
        who: Who,
        read: impl FnOnce(&dyn Snapshot) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = self.turns.take(who).await?;
        let in_turn = move |snapshot: &dyn Snapshot| {
            let _turn = turn;
            read(snapshot)
        };
        self.read_beside(in_turn).await
    }
}

/// Reads something of one snapshot. Blocks.
fn read_with<T>(readers: &dyn Readers, read: impl FnOnce(&dyn Snapshot) -> Result<T>) -> Result<T> {
    let (mut read, mut found) = (Some(read), None);
    readers.read(&mut |snapshot| {
        if let Some(read) = read.take() {
            found = Some(read(snapshot)?);
        }
        Ok(())
    })?;
    // Who reads without an error has shown something.
    found.ok_or(BUSY)
}

/// A change that somebody waits for.
struct Awaited<F, T> {
    run: F,
    looks: bool,
    reply: oneshot::Sender<Result<T>>,
    done: Option<Result<T>>,
}

impl<F, T> Write for Awaited<F, T>
where
    F: FnMut(&Writing<'_>, &mut Context) -> Result<T> + Send,
    T: Send,
{
    fn looks(&self) -> bool {
        self.looks
    }

    fn apply(&mut self, writing: &Writing<'_>, context: &mut Context) -> Result<()> {
        match (self.run)(writing, context) {
            Err(error) if error.is_of_store() => Err(error),
            done => {
                self.done = Some(done);
                Ok(())
            }
        }
    }

    fn committed(self: Box<Self>, _: &Lasting) {
        // A caller that no longer waits does not need the answer.
        let _ = self.reply.send(self.done.unwrap_or(Err(Error::ShuttingDown)));
    }

    fn failed(self: Box<Self>, error: Error) -> Option<Box<dyn Write>> {
        let _ = self.reply.send(Err(error));
        None
    }
}
