//! L5 and L6: what a start finds by cursors and by what is due is all that is to be sent.

use std::collections::BTreeSet;

use super::{Store, dice::Dice, history::History};
use crate::store::{
    Snapshot,
    made::{MadeAs, Target},
};

/// What waits, as a start reads it: what has no row after the cursor of its webhook, and what is due.
pub(super) fn found_at_a_start(snapshot: &dyn Snapshot) -> BTreeSet<i64> {
    let (common, _) = snapshot.open_from().unwrap();
    let cursors = snapshot.cursors().unwrap();
    let mut found = BTreeSet::new();
    let mut from = cursors.values().copied().fold(common, i64::min);
    while let Some((event, bare)) = snapshot.next_bare(from).unwrap() {
        assert!(event >= from);
        from = event + 1;
        let is_after = |webhook| event >= cursors.get(&webhook).copied().unwrap_or(common);
        let open = bare.into_iter().filter(|made| made.how.is_live() && is_after(made.webhook));
        found.extend(open.map(|made| made.number));
    }
    let mut webhook = 0;
    while let Some((next, _)) = snapshot.next_waiting(webhook).unwrap() {
        assert!(next > webhook);
        webhook = next;
        found.extend(snapshot.waiting_after(webhook, 0, usize::MAX).unwrap().iter().map(|it| it.number));
    }
    found
}

impl History {
    /// What is to be sent: everything, wherever it lies.
    pub(super) fn to_be_sent(&self) -> BTreeSet<i64> {
        let all = self.world.model.data().all();
        all.filter(|stood| stood.status().is_live()).map(|stood| stood.made.number).collect()
    }
}

pub(super) fn a_start_finds_what_is_to_be_sent(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(5));
    let keys: Vec<_> = (0..3).map(|_| history.make_webhook(dice)).collect();
    for made_as in MadeAs::ALL.into_iter().cycle().take(24) {
        let targets = keys.iter().map(|key| Target { revision: history.revision_of(*key), made_as });
        let targets = targets.collect();
        history.log_one(targets, dice);
        history.end_group();
    }
    for (turn, is_killed) in [false, true, false, true].into_iter().cycle().take(40).enumerate() {
        history.attempt(dice);
        history.again(dice);
        history.aside(dice);
        history.cursor(dice);
        history.open_from(dice);
        history.end_group();
        if turn % 5 == 0 {
            history.reopen(is_killed);
        }
        assert_eq!(found_at_a_start(history.world.snapshot()), history.to_be_sent(), "after {turn}");
    }
    assert!(!history.to_be_sent().is_empty());
    // A cursor that went too far would lose something: the reads that a start makes do follow it.
    let far = *history.events.last().unwrap() + 1;
    let lost = history.world.model.data().all().filter(super::memory::Stood::is_open).count();
    assert!(lost > 0);
    let before = history.to_be_sent().len();
    for key in keys {
        history.put(move |group| group.put(crate::store::Change::Cursor(key, Some(far))));
    }
    history.end_group();
    assert_eq!(found_at_a_start(history.world.snapshot()).len(), before - lost);
}
