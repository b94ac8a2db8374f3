//! A group around another, for tests: it hears what is put into it, and may show another store.

use std::ops::Range;

use bluehook_core::{event::Event, time::Millis};

use super::{
    Change, Group, Snapshot,
    folding::Folding,
    lane::{Old, Pruned, SealedAgain},
};
use crate::{Result, model::WebhookKey, seal::Keyring};

pub(crate) struct Around<'a> {
    pub(crate) group: &'a dyn Group,
    /// What it shows as the store before it.
    pub(crate) before: &'a dyn Snapshot,
    pub(crate) hear: &'a dyn Fn(&Change<'_>),
}

impl Group for Around<'_> {
    fn put(&self, change: Change<'_>) -> Result<()> {
        (self.hear)(&change);
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

    fn fold_lists(&self, folding: &Folding, after: WebhookKey, most: usize) -> Result<Option<WebhookKey>> {
        self.group.fold_lists(folding, after, most)
    }

    fn fold(&self, folding: &Folding, lists_after: WebhookKey) -> Result<()> {
        self.group.fold(folding, lists_after)
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
