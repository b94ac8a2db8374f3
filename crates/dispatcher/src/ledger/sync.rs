//! Makes commits last: the thread that waits for the disk, beside the writer, which goes on with the next group meanwhile.
//! Where nothing else comes in meanwhile, the writer waits itself.
//!
//! A group that was committed is in the store, and may still be lost with the power; here everything that was committed since
//! the last time is made to last, at once. Nobody hears of success before that.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
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
    store::{Condition, Disk},
    threads::Threads,
    trouble::Trouble,
};

/// How often the disk is looked at while nothing is written.
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
pub(super) struct Committed {
    pub(super) writes: Vec<Box<dyn Write>>,
    pub(super) began: Instant,
    /// The number after the last commit that changed something, this one included.
    pub(super) changes_end: i64,
}

/// The disk, for whoever waits for it.
struct Waits {
    disk: Box<dyn Disk>,
    /// Why nothing will be on disk any more. Once that is so, it stays.
    broken: OnceLock<Trouble>,
    lasting: Lasting,
    /// Who has it tells of groups; so they are told of in their order.
    telling: Mutex<()>,
}

/// The way to the thread.
pub(super) struct Syncer {
    disk: Arc<Waits>,
    groups: Sender<Committed>,
    thread: JoinHandle<()>,
}

impl Syncer {
    /// Starts the thread. It makes groups last, looks at the disk, and tells the writer how many groups it is done with, or that
    /// it never will be.
    pub(super) fn start(
        disk: Box<dyn Disk>,
        lasting: Lasting,
        writer: Sender<Order>,
        threads: &Threads,
    ) -> Result<Syncer> {
        // What it finds is noted, and found again by the thread.
        let _ = disk.look();
        let telling = Mutex::default();
        let disk = Arc::new(Waits { disk, broken: OnceLock::new(), lasting, telling });
        let (groups, received) = mpsc::channel();
        let of = disk.clone();
        let run = move || run(&of, &received, &writer);
        Ok(Syncer { disk, groups, thread: threads.start("bluehook-sync", run)? })
    }

    /// Hands over a group that was committed.
    pub(super) fn sync(&self, group: Committed) {
        // The thread ends only when this is dropped.
        let _ = self.groups.send(group);
    }

    /// Makes a group last on the caller's own thread, when the other one has none: with nobody else to serve meanwhile, that
    /// saves two hand-overs. Gives why nothing will be on disk any more, when that is so.
    pub(super) fn sync_here(&self, group: Committed) -> Option<Trouble> {
        // The thread may still tell of those before.
        let _telling = self.disk.telling();
        let broken = self.disk.trouble(false);
        self.disk.done(group, broken);
        broken
    }

    /// Waits until everything that was handed over is on disk.
    pub(super) fn end(self) {
        drop(self.groups);
        // A thread that panicked has said so.
        let _ = self.thread.join();
    }
}

fn run(disk: &Waits, groups: &Receiver<Committed>, writer: &Sender<Order>) {
    let mut told = None;
    loop {
        let together: Vec<Committed> = match groups.recv_timeout(LOOK) {
            Ok(first) => std::iter::once(first).chain(groups.try_iter()).collect(),
            Err(RecvTimeoutError::Timeout) => Vec::new(),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let broken = disk.trouble(together.is_empty());
        if together.is_empty() && broken == told {
            continue;
        }
        told = broken;
        // Until all of them were told of: the writer may tell of the next as soon as it hears of these.
        let _telling = disk.telling();
        // The writer ends after this thread.
        let _ = writer.send(broken.map_or(Order::Synced(together.len()), Order::Broken));
        for group in together {
            disk.done(group, broken);
        }
    }
}

impl Waits {
    /// Makes what was written last, if anything was, and looks at the disk. Gives why nothing will be on disk any more.
    fn trouble(&self, is_idle: bool) -> Option<Trouble> {
        if self.broken.get().is_none()
            && let Some(trouble) = if is_idle { self.disk.look() } else { self.disk.sync() }
        {
            // What was found first stays.
            let _ = self.broken.set(trouble);
        }
        self.broken.get().copied()
    }

    fn telling(&self) -> MutexGuard<'_, ()> {
        self.telling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells a group's writes what came of them.
    fn done(&self, group: Committed, broken: Option<Trouble>) {
        match broken {
            None => last(group, &self.lasting),
            Some(trouble) => forget(group, trouble),
        }
    }
}

/// A group is on disk.
fn last(group: Committed, lasting: &Lasting) {
    lasting.changes_end.store(group.changes_end, Ordering::Release);
    lasting.counters.commits.observe(group.began.elapsed());
    for write in group.writes {
        write.committed(lasting);
    }
    lasting.commits.send_modify(|commits| *commits += 1);
}

/// Whether a group is on disk is not known. It is in the store as this process sees it, so it is not written again.
///
/// A disk that failed to sync may forget what it was given and say nothing of it the next time: only a new start, which
/// reads what is there, knows where things stand. The same goes for a store that is not where it was.
fn forget(group: Committed, trouble: Trouble) {
    for write in group.writes {
        drop(write.failed(Error::Unavailable(trouble)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Context, Writing};

    /// Tells how it ended.
    struct Probe(Sender<Result<()>>);

    impl Write for Probe {
        fn apply(&mut self, _: &Writing<'_>, _: &mut Context) -> Result<()> {
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

    /// A disk that says these things, one each time that it is to make something last, and then that all is well.
    struct Says(Mutex<Vec<Option<Trouble>>>);

    impl Disk for Says {
        fn look(&self) -> Option<Trouble> {
            None
        }

        fn sync(&self) -> Option<Trouble> {
            let mut says = self.0.lock().unwrap();
            if says.is_empty() { None } else { says.remove(0) }
        }
    }

    /// Has two groups last, one after the other, the first of them on this thread if it is to be `here`. Gives what their writes
    /// and the writer heard.
    fn sync_two(says: Vec<Option<Trouble>>, here: bool) -> (Vec<Result<()>>, Vec<Order>, i64) {
        let lasting = Lasting {
            workers: Workers::new(1).0,
            counters: Arc::default(),
            commits: watch::Sender::new(0),
            changes_end: Arc::new(AtomicI64::new(1)),
            condition: Condition::default(),
        };
        let ((writer, orders), (probe, heard)) = (mpsc::channel(), mpsc::channel());
        let disk = Box::new(Says(says.into()));
        let syncer = Syncer::start(disk, lasting.clone(), writer, &Threads::default()).unwrap();
        let outcomes = [2, 3].map(|changes_end| {
            let probe = Box::new(Probe(probe.clone()));
            let group = Committed { writes: vec![probe], began: Instant::now(), changes_end };
            if here && changes_end == 2 {
                let broken = syncer.sync_here(group);
                let outcome = heard.try_recv().unwrap();
                assert_eq!(broken.is_some(), outcome.is_err());
                return outcome;
            }
            syncer.sync(group);
            heard.recv().unwrap()
        });
        syncer.end();
        (outcomes.into(), orders.iter().collect(), lasting.changes_end.load(Ordering::Acquire))
    }

    #[test]
    fn what_is_on_disk_is_told() {
        for here in [false, true] {
            let (outcomes, orders, changes_end) = sync_two(Vec::new(), here);
            assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
            assert!(orders.iter().all(|order| matches!(order, Order::Synced(1))));
            assert_eq!((orders.len(), changes_end), (if here { 1 } else { 2 }, 3));
        }
    }

    #[test]
    fn a_disk_that_fails_once_is_never_believed_again() {
        let troubles = [Trouble::Broken, Trouble::Moved].into_iter();
        for (expected, here) in troubles.flat_map(|trouble| [(trouble, false), (trouble, true)]) {
            let (outcomes, orders, changes_end) = sync_two(vec![Some(expected)], here);
            for outcome in outcomes {
                let is_it = matches!(outcome, Err(Error::Unavailable(trouble)) if trouble == expected);
                assert!(is_it, "{outcome:?}");
            }
            assert!(!orders.is_empty() && orders.iter().all(|order| matches!(order, Order::Broken(_))));
            assert_eq!(changes_end, 1, "nothing that may be lost is told");
        }
    }

    #[test]
    fn what_lasted_before_the_disk_failed_was_told() {
        for here in [false, true] {
            let (outcomes, orders, changes_end) = sync_two(vec![None, Some(Trouble::Broken)], here);
            assert!(
                matches!(outcomes[..], [Ok(()), Err(Error::Unavailable(Trouble::Broken))]),
                "{outcomes:?}"
            );
            assert!(matches!(orders[..], [.., Order::Broken(Trouble::Broken)]));
            assert_eq!((orders.len(), changes_end), (if here { 1 } else { 2 }, 2));
        }
    }
}
