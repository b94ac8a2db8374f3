//! What a group of writes works with: what is known in memory, after what was written so far; what follows when the group is
//! in the file, and when it is on disk.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use bluehook_core::{delivery::Status, request, time::Millis};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::watch;

use super::{
    Condition, Lasting, Opened, Write,
    changes::{self, Entries, Entry as ChangeEntry},
    events, health,
    numbers::{self, Numbers},
    retention, sequence, sums, webhooks,
};
use crate::{
    Error, Result, WebhookCounts,
    age::Ageing,
    away::Away,
    changes::{DeliveryStep, WebhookStep},
    clock::Clock,
    config::Config,
    directory::{Company, Life},
    health::Health,
    id::{self, Ids},
    keys::Marks,
    know::{Entry, Known, Staged, WebhookKey, World},
    lag::Lagging,
    rescue::{Gone, Turns},
    sums::Move,
    worker::Workers,
};

/// What the writer works with, besides the file.
pub(crate) struct Context {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) workers: Workers,
    /// What the keys of requests are marked with.
    pub(crate) marks: Marks,
    /// What is known, after what was written so far.
    world: World,
    /// The same, after what is in the file: what everybody else finds.
    known: Known,
    /// The webhooks for which this transaction may have changed who gets what.
    concerned: Vec<WebhookKey>,
    /// The webhooks that are owed events of the log.
    pub(crate) lagging: Lagging,
    /// What time it is believed to be, for what is taken away.
    pub(crate) ageing: Ageing,
    /// The webhooks whose creators are away.
    pub(crate) away: Away,
    /// The webhooks that are gone, as long as something may be held for them.
    pub(crate) gone: Gone,
    /// Where the last look at what waits ended.
    pub(crate) turns: Turns,
    /// What follows when something is on disk.
    pub(crate) lasting: Lasting,
    /// Deliveries that are still to be attempted.
    backlog: Arc<AtomicI64>,
    /// By how much this transaction changes that.
    backlog_change: i64,
    /// How webhooks fare, as far as it is not on disk yet.
    healths: BTreeMap<WebhookKey, Health>,
    /// The moves of deliveries in this transaction.
    moves: Vec<Move>,
    /// Those that the sums do not hear of: of deliveries that are counted later, or that are taken away.
    unsummed: Vec<Move>,
    /// The deliveries of a log from before that are not in the sums yet.
    uncounted: Range<i64>,
    /// The same, after this transaction.
    uncounted_then: Range<i64>,
    /// By how much this transaction changes what is owed.
    owed: Vec<(WebhookKey, i64)>,
    /// The next numbers of events and deliveries.
    numbers: Numbers,
    pub(super) next_commit: i64,
    /// The last sequence number that was given out.
    last_sequence: i64,
    /// What this transaction changes, for those who follow.
    changes: Entries,
    latest: Millis,
}

impl Context {
    pub(crate) fn new(
        opened: &Opened,
        (config, clock, ids, known, workers): (Arc<Config>, Clock, Ids, Known, Workers),
        (backlog, marks): (Arc<AtomicI64>, Marks),
    ) -> Result<Context> {
        let last = events::last(&opened.connection)?;
        let next_commit = changes::next_commit(&opened.connection)?;
        let lasting = Lasting {
            workers: workers.clone(),
            counters: Arc::default(),
            commits: watch::Sender::new(0),
            changes_end: Arc::new(AtomicI64::new(next_commit)),
            condition: Condition::default(),
        };
        let written = known.now();
        let mut numbers = numbers::next(&opened.connection, &last, clock.now())?;
        numbers.event = numbers.event.max(written.directory.lives.latest());
        let away = Away::of(&written, clock.now());
        let logged = (last.number > 0).then_some(last.received_at);
        let ageing = Ageing::new(retention::age(&opened.connection)?, logged, &clock);
        Ok(Context {
            config,
            clock,
            ids,
            workers,
            marks,
            world: (*written).clone(),
            known,
            concerned: Vec::new(),
            lagging: Lagging::new(webhooks::lagging(&opened.connection)?),
            ageing,
            away,
            gone: Gone::read(&opened.connection)?,
            turns: Turns::default(),
            lasting,
            backlog,
            backlog_change: 0,
            healths: BTreeMap::new(),
            moves: Vec::new(),
            unsummed: Vec::new(),
            uncounted: sums::uncounted(&opened.connection)?,
            uncounted_then: 0..0,
            owed: Vec::new(),
            numbers,
            next_commit,
            last_sequence: sequence::last(&opened.connection)?,
            changes: Entries::default(),
            latest: last.received_at,
        })
    }

    /// The first event of a company's time.
    pub(crate) fn first_event(&self, company_id: &str) -> i64 {
        self.world.directory.first_event(Some(company_id), None)
    }

    /// The life of what is made now.
    pub(crate) fn life(&self) -> Life {
        let birth = i64::from_le_bytes(id::random()) & i64::MAX;
        Life { birth, since: self.numbers.event }
    }

    /// The company with this slug, after what was written so far.
    pub(crate) fn company_with_slug(&self, slug: &str) -> Option<String> {
        let is_it = |company: &Company| company.slug.as_deref() == Some(slug);
        let found = self.world.directory.companies.values().find(|company| is_it(company));
        found.map(|company| company.id.clone())
    }

    /// The number of one more event.
    pub(crate) fn event_number(&mut self) -> i64 {
        self.numbers.event += 1;
        self.numbers.event - 1
    }

    /// The next numbers of events and deliveries.
    pub(crate) fn numbers(&self) -> Numbers {
        self.numbers
    }

    /// The sequence number of one more event, taken in at `at`.
    pub(crate) fn sequence(&mut self, at: Millis) -> i64 {
        self.last_sequence = request::next_sequence(self.last_sequence, at);
        self.last_sequence
    }

    /// The last sequence number that was given out.
    pub(crate) fn last_sequence(&self) -> i64 {
        self.last_sequence
    }

    /// The numbers of `count` more deliveries: the first of them.
    pub(crate) fn delivery_numbers(&mut self, count: i64) -> i64 {
        self.numbers.delivery += count;
        self.numbers.delivery - count
    }

    /// What is known, after what was written so far.
    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// A webhook as it stands after what was written so far.
    pub(crate) fn entry(&self, key: WebhookKey) -> Option<Arc<Entry>> {
        self.world.entry(key).cloned()
    }

    /// Changes what is known. Everybody else knows of it as soon as this transaction is in the file, as those who read there.
    pub(crate) fn stage(&mut self, staged: Staged) {
        let change = match &staged {
            Staged::Put(entry) if self.world.entry(entry.key).is_some() => {
                Some((entry.key, WebhookStep::Changed))
            }
            Staged::Put(entry) => Some((entry.key, WebhookStep::Created)),
            Staged::Remove(key) => Some((*key, WebhookStep::Deleted)),
            Staged::Directory(..) => None,
        };
        if let Some((key, step)) = change {
            self.changes.push(ChangeEntry::Webhook { key, step });
        }
        self.concerned.extend(self.world.concerned(&staged));
        self.world.apply(staged);
    }

    /// Notes what happens to a delivery, for those who follow.
    pub(crate) fn delivery_changes(
        &mut self,
        (webhook, number): (WebhookKey, i64),
        step: DeliveryStep,
        status: Status,
        attempts: u32,
    ) {
        self.changes.push(ChangeEntry::Delivery { webhook, number, step, status, attempts });
    }

    /// Counts a move of the delivery with this number.
    pub(crate) fn moves(&mut self, number: i64, moved: Move) {
        let summed = !self.uncounted_then.contains(&number);
        if summed { &mut self.moves } else { &mut self.unsummed }.push(moved);
    }

    /// Counts a move that the sums need not hear of.
    pub(crate) fn moves_unsummed(&mut self, moved: Move) {
        self.unsummed.push(moved);
    }

    /// The deliveries of a log from before that are not in the sums yet.
    pub(crate) fn uncounted(&self) -> Range<i64> {
        self.uncounted_then.clone()
    }

    /// More of these are.
    pub(crate) fn counted(&mut self, left: Range<i64>) {
        self.uncounted_then = left;
    }

    /// Notes that a webhook is owed so many more events, or fewer.
    pub(crate) fn owes(&mut self, key: WebhookKey, by: i64) {
        self.owed.push((key, by));
    }

    /// How a webhook fares after what was written so far.
    pub(crate) fn health(&self, entry: &Entry) -> Health {
        let staged = self.healths.get(&entry.key).cloned();
        staged.or_else(|| entry.load.health()).unwrap_or_else(|| Health::new(entry.webhook.created_at))
    }

    /// Notes that only a webhook's health changes, for those who follow.
    pub(crate) fn health_changes(&mut self, key: WebhookKey) {
        self.changes.push(ChangeEntry::Webhook { key, step: WebhookStep::Health });
    }

    /// Notes how a webhook fares.
    pub(crate) fn fares(&mut self, key: WebhookKey, health: Health) {
        self.healths.insert(key, health);
    }

    /// Notes that this many more deliveries are to be attempted, or fewer.
    pub(crate) fn backlog_changes(&mut self, by: i64) {
        self.backlog_change += by;
    }

    /// How many webhooks a company has after what was written so far.
    pub(crate) fn counts_in(&self, company_id: &str) -> WebhookCounts {
        self.world.counts(company_id, self.config.webhook_limit_per_company)
    }

    /// The time now, for logs: never before what was logged last, so that numbers and times have one order even when
    /// the clock is set back.
    pub(crate) fn log_time(&mut self) -> Millis {
        self.latest = self.latest.max(self.clock.now());
        self.latest
    }
}

impl Context {
    /// Commits a group, with what `more` gives for it as it grows. It is then in the file, and not yet on disk.
    pub(super) fn write(
        &mut self,
        connection: &mut Connection,
        group: &mut Vec<Box<dyn Write>>,
        mut more: impl FnMut(usize) -> Option<Box<dyn Write>>,
    ) -> Result<(), Unwritten> {
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| Unwritten::NotBegun(error.into()))?;
        self.begin();
        for write in group.iter_mut() {
            write.apply(&tx, self).map_err(Unwritten::Undone)?;
        }
        while let Some(mut write) = more(group.len()) {
            let applied = write.apply(&tx, self);
            group.push(write);
            applied.map_err(Unwritten::Undone)?;
        }
        for (webhook, health) in &self.healths {
            health::put(&tx, *webhook, health).map_err(Unwritten::Undone)?;
        }
        let tells = !self.changes.is_empty() || !self.moves.is_empty();
        if tells {
            let (at, moves) = (self.log_time(), sums::pack(self.moves.iter()));
            changes::insert(&tx, (self.next_commit, at), &self.changes, &moves).map_err(Unwritten::Undone)?;
        }
        tx.commit().map_err(|error| Unwritten::Undone(error.into()))?;
        if tells {
            self.next_commit += 1;
            self.lasting.counters.changed(&self.changes);
        }
        self.committed();
        Ok(())
    }

    /// A transaction begins: nothing is changed by it yet.
    fn begin(&mut self) {
        self.healths.clear();
        let written = self.known.now();
        if self.world.is_later_than(&written) {
            self.world = written.instead_of(&self.world);
        }
        self.concerned.clear();
        self.changes.clear();
        self.moves.clear();
        self.unsummed.clear();
        self.owed.clear();
        self.uncounted_then = self.uncounted.clone();
        self.lagging.forget_changes();
        self.backlog_change = 0;
    }

    /// The transaction is in the file: what is known in memory follows.
    fn committed(&mut self) {
        self.lagging.keep_changes();
        self.uncounted = self.uncounted_then.clone();
        self.backlog.fetch_add(self.backlog_change, Ordering::AcqRel);
        if self.world.is_later_than(&self.known.now()) {
            let now = self.clock.now();
            for key in self.concerned.drain(..) {
                self.away.look(&self.world, key, now);
                if self.world.entry(key).is_none() {
                    self.gone.add(key);
                }
            }
            self.known.becomes(Arc::new(self.world.clone()));
        }
        let load = |key| self.world.entry(key).map(|entry| &entry.load);
        for moved in self.moves.iter().chain(&self.unsummed) {
            if let Some(load) = load(moved.webhook) {
                load.count(moved);
            }
        }
        for (key, by) in self.owed.drain(..) {
            if let Some(load) = load(key) {
                load.owe(by);
            }
        }
        for (key, health) in std::mem::take(&mut self.healths) {
            if let Some(load) = load(key) {
                load.fares(health);
            }
        }
    }
}

/// Why a group of writes is not on disk.
pub(super) enum Unwritten {
    /// The file took none at all, after the longest wait: each of the group alone would wait as long.
    NotBegun(Error),
    /// One of them could not be written, or not all together.
    Undone(Error),
}
