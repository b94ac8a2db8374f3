//! What goes into a group, as one write of it sees that.

use bluehook_core::event::Event;

use crate::{
    Error, Result,
    store::{Change, Group},
};

/// The group that a write is part of.
pub(crate) struct Writing<'g> {
    group: &'g dyn Group,
    may_look: bool,
}

impl<'g> Writing<'g> {
    /// For a write that may look into the store, or not.
    pub(super) fn new(group: &'g dyn Group, may_look: bool) -> Writing<'g> {
        Writing { group, may_look }
    }

    /// Writes one thing.
    pub(crate) fn put(&self, change: Change<'_>) -> Result<()> {
        self.group.put(change)
    }

    /// The number of the event that a company's backend gave this id to. It knows the events of this group, too.
    pub(crate) fn event_with_id(&self, id: &str, company_id: &str) -> Result<Option<i64>> {
        self.group.event_with_id(id, company_id)
    }

    /// An event as it was taken in, and how many deliveries it made. It knows the events of this group, too.
    pub(crate) fn event(&self, number: i64) -> Result<Option<(Event, u32)>> {
        self.group.event(number)
    }

    /// The store as it was before this group, and upkeep's steps.
    ///
    /// # Errors
    /// [`Error::Store`] for a write that does not come first: what others put before it would be missing there. The group
    /// is undone, and each of it tried alone.
    pub(crate) fn look(&self) -> Result<&'g dyn Group> {
        if self.may_look {
            return Ok(self.group);
        }
        Err(Error::Store("a write that looks into the store does not come first in its group".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Snapshot, sqlite};

    #[test]
    fn only_the_first_of_a_group_looks_into_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let mut lane = sqlite::open(&folder.path().join("b.db")).unwrap().lane;
        let write = &mut |group: &dyn Group| {
            let (first, further) = (Writing::new(group, true), Writing::new(group, false));
            first.put(Change::Setting("first", Some("1")))?;
            further.put(Change::Setting("further", Some("2")))?;
            assert!(first.look().is_ok());
            assert!(matches!(further.look(), Err(Error::Store(_))));
            Ok(())
        };
        assert!(lane.write(write).is_ok());
        let kept = |snapshot: &dyn Snapshot, name| snapshot.setting(name).unwrap();
        assert_eq!(kept(lane.snapshot(), "further").as_deref(), Some("2"));
    }
}
