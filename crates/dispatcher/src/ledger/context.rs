//! What a group of writes works with: what is known in memory, after what was written so far; what follows when the group is
//! in the file, and when it is on disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::Connection;
use tokio::sync::watch;

use super::{
    Lasting, Write,
    away::Away,
    due::Due,
    gone::{Gone, Turns},
    lines::Lines,
};
use crate::{
    Error, Result, WebhookCounts,
    clock::Clock,
    config::Config,
    id::{self, Ids},
    know::{Entry, Known, Staged, World},
    line::Workers,
    model::{
        WebhookKey,
        age::{Ageing, LEAP},
        changes::{DeliveryStep, WebhookStep},
        directory::{Company, Life},
        health::Health,
        sums::Move,
    },
    store::{
        Condition, Opened,
        changes::{self, Entries, Entry as ChangeEntry},
        connection,
        cursors::OPEN_FROM,
        health,
        keys::Marks,
        numbers::Numbers,
        retention, settings, sums, webhooks,
    },
};

/// The most webhooks of which it is written in one transaction when attempts last ended.
const MAX_CAUGHT_UP: usize = 1_000;

/// The setting that has what time the clock said when cursors were moved.
const LATEST: &str = "latest-time";

/// What time the clock said when that was last kept.
fn kept_time(connection: &Connection) -> Result<Option<Millis>> {
    Ok(settings::get(connection, LATEST)?.and_then(|text| text.parse().ok()))
}

/// How often cursors are moved.
const MOVE_CURSORS: Duration = Duration::from_secs(1);

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
    /// What is in memory of what is to be sent, and up to where the rest was read.
    pub(crate) lines: Lines,
    /// When something with a row is due.
    pub(crate) due: Due,
    /// What time it is believed to be, for what is taken away.
    pub(crate) ageing: Ageing,
    /// The webhooks whose creators are away.
    pub(crate) away: Away,
    /// The webhooks that are gone, as long as something may be held for them.
    pub(crate) gone: Gone,
    /// The same, as the file has it.
    kept_gone: Gone,
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
    /// The webhooks of which is to be written when attempts last ended.
    unwritten: BTreeSet<WebhookKey>,
    /// Those that this transaction writes it of, and those of which it is still to be written then.
    caught_up: Vec<WebhookKey>,
    fell_behind: Vec<WebhookKey>,
    /// The moves of deliveries in this transaction.
    moves: Vec<Move>,
    /// The deliveries of a log from before that are not in the sums yet.
    uncounted: Range<i64>,
    /// The same, after this transaction.
    uncounted_then: Range<i64>,
    /// What gives events and deliveries their numbers.
    pub(crate) numbers: Numbers,
    pub(super) next_commit: i64,
    /// What this transaction changes, for those who follow.
    changes: Entries,
    /// When the last commit was made, by the time that is believed.
    latest: Millis,
    /// Up to which webhook lists were swept.
    pub(crate) swept: WebhookKey,
    /// When cursors were moved.
    cursors_moved: Option<Duration>,
}

impl Context {
    pub(crate) fn new(
        opened: &Opened,
        (config, clock, ids, known, workers): (Arc<Config>, Clock, Ids, Known, Workers),
        (backlog, marks, gone): (Arc<AtomicI64>, Marks, Gone),
    ) -> Result<Context> {
        let next_commit = changes::next_commit(&opened.connection)?;
        let lasting = Lasting {
            workers: workers.clone(),
            counters: Arc::default(),
            commits: watch::Sender::new(0),
            changes_end: Arc::new(AtomicI64::new(next_commit)),
            condition: Condition::default(),
        };
        let written = known.now();
        let mut numbers = Numbers::read(&opened.connection)?;
        numbers.go_on_after(written.directory.lives.latest());
        let now = clock.now();
        let away = Away::of(&written, now);
        let latest = changes::latest(&opened.connection)?;
        let ageing = Ageing::new(retention::age(&opened.connection)?, latest, &clock);
        Ok(Context {
            config,
            clock,
            ids,
            workers,
            marks,
            world: (*written).clone(),
            known,
            concerned: Vec::new(),
            lines: Lines::read(&opened.connection, numbers.last())?,
            due: Due::read(&opened.connection, (now, kept_time(&opened.connection)?))?,
            ageing,
            away,
            kept_gone: gone.clone(),
            gone,
            turns: Turns::default(),
            lasting,
            backlog,
            backlog_change: 0,
            healths: BTreeMap::new(),
            unwritten: BTreeSet::new(),
            caught_up: Vec::new(),
            fell_behind: Vec::new(),
            moves: Vec::new(),
            uncounted: sums::uncounted(&opened.connection)?,
            uncounted_then: 0..0,
            numbers,
            next_commit,
            changes: Entries::default(),
            latest: latest.unwrap_or(Millis::MIN),
            swept: 0,
            cursors_moved: None,
        })
    }

    /// The first event of a company's time.
    pub(crate) fn first_event(&self, company_id: &str) -> i64 {
        self.world.directory.first_event(Some(company_id), None)
    }

    /// The life of what is made now.
    pub(crate) fn life(&self) -> Life {
        let birth = i64::from_le_bytes(id::random()) & i64::MAX;
        Life { birth, since: self.numbers.last() + 1 }
    }

    /// The company with this slug, after what was written so far.
    pub(crate) fn company_with_slug(&self, slug: &str) -> Option<String> {
        let is_it = |company: &Company| company.slug.as_deref() == Some(slug);
        let found = self.world.directory.companies.values().find(|company| is_it(company));
        found.map(|company| company.id.clone())
    }

    /// Takes a number for an event that is taken in now, and the next ones for its deliveries; and tells what time it is.
    pub(crate) fn take_numbers(&mut self, tx: &Connection, deliveries: usize) -> Result<(i64, Millis)> {
        self.numbers.take(tx, self.clock.now(), deliveries)
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
        let is_summed = !self.uncounted_then.contains(&number);
        self.moves.push(if is_summed { moved } else { moved.unsummed() });
    }

    /// Counts a move that the sums need not hear of.
    pub(crate) fn moves_unsummed(&mut self, moved: Move) {
        self.moves.push(moved.unsummed());
    }

    /// The deliveries of a log from before that are not in the sums yet.
    pub(crate) fn uncounted(&self) -> Range<i64> {
        self.uncounted_then.clone()
    }

    /// More of these are.
    pub(crate) fn counted(&mut self, left: Range<i64>) {
        self.uncounted_then = left;
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

    /// When this is committed, by the time that is believed: never before the commit before.
    fn commit_time(&mut self) -> Millis {
        self.latest = self.latest.max(self.ageing.now(&self.clock).now);
        self.latest
    }

    /// From when the age of what is taken in now counts, where that is not then: what a clock says that is not believed makes
    /// nothing old, nor young.
    pub(crate) fn age_from(&self, received_at: Millis) -> Option<Millis> {
        let believed = self.latest.max(self.ageing.now(&self.clock).now);
        (received_at.abs_diff(believed) > LEAP.unsigned_abs()).then_some(believed)
    }

    /// Moves the cursors behind which nothing has to be looked for, once a second.
    pub(crate) fn move_cursors(&mut self, tx: &Connection) -> Result<()> {
        let now = self.clock.running();
        if self.cursors_moved.is_some_and(|at| now.saturating_sub(at) < MOVE_CURSORS) {
            return Ok(());
        }
        self.cursors_moved = Some(now);
        if let Some(open_from) = self.lines.move_cursors(self.numbers.last()) {
            settings::set(tx, OPEN_FROM, &open_from.to_string())?;
            settings::set(tx, LATEST, &self.clock.now().to_string())?;
        }
        Ok(())
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
        let tx = connection::begin(connection).map_err(Unwritten::NotBegun)?;
        self.begin();
        for write in group.iter_mut() {
            write.apply(&tx, self).map_err(Unwritten::Undone)?;
        }
        while let Some(mut write) = more(group.len()) {
            let applied = write.apply(&tx, self);
            group.push(write);
            applied.map_err(Unwritten::Undone)?;
        }
        self.keep_healths(&tx).map_err(Unwritten::Undone)?;
        for (webhook, cursor) in self.lines.moved_cursors() {
            webhooks::lag(&tx, webhook, cursor).map_err(Unwritten::Undone)?;
        }
        let tells = !self.changes.is_empty() || !self.moves.is_empty();
        if tells {
            let (at, moves) = (self.commit_time(), sums::pack(self.moves.iter()));
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

    /// Writes down how webhooks fare. That an attempt ended as the one before it waits for upkeep: the log has it, too.
    fn keep_healths(&mut self, tx: &Connection) -> Result<()> {
        for (webhook, health) in &self.healths {
            let known = self.world.entry(*webhook).and_then(|entry| entry.load.health());
            if known.is_some_and(|known| known.differs_in_times_only(health)) {
                self.fell_behind.push(*webhook);
            } else {
                health::put(tx, *webhook, health)?;
            }
        }
        Ok(())
    }

    /// Writes down when attempts last ended, where that waits; of some webhooks. True when there are more.
    pub(crate) fn catch_up_healths(&mut self, tx: &Connection) -> Result<bool> {
        for webhook in self.unwritten.iter().take(MAX_CAUGHT_UP) {
            let entry = self.world.entry(*webhook);
            let health =
                self.healths.get(webhook).cloned().or_else(|| entry.and_then(|entry| entry.load.health()));
            if let Some(health) = health.filter(|_| entry.is_some()) {
                health::put(tx, *webhook, &health)?;
            }
        }
        self.caught_up = self.unwritten.iter().take(MAX_CAUGHT_UP).copied().collect();
        Ok(self.unwritten.len() > MAX_CAUGHT_UP)
    }

    /// A transaction begins: nothing is changed by it yet.
    fn begin(&mut self) {
        self.healths.clear();
        self.caught_up.clear();
        self.fell_behind.clear();
        let written = self.known.now();
        if self.world.is_later_than(&written) {
            self.world = written.instead_of(&self.world);
        }
        self.concerned.clear();
        self.changes.clear();
        self.moves.clear();
        self.uncounted_then = self.uncounted.clone();
        self.lines.forget_changes();
        self.numbers.forget_changes();
        self.due.forget_changes();
        self.gone.clone_from(&self.kept_gone);
        self.backlog_change = 0;
    }

    /// The transaction is in the file: what is known in memory follows.
    fn committed(&mut self) {
        self.uncounted = self.uncounted_then.clone();
        self.backlog.fetch_add(self.backlog_change, Ordering::AcqRel);
        if self.world.is_later_than(&self.known.now()) {
            let now = self.clock.now();
            for key in self.concerned.drain(..) {
                self.away.look(&self.world, key, now);
                self.due.look_at(key);
                if self.world.entry(key).is_none() {
                    self.gone.add(key);
                }
            }
            self.known.becomes(Arc::new(self.world.clone()));
        }
        let load = |key| self.world.entry(key).map(|entry| &entry.load);
        for moved in &self.moves {
            if let Some(load) = load(moved.webhook) {
                load.count(moved);
            }
        }
        for webhook in self.caught_up.drain(..) {
            self.unwritten.remove(&webhook);
        }
        self.unwritten.extend(self.fell_behind.drain(..));
        self.numbers.keep_changes();
        self.due.keep_changes();
        self.kept_gone.clone_from(&self.gone);
        self.lines.keep_changes(self.numbers.last(), |key, oldest| {
            if let Some(load) = load(key) {
                load.note_oldest_bare(oldest);
            }
        });
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
