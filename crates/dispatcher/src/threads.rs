//! The threads that a dispatcher cannot do without: one that ends by a panic is told, since half a dispatcher is none.

use std::thread::{self, JoinHandle};

use tokio::sync::watch;

use crate::{Error, Result};

/// Starts threads, and tells which was lost. Cloned freely; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Threads(watch::Sender<Option<String>>);

impl Threads {
    /// Starts a thread.
    ///
    /// # Errors
    /// [`Error::Config`] when the system gives no more.
    pub(crate) fn start(
        &self,
        name: impl Into<String>,
        body: impl FnOnce() + Send + 'static,
    ) -> Result<JoinHandle<()>> {
        let name = name.into();
        let watched = Watched { name: name.clone(), lost: self.0.clone() };
        let run = move || {
            let _watched = watched;
            body();
        };
        let started = thread::Builder::new().name(name.clone()).spawn(run);
        started.map_err(|error| Error::Config(format!("the thread {name} could not be started: {error}")))
    }

    /// Ends when one of them was lost to a panic, with its name.
    pub(crate) async fn lost(&self) -> String {
        let mut lost = self.0.subscribe();
        match lost.wait_for(Option::is_some).await {
            Ok(name) => name.clone().unwrap_or_default(),
            // The sender is held here.
            Err(_) => std::future::pending().await,
        }
    }
}

/// Tells of the thread that it is dropped in, if that panics.
struct Watched {
    name: String,
    lost: watch::Sender<Option<String>>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if thread::panicking() {
            self.lost.send_replace(Some(std::mem::take(&mut self.name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_thread_that_is_lost_is_told_and_one_that_ends_is_not() {
        let threads = Threads::default();
        let mut lost = threads.0.subscribe();
        threads.start("ends", || ()).unwrap().join().unwrap();
        assert_eq!(*lost.borrow_and_update(), None);
        let failed = threads.start("fails", || panic!("of a test")).unwrap();
        assert!(failed.join().is_err());
        assert_eq!(lost.wait_for(Option::is_some).await.unwrap().as_deref(), Some("fails"));
    }
}
