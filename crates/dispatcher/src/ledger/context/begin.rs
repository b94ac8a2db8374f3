//! What the writer begins with: what the store says as it is opened.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::AtomicI64},
};

use bluehook_core::time::Millis;
use tokio::sync::watch;

use super::Context;
use crate::{
    Result,
    clock::Clock,
    config::Config,
    id::Ids,
    know::Known,
    ledger::{
        Lasting,
        away::Away,
        due::Due,
        gone::{Gone, Turns},
        lines::Lines,
    },
    line::Workers,
    model::{WebhookKey, age::Ageing},
    store::{Change, Condition, Lane, Unwritten, entries::Entries, keys::Marks, numbers::Numbers},
};

impl Context {
    /// Reads what it needs. Cursors that are missing in the store are put there, before anything is served.
    pub(crate) fn new(
        lane: &mut dyn Lane,
        (config, clock, ids, known, workers): (Arc<Config>, Clock, Ids, Known, Workers),
        (backlog, marks, gone): (Arc<AtomicI64>, Marks, Gone),
    ) -> Result<Context> {
        let snapshot = lane.snapshot();
        let next_commit = snapshot.next_commit()?;
        let lasting = Lasting {
            workers: workers.clone(),
            counters: Arc::default(),
            commits: watch::Sender::new(0),
            changes_end: Arc::new(AtomicI64::new(next_commit)),
            condition: Condition::default(),
        };
        let written = known.now();
        let mut numbers = Numbers::after(snapshot.last_number()?, &snapshot.clock_steps()?);
        numbers.go_on_after(written.directory.lives.latest());
        let now = clock.now();
        let away = Away::of(&written, now);
        let latest = snapshot.last_commit_at()?;
        let ageing = Ageing::new(snapshot.age()?, latest, &clock);
        let due = Due::read(snapshot, now)?;
        let (uncounted, next_keys) = (snapshot.uncounted()?, snapshot.next_keys()?);
        let (lines, missing) = Lines::read(snapshot, numbers.last())?;
        put_cursors(lane, &missing)?;
        Ok(Context {
            config,
            clock,
            ids,
            workers,
            marks,
            world: (*written).clone(),
            known,
            concerned: Vec::new(),
            lines,
            due,
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
            uncounted,
            uncounted_then: 0..0,
            numbers,
            next_keys,
            next_commit,
            changes: Entries::default(),
            latest: latest.unwrap_or(Millis::MIN),
            swept: 0,
            cursors_moved: None,
        })
    }
}

/// Puts the cursors of lines that are to have one of their own.
fn put_cursors(lane: &mut dyn Lane, missing: &[(WebhookKey, i64)]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    lane.write(&mut |group| {
        missing.iter().try_for_each(|(webhook, event)| group.put(Change::Cursor(*webhook, Some(*event))))
    })
    .map_err(Unwritten::error)
}
