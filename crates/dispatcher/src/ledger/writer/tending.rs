//! What the writer does about its log: it has it brought into the file, lets it begin anew, and does not let those who read
//! keep it from that without an end.

use std::time::{Duration, Instant};

use super::Writer;
use crate::store::{checkpoint::Step, readers::Readers};

/// With how many pages, 64 MiB, nobody begins to read before it was emptied.
const LONGEST: usize = 8_192;

/// From how many pages on it is emptied where the disk has little room.
const TIGHT: usize = 250;

/// How many more there are before that is tried again, when somebody who reads was in the way.
const MORE: usize = 1_000;

/// A log of so many pages is as short as it gets.
const SHORT: usize = 16;

/// How long those who read already are waited for at the most. Others come in again then.
const MAX_CLOSED: Duration = Duration::from_secs(5);

/// How often is looked whether they have ended.
const LOOK: Duration = Duration::from_millis(5);

/// What keeps others from reading while the log is to be emptied.
#[derive(Default)]
pub(super) struct Gate {
    closed_since: Option<Instant>,
    /// Nobody read when the thread began its piece.
    was_alone: bool,
}

impl Gate {
    /// Whether nobody reads, and nobody begins.
    fn is_alone(&self, readers: &Readers) -> bool {
        self.closed_since.is_some() && readers.reading() == 0
    }

    fn close(&mut self, readers: &Readers) {
        if self.closed_since.is_none() {
            readers.close_gate();
            self.closed_since = Some(Instant::now());
        }
    }

    fn open(&mut self, readers: &Readers) {
        if self.closed_since.take().is_some() {
            readers.open_gate();
        }
    }
}

impl Writer {
    /// How long to wait for something to write, when all is well.
    pub(super) fn until_log(&self) -> Duration {
        if self.gate.closed_since.is_some() {
            return LOOK;
        }
        let is_left = self.inbox.broken.is_some() || self.condition().is_tight();
        let wait = if is_left { None } else { self.checkpoints.wait(self.log.pages()) };
        wait.map_or(Duration::MAX, |wait| wait.max(LOOK))
    }

    /// Sees whether the log is to be brought into the file.
    pub(super) fn tend_log(&mut self) {
        if let Some(brought) = self.inbox.brought.take() {
            let is_clear = self.checkpoints.brought(brought, self.log.pages());
            self.heed(is_clear);
        }
        if self.inbox.broken.is_some() {
            self.gate.open(&self.readers);
        } else if self.condition().is_tight() {
            self.gate.open(&self.readers);
            self.keep_short();
        } else {
            self.keep_bounded();
        }
    }

    /// Whether somebody was in the way. Who reads when none of ours does is not ended by waiting.
    fn heed(&mut self, is_clear: Option<bool>) {
        match is_clear {
            Some(true) => self.log.note_held(false),
            Some(false) if self.gate.was_alone => self.is_held(),
            _ => {}
        }
    }

    fn is_held(&mut self) {
        self.log.note_held(true);
        self.gate.open(&self.readers);
    }

    fn keep_bounded(&mut self) {
        let pages = self.log.pages();
        match self.gate.closed_since {
            Some(since) if since.elapsed() > MAX_CLOSED => self.is_held(),
            None if pages >= LONGEST && !self.log.is_held() => self.gate.close(&self.readers),
            _ => {}
        }
        let is_alone = self.gate.is_alone(&self.readers);
        match self.checkpoints.next(pages, is_alone) {
            Step::Nothing => {}
            Step::Piece => self.begin_piece(pages, is_alone),
            Step::LastPiece => self.last_piece(is_alone),
        }
    }

    fn begin_piece(&mut self, pages: usize, is_alone: bool) {
        self.gate.was_alone = is_alone;
        if let Err(error) = self.checkpoints.begin_piece(&self.opened.run, &self.opened.connection, pages) {
            tell(&error);
            self.gate.open(&self.readers);
        }
    }

    fn last_piece(&mut self, is_alone: bool) {
        let count = || self.log.pages();
        match self.checkpoints.last_piece(&self.opened.run, &self.opened.connection, count) {
            Ok(true) => {
                self.gate.open(&self.readers);
                self.log.note_held(false);
            }
            Ok(false) if is_alone => self.is_held(),
            Ok(false) => {}
            Err(error) => {
                tell(&error);
                self.gate.open(&self.readers);
            }
        }
    }

    /// Where the disk has little room.
    fn keep_short(&mut self) {
        let pages = self.log.pages();
        if pages < TIGHT {
            self.again_at = 0;
        } else if pages >= self.again_at && !self.checkpoints.is_under_way() {
            self.again_at = pages + MORE;
            self.empty_log();
        }
    }

    /// Gives back what room the log takes, when there is none.
    pub(super) fn make_room(&mut self) {
        if self.log.pages() > SHORT && !self.checkpoints.is_under_way() {
            self.empty_log();
        }
    }

    /// Brings the log into the file, as far as nobody who reads is in the way, and gives back the room it took.
    fn empty_log(&mut self) {
        let (run, connection) = (&self.opened.run, &self.opened.connection);
        let mut done = run.checkpoint(connection, "PASSIVE");
        if matches!(done, Ok(true)) {
            done = run.checkpoint(connection, "TRUNCATE");
        }
        if let Err(error) = done.and_then(|_| run.mark(connection)) {
            tell(&error);
        }
        self.checkpoints.began_anew();
    }
}

fn tell(error: &crate::Error) {
    tracing::error!(%error, "the write-ahead log could not be brought into the file");
}
