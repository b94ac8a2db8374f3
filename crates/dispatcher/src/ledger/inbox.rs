//! What comes in for the writer: writes for its groups, and what tells it how long a group may grow.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use super::{
    Order, Write,
    shelf::{MANY, Shelf},
};
use crate::trouble::Trouble;

/// The most writes in one group.
const MAX_GROUP: usize = 512;

/// How long what nobody waits for waits for a group that is written anyway: longer than from one event to the next at 50 a
/// second, whose outcomes cost no commit of their own then.
const LATER: Duration = Duration::from_millis(25);

/// After nothing was to be written for so long, little goes on: longer than a disk takes to sync that is not slow.
const QUIET: Duration = Duration::from_millis(5);

/// What the writer is told, and what of it concerns the writer itself.
pub(super) struct Inbox {
    orders: Receiver<Order>,
    shelf: Arc<Shelf>,
    /// What was taken from there, and when it is written at the latest.
    later: VecDeque<Box<dyn Write>>,
    due: Option<Instant>,
    /// When the writer comes by the shelf by itself: after a group it does so once, since something comes of that soon.
    comes_by: Option<Instant>,
    /// The writer has a group, and waits for none.
    has_group: bool,
    /// What looks into the store and came when a group had begun: it is the first of the next.
    looker: Option<Box<dyn Write>>,
    /// How long the first of the group was waited for.
    waited: Duration,
    /// Groups that are committed and not on disk yet.
    pub(super) syncing: usize,
    /// The writer is to end when it has written everything that came before.
    ended: bool,
    /// Why nothing can be written any more.
    pub(super) broken: Option<Trouble>,
}

impl Inbox {
    pub(super) fn new(orders: Receiver<Order>, shelf: Arc<Shelf>) -> Inbox {
        Inbox {
            orders,
            shelf,
            later: VecDeque::new(),
            due: None,
            comes_by: None,
            has_group: false,
            looker: None,
            waited: Duration::ZERO,
            syncing: 0,
            ended: false,
            broken: None,
        }
    }

    /// Whether the writer is to end, and has everything that came before.
    pub(super) fn is_done(&self) -> bool {
        self.ended && self.looker.is_none() && self.later.is_empty()
    }

    /// Waits for the first write of a group. None when there is something else to do.
    pub(super) fn first(&mut self, wait: Duration) -> Option<Box<dyn Write>> {
        let began = Instant::now();
        if std::mem::take(&mut self.has_group) {
            self.comes_by = Some(began + LATER);
        }
        let first = self.looker.take().or_else(|| self.wait_for_first(began.checked_add(wait)));
        self.waited = began.elapsed();
        self.has_group = first.is_some();
        first
    }

    /// Whether so little goes on that nothing is lost when nobody takes in more while the disk is waited for.
    pub(super) fn is_quiet(&self) -> bool {
        self.syncing == 0 && self.waited >= QUIET
    }

    fn wait_for_first(&mut self, end: Option<Instant>) -> Option<Box<dyn Write>> {
        loop {
            self.come_by();
            let now = Instant::now();
            let came_by = self.comes_by.take_if(|at| *at <= now).is_some();
            if self.is_due(now) || (came_by && !self.later.is_empty()) {
                return self.gathered(0);
            }
            let is_left = self.comes_by.is_none() && self.later.is_empty();
            if is_left && !self.shelf.leave() {
                continue;
            }
            let until = [end, self.due, self.comes_by].into_iter().flatten().min();
            let left = until.map_or(Duration::MAX, |at| at.saturating_duration_since(now));
            match self.orders.recv_timeout(left) {
                Ok(Order::Shelved) => {}
                Ok(order) => return self.hear(order),
                Err(RecvTimeoutError::Timeout) if end.is_some_and(|end| end <= Instant::now()) => {
                    return None;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return self.hear(Order::End),
            }
        }
    }

    /// Adds what is there already to a group: should the store take nothing, all of it is refused after one wait, however much
    /// the group has to try again.
    pub(super) fn take_ready(&mut self, group: &mut Vec<Box<dyn Write>>) {
        let most = group.len().saturating_sub(1) + MAX_GROUP;
        while group.len() < most
            && self.looker.is_none()
            && let Ok(order) = self.orders.try_recv()
        {
            let write = self.hear(order);
            group.extend(self.fitting(write, group.len()));
        }
        while (self.ended || (1..most).contains(&group.len()))
            && let Some(write) = self.gathered(group.len())
        {
            group.push(write);
        }
    }

    /// One more write for a group of `so_far`. As long as the disk is busy with earlier groups, this one waits for more, unless
    /// the next has its first.
    pub(super) fn next(&mut self, so_far: usize) -> Option<Box<dyn Write>> {
        while so_far < MAX_GROUP && !self.ended && self.looker.is_none() {
            let order = if self.syncing > 0 { self.orders.recv().ok() } else { self.orders.try_recv().ok() };
            let Some(order) = order else { break };
            let write = self.hear(order);
            let write = self.fitting(write, so_far);
            if write.is_some() {
                return write;
            }
        }
        if so_far < MAX_GROUP || self.ended { self.gathered(so_far) } else { None }
    }

    /// A write, if a group of `so_far` may have it. One that looks into the store is kept for the next otherwise.
    fn fitting(&mut self, write: Option<Box<dyn Write>>, so_far: usize) -> Option<Box<dyn Write>> {
        if so_far > 0 && write.as_ref().is_some_and(|write| write.looks()) {
            self.looker = write;
            return None;
        }
        write
    }

    /// Takes what lies on the shelf.
    fn come_by(&mut self) {
        let writes = self.shelf.take();
        if !writes.is_empty() {
            self.later.extend(writes);
            self.due.get_or_insert_with(|| Instant::now() + LATER);
        }
    }

    /// The oldest of what nobody waits for, if a group of `so_far` may have it.
    fn gathered(&mut self, so_far: usize) -> Option<Box<dyn Write>> {
        if self.later.is_empty() {
            self.come_by();
        }
        if so_far > 0 && self.later.front().is_some_and(|write| write.looks()) {
            return None;
        }
        let write = self.later.pop_front();
        if self.later.is_empty() {
            self.due = None;
        }
        write
    }

    /// Whether it has waited long enough.
    fn is_due(&self, now: Instant) -> bool {
        self.later.len() >= MANY || self.due.is_some_and(|due| due <= now)
    }

    fn hear(&mut self, order: Order) -> Option<Box<dyn Write>> {
        match order {
            Order::Write(write) => return Some(write),
            Order::Shelved => self.come_by(),
            Order::Synced(groups) => self.syncing = self.syncing.saturating_sub(groups),
            Order::Broken(trouble) => (self.syncing, self.broken) = (0, Some(trouble)),
            // The writer has it done whenever it comes by.
            Order::Tend => {}
            Order::End => {
                self.ended = true;
                self.come_by();
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
