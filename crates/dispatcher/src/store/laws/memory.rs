//! A second store, of the tests: everything in memory, every question answered by a look at all that there is. It has no
//! index, no bounds, and folds nothing: what it says is what is so.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bluehook_core::{event::Event, time::Millis};

use crate::{
    Result,
    model::WebhookKey,
    seal::Keyring,
    store::{
        Change, Condition, Disk, Group, Lane, Readers, Snapshot, Unwritten,
        folding::Folding,
        lane::{Old, Open, Pruned, SealedAgain},
    },
    threads::Threads,
    trouble::Trouble,
};

// What there is.
mod data;

// How changes change it.
mod of_webhooks;
mod writing;

// What is taken away.
mod pruning;

// What is asked of it.
mod beginning;
mod kept;
mod lists;
mod logged;
mod waits;

pub(super) use data::{Data, Row, Stood};

/// What is in one of these, as of its last group.
type Shared = Arc<Mutex<Arc<Data>>>;

/// What was opened by these paths: it lives on as a file would.
static STORES: Mutex<BTreeMap<PathBuf, Shared>> = Mutex::new(BTreeMap::new());

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens the one of a path.
#[expect(clippy::unnecessary_wraps, reason = "stores are opened so")]
pub(super) fn open(path: &Path) -> Result<Open> {
    let shared = locked(&STORES).entry(path.to_owned()).or_default().clone();
    let data = locked(&shared).clone();
    Ok(Open { readers: Arc::new(Beside(shared.clone())), lane: Box::new(Memory { shared, data }) })
}

/// The lane.
#[derive(Default)]
pub(super) struct Memory {
    shared: Shared,
    data: Arc<Data>,
}

impl Memory {
    /// What is in it.
    pub(super) fn data(&self) -> &Arc<Data> {
        &self.data
    }
}

impl Lane for Memory {
    fn write(&mut self, fill: &mut dyn FnMut(&dyn Group) -> Result<()>) -> Result<(), Unwritten> {
        let draft = Draft::of(self.data.clone());
        fill(&draft).map_err(Unwritten::Undone)?;
        self.data = Arc::new(draft.now.into_inner());
        *locked(&self.shared) = self.data.clone();
        Ok(())
    }

    fn snapshot(&self) -> &dyn Snapshot {
        &*self.data
    }

    fn serve(
        &mut self,
        _: &Condition,
        _: u64,
        _: Box<dyn Fn() + Send>,
        _: &Threads,
    ) -> Result<Box<dyn Disk>> {
        Ok(Box::new(Nowhere))
    }

    fn tend(&mut self, _: bool) {}

    fn tend_after(&self, _: bool) -> Option<Duration> {
        None
    }

    fn make_room(&mut self) {}

    fn try_to_write(&self) -> Result<()> {
        Ok(())
    }

    fn wait_for_others(&self, _: bool) {}

    fn end(self: Box<Self>) {}
}

/// What is in memory lasts as long as it does.
struct Nowhere;

impl Disk for Nowhere {
    fn look(&self) -> Option<Trouble> {
        None
    }

    fn sync(&self) -> Option<Trouble> {
        None
    }
}

/// Those who read beside the lane.
struct Beside(Shared);

impl Readers for Beside {
    fn read(&self, show: &mut dyn FnMut(&dyn Snapshot) -> Result<()>) -> Result<()> {
        let data = locked(&self.0).clone();
        show(&*data)
    }
}

/// A group: a copy that becomes what there is.
pub(super) struct Draft {
    before: Arc<Data>,
    now: RefCell<Data>,
}

impl Draft {
    pub(super) fn of(before: Arc<Data>) -> Draft {
        Draft { now: RefCell::new((*before).clone()), before }
    }

    /// What there is with the group.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Data) -> T) -> T {
        look(&self.now.borrow())
    }
}

impl Group for Draft {
    fn put(&self, change: Change<'_>) -> Result<()> {
        self.now.borrow_mut().put(change)
    }

    fn before(&self) -> &dyn Snapshot {
        &*self.before
    }

    fn event_with_id(&self, id: &str, company_id: &str) -> Result<Option<i64>> {
        Ok(self.with(|data| data.with_id(id, company_id)))
    }

    fn event(&self, number: i64) -> Result<Option<(Event, u32)>> {
        let found = |data: &Data| {
            let logged = data.events.get(&number)?;
            Some((logged.event.clone(), u32::try_from(logged.targets.len()).unwrap()))
        };
        Ok(self.with(found))
    }

    fn fold_lists(&self, _: &Folding, _: WebhookKey, _: usize) -> Result<Option<WebhookKey>> {
        Ok(None)
    }

    /// There is nothing to fold; but that it was done is known, since attempts are told until then.
    fn fold(&self, folding: &Folding, _: WebhookKey) -> Result<()> {
        let mut data = self.now.borrow_mut();
        if data.folded == folding.after {
            data.folded = folding.to;
        }
        Ok(())
    }

    fn sum_hours(&self, _: Millis) -> Result<bool> {
        Ok(false)
    }

    fn count(&self, _: Millis) -> Result<Range<i64>> {
        Ok(0..0)
    }

    fn prune(&self, old: Old<'_>) -> Result<Pruned> {
        Ok(self.now.borrow_mut().prune(&old))
    }

    fn prune_audit(&self, before: Millis) -> Result<bool> {
        self.now.borrow_mut().audit.retain(|_, done| done.at >= before);
        Ok(false)
    }

    fn seal_again(&self, keys: &Keyring, after: WebhookKey, most: usize) -> Result<SealedAgain> {
        self.now.borrow_mut().seal_again(keys, after, most)
    }
}
