//! What is known in memory, in versions: webhooks as they stand, who is in what, which webhooks may want an event. A version
//! never changes; the store's writer makes the next one, and everybody else reads the newest that is in the file, without a lock.

use std::sync::{Arc, PoisonError, RwLock};

// One version.
mod world;

// A webhook in it.
mod entry;

// Which webhooks want an event.
pub(crate) mod select;

// Who may get and read what.
pub(crate) mod membership;

// How busy a webhook is, beside the versions.
mod load;

// Companies, projects, people and memberships.
mod directory;

// Webhooks by what they chose.
mod index;

pub(crate) use directory::Directory;
pub(crate) use entry::{Entry, Keys, Revision};
pub(crate) use load::Load;
pub use world::WebhookCounts;
pub(crate) use world::{Staged, World};

/// The newest version that is in the file. Cloned freely; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Known(Arc<RwLock<Arc<World>>>);

impl Known {
    /// Beginning with this version.
    pub(crate) fn new(world: World) -> Known {
        Known(Arc::new(RwLock::new(Arc::new(world))))
    }

    /// The newest version, whatever comes after it.
    pub(crate) fn now(&self) -> Arc<World> {
        // Nothing can panic while the pointer is copied or replaced.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A version is in the file.
    pub(crate) fn becomes(&self, world: Arc<World>) {
        let before = std::mem::replace(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner), world);
        // What only that version had is freed when the lock is free.
        drop(before);
    }
}
