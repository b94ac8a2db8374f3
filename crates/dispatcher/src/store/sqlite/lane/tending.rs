//! What the lane does about its log: it has it brought into the file, lets it begin anew, and does not let those who read
//! keep it from that without an end.

use std::time::{Duration, Instant};

use super::Serving;
use crate::{
    Error,
    store::sqlite::{checkpoint::Step, connection::Opened, readers::Readers},
};

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

impl Serving {
    /// When there is something to do, if nobody reads or writes before.
    pub(super) fn tend_after(&self, is_over: bool) -> Option<Duration> {
        if self.gate.closed_since.is_some() {
            return Some(LOOK);
        }
        let is_left = is_over || self.condition.is_tight();
        let wait = if is_left { None } else { self.checkpoints.wait(self.log.pages()) };
        wait.map(|wait| wait.max(LOOK))
    }

    /// Sees whether the log is to be brought into the file.
    pub(super) fn tend(&mut self, opened: &Opened, readers: &Readers, is_over: bool) {
        if let Some(brought) = self.brought.try_iter().last() {
            let is_clear = self.checkpoints.brought(brought, self.log.pages());
            self.heed(is_clear, readers);
        }
        if is_over {
            self.gate.open(readers);
        } else if self.condition.is_tight() {
            self.gate.open(readers);
            self.keep_short(opened);
        } else {
            self.keep_bounded(opened, readers);
        }
    }

    /// Whether somebody was in the way. Who reads when none of ours does is not ended by waiting.
    fn heed(&mut self, is_clear: Option<bool>, readers: &Readers) {
        match is_clear {
            Some(true) => self.log.note_held(false),
            Some(false) if self.gate.was_alone => self.is_held(readers),
            _ => {}
        }
    }

    fn is_held(&mut self, readers: &Readers) {
        self.log.note_held(true);
        self.gate.open(readers);
    }

    fn keep_bounded(&mut self, opened: &Opened, readers: &Readers) {
        let pages = self.log.pages();
        match self.gate.closed_since {
            Some(since) if since.elapsed() > MAX_CLOSED => self.is_held(readers),
            None if pages >= LONGEST && !self.log.is_held() => self.gate.close(readers),
            _ => {}
        }
        let is_alone = self.gate.is_alone(readers);
        match self.checkpoints.next(pages, is_alone) {
            Step::Nothing => {}
            Step::Piece => self.begin_piece(opened, readers, (pages, is_alone)),
            Step::LastPiece => self.last_piece(opened, readers, is_alone),
        }
    }

    fn begin_piece(&mut self, opened: &Opened, readers: &Readers, (pages, is_alone): (usize, bool)) {
        self.gate.was_alone = is_alone;
        if let Err(error) = self.checkpoints.begin_piece(&opened.run, &opened.connection, pages) {
            tell(&error);
            self.gate.open(readers);
        }
    }

    fn last_piece(&mut self, opened: &Opened, readers: &Readers, is_alone: bool) {
        let count = || self.log.pages();
        match self.checkpoints.last_piece(&opened.run, &opened.connection, count) {
            Ok(true) => {
                self.gate.open(readers);
                self.log.note_held(false);
            }
            Ok(false) if is_alone => self.is_held(readers),
            Ok(false) => {}
            Err(error) => {
                tell(&error);
                self.gate.open(readers);
            }
        }
    }

    /// Where the disk has little room.
    fn keep_short(&mut self, opened: &Opened) {
        let pages = self.log.pages();
        if pages < TIGHT {
            self.again_at = 0;
        } else if pages >= self.again_at && !self.checkpoints.is_under_way() {
            self.again_at = pages + MORE;
            self.empty_log(opened);
        }
    }

    /// Gives back what room the log takes, when there is none.
    pub(super) fn make_room(&mut self, opened: &Opened) {
        if self.log.pages() > SHORT && !self.checkpoints.is_under_way() {
            self.empty_log(opened);
        }
    }

    /// Brings the log into the file, as far as nobody who reads is in the way, and gives back the room it took.
    fn empty_log(&mut self, opened: &Opened) {
        let (run, connection) = (&opened.run, &opened.connection);
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

fn tell(error: &Error) {
    tracing::error!(%error, "the write-ahead log could not be brought into the file");
}
