//! How long the write-ahead log is: for those who write it and look after it, and for those who ask.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

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
    /// A page has so many bytes.
    pub(super) fn note_page_size(&self, bytes: usize) {
        self.0.page_size.store(bytes, Ordering::Relaxed);
    }

    /// So many pages are in it.
    pub(super) fn note_pages(&self, pages: usize) {
        self.0.pages.store(pages, Ordering::Relaxed);
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
