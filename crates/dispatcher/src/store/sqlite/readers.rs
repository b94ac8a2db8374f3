//! The connections that read beside the writer, with a small cache each, closed when nobody asks for long. Nobody begins to
//! read while the log is to be emptied.

use std::{
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{claim::Claim, connection::open_reader};
use crate::{
    Error, Result,
    store::{self, Snapshot, lane::BUSY},
    trouble::Trouble,
};

/// How long is waited for the log to be emptied.
const MAX_GATE_WAIT: Duration = Duration::from_millis(250);

/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(10);

/// Reading connections.
pub(crate) struct Readers {
    path: PathBuf,
    /// The store's, as long as it is open.
    claim: Weak<Claim>,
    /// Those that nobody uses, and since when; the one that was used last is the last.
    idle: Mutex<Vec<(Connection, Instant)>>,
    gate: Mutex<Gate>,
    opened: Condvar,
}

#[derive(Default)]
struct Gate {
    is_closed: bool,
    /// How many are reading.
    reading: usize,
}

impl Readers {
    pub(crate) fn new(claim: &Arc<Claim>) -> Readers {
        Readers {
            path: claim.path().to_owned(),
            claim: Arc::downgrade(claim),
            idle: Mutex::default(),
            gate: Mutex::default(),
            opened: Condvar::new(),
        }
    }

    /// Reads, with a connection of these. Blocks.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let _passage = self.pass()?;
        let connection = match self.idle().pop() {
            Some((connection, _)) => connection,
            None => self.open()?,
        };
        let result = read(&connection);
        self.idle().push((connection, Instant::now()));
        result
    }

    fn open(&self) -> Result<Connection> {
        let claim = self.claim.upgrade().ok_or(Error::ShuttingDown)?;
        let connection = open_reader(&self.path)?;
        // Another file in its place is not read.
        if claim.is_in_place() { Ok(connection) } else { Err(Error::Unavailable(Trouble::Moved)) }
    }

    /// Closes those that were not used for long.
    pub(crate) fn close_idle(&self, now: Instant) {
        let is_old = |since: &Instant| now.saturating_duration_since(*since) >= IDLE;
        let mut idle = self.idle();
        let old = idle.iter().take_while(|(_, since)| is_old(since)).count();
        let old: Vec<_> = idle.drain(..old).collect();
        drop(idle);
        drop(old);
    }

    /// Nobody begins to read, until the gate is opened again.
    pub(crate) fn close_gate(&self) {
        self.gate().is_closed = true;
    }

    pub(crate) fn open_gate(&self) {
        self.gate().is_closed = false;
        self.opened.notify_all();
    }

    /// How many are reading.
    pub(crate) fn reading(&self) -> usize {
        self.gate().reading
    }

    fn pass(&self) -> Result<Passage<'_>> {
        let passed = self.opened.wait_timeout_while(self.gate(), MAX_GATE_WAIT, |gate| gate.is_closed);
        let (mut gate, _) = passed.unwrap_or_else(PoisonError::into_inner);
        if gate.is_closed {
            return Err(BUSY);
        }
        gate.reading += 1;
        Ok(Passage(self))
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who reads.
struct Passage<'a>(&'a Readers);

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        let mut gate = self.0.gate();
        gate.reading = gate.reading.saturating_sub(1);
    }
}

impl store::Readers for Readers {
    fn read(&self, show: &mut dyn FnMut(&dyn Snapshot) -> Result<()>) -> Result<()> {
        self.read(|connection| {
            let snapshot = connection.unchecked_transaction()?;
            let connection: &Connection = &snapshot;
            show(connection)
        })
    }
}

#[cfg(test)]
mod tests;
