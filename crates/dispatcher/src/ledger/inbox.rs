//! What comes in for the writer: writes for its groups, and what tells it how long a group may grow.

use std::{
    collections::VecDeque,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use super::{Order, Write};
use crate::{store::run::Brought, trouble::Trouble};

/// The most writes in one transaction.
const MAX_GROUP: usize = 512;

/// How long what nobody waits for waits for a group that is written anyway: longer than from one event to the next at 50 a
/// second, whose outcomes cost no commit of their own then.
const LATER: Duration = Duration::from_millis(25);

/// So many of these are a group of their own.
const MANY: usize = 256;

/// What the writer is told, and what of it concerns the writer itself.
pub(super) struct Inbox {
    orders: Receiver<Order>,
    /// What nobody waits for, and when it is written at the latest.
    later: VecDeque<Box<dyn Write>>,
    due: Option<Instant>,
    /// Groups that are committed and not on disk yet.
    pub(super) syncing: usize,
    /// The writer is to end when it has written everything that came before.
    pub(super) ended: bool,
    /// Why nothing can be written any more.
    pub(super) broken: Option<Trouble>,
    /// How far the thread got that brings the log into the file, since this was looked at.
    pub(super) brought: Option<Brought>,
}

impl Inbox {
    pub(super) fn new(orders: Receiver<Order>) -> Inbox {
        let later = VecDeque::new();
        Inbox { orders, later, due: None, syncing: 0, ended: false, broken: None, brought: None }
    }

    /// Waits for the first write of a group. None when there is something else to do.
    pub(super) fn first(&mut self, wait: Duration) -> Option<Box<dyn Write>> {
        let end = Instant::now().checked_add(wait);
        while !self.is_due() {
            let until = [end, self.due].into_iter().flatten().min();
            let left = until.map_or(Duration::MAX, |at| at.saturating_duration_since(Instant::now()));
            match self.orders.recv_timeout(left) {
                Ok(Order::Later(writes)) => self.gather(writes),
                Ok(order) => return self.hear(order),
                Err(RecvTimeoutError::Timeout) if self.is_due() => {}
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => return self.hear(Order::End),
            }
        }
        self.gathered()
    }

    /// Adds what is there already to a group: should the file take nothing, all of it is refused after one wait.
    pub(super) fn take_ready(&mut self, group: &mut Vec<Box<dyn Write>>) {
        while group.len() < MAX_GROUP
            && let Ok(order) = self.orders.try_recv()
        {
            group.extend(self.hear(order));
        }
        while (self.ended || (1..MAX_GROUP).contains(&group.len()))
            && let Some(write) = self.gathered()
        {
            group.push(write);
        }
    }

    /// One more write for a group of `so_far`. As long as the disk is busy with earlier groups, this one waits for more.
    pub(super) fn next(&mut self, so_far: usize) -> Option<Box<dyn Write>> {
        while so_far < MAX_GROUP && !self.ended {
            let order = if self.syncing > 0 { self.orders.recv().ok() } else { self.orders.try_recv().ok() };
            let Some(order) = order else { break };
            let write = self.hear(order);
            if write.is_some() {
                return write;
            }
        }
        if so_far < MAX_GROUP || self.ended { self.gathered() } else { None }
    }

    fn gather(&mut self, writes: Vec<Box<dyn Write>>) {
        self.later.extend(writes);
        self.due.get_or_insert_with(|| Instant::now() + LATER);
    }

    /// The oldest of what nobody waits for.
    fn gathered(&mut self) -> Option<Box<dyn Write>> {
        let write = self.later.pop_front();
        if self.later.is_empty() {
            self.due = None;
        }
        write
    }

    /// Whether it has waited long enough.
    fn is_due(&self) -> bool {
        self.later.len() >= MANY || self.due.is_some_and(|due| due <= Instant::now())
    }

    fn hear(&mut self, order: Order) -> Option<Box<dyn Write>> {
        match order {
            Order::Write(write) => return Some(write),
            Order::Later(writes) => self.gather(writes),
            Order::Synced(groups) => self.syncing = self.syncing.saturating_sub(groups),
            Order::Broken(trouble) => (self.syncing, self.broken) = (0, Some(trouble)),
            Order::Brought(brought) => self.brought = Some(brought),
            Order::End => self.ended = true,
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use rusqlite::Transaction;

    use super::*;
    use crate::{
        Error, Result,
        ledger::{Context, Lasting},
    };

    /// A write that nothing comes of.
    struct Nothing;

    impl Write for Nothing {
        fn apply(&mut self, _: &Transaction<'_>, _: &mut Context) -> Result<()> {
            Ok(())
        }

        fn committed(self: Box<Self>, _: &Lasting) {}

        fn failed(self: Box<Self>, _: Error) -> Option<Box<dyn Write>> {
            None
        }
    }

    fn later(count: usize) -> Order {
        Order::Later((0..count).map(|_| Box::new(Nothing) as Box<dyn Write>).collect())
    }

    fn inbox() -> (Sender<Order>, Inbox) {
        let (sender, receiver) = channel();
        (sender, Inbox::new(receiver))
    }

    /// How many writes are in the next group, and how many wait after it.
    fn group(inbox: &mut Inbox, wait: Duration) -> (usize, usize) {
        let mut group: Vec<_> = inbox.first(wait).into_iter().collect();
        inbox.take_ready(&mut group);
        while !group.is_empty()
            && let Some(write) = inbox.next(group.len())
        {
            group.push(write);
        }
        (group.len(), inbox.later.len())
    }

    #[test]
    fn what_nobody_waits_for_goes_with_what_somebody_does() {
        let (sender, mut inbox) = inbox();
        sender.send(later(3)).unwrap();
        assert_eq!(group(&mut inbox, Duration::ZERO), (0, 3));
        sender.send(Order::Write(Box::new(Nothing))).unwrap();
        assert_eq!(group(&mut inbox, Duration::MAX), (4, 0));
    }

    #[test]
    fn it_goes_alone_in_a_moment_or_when_it_is_much() {
        let (sender, mut inbox) = inbox();
        sender.send(later(2)).unwrap();
        let began = Instant::now();
        assert_eq!(group(&mut inbox, Duration::MAX), (2, 0));
        assert!(began.elapsed() >= LATER, "it was not waited for others");
        sender.send(later(MANY)).unwrap();
        assert_eq!(group(&mut inbox, Duration::ZERO), (MANY, 0));
    }

    #[test]
    fn a_group_is_bounded_but_the_last() {
        let (sender, mut inbox) = inbox();
        sender.send(later(2 * MAX_GROUP)).unwrap();
        sender.send(Order::Write(Box::new(Nothing))).unwrap();
        assert_eq!(group(&mut inbox, Duration::MAX), (MAX_GROUP, MAX_GROUP + 1));
        sender.send(Order::End).unwrap();
        assert_eq!(group(&mut inbox, Duration::MAX).1, 0, "nothing is left behind");
    }
}
