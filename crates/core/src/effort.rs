//! How much was looked at: counted where a test asks for it (feature `count-effort`), and nothing at all otherwise.
//!
//! Time cannot tell whether something stays linear on a machine that others use too; a count can.

#[cfg(not(any(test, feature = "count-effort")))]
pub(crate) use ignored::spend;

#[cfg(any(test, feature = "count-effort"))]
pub use counted::of;
#[cfg(any(test, feature = "count-effort"))]
pub(crate) use counted::spend;

#[cfg(not(any(test, feature = "count-effort")))]
mod ignored {
    /// Nobody counts.
    pub(crate) const fn spend(_: usize) {}
}

#[cfg(any(test, feature = "count-effort"))]
mod counted {
    use core::cell::Cell;

    std::thread_local! {
        static SPENT: Cell<u64> = const { Cell::new(0) };
    }

    /// Notes that this many tokens, characters or bytes were looked at.
    pub(crate) fn spend(units: usize) {
        SPENT.set(SPENT.get().saturating_add(units as u64));
    }

    /// Does something on this thread, and tells how many tokens, characters and bytes it looked at.
    pub fn of<T>(work: impl FnOnce() -> T) -> (T, u64) {
        let before = SPENT.get();
        let result = work();
        (result, SPENT.get().saturating_sub(before))
    }
}
