//! What comes in for the writer: writes for its groups, and what tells it how long a group may grow.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use super::{Order, Write, run::Brought};
use crate::trouble::Trouble;

/// The most writes in one transaction.
const MAX_GROUP: usize = 512;

/// What the writer is told, and what of it concerns the writer itself.
pub(super) struct Inbox {
    orders: Receiver<Order>,
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
        Inbox { orders, syncing: 0, ended: false, broken: None, brought: None }
    }

    /// Waits for the first write of a group. None when there is something else to do.
    pub(super) fn first(&mut self, wait: Duration) -> Option<Box<dyn Write>> {
        match self.orders.recv_timeout(wait) {
            Ok(order) => self.hear(order),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => self.hear(Order::End),
        }
    }

    /// Adds what is there already to a group: should the file take nothing, all of it is refused after one wait.
    pub(super) fn take_ready(&mut self, group: &mut Vec<Box<dyn Write>>) {
        while group.len() < MAX_GROUP
            && let Ok(order) = self.orders.try_recv()
        {
            group.extend(self.hear(order));
        }
    }

    /// One more write for a group of `so_far`. As long as the disk is busy with earlier groups, this one waits for more.
    pub(super) fn next(&mut self, so_far: usize) -> Option<Box<dyn Write>> {
        while so_far < MAX_GROUP && !self.ended {
            let order = if self.syncing > 0 { self.orders.recv().ok() } else { self.orders.try_recv().ok() };
            let write = self.hear(order?);
            if write.is_some() {
                return write;
            }
        }
        None
    }

    fn hear(&mut self, order: Order) -> Option<Box<dyn Write>> {
        match order {
            Order::Write(write) => return Some(write),
            Order::Synced(groups) => self.syncing = self.syncing.saturating_sub(groups),
            Order::Broken(trouble) => (self.syncing, self.broken) = (0, Some(trouble)),
            Order::Brought(brought) => self.brought = Some(brought),
            Order::End => self.ended = true,
        }
        None
    }
}
