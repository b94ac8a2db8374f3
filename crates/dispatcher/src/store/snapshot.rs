//! What is read: one consistent view of the store, asked by who needs what.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::Arc,
};

use bluehook_core::{delivery::Status, event::Event, request::Stamp, time::Millis};

use super::{
    change::Secrets,
    folding::Folding,
    made::Made,
    numbers::Steps,
    rows::{
        Again, Creation, Held, MaySend, Reading, RunningJob, RunningReplay, Standing, Tail, Told, Waiting,
    },
};
use crate::{
    Result,
    id::Ids,
    know::{Directory, Entry, Revision},
    model::{
        WebhookKey,
        age::Age,
        audit::{AuditQuery, Audited},
        changes::{ChangeQuery, Position},
        directory::Births,
        dry_run::Example,
        job::Job,
        log::{Attempt, Delivery, DeliveryQuery, EventDetail, EventQuery, Page, PageQuery, StoredEvent},
        replay::{Replay, ReplayQuery},
        standing::HealthChange,
        stats::{Seen, Summary},
        sums::{Counts, Slot},
    },
    seal::Keyring,
};

/// One consistent view: what is written later does not show.
pub(crate) trait Snapshot: Beginning + Waits + Logged + Kept {}

impl<T: Beginning + Waits + Logged + Kept> Snapshot for T {}

/// What a start reads.
pub(crate) trait Beginning {
    /// Every webhook that is not deleted, opened with these keys.
    fn webhooks(&self, keys: &Keyring) -> Result<Vec<Entry>>;
    /// The directory.
    fn directory(&self) -> Result<Directory>;
    /// The keys of the next webhook and of the next revision; none was ever given before.
    fn next_keys(&self) -> Result<(WebhookKey, i64)>;
    /// The last number that was given to an event or a delivery.
    fn last_number(&self) -> Result<i64>;
    /// From which numbers on they are ahead of the clock.
    fn clock_steps(&self) -> Result<Steps>;
    /// The number of the next commit.
    fn next_commit(&self) -> Result<i64>;
    /// When the last one was made.
    fn last_commit_at(&self) -> Result<Option<Millis>>;
    /// What time it was believed to be when that was last kept.
    fn age(&self) -> Result<Option<Age>>;
    /// The common cursor, and what time the clock said when it was last moved.
    fn open_from(&self) -> Result<(i64, Option<Millis>)>;
    /// The cursors of lines that have one of their own, deleted webhooks' too.
    fn cursors(&self) -> Result<BTreeMap<WebhookKey, i64>>;
    /// By webhook, deleted ones too: how many deliveries are to be attempted, and how many are held.
    fn fares(&self) -> Result<BTreeMap<WebhookKey, [i64; 2]>>;
    /// When the last attempt of each webhook ended, and the last that succeeded, of the commits that are not folded yet.
    fn attempted_lately(&self) -> Result<HashMap<WebhookKey, (Millis, Option<Millis>)>>;
    /// The deliveries of a log from before that are not in the sums yet.
    fn uncounted(&self) -> Result<Range<i64>>;
}

/// What waits to be sent, and what it is made of.
pub(crate) trait Waits {
    /// The first event from a number on that made deliveries, and those that are bare; none when there are no more.
    fn next_bare(&self, from: i64) -> Result<Option<(i64, Vec<Made>)>>;
    /// The next webhook after this one that something with a row waits for, and when its first is due.
    fn next_waiting(&self, after: WebhookKey) -> Result<Option<(WebhookKey, Millis)>>;
    /// What waits for its time for a webhook, what is due first first, at most `limit`.
    fn waiting(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<Waiting>>;
    /// The same by number, above `after`.
    fn waiting_after(&self, webhook: WebhookKey, after: i64, limit: usize) -> Result<Vec<Waiting>>;
    /// The first deliveries with rows that are held for a webhook, at most `limit`.
    fn held(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<Held>>;
    /// What of the lists is not folded yet.
    fn tail(&self) -> Result<Tail>;
    /// The next deliveries in a webhook's list with a number above `after`, oldest first, at most `limit`. Those of the tail
    /// follow.
    fn listed_after(&self, webhook: WebhookKey, after: i64, limit: usize) -> Result<Vec<i64>>;
    /// The event that made the delivery with this number, if the store has it, and the delivery as it was made.
    fn made(&self, number: i64) -> Result<Option<Made>>;
    /// The delivery with this number, if it is bare.
    fn bare(&self, number: i64) -> Result<Option<Made>>;
    /// How a delivery stands.
    fn stands(&self, number: i64) -> Result<Option<Standing>>;
    /// The project that a delivery tells of, and its event's number.
    fn told_of(&self, number: i64) -> Result<Option<(String, i64)>>;
    /// An event, and what of the request is its.
    fn event(&self, number: i64) -> Result<Option<(Event, Stamp)>>;
    /// What of a webhook went into bodies.
    fn revision(&self, key: i64) -> Result<Option<Arc<Revision>>>;
    /// The delivery before the first that was made at a time or later.
    fn position_before(&self, since: Millis) -> Result<i64>;
    /// The next deliveries of a replay.
    fn next_again(
        &self,
        job: &RunningReplay,
        tail: &Tail,
        limit: usize,
        may_send: MaySend<'_>,
    ) -> Result<Again>;
    /// How many deliveries a replay would send.
    fn count_again(&self, webhook: WebhookKey, query: &ReplayQuery, may_send: MaySend<'_>) -> Result<u64>;
}

/// What is told of the log.
pub(crate) trait Logged {
    /// A page of events, newest first, from one on.
    fn events(&self, ids: &Ids, of: (&EventQuery, i64), page: &PageQuery) -> Result<Page<StoredEvent>>;
    /// A page of deliveries, newest first, of events from one on.
    fn deliveries(&self, ids: &Ids, of: (&DeliveryQuery, i64), page: &PageQuery) -> Result<Page<Delivery>>;
    /// The number of the event with this id, the caller's or one of ours.
    fn event_number(&self, ids: &Ids, id: &str, company_id: Option<&str>) -> Result<Option<i64>>;
    /// An event with its values, without its deliveries.
    fn event_detail(&self, ids: &Ids, number: i64) -> Result<Option<EventDetail>>;
    /// Shows the newest events of a company that `is_there` knows, until it was `limit` or `show` says that it is enough.
    fn newest_events(
        &self,
        ids: &Ids,
        company_id: &str,
        limit: usize,
        is_there: &dyn Fn(&str, i64) -> bool,
        show: &mut dyn FnMut(Example, &Event) -> Result<bool>,
    ) -> Result<()>;
    /// A delivery as lists show it.
    fn delivery(&self, ids: &Ids, number: i64) -> Result<Option<Delivery>>;
    /// The same with what its body is made of.
    fn told(&self, ids: &Ids, number: i64) -> Result<Option<Told>>;
    /// Whose a delivery is: its company and its webhook's creator.
    fn owner(&self, number: i64) -> Result<Option<(String, String)>>;
    /// The newest attempts of a delivery, first to last, and how many there are.
    fn attempts(&self, ids: &Ids, delivery: i64) -> Result<(Vec<Attempt>, u32)>;
    /// What changed after a place and before another, at most `limit`.
    fn changes(&self, between: (Position, Position), query: &ChangeQuery, limit: usize) -> Result<Reading>;
    /// Shows the newest deliveries of a webhook since a time. True when there are more than are looked at.
    fn newest(&self, webhook: WebhookKey, since: Millis, show: &mut dyn FnMut(Seen)) -> Result<bool>;
    /// How the newest deliveries of a webhook fared.
    fn summary(&self, tail: &Tail, webhook: WebhookKey) -> Result<Summary>;
    /// When the newest delivery of a webhook was made.
    fn last_made(&self, tail: &Tail, webhook: WebhookKey) -> Result<Option<Millis>>;
    /// When the oldest delivery of a webhook was made that has a row and is in a status.
    fn oldest_in(&self, webhook: WebhookKey, status: Status) -> Result<Option<Millis>>;
    /// When the oldest delivery of a webhook was made that is held and bare.
    fn oldest_held(&self, tail: &Tail, webhook: WebhookKey) -> Result<Option<Millis>>;
    /// Shows what is counted of some webhooks, by slot; of an hour that lies behind in its first.
    fn sums(
        &self,
        webhooks: &[WebhookKey],
        slots: Range<Slot>,
        show: &mut dyn FnMut(WebhookKey, Slot, &Counts),
    ) -> Result<()>;
    /// What the first commits come to that are not folded, at most so many deliveries and moves or a few more, or those of one
    /// commit; fewer, when it would change too many rows at once.
    fn unfolded(&self, now: Millis, most: usize) -> Result<Folding>;
    /// The newest changes of a webhook's health, newest first.
    fn health_history(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<HealthChange>>;
    /// A page of the audit trail, newest first; of an owner, only what was done in their time.
    fn audit(&self, ids: &Ids, of: (&AuditQuery, Option<Births>), page: &PageQuery) -> Result<Page<Audited>>;
}

/// What is kept beside the log.
pub(crate) trait Kept {
    /// A small setting.
    fn setting(&self, name: &str) -> Result<Option<String>>;
    /// Every small setting whose name begins so: names and values, by name.
    fn settings(&self, prefix: &str) -> Result<Vec<(String, String)>>;
    /// What was made for a caller's key.
    fn creation(&self, key: &[u8]) -> Result<Option<Creation>>;
    /// A webhook's secrets at rest.
    fn secrets(&self, webhook: WebhookKey) -> Result<Secrets>;
    /// How many webhooks have something sealed.
    fn count_sealed(&self) -> Result<u64>;
    /// The number of the next replay or job.
    fn next_job(&self) -> Result<i64>;
    /// A replay and how far it is.
    fn replay(&self, ids: &Ids, number: i64) -> Result<Option<Replay>>;
    /// Every replay that goes on.
    fn running_replays(&self) -> Result<Vec<RunningReplay>>;
    /// A job and how far it is.
    fn job(&self, ids: &Ids, number: i64) -> Result<Option<Job>>;
    /// The job that goes on.
    fn running_job(&self) -> Result<Option<RunningJob>>;
}
