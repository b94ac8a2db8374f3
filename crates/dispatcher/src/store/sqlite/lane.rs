//! The lane: the connection that writes, and the log that it writes into.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use rusqlite::Connection;

use super::{
    Condition,
    checkpoint::Checkpoints,
    connection::{BUSY_TIMEOUT, Opened, Together, optimize, set_up_writer},
    disk::Disk,
    ground::Ground,
    readers::Readers,
    run::Brought,
};
use crate::{
    Result,
    store::{self, Group, Snapshot, Unwritten, log::Log},
    threads::Threads,
};

// What it does about its log.
mod tending;

use tending::Gate;

/// How long a group waits for another program's lock once that took too long: whoever comes next is told soon.
const HARDLY: Duration = Duration::from_millis(250);

/// The connection that writes.
pub(super) struct Lane {
    opened: Opened,
    readers: Arc<Readers>,
    serving: Option<Serving>,
}

/// What it needs while groups come one after the other.
struct Serving {
    condition: Condition,
    log: Log,
    checkpoints: Checkpoints,
    /// How far the thread got that brings the log into the file.
    brought: Receiver<Brought>,
    gate: Gate,
    /// With how many pages it is tried again to empty the log, where the disk has little room.
    again_at: usize,
}

impl Lane {
    pub(super) fn new(opened: Opened, readers: Arc<Readers>) -> Lane {
        Lane { opened, readers, serving: None }
    }
}

impl store::Lane for Lane {
    fn write(&mut self, fill: &mut dyn FnMut(&dyn Group) -> Result<()>) -> Result<(), Unwritten> {
        let together = Together::begin(&mut self.opened.connection).map_err(Unwritten::NotBegun)?;
        fill(together.connection()).map_err(Unwritten::Undone)?;
        together.commit().map_err(Unwritten::Undone)
    }

    fn snapshot(&self) -> &dyn Snapshot {
        &self.opened.connection
    }

    fn serve(
        &mut self,
        condition: &Condition,
        disk_reserve: u64,
        wake: Box<dyn Fn() + Send>,
        threads: &Threads,
    ) -> Result<Box<dyn store::Disk>> {
        let Opened { path, connection, claim, run } = &mut self.opened;
        set_up_writer(connection)?;
        run.mark(connection)?;
        let log = condition.log().clone();
        count_pages(connection, &log)?;
        let ground = Ground::of(claim.clone(), log.clone(), disk_reserve);
        let (sender, brought) = channel();
        let tell = move |piece| {
            // The lane ends after the thread that tells this.
            let _ = sender.send(piece);
            wake();
        };
        let checkpoints = Checkpoints::start((path, run.clone()), self.readers.clone(), tell, threads)?;
        let disk = Disk::of(connection, ground, condition)?;
        let (condition, gate) = (condition.clone(), Gate::default());
        self.serving = Some(Serving { condition, log, checkpoints, brought, gate, again_at: 0 });
        Ok(Box::new(disk))
    }

    fn tend(&mut self, is_over: bool) {
        if let Some(serving) = &mut self.serving {
            serving.tend(&self.opened, &self.readers, is_over);
        }
    }

    fn tend_after(&self, is_over: bool) -> Option<Duration> {
        self.serving.as_ref()?.tend_after(is_over)
    }

    fn make_room(&mut self) {
        if let Some(serving) = &mut self.serving {
            serving.make_room(&self.opened);
        }
    }

    fn try_to_write(&self) -> Result<()> {
        self.opened.run.mark(&self.opened.connection)
    }

    fn wait_for_others(&self, hardly: bool) {
        let longest = if hardly { HARDLY } else { BUSY_TIMEOUT };
        if let Err(error) = self.opened.connection.busy_timeout(longest) {
            tracing::error!(%error, "how long to wait for others could not be set");
        }
    }

    /// Ends the write-ahead log, so that the next start has nothing to read back.
    fn end(self: Box<Self>) {
        let Lane { opened: Opened { connection, run, .. }, serving, .. } = *self;
        if let Some(serving) = serving {
            serving.checkpoints.end();
        }
        optimize(&connection);
        if let Err(error) = run.checkpoint(&connection, "TRUNCATE") {
            tracing::warn!(%error, "the write-ahead log could not be ended; the next start takes it up");
        }
    }
}

/// Counts the pages of the log after each commit of this connection.
pub(super) fn count_pages(connection: &mut Connection, log: &Log) -> Result<()> {
    let size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    log.note_page_size(usize::try_from(size).unwrap_or(0));
    let log = log.clone();
    connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
        log.note_pages(usize::try_from(pages).unwrap_or(0));
        Ok(())
    }))?;
    Ok(())
}
