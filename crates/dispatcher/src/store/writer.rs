//! The thread that writes: it gathers what came in, commits it together, and has it synced.

use std::{
    collections::BTreeMap,
    fs::File,
    ops::Range,
    sync::{
        Arc, RwLock,
        atomic::{AtomicI64, AtomicUsize, Ordering},
        mpsc::{Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use bluehook_core::{delivery::Status, request, time::Millis};
use rusqlite::{Connection, TransactionBehavior, hooks::Wal};
use tokio::sync::watch;

use super::{
    Opened, Order, Write,
    changes::{self, Entries, Entry as ChangeEntry},
    condition::{Condition, Finding},
    connection::BUSY_TIMEOUT,
    deliveries, events,
    ground::Ground,
    health,
    inbox::Inbox,
    sequence, sums,
    sync::{Group, Lasting, Syncer},
    webhooks,
};
use crate::{
    Error, Result, WebhookCounts,
    away::Away,
    changes::{DeliveryStep, WebhookStep},
    clock::Clock,
    config::Config,
    directory::{Company, DirectoryChange, Life},
    health::Health,
    id::{self, Ids, OldIds},
    keys::Marks,
    lag::Lagging,
    registry::{Entry, Registry, WebhookKey},
    sums::Move,
    threads::Threads,
    trouble::Trouble,
    worker::Workers,
};

/// How long a write that has to succeed waits before it is tried again.
const RETRY: Duration = Duration::from_millis(250);

/// From how many pages on the write-ahead log is brought into the file.
const LOG_PAGES: usize = 4_000;

/// How many more there are before that is tried again, when somebody who reads was in the way.
const MORE_LOG_PAGES: usize = 1_000;

/// The same where the disk has little room.
const TIGHT_LOG_PAGES: usize = 250;

/// A log of so many pages is as short as it gets.
const SHORT_LOG: usize = 16;

/// What the writer works with, besides the file.
pub(crate) struct Context {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) registry: Arc<RwLock<Registry>>,
    pub(crate) workers: Workers,
    /// What the keys of requests are marked with.
    pub(crate) marks: Marks,
    staged: Vec<Staged>,
    /// The webhooks that are owed events of the log.
    pub(crate) lagging: Lagging,
    /// The webhooks whose creators are away.
    pub(crate) away: Away,
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
    next_event: i64,
    next_delivery: i64,
    next_commit: i64,
    /// The last sequence number that was given out.
    last_sequence: i64,
    /// What this transaction changes, for those who follow.
    changes: Entries,
    latest: Millis,
}

/// A change of what is known in memory, made when the transaction it belongs to is on disk.
pub(crate) enum Staged {
    /// This webhook is, or is so now.
    Put(Arc<Entry>),
    /// This webhook is no more.
    Remove(WebhookKey),
    /// The directory was told this; with the life of what it makes.
    Directory(DirectoryChange, Option<Life>),
}

impl Context {
    pub(crate) fn new(
        opened: &Opened,
        (config, clock, ids, registry, workers): (Arc<Config>, Clock, Ids, Arc<RwLock<Registry>>, Workers),
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
        // Numbers go on, also when retention left nothing of the log.
        let old = OldIds::read(&opened.connection)?;
        let (mut next_event, away) = (last.number + 1, Away::default());
        if let Ok(registry) = registry.read() {
            next_event = next_event.max(registry.directory.lives.latest());
        }
        let next_event = next_event.max(old.events);
        let next_delivery = last.delivery_end.max(deliveries::last(&opened.connection)? + 1);
        let next_delivery = next_delivery.max(old.deliveries);
        let mut context = Context {
            config,
            clock,
            ids,
            registry,
            workers,
            marks,
            staged: Vec::new(),
            lagging: Lagging::new(webhooks::lagging(&opened.connection)?),
            away,
            lasting,
            backlog,
            backlog_change: 0,
            healths: BTreeMap::new(),
            moves: Vec::new(),
            unsummed: Vec::new(),
            uncounted: sums::uncounted(&opened.connection)?,
            uncounted_then: 0..0,
            owed: Vec::new(),
            next_event,
            next_delivery,
            next_commit,
            last_sequence: sequence::last(&opened.connection)?,
            changes: Entries::default(),
            latest: last.received_at,
        };
        if let Ok(registry) = context.registry.read() {
            context.away = Away::of(&registry, context.clock.now());
        }
        Ok(context)
    }

    /// The first event of a company's time.
    pub(crate) fn first_event(&self, company_id: &str) -> i64 {
        let registry = self.registry.read();
        registry.map_or(0, |registry| registry.directory.first_event(Some(company_id), None))
    }

    /// The life of what is made now.
    pub(crate) fn life(&self) -> Life {
        let birth = i64::from_le_bytes(id::random()) & i64::MAX;
        Life { birth, since: self.next_event }
    }

    /// The company with this slug, after what was written so far.
    pub(crate) fn company_with_slug(&self, slug: &str) -> Option<String> {
        let is_it = |company: &Company| company.slug.as_deref() == Some(slug);
        let staged = self.staged.iter().rev().find_map(|staged| match staged {
            Staged::Directory(DirectoryChange::PutCompany(company), _) if is_it(company) => Some(&company.id),
            _ => None,
        });
        let registry = self.registry.read().ok()?;
        let known = registry.directory.companies.values().find(|company| is_it(company));
        staged.or(known.map(|company| &company.id)).cloned()
    }

    /// The number of one more event.
    pub(crate) fn event_number(&mut self) -> i64 {
        self.next_event += 1;
        self.next_event - 1
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
        self.next_delivery += count;
        self.next_delivery - count
    }

    /// A webhook as it stands after what was written so far.
    pub(crate) fn entry(&self, key: WebhookKey) -> Option<Arc<Entry>> {
        let staged = self.staged.iter().rev().find_map(|staged| match staged {
            Staged::Put(entry) if entry.key == key => Some(Some(entry.clone())),
            Staged::Remove(removed) if *removed == key => Some(None),
            _ => None,
        });
        staged.unwrap_or_else(|| self.registry.read().ok()?.entry(key).cloned())
    }

    /// Changes what is known in memory, as soon as this transaction is on disk.
    pub(crate) fn stage(&mut self, staged: Staged) {
        let change = match &staged {
            Staged::Put(entry) if self.entry(entry.key).is_some() => Some((entry.key, WebhookStep::Changed)),
            Staged::Put(entry) => Some((entry.key, WebhookStep::Created)),
            Staged::Remove(key) => Some((*key, WebhookStep::Deleted)),
            Staged::Directory(..) => None,
        };
        if let Some((key, step)) = change {
            self.changes.push(ChangeEntry::Webhook { key, step });
        }
        self.staged.push(staged);
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

    /// Counts a move of deliveries that are in the sums.
    pub(crate) fn moves_summed(&mut self, moved: Move) {
        self.moves.push(moved);
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
    pub(crate) fn counts_in(&self, company_id: &str) -> Result<WebhookCounts> {
        let mut staged = BTreeMap::new();
        for change in &self.staged {
            match change {
                Staged::Put(entry) => drop(staged.insert(entry.key, Some(&entry.webhook))),
                Staged::Remove(key) => drop(staged.insert(*key, None)),
                Staged::Directory(..) => {}
            }
        }
        let registry = self.registry.read().map_err(|_| Error::ShuttingDown)?;
        let mut counts = registry.counts(company_id, self.config.webhook_limit_per_company);
        for (key, now) in staged {
            if let Some(before) = registry.entry(key) {
                counts.remove(&before.webhook, company_id);
            }
            if let Some(now) = now {
                counts.add(now, company_id);
            }
        }
        Ok(counts)
    }

    /// The time now, for logs: never before what was logged last, so that numbers and times have one order even when
    /// the clock is set back.
    pub(crate) fn log_time(&mut self) -> Millis {
        self.latest = self.latest.max(self.clock.now());
        self.latest
    }
}

/// Starts the writer and the thread that syncs what it commits. The writer hears of synced groups through `sender`.
pub(super) fn start(
    mut opened: Opened,
    context: Context,
    (sender, receiver): (Sender<Order>, Receiver<Order>),
    threads: &Threads,
) -> Result<JoinHandle<()>> {
    opened.connection.execute_batch("PRAGMA synchronous = NORMAL;")?;
    opened.connection.busy_timeout(BUSY_TIMEOUT)?;
    opened.run.mark(&opened.connection)?;
    let log_pages = count_log_pages(&mut opened.connection)?;
    let ground = Ground::of(opened.claim.clone(), log_pages.clone(), context.config.disk_reserve);
    let syncer = Syncer::start((log(&opened.connection)?, ground), context.lasting.clone(), sender, threads)?;
    let inbox = Inbox::new(receiver);
    let (waiting, refused) = (Vec::new(), 0);
    let writer = Writer { opened, context, syncer, inbox, waiting, refused, log_pages, again_at: 0 };
    threads.start("bluehook-store", move || writer.run())
}

/// How many pages are in the write-ahead log after each commit.
fn count_log_pages(connection: &mut Connection) -> Result<Arc<AtomicUsize>> {
    let counted = Arc::new(AtomicUsize::new(0));
    let count = counted.clone();
    connection.wal_hook(Some(move |_: &mut Wal, pages| {
        count.store(usize::try_from(pages).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }))?;
    Ok(counted)
}

/// The write-ahead log, to be synced.
fn log(connection: &Connection) -> Result<File> {
    let path = format!("{}-wal", connection.path().unwrap_or_default());
    let log = File::options().write(true).open(&path);
    log.map_err(|error| Error::Store(format!("cannot open the write-ahead log {path}: {error}")))
}

struct Writer {
    opened: Opened,
    context: Context,
    syncer: Syncer,
    inbox: Inbox,
    /// Writes that have to be tried again.
    waiting: Vec<Box<dyn Write>>,
    /// How many writes failed since the last that did not.
    refused: usize,
    /// How many pages the write-ahead log has.
    log_pages: Arc<AtomicUsize>,
    /// With how many it is tried again to bring it into the file.
    again_at: usize,
}

impl Writer {
    fn run(mut self) {
        while !self.inbox.ended {
            let condition = self.condition();
            let is_well =
                self.waiting.is_empty() && !condition.is_as_the_writer_found() && !condition.lacks_room();
            let wait = if is_well { Duration::MAX } else { RETRY };
            let first = self.inbox.first(wait);
            // Whoever is about to hand something in goes first, so that under load groups are larger.
            thread::yield_now();
            let mut group = std::mem::take(&mut self.waiting);
            group.extend(first);
            self.inbox.take_ready(&mut group);
            self.commit(group);
        }
        self.syncer.end();
        // Ends the write-ahead log, so that the next start has nothing to read back.
        let Opened { connection, run, .. } = &mut self.opened;
        let _ = connection.execute_batch("PRAGMA optimize;");
        if let Err(error) = run.checkpoint(connection, "TRUNCATE") {
            tracing::warn!(%error, "the write-ahead log could not be ended; the next start takes it up");
        }
    }

    /// Commits a group, and with it what comes in until then; when that fails, each of it alone, so that one bad write does
    /// not take others with it.
    fn commit(&mut self, mut group: Vec<Box<dyn Write>>) {
        if let Some(trouble) = self.inbox.broken {
            return self.refuse(group, &Error::Unavailable(trouble));
        }
        if group.is_empty() {
            return self.try_again();
        }
        let began = Instant::now();
        let inbox = &mut self.inbox;
        let more = |so_far| inbox.next(so_far);
        match self.context.write(&mut self.opened.connection, &mut group, more) {
            Ok(()) => self.sync(group, began),
            Err(Unwritten::Undone(_)) if group.len() > 1 => {
                for write in group {
                    self.commit_alone(write);
                }
            }
            Err(Unwritten::Undone(error) | Unwritten::NotBegun(error)) => self.refuse(group, &error),
        }
    }

    fn commit_alone(&mut self, write: Box<dyn Write>) {
        let (mut group, began) = (vec![write], Instant::now());
        match self.context.write(&mut self.opened.connection, &mut group, |_| None) {
            Ok(()) => self.sync(group, began),
            Err(Unwritten::Undone(error) | Unwritten::NotBegun(error)) => self.refuse(group, &error),
        }
    }

    fn sync(&mut self, writes: Vec<Box<dyn Write>>, began: Instant) {
        self.is_well();
        self.inbox.syncing += 1;
        self.syncer.sync(Group { writes, began, changes_end: self.context.next_commit });
        if self.refused > 0 {
            tracing::info!(refused = std::mem::take(&mut self.refused), "writing works again");
        }
        self.checkpoint();
    }

    /// Brings the write-ahead log into the file when it has grown enough.
    fn checkpoint(&mut self) {
        let is_tight = self.condition().is_tight();
        let longest = if is_tight { TIGHT_LOG_PAGES } else { LOG_PAGES };
        let pages = self.log_pages.load(Ordering::Relaxed);
        if pages < longest {
            self.again_at = 0;
        } else if pages >= self.again_at {
            self.again_at = pages + MORE_LOG_PAGES;
            self.empty_log(is_tight);
        }
    }

    /// Brings the log into the file, as far as nobody who reads is in the way; and gives back the room it took.
    fn empty_log(&mut self, gives_back: bool) {
        let Opened { connection, run, .. } = &mut self.opened;
        let mut done = run.checkpoint(connection, "PASSIVE");
        if gives_back && matches!(done, Ok(true)) {
            done = run.checkpoint(connection, "TRUNCATE");
        }
        if let Err(error) = done.and_then(|_| run.mark(connection)) {
            tracing::error!(%error, "the write-ahead log could not be brought into the file");
        }
    }

    /// Sees whether what was the matter is over, when there is nothing to write.
    fn try_again(&mut self) {
        if self.condition().lacks_room() && self.log_pages.load(Ordering::Relaxed) > SHORT_LOG {
            self.empty_log(true);
        }
        if self.condition().is_as_the_writer_found() && self.opened.run.mark(&self.opened.connection).is_ok()
        {
            self.is_well();
        }
    }

    fn condition(&self) -> &Condition {
        &self.context.lasting.condition
    }

    /// Something was written.
    fn is_well(&mut self) {
        if self.condition().is_as_the_writer_found() {
            for finding in [Finding::Held, Finding::NoRoom, Finding::Unwritten] {
                self.condition().note(finding, false);
            }
            self.wait_for_others(BUSY_TIMEOUT);
        }
    }

    /// How long another program's lock is waited for: once it was too long, whoever comes next is told soon.
    fn wait_for_others(&self, longest: Duration) {
        if let Err(error) = self.opened.connection.busy_timeout(longest) {
            tracing::error!(%error, "how long to wait for others could not be set");
        }
    }

    fn refuse(&mut self, group: Vec<Box<dyn Write>>, error: &Error) {
        tracing::error!(%error, writes = group.len(), "writing failed");
        self.refused += group.len();
        match error {
            Error::Unavailable(Trouble::Held) => {
                self.condition().note(Finding::Held, true);
                self.wait_for_others(RETRY);
            }
            Error::Unavailable(Trouble::Full) => self.condition().note(Finding::NoRoom, true),
            Error::Unavailable(_) => {}
            _ => self.condition().note(Finding::Unwritten, true),
        }
        let failed = |write: Box<dyn Write>| write.failed(again(error));
        self.waiting.extend(group.into_iter().filter_map(failed));
    }
}

impl Context {
    /// Commits a group, with what `more` gives for it as it grows. It is then in the file, and not yet on disk.
    fn write(
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
        self.staged.clear();
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
        if !self.staged.is_empty()
            && let Ok(mut registry) = self.registry.write()
        {
            let now = self.clock.now();
            for staged in self.staged.drain(..) {
                let concerned = registry.concerned(&staged);
                registry.apply(staged);
                for key in concerned {
                    self.away.look(&registry, key, now);
                }
            }
        }
        let Ok(registry) = self.registry.read() else { return };
        let load = |key| registry.entry(key).map(|entry| &entry.load);
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
enum Unwritten {
    /// The file took none at all, after the longest wait: each of the group alone would wait as long.
    NotBegun(Error),
    /// One of them could not be written, or not all together.
    Undone(Error),
}

/// The same error for each write of a group.
fn again(error: &Error) -> Error {
    match error {
        Error::Unavailable(trouble) => Error::Unavailable(*trouble),
        Error::Store(detail) => Error::Store(detail.clone()),
        other => Error::Store(other.to_string()),
    }
}
