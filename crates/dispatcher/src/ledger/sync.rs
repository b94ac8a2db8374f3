//! Makes commits last: the thread that waits for the disk, beside the writer, which goes on with the next group meanwhile.
//!
//! SQLite only writes a commit into the write-ahead log; here the log is synced, once for all that was committed since the
//! last time. Nobody hears of success before that. A log that ends early after a loss of power is read up to its last
//! whole commit, so what was not synced yet is either there or not, and never half.

use std::{
    fs::File,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::{Order, Write, counters::Counters};
use crate::{
    Error, Result,
    line::Workers,
    store::{
        condition::{Condition, Finding},
        ground::Ground,
    },
    threads::Threads,
    trouble::Trouble,
};

/// How often the ground is looked at while nothing is written.
const LOOK: Duration = Duration::from_secs(1);

/// What follows when something is on disk.
#[derive(Clone)]
pub(crate) struct Lasting {
    pub(crate) workers: Workers,
    pub(crate) counters: Arc<Counters>,
    /// Counts the groups that are on disk, for those who wait for something to change.
    pub(crate) commits: watch::Sender<u64>,
    /// The number after the last commit on disk that changed something.
    pub(crate) changes_end: Arc<AtomicI64>,
    pub(crate) condition: Condition,
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
    /// Starts the thread. It syncs `log`, looks at the ground, and tells the writer how many groups it is done with, or that
    /// it never will be.
    pub(super) fn start(
        (log, ground): (File, Ground),
        lasting: Lasting,
        writer: Sender<Order>,
        threads: &Threads,
    ) -> Result<Syncer> {
        ground.look(&lasting.condition);
        let (groups, received) = mpsc::channel();
        let run = move || run((&log, &ground), &lasting, &received, &writer);
        Ok(Syncer { groups, thread: threads.start("bluehook-sync", run)? })
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

fn run((log, ground): (&File, &Ground), lasting: &Lasting, groups: &Receiver<Group>, writer: &Sender<Order>) {
    let mut broken = None;
    loop {
        let together: Vec<Group> = match groups.recv_timeout(LOOK) {
            Ok(first) => std::iter::once(first).chain(groups.try_iter()).collect(),
            Err(RecvTimeoutError::Timeout) => Vec::new(),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let before = broken;
        broken = broken.or_else(|| trouble((log, ground), &lasting.condition, together.is_empty()));
        if together.is_empty() && broken == before {
            continue;
        }
        // The writer ends after this thread.
        let _ = writer.send(broken.map_or(Order::Synced(together.len()), Order::Broken));
        for group in together {
            match broken {
                None => last(group, lasting),
                Some(trouble) => forget(group, trouble),
            }
        }
    }
}

/// Syncs, unless nothing was written, and looks at the ground. Gives why nothing will be on disk any more.
fn trouble((log, ground): (&File, &Ground), condition: &Condition, is_idle: bool) -> Option<Trouble> {
    if !is_idle && let Err(error) = log.sync_data() {
        tracing::error!(%error, "the disk did not take what was written");
        condition.note(Finding::Unsynced, true);
        return Some(Trouble::Broken);
    }
    (!ground.look(condition)).then_some(Trouble::Moved)
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
///
/// A disk that failed to sync may forget what it was given and say nothing of it the next time: only a new start, which
/// reads what is there, knows where things stand. The same goes for a file that is not where it was.
fn forget(group: Group, trouble: Trouble) {
    for write in group.writes {
        drop(write.failed(Error::Unavailable(trouble)));
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::{
        ledger::Context,
        store::{claim::Claim, log::Log},
    };

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
    fn sync_two(log: File, before: impl Fn(&Path)) -> (Vec<Result<()>>, Vec<Order>, i64) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.db");
        let claim = Arc::new(Claim::take(&path).unwrap());
        let ground = Ground::of(claim, Log::default(), 0);
        let lasting = Lasting {
            workers: Workers::new(1).0,
            counters: Arc::default(),
            commits: watch::Sender::new(0),
            changes_end: Arc::new(AtomicI64::new(1)),
            condition: Condition::default(),
        };
        before(&path);
        let ((writer, orders), (probe, heard)) = (mpsc::channel(), mpsc::channel());
        let syncer = Syncer::start((log, ground), lasting.clone(), writer, &Threads::default()).unwrap();
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
        let (outcomes, orders, changes_end) = sync_two(tempfile::tempfile().unwrap(), |_| ());
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert!(matches!(orders[..], [Order::Synced(1), Order::Synced(1)]));
        assert_eq!(changes_end, 3);
    }

    fn is_never_told(expected: Trouble, log: File, before: impl Fn(&Path)) {
        let (outcomes, orders, changes_end) = sync_two(log, before);
        for outcome in outcomes {
            assert!(
                matches!(outcome, Err(Error::Unavailable(trouble)) if trouble == expected),
                "{outcome:?}"
            );
        }
        assert!(!orders.is_empty() && orders.iter().all(|order| matches!(order, Order::Broken(_))));
        assert_eq!(changes_end, 1, "nothing that may be lost is told");
    }

    #[test]
    fn a_disk_that_fails_once_is_never_believed_again() {
        // A device that cannot be synced.
        let log = File::options().write(true).open("/dev/null").unwrap();
        is_never_told(Trouble::Broken, log, |_| ());
    }

    #[test]
    fn what_goes_into_a_file_that_is_not_there_any_more_is_not_told() {
        is_never_told(Trouble::Moved, tempfile::tempfile().unwrap(), |path| fs::remove_file(path).unwrap());
    }
}
