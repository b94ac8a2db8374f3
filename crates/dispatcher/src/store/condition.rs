//! How the store is as a whole: what the writer and the thread that syncs find out, for those who take events in and for
//! those who ask whether it is ready.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU8, Ordering},
};

use bluehook_core::language::Language;

use super::log::Log;
use crate::trouble::Trouble;

/// What is the matter, by who found it and sees it end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The writer waited too long for another program's lock.
    Held,
    /// The writer found no room.
    NoRoom,
    /// The writer could not write.
    Unwritten,
    /// There is less room than the reserve.
    Reserve,
    /// What lies at the database's path is not what is open.
    Moved,
    /// A sync failed.
    Unsynced,
}

impl Finding {
    /// From what ends by itself soonest to what does not at all.
    const ALL: [Finding; 6] = [
        Finding::Held,
        Finding::Unwritten,
        Finding::NoRoom,
        Finding::Reserve,
        Finding::Moved,
        Finding::Unsynced,
    ];

    /// What the writer finds, and sees end with the first that it can write.
    pub(crate) const OF_THE_WRITER: [Finding; 3] = [Finding::Held, Finding::NoRoom, Finding::Unwritten];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    pub(crate) const fn trouble(self) -> Trouble {
        match self {
            Finding::Held => Trouble::Held,
            Finding::Unwritten => Trouble::Failing,
            Finding::NoRoom | Finding::Reserve => Trouble::Full,
            Finding::Moved => Trouble::Moved,
            Finding::Unsynced => Trouble::Broken,
        }
    }

    /// Whether an event need not be tried while it is so: others see it end.
    const fn refuses(self) -> bool {
        matches!(self, Finding::Reserve | Finding::Moved | Finding::Unsynced)
    }
}

/// How the store is. Cloned freely; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Condition {
    found: Arc<AtomicU8>,
    is_tight: Arc<AtomicBool>,
    log: Log,
}

impl Condition {
    /// Notes whether this is so. Told once when it begins, and once when it has ended.
    pub(crate) fn note(&self, finding: Finding, is_so: bool) {
        let bit = finding.bit();
        let before = if is_so {
            self.found.fetch_or(bit, Ordering::AcqRel)
        } else if self.found.load(Ordering::Acquire) & bit == 0 {
            0
        } else {
            self.found.fetch_and(!bit, Ordering::AcqRel)
        };
        match (before & bit == 0, is_so) {
            (true, true) => tracing::error!("not ready: {}", finding.trouble().sentence(Language::English)),
            (false, false) => tracing::info!(was = finding.trouble().name(), "ready again"),
            _ => {}
        }
    }

    /// The write-ahead log.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Notes whether the disk has so little room that the log is to be kept short.
    pub(crate) fn note_tight(&self, is_so: bool) {
        self.is_tight.store(is_so, Ordering::Release);
    }

    /// The log is to be kept short.
    pub(crate) fn is_tight(&self) -> bool {
        self.is_tight.load(Ordering::Acquire)
    }

    /// There is less room than the reserve.
    pub(crate) fn lacks_room(&self) -> bool {
        self.has(Finding::Reserve)
    }

    /// What the writer found.
    pub(crate) fn is_as_the_writer_found(&self) -> bool {
        Finding::OF_THE_WRITER.into_iter().any(|finding| self.has(finding))
    }

    /// The worst that is the matter.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        Finding::ALL.into_iter().rev().find(|finding| self.has(*finding)).map(Finding::trouble)
    }

    /// Why no event is taken in, when none need be tried.
    pub(crate) fn refuses(&self) -> Option<Trouble> {
        let refuses = |finding: &Finding| finding.refuses() && self.has(*finding);
        Finding::ALL.into_iter().rev().find(refuses).map(Finding::trouble)
    }

    fn has(&self, finding: Finding) -> bool {
        self.found.load(Ordering::Acquire) & finding.bit() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_is_told_until_it_ends() {
        let condition = Condition::default();
        assert_eq!((condition.trouble(), condition.refuses()), (None, None));
        condition.note(Finding::Held, true);
        condition.note(Finding::Reserve, true);
        assert_eq!((condition.trouble(), condition.refuses()), (Some(Trouble::Full), Some(Trouble::Full)));
        condition.note(Finding::Reserve, false);
        assert_eq!((condition.trouble(), condition.refuses()), (Some(Trouble::Held), None));
        assert!(condition.is_as_the_writer_found());
        condition.note(Finding::Held, false);
        assert_eq!(condition.trouble(), None);
        for finding in Finding::ALL {
            condition.note(finding, true);
            assert_eq!(condition.trouble(), Some(finding.trouble()));
        }
    }
}
