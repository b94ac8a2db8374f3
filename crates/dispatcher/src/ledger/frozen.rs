//! A group of which nothing shows before it is in the store: the strictest that a store may be, for tests of what looks.

use std::ops::Range;

use bluehook_core::{event::Event, time::Millis};

use super::{Context, Store, Writing};
use crate::{
    Result,
    model::WebhookKey,
    seal::Keyring,
    store::{
        Change, Group, Snapshot,
        lane::{BUSY, Old, Pruned, SealedAgain},
    },
};

struct Frozen<'a> {
    group: &'a dyn Group,
    before: &'a dyn Snapshot,
}

impl Group for Frozen<'_> {
    fn put(&self, change: Change<'_>) -> Result<()> {
        self.group.put(change)
    }

    fn before(&self) -> &dyn Snapshot {
        self.before
    }

    fn event_with_id(&self, id: &str, company_id: &str) -> Result<Option<i64>> {
        self.group.event_with_id(id, company_id)
    }

    fn event(&self, number: i64) -> Result<Option<(Event, u32)>> {
        self.group.event(number)
    }

    fn fold(&self, now: Millis) -> Result<bool> {
        self.group.fold(now)
    }

    fn sum_hours(&self, now: Millis) -> Result<bool> {
        self.group.sum_hours(now)
    }

    fn count(&self, now: Millis) -> Result<Range<i64>> {
        self.group.count(now)
    }

    fn prune(&self, old: Old<'_>) -> Result<Pruned> {
        self.group.prune(old)
    }

    fn prune_audit(&self, before: Millis) -> Result<bool> {
        self.group.prune_audit(before)
    }

    fn seal_again(&self, keys: &Keyring, after: WebhookKey, most: usize) -> Result<SealedAgain> {
        self.group.seal_again(keys, after, most)
    }
}

impl Store {
    /// Runs a change that looks into the store and finds nothing there of what it writes.
    pub(crate) async fn look_frozen<T: Send + 'static>(
        &self,
        mut change: impl FnMut(&Writing<'_>, &mut Context) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let readers = self.readers.clone();
        let frozen = move |writing: &Writing<'_>, context: &mut Context| {
            let (group, mut done) = (writing.look()?, None);
            readers.read(&mut |before| {
                let frozen = Frozen { group, before };
                done = Some(change(&Writing::new(&frozen, true), context)?);
                Ok(())
            })?;
            done.ok_or(BUSY)
        };
        self.look_and_change(frozen).await
    }
}
