//! When something is done about the write-ahead log, by how long it is: nothing here reads a clock or a file.

use std::time::{Duration, Instant};

/// From how many pages on the log is brought into the file.
pub(super) const BEGIN: usize = 1_000;

/// The most pages that the writer brings into the file itself, between two groups.
const LAST: usize = 128;

/// From how many on it brings whatever is left: more comes in than the thread keeps up with.
const LONG: usize = 6_000;

/// How long it is left alone when somebody who reads was in the way and nothing is written, at first and at the most.
const AGAIN: Duration = Duration::from_secs(1);
const MAX_AGAIN: Duration = Duration::from_secs(64);

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Nothing,
    /// The thread brings what there is, while the writer goes on.
    Piece,
    /// The writer brings what is left, and the log begins anew.
    LastPiece,
}

/// How far it is.
#[derive(Debug)]
pub(super) struct Pace {
    /// What the thread is to bring, in pages, while it does.
    bringing: Option<usize>,
    /// How many pages of this log are in the file.
    done: usize,
    /// How many of those that are not were there when the thread began.
    left_before: usize,
    /// The last piece would bring all of it: nobody was in the way.
    is_clear: bool,
    /// With how many pages it is tried again, or when.
    again_at: usize,
    again_after: Option<Instant>,
    pause: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            bringing: None,
            done: 0,
            left_before: usize::MAX,
            is_clear: true,
            again_at: 0,
            again_after: None,
            pause: AGAIN,
        }
    }
}

impl Pace {
    /// What is to be done with a log of so many pages. `at_once` when nobody reads, and nobody is to begin before it is done.
    pub(super) fn next(&self, pages: usize, now: Instant, at_once: bool) -> Step {
        let waits = pages < self.again_at && self.again_after.is_some_and(|after| now < after);
        if self.is_under_way() || pages < BEGIN || (waits && !at_once) {
            return Step::Nothing;
        }
        let left = pages.saturating_sub(self.done);
        if left <= LAST || (pages >= LONG && self.is_clear && self.done > 0) {
            Step::LastPiece
        } else {
            Step::Piece
        }
    }

    /// How long to wait when nothing comes in; none when the length alone decides.
    pub(super) fn wait(&self, pages: usize, now: Instant) -> Option<Duration> {
        let after = self.again_after.filter(|_| pages >= BEGIN && !self.is_under_way())?;
        Some(after.saturating_duration_since(now))
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.bringing.is_some()
    }

    /// The thread began to bring so many pages.
    pub(super) fn begun(&mut self, pages: usize) {
        self.left_before = pages.saturating_sub(self.done);
        self.bringing = Some(pages);
    }

    /// The thread is done: so many pages are in the file. Whether that is all that it was to bring.
    pub(super) fn brought(&mut self, done: usize, pages: usize, now: Instant) -> bool {
        let to_bring = self.bringing.take().unwrap_or(0);
        self.done = done;
        self.is_clear = done >= to_bring;
        if !self.is_clear {
            self.leave_alone(pages, now);
        } else if pages.saturating_sub(done) > (self.left_before / 2).max(LAST) {
            // As much came in meanwhile: one longer piece costs less than many short ones.
            (self.again_at, self.again_after) = (done.saturating_add(BEGIN), Some(now + AGAIN));
        } else {
            (self.again_at, self.again_after) = (0, None);
        }
        self.is_clear
    }

    /// The log began anew.
    pub(super) fn began_anew(&mut self) {
        *self = Pace::default();
    }

    /// It did not begin anew, since somebody reads; so much of it is in the file, if that is more than before.
    pub(super) fn went_on(&mut self, done: Option<usize>, pages: usize, now: Instant) {
        self.done = done.unwrap_or(self.done);
        self.leave_alone(pages, now);
    }

    /// Something went wrong, or somebody is in the way: it is tried again when there is more, or after some time.
    pub(super) fn leave_alone(&mut self, pages: usize, now: Instant) {
        self.bringing = None;
        (self.again_at, self.again_after) = (pages.saturating_add(BEGIN), Some(now + self.pause));
        self.pause = (self.pause * 2).min(MAX_AGAIN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_smaller_until_the_writer_brings_the_last() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        assert_eq!(pace.next(BEGIN - 1, now, false), Step::Nothing);
        assert_eq!(pace.next(BEGIN, now, false), Step::Piece);
        pace.begun(BEGIN);
        assert_eq!(pace.next(BEGIN + 400, now, true), Step::Nothing, "one at a time");
        assert!(pace.brought(BEGIN, BEGIN + 400, now));
        assert_eq!(pace.next(BEGIN + 400, now, false), Step::Piece);
        pace.begun(BEGIN + 400);
        assert!(pace.brought(BEGIN + 400, BEGIN + 400 + LAST, now));
        assert_eq!(pace.next(BEGIN + 400 + LAST, now, false), Step::LastPiece);
        pace.began_anew();
        assert_eq!(pace.next(1, now, false), Step::Nothing);
    }

    #[test]
    fn what_the_thread_does_not_keep_up_with_goes_in_long_pieces_and_ends() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        let mut pages = BEGIN;
        let mut pieces = 0;
        while pace.next(pages, now, false) == Step::Piece {
            pace.begun(pages);
            let brought = pages;
            pages += 900;
            assert!(pace.brought(brought, pages, now));
            while pace.next(pages, now, false) == Step::Nothing {
                pages += 1;
            }
            pieces += 1;
        }
        assert_eq!(pace.next(pages, now, false), Step::LastPiece);
        assert!((LONG..LONG + BEGIN).contains(&pages) && pieces <= LONG / BEGIN, "{pages} {pieces}");
    }

    #[test]
    fn who_reads_is_not_asked_again_and_again() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        pace.begun(2 * LONG);
        assert!(!pace.brought(10, 2 * LONG, now));
        assert_eq!(pace.next(2 * LONG, now, false), Step::Nothing);
        assert_eq!(pace.next(2 * LONG, now, true), Step::Piece, "nobody reads any more");
        assert_eq!(pace.next(2 * LONG + BEGIN, now, false), Step::Piece);
        assert_eq!(pace.wait(2 * LONG, now), Some(AGAIN));
        assert_eq!(pace.next(2 * LONG, now + AGAIN, false), Step::Piece);
        for _ in 0..20 {
            pace.leave_alone(2 * LONG, now);
        }
        assert_eq!(pace.wait(2 * LONG, now), Some(MAX_AGAIN));
    }
}
