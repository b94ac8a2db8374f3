//! How long the write-ahead log is: for those who write it and look after it, and for those who ask.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use rusqlite::{Connection, hooks::Wal};

use crate::Result;

/// What is known of the log. Cloned freely; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Known>);

#[derive(Default)]
struct Known {
    pages: AtomicUsize,
    page_size: AtomicUsize,
    is_held: AtomicBool,
}

impl Log {
    /// Counts its pages after each commit of this connection.
    pub(crate) fn count(&self, connection: &mut Connection) -> Result<()> {
        let size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        self.0.page_size.store(usize::try_from(size).unwrap_or(0), Ordering::Relaxed);
        let log = self.clone();
        connection.wal_hook(Some(move |_: &mut Wal, pages| {
            log.0.pages.store(usize::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(())
    }

    /// How many pages are in it.
    pub(crate) fn pages(&self) -> usize {
        self.0.pages.load(Ordering::Relaxed)
    }

    /// How many bytes these are.
    pub(crate) fn bytes(&self) -> u64 {
        let pages = u64::try_from(self.pages()).unwrap_or(u64::MAX);
        pages.saturating_mul(u64::try_from(self.0.page_size.load(Ordering::Relaxed)).unwrap_or(0))
    }

    /// Somebody holds it: it cannot be emptied.
    pub(crate) fn is_held(&self) -> bool {
        self.0.is_held.load(Ordering::Relaxed)
    }

    /// Notes whether somebody holds it. Told once when it begins, and once when it has ended.
    pub(crate) fn note_held(&self, is_so: bool) {
        let mib = self.bytes() >> 20;
        match (self.0.is_held.swap(is_so, Ordering::Relaxed), is_so) {
            (false, true) => tracing::warn!(
                mib,
                "the write-ahead log cannot be emptied and grows: something reads the database without an end, such as a \
                 transaction left open in a shell, or a backup tool; end it there"
            ),
            (true, false) => tracing::info!(mib, "the write-ahead log can be emptied again"),
            _ => {}
        }
    }
}
