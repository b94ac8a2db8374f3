//! A history in the making: each thing that happens goes into the model at once, so that the next follows from it, and is
//! kept for the store, which gets a group when it is whole. It keeps what those above a store keep: numbers that rise, cursors
//! behind which nothing is left to be sent, entries and moves that say what a group did.

use bluehook_core::{delivery::Status, time::Millis};

use super::{
    Store,
    dice::Dice,
    histories::{Action, Step, Then, Upkeep},
    memory::{Data, Draft},
    world::{Put, World},
};
use crate::{
    Result,
    model::{
        WebhookKey,
        changes::{DeliveryStep, WebhookStep},
        sums::Move,
    },
    store::{
        Change, Group, Snapshot,
        entries::{Entries, Entry},
        numbers::Numbers,
        snapshot::Beginning,
    },
};

// Events.
mod logging;

// What comes of their deliveries.
mod outcomes;

// Webhooks.
mod of_webhooks;

// What is kept beside the log.
mod beside;

// What is done to the log by and by.
mod upkeep;

pub(super) use beside::{SETTINGS, births};
pub(super) use logging::TYPES;
pub(super) use outcomes::{Ended, outcome};

/// When histories begin.
const BEGIN: Millis = 1_800_000_000_000;

pub(super) const HOUR: Millis = 3_600_000;
pub(super) const DAY: Millis = 24 * HOUR;

/// For how long the log is kept.
pub(super) const KEPT: Millis = 2 * DAY;

/// So far at most is the clock set back in all.
const FURTHEST_BACK: Millis = DAY;

/// A history.
pub(super) struct History {
    pub(super) world: World,
    /// The group in the making.
    draft: Draft,
    pub(super) puts: Vec<Put>,
    entries: Entries,
    moves: Vec<Move>,
    numbers: Numbers,
    /// What the clock says.
    pub(super) now: Millis,
    /// The latest that it said.
    pub(super) latest: Millis,
    /// The latest time by which something was folded, or taken away: hours that lie behind then may be told as one.
    pub(super) folded_at: Millis,
    /// What is from before this was taken away.
    pub(super) pruned_before: Millis,
    /// Every event and delivery that there ever was.
    pub(super) events: Vec<i64>,
    pub(super) deliveries: Vec<i64>,
}

impl History {
    pub(super) fn of(store: Store) -> History {
        let world = World::of(store);
        let numbers =
            Numbers::after(world.snapshot().last_number().unwrap(), &world.snapshot().clock_steps().unwrap());
        History {
            draft: Draft::of(world.model.data().clone()),
            world,
            puts: Vec::new(),
            entries: Entries::default(),
            moves: Vec::new(),
            numbers,
            now: BEGIN,
            latest: BEGIN,
            folded_at: 0,
            pruned_before: 0,
            events: Vec::new(),
            deliveries: Vec::new(),
        }
    }

    /// Puts something into the group.
    pub(super) fn put(&mut self, put: impl Fn(&dyn Group) -> Result<()> + 'static) {
        put(&self.draft).unwrap();
        self.puts.push(Box::new(put));
    }

    /// What there is with the group so far.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Data) -> T) -> T {
        self.draft.with(look)
    }

    /// Whatever one step says.
    pub(super) fn take(&mut self, step: &Step) {
        if let Some((upkeep, seed)) = step.upkeep {
            self.keep_up(upkeep, &mut Dice::from(seed));
        }
        for (action, seed) in &step.actions {
            self.act(*action, &mut Dice::from(*seed));
        }
        self.end_group();
        match step.then {
            Then::GoOn => {}
            Then::Reopen => self.reopen(false),
            Then::Kill => self.reopen(true),
        }
    }

    pub(super) fn act(&mut self, action: Action, dice: &mut Dice) {
        match action {
            Action::Event => self.event(dice),
            Action::Attempt => self.attempt(dice),
            Action::Again => self.again(dice),
            Action::Aside => self.aside(dice),
            Action::Postpone => self.postpone(dice),
            Action::OpenFrom => self.open_from(dice),
            Action::Cursor => self.cursor(dice),
            Action::Webhook => self.webhook(dice),
            Action::Change => self.change(dice),
            Action::Delete => self.delete(dice),
            Action::Secrets => self.secrets(dice),
            Action::Fares => self.fares(dice),
            Action::Directory => self.directory(dice),
            Action::Beside => self.beside(dice),
            Action::Audit => self.audit(dice),
            Action::Replay => self.replay(dice),
            Action::Job => self.job(dice),
            Action::Wait => self.wait(dice),
            Action::SetBack => self.set_back(dice.within(0..DAY)),
        }
    }

    fn keep_up(&mut self, upkeep: Upkeep, dice: &mut Dice) {
        match upkeep {
            Upkeep::Fold => self.fold(),
            Upkeep::Hours => self.sum_hours(),
            Upkeep::Prune => self.prune(dice),
            Upkeep::Audit => self.prune_audit(),
            Upkeep::Seal => self.seal_again(dice),
        }
    }

    fn wait(&mut self, dice: &mut Dice) {
        let longest = dice.pick(&[50, 400_000, HOUR, 20 * HOUR]).unwrap();
        self.pass(dice.within(0..longest));
    }

    /// The clock is set back.
    pub(super) fn set_back(&mut self, time: Millis) {
        self.now = (self.now - time).max(self.latest - FURTHEST_BACK);
    }

    /// Time goes on.
    pub(super) fn pass(&mut self, time: Millis) {
        self.now += time;
        self.latest = self.latest.max(self.now);
    }

    /// Writes the group, with what it changed.
    pub(super) fn end_group(&mut self) {
        self.note_commit();
        let puts = std::mem::take(&mut self.puts);
        self.world.write(&puts);
        self.numbers.keep_changes();
        self.draft = Draft::of(self.world.model.data().clone());
    }

    /// Puts in what the group changed, where it changed something.
    pub(super) fn note_commit(&mut self) {
        if self.entries.is_empty() && self.moves.is_empty() {
            return;
        }
        let (number, at) = (self.with(Beginning::next_commit).unwrap(), self.latest);
        let (entries, moves) = (std::mem::take(&mut self.entries), std::mem::take(&mut self.moves));
        self.put(move |group| group.put(Change::Commit { number, at, entries: &entries, moves: &moves }));
    }

    /// Ends the store, opens it again, and goes on from what it says.
    pub(super) fn reopen(&mut self, is_killed: bool) {
        self.world.reopen(is_killed);
        let snapshot: &dyn Snapshot = self.world.snapshot();
        self.numbers = Numbers::after(snapshot.last_number().unwrap(), &snapshot.clock_steps().unwrap());
    }

    fn webhook_changes(&mut self, key: WebhookKey, step: WebhookStep) {
        self.entries.push(Entry::Webhook { key, step });
    }

    pub(super) fn delivery_changes(&mut self, moved: Move, number: i64, step: DeliveryStep, attempts: u32) {
        let status = moved.to.unwrap_or(Status::Cancelled);
        self.entries.push(Entry::Delivery { webhook: moved.webhook, number, step, status, attempts });
        self.moves.push(moved);
    }
}
