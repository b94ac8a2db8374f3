//! How much one diagnosis may cost. Anyone can send a request that is refused, so what a hint costs has one bound, whatever
//! the request is.

/// What one diagnosis may cost, in bytes hashed: about two milliseconds as wasm on a slow server.
pub const BUDGET: usize = 256 * 1024;

/// How many bytes could be hashed while one is read from JSON and written again.
pub(super) const WRITTEN: usize = 3;

/// What is left of it.
pub(super) struct Budget(usize);

impl Budget {
    /// All of it.
    pub(super) const fn full() -> Budget {
        Budget(BUDGET)
    }

    /// Takes this much; `None` when less is left, and what is left stays for something cheaper.
    pub(super) fn spend(&mut self, bytes: usize) -> Option<()> {
        self.0 = self.0.checked_sub(bytes)?;
        Some(())
    }

    /// What is left.
    pub(super) const fn left(&self) -> usize {
        self.0
    }
}
