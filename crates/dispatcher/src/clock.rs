//! The only place that reads the time. Tests drive a clock by hand; everything else asks the system's.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use bluehook_core::time::Millis;
use tokio::sync::Notify;

/// Tells the time of day.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<Manual>>);

#[derive(Debug)]
struct Manual {
    now: AtomicI64,
    /// How long it has been running, in milliseconds.
    ran: AtomicI64,
    moved: Notify,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Clock {
        Clock(None)
    }

    /// A clock that stands still until it is moved.
    pub fn manual(now: Millis) -> Clock {
        let (now, ran) = (AtomicI64::new(now), AtomicI64::new(0));
        Clock(Some(Arc::new(Manual { now, ran, moved: Notify::new() })))
    }

    /// The time now.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Some(manual) => manual.now.load(Ordering::SeqCst),
            None => jiff::Timestamp::now().as_millisecond(),
        }
    }

    /// For how long this process has been running, whatever was done to the clock meanwhile.
    pub(crate) fn running(&self) -> Duration {
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Some(manual) => Duration::from_millis(manual.ran.load(Ordering::SeqCst).unsigned_abs()),
            None => BEGAN.elapsed(),
        }
    }

    /// Moves a manual clock: forwards as time goes by, backwards as it is set back. The system's clock is not touched.
    pub fn advance(&self, by: Millis) {
        if let Some(manual) = &self.0 {
            manual.ran.fetch_add(by.max(0), Ordering::SeqCst);
        }
        self.set(by);
    }

    /// Sets a manual clock forwards or backwards, in no time. The system's clock is not touched.
    pub fn set(&self, by: Millis) {
        if let Some(manual) = &self.0 {
            manual.now.fetch_add(by, Ordering::SeqCst);
            manual.moved.notify_waiters();
            manual.moved.notify_one();
        }
    }

    /// Waits until a manual clock is moved; for ever with the system's.
    pub(crate) async fn moved(&self) {
        match &self.0 {
            Some(manual) => manual.moved.notified().await,
            None => std::future::pending().await,
        }
    }
}
