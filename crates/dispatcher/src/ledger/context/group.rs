//! A group is written: what its writes put, and behind that what it comes to as a whole. What is known in memory follows when
//! it is in the store, and forgets it when it is not.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::{Context, Write, Writing};
use crate::{
    Result, kill,
    model::WebhookKey,
    store::{Change, Group, Lane, Unwritten},
};

/// The most webhooks of which it is written in one group when attempts last ended.
const MAX_CAUGHT_UP: usize = 1_000;

/// How often cursors are moved.
const MOVE_CURSORS: Duration = Duration::from_secs(1);

impl Context {
    /// Commits a group, with what `more` gives for it as it grows. It is then in the store, and not yet on disk.
    pub(in crate::ledger) fn write(
        &mut self,
        lane: &mut dyn Lane,
        group: &mut Vec<Box<dyn Write>>,
        mut more: impl FnMut(usize) -> Option<Box<dyn Write>>,
    ) -> Result<(), Unwritten> {
        lane.write(&mut |into| {
            self.begin();
            self.apply(into, group, &mut more)?;
            self.put_rest(into)
        })?;
        self.committed();
        Ok(())
    }

    /// Applies the writes of a group. Only the first may look into the store: behind it the store is not as it was before.
    fn apply(
        &mut self,
        into: &dyn Group,
        group: &mut Vec<Box<dyn Write>>,
        more: &mut dyn FnMut(usize) -> Option<Box<dyn Write>>,
    ) -> Result<()> {
        let mut apply = |place, write: &mut dyn Write| {
            let may_look = place == 0 && write.looks();
            write.apply(&Writing::new(into, may_look), self)
        };
        for (place, write) in group.iter_mut().enumerate() {
            apply(place, &mut **write)?;
        }
        while let Some(mut write) = more(group.len()) {
            let applied = apply(group.len(), &mut *write);
            group.push(write);
            applied?;
        }
        Ok(())
    }

    /// Writes what a group comes to as a whole.
    fn put_rest(&mut self, into: &dyn Group) -> Result<()> {
        self.keep_healths(into)?;
        for (webhook, cursor) in self.lines.moved_cursors() {
            into.put(Change::Cursor(webhook, cursor))?;
        }
        if self.tells() {
            let (number, at) = (self.next_commit, self.commit_time());
            into.put(Change::Commit { number, at, entries: &self.changes, moves: &self.moves })?;
        }
        Ok(())
    }

    /// Whether this group changes something that others follow or that is summed.
    fn tells(&self) -> bool {
        !self.changes.is_empty() || !self.moves.is_empty()
    }

    /// Writes down how webhooks fare. That an attempt ended as the one before it waits for upkeep: the log has it, too.
    fn keep_healths(&mut self, into: &dyn Group) -> Result<()> {
        for (webhook, health) in &self.healths {
            let known = self.world.entry(*webhook).and_then(|entry| entry.load.health());
            if known.is_some_and(|known| known.differs_in_times_only(health)) {
                self.fell_behind.push(*webhook);
            } else {
                into.put(Change::Health(*webhook, health))?;
            }
        }
        Ok(())
    }

    /// Writes down when attempts last ended, where that waits; of some webhooks. True when there are more.
    pub(crate) fn catch_up_healths(&mut self, writing: &Writing<'_>) -> Result<bool> {
        for webhook in self.unwritten.iter().take(MAX_CAUGHT_UP) {
            let entry = self.world.entry(*webhook);
            let health =
                self.healths.get(webhook).cloned().or_else(|| entry.and_then(|entry| entry.load.health()));
            if let Some(health) = health.filter(|_| entry.is_some()) {
                writing.put(Change::Health(*webhook, &health))?;
            }
        }
        self.caught_up = self.unwritten.iter().take(MAX_CAUGHT_UP).copied().collect();
        Ok(self.unwritten.len() > MAX_CAUGHT_UP)
    }

    /// Moves the cursors behind which nothing has to be looked for, once a second.
    pub(crate) fn move_cursors(&mut self, writing: &Writing<'_>) -> Result<()> {
        let now = self.clock.running();
        if self.cursors_moved.is_some_and(|at| now.saturating_sub(at) < MOVE_CURSORS) {
            return Ok(());
        }
        self.cursors_moved = Some(now);
        match self.lines.move_cursors(self.numbers.last()) {
            Some(event) => {
                writing.put(Change::OpenFrom { event, at: self.clock.now() })?;
                kill::point("cursors");
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// A group begins: nothing is changed by it yet.
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

    /// The group is in the store: what is known in memory follows.
    fn committed(&mut self) {
        if self.tells() {
            self.next_commit += 1;
            self.lasting.counters.changed(&self.changes);
        }
        self.uncounted = self.uncounted_then.clone();
        self.backlog.fetch_add(self.backlog_change, Ordering::AcqRel);
        self.know_what_changed();
        let load = |key: WebhookKey| self.world.entry(key).map(|entry| &entry.load);
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

    /// Everybody else knows what the group changed of webhooks and the directory.
    fn know_what_changed(&mut self) {
        if !self.world.is_later_than(&self.known.now()) {
            return;
        }
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
}
