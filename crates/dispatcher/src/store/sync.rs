//! Makes commits last: the thread that waits for the disk, beside the writer, which goes on with the next group meanwhile.
//!
//! SQLite only writes a commit into the write-ahead log; here the log is synced, once for all that was committed since the
//! last time. Nobody hears of success before that. A log that ends early after a loss of power is read up to its last
//! whole commit, so what was not synced yet is either there or not, and never half.

use std::{
    fs::File,
    io,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::Instant,
};

use tokio::sync::watch;

use super::{Order, Write};
use crate::{Error, Result, counters::Counters, worker::Workers};

/// What follows when something is on disk.
#[derive(Clone)]
pub(crate) struct Lasting {
    pub(crate) workers: Workers,
    pub(crate) counters: Arc<Counters>,
    /// Counts the groups that are on disk, for those who wait for something to change.
    pub(crate) commits: watch::Sender<u64>,
    /// The number after the last commit on disk that changed something.
    pub(crate) changes_end: Arc<AtomicI64>,
}

/// What was committed together.
pub(super) struct Group {
    pub(super) writes: Vec<Box<dyn Write>>,
    pub(super) began: Instant,
    /// The number after the last commit that changed something, this one included.
    pub(super) changes_end: i64,
}

/// The way to the thread.
pub(super) struct Syncer {
    groups: Sender<Group>,
    thread: JoinHandle<()>,
}

impl Syncer {
    /// Starts the thread. It syncs `log`, and tells the writer how many groups it is done with, or that it never will be.
    pub(super) fn start(log: File, lasting: Lasting, writer: Sender<Order>) -> Result<Syncer> {
        let (groups, received) = mpsc::channel();
        let thread = thread::Builder::new().name("bluehook-sync".to_owned());
        let thread = thread
            .spawn(move || run(&log, &lasting, &received, &writer))
            .map_err(|error| Error::Store(error.to_string()))?;
        Ok(Syncer { groups, thread })
    }

    /// Hands over a group that was committed.
    pub(super) fn sync(&self, group: Group) {
        // The thread ends only when this is dropped.
        let _ = self.groups.send(group);
    }

    /// Waits until everything that was handed over is on disk.
    pub(super) fn end(self) {
        drop(self.groups);
        // A thread that panicked has said so.
        let _ = self.thread.join();
    }
}

fn run(log: &File, lasting: &Lasting, groups: &Receiver<Group>, writer: &Sender<Order>) {
    let mut broken = None;
    while let Ok(first) = groups.recv() {
        let together: Vec<Group> = std::iter::once(first).chain(groups.try_iter()).collect();
        if broken.is_none() {
            broken = log.sync_data().err().map(|error| detail(&error));
        }
        let told = broken.clone().map_or(Order::Synced(together.len()), Order::Broken);
        // The writer ends after this thread.
        let _ = writer.send(told);
        for group in together {
            match &broken {
                None => last(group, lasting),
                Some(detail) => forget(group, detail),
            }
        }
    }
}

/// A group is on disk.
fn last(group: Group, lasting: &Lasting) {
    lasting.changes_end.store(group.changes_end, Ordering::Release);
    lasting.counters.commits.observe(group.began.elapsed());
    for write in group.writes {
        write.committed(lasting);
    }
    lasting.commits.send_modify(|commits| *commits += 1);
}

/// Whether a group is on disk is not known. It is in the file as this process sees it, so it is not written again.
fn forget(group: Group, detail: &str) {
    for write in group.writes {
        drop(write.failed(Error::Store(detail.to_owned())));
    }
}

/// A disk that failed to sync may forget what it was given and say nothing of it the next time: only a new start, which
/// reads what is there, knows where things stand.
fn detail(error: &io::Error) -> String {
    format!(
        "the disk did not take what was written ({error}), so what was sent last may or may not have been taken in; mend \
         the disk, start Bluehook again, and send it again with the same id"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Context;

    /// Tells how it ended.
    struct Probe(Sender<Result<()>>);

    impl Write for Probe {
        fn apply(&mut self, _: &rusqlite::Transaction<'_>, _: &mut Context) -> Result<()> {
            Ok(())
        }

        fn committed(self: Box<Self>, _: &Lasting) {
            self.0.send(Ok(())).unwrap();
        }

        fn failed(self: Box<Self>, error: Error) -> Option<Box<dyn Write>> {
            self.0.send(Err(error)).unwrap();
            None
        }
    }

    /// Syncs two groups to this file, one after the other. Gives what their writes and the writer heard.
    fn sync_two(log: File) -> (Vec<Result<()>>, Vec<Order>, i64) {
        let lasting = Lasting {
            workers: Workers::new(1).0,
            counters: Arc::default(),
            commits: watch::Sender::new(0),
            changes_end: Arc::new(AtomicI64::new(1)),
        };
        let ((writer, orders), (probe, heard)) = (mpsc::channel(), mpsc::channel());
        let syncer = Syncer::start(log, lasting.clone(), writer).unwrap();
        let outcomes = [2, 3].map(|changes_end| {
            let probe = Box::new(Probe(probe.clone()));
            syncer.sync(Group { writes: vec![probe], began: Instant::now(), changes_end });
            heard.recv().unwrap()
        });
        syncer.end();
        (outcomes.into(), orders.iter().collect(), lasting.changes_end.load(Ordering::Acquire))
    }

    #[test]
    fn what_is_on_disk_is_told() {
        let (outcomes, orders, changes_end) = sync_two(tempfile::tempfile().unwrap());
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert!(matches!(orders[..], [Order::Synced(1), Order::Synced(1)]));
        assert_eq!(changes_end, 3);
    }

    #[test]
    fn a_disk_that_fails_once_is_never_believed_again() {
        // A device that cannot be synced.
        let log = File::options().write(true).open("/dev/null").unwrap();
        let (outcomes, orders, changes_end) = sync_two(log);
        for outcome in outcomes {
            let Err(Error::Store(detail)) = outcome else { panic!("{outcome:?}") };
            assert!(detail.starts_with("the disk did not take what was written ("), "{detail}");
        }
        assert!(matches!(orders[..], [Order::Broken(_), Order::Broken(_)]));
        assert_eq!(changes_end, 1, "nothing that may be lost is told");
    }
}
