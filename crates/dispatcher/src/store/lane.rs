//! What is written, and by whom: lanes, groups, the disk; and those who read beside them.

use std::{sync::Arc, time::Duration};

use bluehook_core::{event::Event, time::Millis};

use super::{Change, Snapshot, condition::Condition, folding::Folding};
use crate::{
    Error, Result,
    error::Busy,
    model::{WebhookKey, sums::Move},
    seal::Keyring,
    threads::Threads,
    trouble::Trouble,
};

/// A chain of groups with one owner.
pub(crate) trait Lane: Send {
    /// Writes what `fill` puts into a group: all of it, or nothing when `fill` fails or the store does. It is then in the
    /// store, and lasts when the [`Disk`] says so.
    fn write(&mut self, fill: &mut dyn FnMut(&dyn Group) -> Result<()>) -> Result<(), Unwritten>;

    /// What is in the store by now.
    fn snapshot(&self) -> &dyn Snapshot;

    /// Begins to serve: from now on groups come one after the other, and `wake` has [`Lane::tend`] called by the lane's
    /// owner. What is found wrong is noted in `condition`.
    fn serve(
        &mut self,
        condition: &Condition,
        disk_reserve: u64,
        wake: Box<dyn Fn() + Send>,
        threads: &Threads,
    ) -> Result<Box<dyn Disk>>;

    /// Does what is to be done between two groups. `is_over`: nothing is written any more.
    fn tend(&mut self, is_over: bool);

    /// When that is next, if nobody wakes the owner before.
    fn tend_after(&self, is_over: bool) -> Option<Duration>;

    /// Gives room back that groups need, where the disk has none.
    fn make_room(&mut self);

    /// Tries whether anything can be written.
    fn try_to_write(&self) -> Result<()>;

    /// How long a group waits for another program that holds the store: as long as usual, or hardly.
    fn wait_for_others(&self, hardly: bool);

    /// Ends it, when the [`Disk`] has ended.
    fn end(self: Box<Self>);
}

/// What one commit carries. What it says of the store is how it was before, but for [`Group::event_with_id`] and
/// [`Group::event`], which know the events of the group, too.
pub(crate) trait Group {
    /// Writes one thing.
    fn put(&self, change: Change<'_>) -> Result<()>;

    /// The store before this group. What the group put by then may show or not.
    fn before(&self) -> &dyn Snapshot;

    /// The number of the event that a company's backend gave this id to.
    fn event_with_id(&self, id: &str, company_id: &str) -> Result<Option<i64>>;

    /// An event as it was taken in, and how many deliveries it made.
    fn event(&self, number: i64) -> Result<Option<(Event, u32)>>;

    // What upkeep does, step by step. A step knows what those before it in the group did.

    /// Brings what was [gathered](super::snapshot::Logged::unfolded) of commits into the lists of the next webhooks after one,
    /// at most so many: before the rest, when they are many. Gives the last of them; none when there were no more, or other
    /// commits were folded meanwhile.
    fn fold_lists(&self, folding: &Folding, after: WebhookKey, most: usize) -> Result<Option<WebhookKey>>;

    /// Brings it into the lists of the webhooks after one, sums and counts; nothing, if other commits were folded meanwhile.
    fn fold(&self, folding: &Folding, lists_after: WebhookKey) -> Result<()>;

    /// Puts one piece of the sums of hours that lie behind into their hours. True when there may be more.
    fn sum_hours(&self, now: Millis) -> Result<bool>;

    /// Counts one piece of the deliveries that [`Snapshot::uncounted`] tells of. Gives what is left.
    fn count(&self, now: Millis) -> Result<std::ops::Range<i64>>;

    /// Takes away one piece of what is old.
    fn prune(&self, old: Old<'_>) -> Result<Pruned>;

    /// Takes away one piece of the audit trail from before a time. True when there may be more.
    fn prune_audit(&self, before: Millis) -> Result<bool>;

    /// Seals the next webhooks' secrets and headers with the newest key, where they are not.
    fn seal_again(&self, keys: &Keyring, after: WebhookKey, most: usize) -> Result<SealedAgain>;
}

/// What is asked of a webhook and a number.
pub(crate) type Asked<'a> = &'a dyn Fn(WebhookKey, i64) -> bool;

/// What is old, and what of it stays.
pub(crate) struct Old<'a> {
    /// What was taken in before this time is.
    pub(crate) before: Millis,
    /// What time it is believed to be.
    pub(crate) now: Millis,
    /// Whether a delivery of a webhook in an event may still have to be sent that has no row.
    pub(crate) may_be_bare: Asked<'a>,
    /// Whether a delivery of a webhook is being sent.
    pub(crate) is_in_memory: Asked<'a>,
    /// Up to which webhook the rest was looked at.
    pub(crate) swept: WebhookKey,
}

/// What one piece of pruning came to.
pub(crate) struct Pruned {
    /// What is not there any more, for what counts what waits.
    pub(crate) moves: Vec<Move>,
    /// Up to which webhook the rest was looked at.
    pub(crate) swept: WebhookKey,
    /// There may be more.
    pub(crate) more: bool,
}

/// What one step sealed again.
pub(crate) struct SealedAgain {
    /// Up to which webhook it came, if there was one.
    pub(crate) last: Option<WebhookKey>,
    /// How many it looked at.
    pub(crate) count: i64,
}

/// Why a group is not in the store.
pub(crate) enum Unwritten {
    /// The store took none at all, after the longest wait: each of the group alone would wait as long.
    NotBegun(Error),
    /// One thing of it could not be written, or not all together.
    Undone(Error),
}

impl Unwritten {
    /// What went wrong.
    pub(crate) fn error(self) -> Error {
        match self {
            Unwritten::NotBegun(error) | Unwritten::Undone(error) => error,
        }
    }
}

/// What makes groups last. On a thread of its own, where the lane's owner has something else to do meanwhile.
pub(crate) trait Disk: Send + Sync {
    /// Looks at what the store lies on. Gives why nothing will last any more.
    fn look(&self) -> Option<Trouble>;

    /// Makes what was written last. Gives why nothing will any more.
    fn sync(&self) -> Option<Trouble>;
}

/// Those who read beside the lane.
pub(crate) trait Readers: Send + Sync {
    /// Shows one consistent snapshot, and lets go of it. Blocks; fails when that has to wait too long.
    fn read(&self, show: &mut dyn FnMut(&dyn Snapshot) -> Result<()>) -> Result<()>;
}

/// Too much is read at once.
pub(crate) const BUSY: Error = Error::Busy { what: Busy::Reading, retry_after_seconds: 1 };

/// A store that is open: its lane, and those who read beside it.
pub(crate) struct Open {
    pub(crate) lane: Box<dyn Lane>,
    pub(crate) readers: Arc<dyn Readers>,
}

impl dyn Lane + '_ {
    /// Writes a small setting, and nothing beside it.
    pub(crate) fn keep(&mut self, name: &str, value: &str) -> Result<()> {
        self.write(&mut |group| group.put(Change::Setting(name, Some(value)))).map_err(Unwritten::error)
    }
}
