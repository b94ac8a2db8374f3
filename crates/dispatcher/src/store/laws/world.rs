//! A store on a disk, and the model beside it: both are told the same, and have to answer alike.

use std::sync::Arc;

use tempfile::TempDir;

use super::{Store, asked::Asked, memory::Memory, portrait::Portrait};
use crate::{
    Error, Result,
    id::{Ids, OldIds},
    seal::{EncryptionKey, Keyring},
    store::{Condition, Disk, Group, Lane, Readers, Snapshot, Unwritten, lane::Open},
    threads::Threads,
};

/// Something that is put into a group, as often as it has to be.
pub(super) type Put = Box<dyn Fn(&dyn Group) -> Result<()>>;

/// Puts all of these.
pub(super) fn fill(group: &dyn Group, puts: &[Put]) -> Result<()> {
    puts.iter().try_for_each(|put| put(group))
}

/// A store, and what it has to say.
pub(super) struct World {
    store: Store,
    folder: TempDir,
    open: Option<Running>,
    pub(super) model: Memory,
    pub(super) ids: Ids,
    pub(super) keys: Keyring,
}

/// A store that is open and serves. The disk ends first.
struct Running {
    disk: Box<dyn Disk>,
    lane: Box<dyn Lane>,
    readers: Arc<dyn Readers>,
}

impl World {
    pub(super) fn of(store: Store) -> World {
        let ids = Ids::new(&[7; 32], OldIds::default());
        let keys = Keyring::from(EncryptionKey::generate());
        let folder = tempfile::tempdir().unwrap();
        let mut world = World { store, folder, open: None, model: Memory::default(), ids, keys };
        world.begin();
        world
    }

    fn begin(&mut self) {
        let Open { mut lane, readers } = (self.store.open)(&self.folder.path().join("store")).unwrap();
        let (condition, threads) = (Condition::default(), Threads::default());
        let disk = lane.serve(&condition, 0, Box::new(|| ()), &threads).unwrap();
        self.open = Some(Running { disk, lane, readers });
    }

    fn running(&mut self) -> &mut Running {
        self.open.as_mut().unwrap()
    }

    /// What is in the store by now.
    pub(super) fn snapshot(&self) -> &dyn Snapshot {
        self.open.as_ref().unwrap().lane.snapshot()
    }

    pub(super) fn readers(&self) -> Arc<dyn Readers> {
        self.open.as_ref().unwrap().readers.clone()
    }

    /// Fills a group of the store alone.
    pub(super) fn try_to_write(&mut self, mut into: impl FnMut(&dyn Group) -> Result<()>) -> Result<()> {
        self.running().lane.write(&mut into).map_err(Unwritten::error)
    }

    /// Writes a group into both.
    pub(super) fn write(&mut self, puts: &[Put]) {
        let in_model = self.model.write(&mut |group| fill(group, puts)).map_err(Unwritten::error);
        in_model.unwrap();
        let written = self.try_to_write(|group| fill(group, puts));
        written.unwrap_or_else(|error| panic!("a group that the model took was not written: {error}"));
        let running = self.running();
        assert_eq!(running.disk.sync(), None);
        running.lane.tend(false);
    }

    /// Ends the store and opens it again: in order, or as if its process had been killed.
    pub(super) fn reopen(&mut self, is_killed: bool) {
        let Running { disk, lane, readers } = self.open.take().unwrap();
        drop(disk);
        if is_killed {
            drop(lane);
        } else {
            lane.end();
        }
        drop(readers);
        self.begin();
    }

    /// Both answer alike, whoever asks the store.
    pub(super) fn check(&self, asked: &Asked) {
        let expected = Portrait::of(&**self.model.data(), asked);
        Portrait::of(self.snapshot(), asked).assert_is(&expected);
    }

    /// The same by those who read beside the lane.
    pub(super) fn check_beside(&self, asked: &Asked) {
        let expected = Portrait::of(&**self.model.data(), asked);
        self.portrait_beside(asked).assert_is(&expected);
    }

    pub(super) fn portrait(&self, asked: &Asked) -> Portrait {
        Portrait::of(self.snapshot(), asked)
    }

    pub(super) fn portrait_beside(&self, asked: &Asked) -> Portrait {
        let mut shown = None;
        let read = self.readers().read(&mut |snapshot| {
            shown = Some(Portrait::of(snapshot, asked));
            Ok(())
        });
        read.unwrap();
        shown.unwrap()
    }
}

/// An error that a test makes.
pub(super) fn stop() -> Error {
    Error::Store("the test says so".to_owned())
}
