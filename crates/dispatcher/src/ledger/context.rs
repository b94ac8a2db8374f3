//! What a group of writes works with: what is known in memory, after what was written so far; what follows when the group is
//! in the store, and when it is on disk.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use bluehook_core::{delivery::Status, time::Millis};

use super::{
    Lasting, Write, Writing,
    away::Away,
    due::Due,
    gone::{Gone, Turns},
    lines::Lines,
};
use crate::{
    Result, WebhookCounts,
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
        Change,
        entries::{Entries, Entry as ChangeEntry},
        keys::Marks,
        numbers::Numbers,
    },
};

// What it begins with.
mod begin;

// How a group is written.
mod group;

// What of webhooks and their secrets is written.
mod webhooks;

/// What the writer works with, besides the store.
pub(crate) struct Context {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) workers: Workers,
    /// What the keys of requests are marked with.
    pub(crate) marks: Marks,
    /// What is known, after what was written so far.
    world: World,
    /// The same, after what is in the store: what everybody else finds.
    known: Known,
    /// The webhooks for which this group may have changed who gets what.
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
    /// The same, as the store has it.
    kept_gone: Gone,
    /// Where the last look at what waits ended.
    pub(crate) turns: Turns,
    /// What follows when something is on disk.
    pub(crate) lasting: Lasting,
    /// Deliveries that are still to be attempted.
    backlog: Arc<AtomicI64>,
    /// By how much this group changes that.
    backlog_change: i64,
    /// How webhooks fare, as far as it is not on disk yet.
    healths: BTreeMap<WebhookKey, Health>,
    /// The webhooks of which is to be written when attempts last ended.
    unwritten: BTreeSet<WebhookKey>,
    /// Those that this group writes it of, and those of which it is still to be written then.
    caught_up: Vec<WebhookKey>,
    fell_behind: Vec<WebhookKey>,
    /// The moves of deliveries in this group.
    moves: Vec<Move>,
    /// The deliveries of a log from before that are not in the sums yet.
    uncounted: Range<i64>,
    /// The same, after this group.
    uncounted_then: Range<i64>,
    /// What gives events and deliveries their numbers.
    pub(crate) numbers: Numbers,
    /// The keys of the next webhook and of the next revision.
    next_keys: (WebhookKey, i64),
    pub(super) next_commit: i64,
    /// What this group changes, for those who follow.
    changes: Entries,
    /// When the last commit was made, by the time that is believed.
    latest: Millis,
    /// Up to which webhook lists were swept.
    pub(crate) swept: WebhookKey,
    /// When cursors were moved.
    cursors_moved: Option<Duration>,
}

impl Context {
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

    /// Takes a number for an event that is taken in now, and the next ones for its deliveries; and tells what time it is. When
    /// the clock was set back by much, or is right again, that is written first.
    pub(crate) fn take_numbers(&mut self, writing: &Writing<'_>, deliveries: usize) -> Result<(i64, Millis)> {
        let given = self.numbers.give(self.clock.now(), deliveries);
        if let Some(ahead) = given.step {
            writing.put(Change::ClockStep { number: given.number, ahead })?;
        }
        Ok((given.number, given.at))
    }

    /// What is known, after what was written so far.
    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// A webhook as it stands after what was written so far.
    pub(crate) fn entry(&self, key: WebhookKey) -> Option<Arc<Entry>> {
        self.world.entry(key).cloned()
    }

    /// Changes what is known. Everybody else knows of it as soon as this group is in the store, as those who read there.
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

    /// A delivery moved that no attempt moved: notes it for those who follow, and counts it.
    pub(crate) fn delivery_moved(
        &mut self,
        (webhook, number): (WebhookKey, i64),
        created_at: Millis,
        (from, to): (Status, Status),
        attempts: u32,
    ) {
        self.delivery_changes((webhook, number), DeliveryStep::Moved, to, attempts);
        self.moves(number, Move::moved(webhook, created_at, from, to));
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
}
