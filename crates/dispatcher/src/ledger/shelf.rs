//! What nobody waits for, on its way to the writer: it lies here until the writer comes by. The writer is woken for it only when it
//! would not come by soon, or when it is much: to wake a thread costs more than most of what it then does.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Write;

/// So many writes are not waited with, counted since the writer came by.
pub(super) const MANY: usize = 256;

#[derive(Default)]
pub(super) struct Shelf(Mutex<Shelved>);

#[derive(Default)]
struct Shelved {
    writes: Vec<Box<dyn Write>>,
    /// The writer waits for something to come in, however long that takes.
    is_left: bool,
}

impl Shelf {
    /// Puts these there. Whether the writer is to be woken.
    pub(super) fn put(&self, writes: Vec<Box<dyn Write>>) -> bool {
        let shelved = &mut *self.lock();
        let before = shelved.writes.len();
        shelved.writes.extend(writes);
        let has_become_much = before < MANY && shelved.writes.len() >= MANY;
        std::mem::take(&mut shelved.is_left) || has_become_much
    }

    /// Takes what is there: the writer came by, and comes again by itself.
    pub(super) fn take(&self) -> Vec<Box<dyn Write>> {
        let shelved = &mut *self.lock();
        shelved.is_left = false;
        std::mem::take(&mut shelved.writes)
    }

    /// The writer does not come by again unless it is woken; false when there is something to take first.
    pub(super) fn leave(&self) -> bool {
        let shelved = &mut *self.lock();
        shelved.is_left = shelved.writes.is_empty();
        shelved.is_left
    }

    fn lock(&self) -> MutexGuard<'_, Shelved> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
