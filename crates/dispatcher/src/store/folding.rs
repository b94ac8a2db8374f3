//! What commits add to sums, lists and counts, gathered: read beside the lane when it is much, and put in by it.

use std::collections::BTreeMap;

use super::rows::Listed;
use crate::model::{
    WebhookKey,
    sums::{Counts, Slot},
};

/// By webhook and slot, by how much sums change.
pub(crate) type Sums = BTreeMap<(WebhookKey, Slot), Counts>;

/// By webhook: how many deliveries are to be attempted, and how many are held; or by how much that changes.
pub(crate) type Fares = BTreeMap<WebhookKey, [i64; 2]>;

/// By webhook, the deliveries that were made, numbers rising.
pub(crate) type Lists = BTreeMap<WebhookKey, Vec<Listed>>;

/// What the first commits that are not folded come to.
#[derive(Debug, Default)]
pub(crate) struct Folding {
    /// The last commit that was folded before. A folding is put in only where that is so.
    pub(crate) after: i64,
    /// The last commit that is in this.
    pub(crate) to: i64,
    pub(crate) sums: Sums,
    pub(crate) fares: Fares,
    pub(crate) lists: Lists,
    /// There are more commits.
    pub(crate) more: bool,
}

impl Folding {
    /// The webhooks after this one whose lists change, at most so many.
    pub(crate) fn listed(
        &self,
        after: WebhookKey,
        most: usize,
    ) -> impl Iterator<Item = (WebhookKey, &[Listed])> {
        let next = self.lists.range(after.saturating_add(1)..);
        next.take(most).map(|(webhook, list)| (*webhook, list.as_slice()))
    }

    /// How many rows of sums and counts it changes.
    pub(crate) fn rows(&self) -> usize {
        self.sums.len() + self.fares.len()
    }
}
