//! Turns to read: whoever finds all of them taken waits for one, but not for long.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{Error, Result, store::lane::BUSY};

/// The most readings at once; more wait for their turn.
const MAX_LOOKUPS: usize = 6;

/// The most readings at once of those who follow the log.
const MAX_FOLLOWERS: usize = 2;

/// How long a turn is waited for.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Who reads.
#[derive(Clone, Copy)]
pub(super) enum Who {
    /// Somebody who asks once.
    Lookup,
    /// Somebody who follows the log: there may be thousands, and nobody else is to wait for them.
    Follower,
}

/// Turns. Cloned freely; all clones are one.
#[derive(Clone)]
pub(super) struct Turns {
    lookups: Arc<Semaphore>,
    followers: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Turns {
        Turns {
            lookups: Arc::new(Semaphore::new(MAX_LOOKUPS)),
            followers: Arc::new(Semaphore::new(MAX_FOLLOWERS)),
        }
    }
}

impl Turns {
    /// A turn, given back when what this gives is dropped.
    pub(super) async fn take(&self, who: Who) -> Result<OwnedSemaphorePermit> {
        let turns = match who {
            Who::Lookup => &self.lookups,
            Who::Follower => &self.followers,
        };
        in_time(turns.clone().acquire_owned(), MAX_WAIT).await?.map_err(|_| Error::ShuttingDown)
    }
}

/// Waits for a turn, but no longer than this.
async fn in_time<T>(turn: impl Future<Output = T>, longest: Duration) -> Result<T> {
    timeout(longest, turn).await.map_err(|_| BUSY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Busy;

    #[tokio::test]
    async fn who_finds_no_turn_waits_but_not_for_long() {
        let all = Turns::default();
        let mut turns = Vec::new();
        for _ in 0..MAX_LOOKUPS {
            turns.push(all.take(Who::Lookup).await.unwrap());
        }
        let waits = in_time(all.clone().take(Who::Lookup), Duration::ZERO).await;
        assert!(matches!(waits, Err(Error::Busy { what: Busy::Reading, retry_after_seconds: 1 })));
        assert!(all.take(Who::Follower).await.is_ok(), "followers have turns of their own");
        turns.pop();
        assert!(all.take(Who::Lookup).await.is_ok());
    }
}
