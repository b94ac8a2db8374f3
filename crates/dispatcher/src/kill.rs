//! Named places where a test may end the process, to see what the next start makes of it. Without the feature
//! `kill-points` there is nothing here to run.

/// The variable that names the place, and after a colon which time of passing it is meant, from 1.
#[cfg(feature = "kill-points")]
const VARIABLE: &str = "BLUEHOOK_KILL_POINT";

/// Passes a place: before-commit, before-sync, after-commit, claimed, before-send, answered, before-record, after-record,
/// cursors, lists, fold, folded, replay-step, checkpoint, last-piece or schema.
#[cfg(feature = "kill-points")]
pub(crate) fn point(name: &str) {
    use std::sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    };
    static CHOSEN: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let chosen = CHOSEN.get_or_init(|| {
        let text = std::env::var(VARIABLE).ok()?;
        let (name, time) = text.split_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), time.parse().ok()?))
    });
    if let Some((chosen, time)) = chosen
        && chosen == name
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *time
    {
        // No handler runs and nothing is flushed, as with `kill -9`.
        std::process::abort();
    }
}

/// Passes a place; nothing happens there.
#[cfg(not(feature = "kill-points"))]
#[inline]
pub(crate) const fn point(_name: &str) {}
