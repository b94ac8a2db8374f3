//! What is taken away: exactly what is old, and nothing is to happen for.

use std::collections::BTreeMap;

use bluehook_core::{delivery::Status, time::Millis};

use super::data::{Data, Logged, Stood};
use crate::{
    model::{
        WebhookKey,
        job::JobState,
        replay::ReplayState,
        sums::{Move, SLOT, hour_of, place, slot_of},
    },
    store::lane::{Old, Pruned},
};

impl Data {
    pub(super) fn prune(&mut self, old: &Old<'_>) -> Pruned {
        let mut gone = BTreeMap::new();
        for event in self.settled(old) {
            for delivery in self.made_by(event) {
                let Stood { made, .. } = self.one(delivery.number).unwrap();
                let status = self.rows.get(&made.number).map_or(made.how.status(), |row| row.status);
                *gone.entry((made.webhook, place(status))).or_insert(0) += 1;
                self.rows.remove(&made.number);
                self.attempts.retain(|(number, _), _| *number != made.number);
            }
            self.take(event);
        }
        self.prune_commits(old.before);
        self.creations.retain(|_, created| created.at >= old.before);
        self.jobs.retain(|_, job| job.state == JobState::Running || job.ended_at >= Some(old.before));
        self.replays.retain(|_, replay| replay.state == ReplayState::Running || replay.at >= old.before);
        Pruned { moves: moves(gone), swept: old.swept, more: false }
    }

    /// The events that go.
    fn settled(&self, old: &Old<'_>) -> Vec<i64> {
        // Whole hours go.
        let end = hour_of(slot_of(old.before)) * SLOT;
        let age_from = |logged: &Logged| logged.age_from.unwrap_or(logged.received_at);
        let is_old = |(_, logged): &(&i64, &Logged)| age_from(logged) < end;
        let events = self.events.iter().filter(is_old);
        events
            .filter(|(event, logged)| !self.stays(**event, age_from(logged), old))
            .map(|(event, _)| *event)
            .collect()
    }

    /// Whether something is still to happen for an old event, and it is not too old even for that; or it is being sent.
    fn stays(&self, event: i64, age_from: Millis, old: &Old<'_>) -> bool {
        let is_too_old = age_from < old.before - (old.now - old.before).max(0);
        self.made_by(event).into_iter().any(|made| {
            let is_live = match self.rows.get(&made.number) {
                Some(row) => row.due_at.is_some(),
                None => made.how.is_live() && (old.may_be_bare)(made.webhook, event),
            };
            (old.is_in_memory)(made.webhook, made.number) || is_live && !is_too_old
        })
    }

    fn take(&mut self, event: i64) {
        let logged = self.events.remove(&event).unwrap();
        if let Some(id) = logged.event.id {
            let key = (id, logged.event.company_id);
            // It may have been given again.
            if self.ids.get(&key) == Some(&event) {
                self.ids.remove(&key);
            }
        }
    }

    /// Commits that are folded and old; the last stays, so that numbers go on from it.
    fn prune_commits(&mut self, before: Millis) {
        let (last, folded) = (self.last_commit(), self.folded);
        let old = self.commits.iter().take_while(|(_, commit)| commit.at < before);
        let old = old.filter(|(number, _)| **number < last && **number <= folded);
        let old: Vec<i64> = old.map(|(number, _)| *number).collect();
        self.commits.retain(|number, _| !old.contains(number));
    }
}

/// What is told of what is gone: what was to be attempted or held.
fn moves(gone: BTreeMap<(WebhookKey, usize), u64>) -> Vec<Move> {
    let statuses = gone.into_iter().map(|((webhook, place), count)| (webhook, Status::ALL[place], count));
    let told = statuses.filter(|(_, status, _)| status.is_live() || *status == Status::Held);
    let moved = |(webhook, status, count)| {
        Move { from: Some(status), to: None, count, ..Move::made(webhook, 0, status) }.unsummed()
    };
    told.map(moved).collect()
}
