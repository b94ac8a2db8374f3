//! L9: sums, lists and counts are what a look at the whole log would give, whatever of it was folded.

use super::{
    Store,
    asked::Asked,
    dice::Dice,
    histories::Action,
    history::{HOUR, History},
    portrait::Portrait,
};
use crate::store::{
    Group, Snapshot,
    made::{MadeAs, Target},
};

const GROUPS: usize = 60;
const EVENTS: usize = 25;

/// How many deliveries and moves are gathered for a piece of the fold: fewer than there are.
const MOST: usize = 1_500;

pub(super) fn sums_are_what_the_log_says_wherever_it_was_folded(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(41));
    let keys: Vec<_> = (0..3).map(|_| history.make_webhook(dice)).collect();
    for _ in 0..GROUPS {
        for _ in 0..EVENTS {
            let made_as = dice.pick(&MadeAs::ALL).unwrap();
            let targets = keys.iter().map(|key| Target { revision: history.revision_of(*key), made_as });
            let targets = targets.collect();
            history.log_one(targets, dice);
            history.pass(dice.within(0..20_000));
        }
        history.end_group();
    }
    for action in [Action::Attempt, Action::Again, Action::Aside] {
        (0..40).for_each(|_| history.act(action, dice));
    }
    history.end_group();
    alike(&history);
    let (mut pieces, mut more) = (0, true);
    while more {
        let now = history.latest;
        history.folded_at = now;
        let folding = history.world.snapshot().unfolded(now, MOST).unwrap();
        more = folding.more;
        // Lists may come before the rest, some or all of them. What is put in once more changes nothing.
        let mut listed = 0;
        for most in [1, 1 + dice.below(3)] {
            let put = |group: &dyn Group| {
                listed = group.fold_lists(&folding, listed, most)?.unwrap_or(listed);
                Ok(())
            };
            history.world.try_to_write(put).unwrap();
            history.reopen(true);
            alike(&history);
            shown_alike(&history);
        }
        for lists_after in [listed, 0] {
            history.world.try_to_write(|group| group.fold(&folding, lists_after)).unwrap();
            history.world.try_to_write(|group| group.fold_lists(&folding, 0, 2).map(drop)).unwrap();
            alike(&history);
        }
        pieces += 1;
        assert!(pieces < 100, "there is an end to it");
    }
    // What came later of what was folded; then hours lie behind.
    (0..40).for_each(|_| history.act(Action::Attempt, dice));
    history.end_group();
    alike(&history);
    history.pass(3 * HOUR);
    history.sum_hours();
    history.end_group();
    alike(&history);
    history.fold();
    history.end_group();
    history.reopen(true);
    alike(&history);
}

fn alike(history: &History) {
    let asked = Asked { limit: 700, ..Asked::of(history, 9) };
    let expected = Portrait::of_counts(&**history.world.model.data(), &asked);
    Portrait::of_counts(history.world.snapshot(), &asked).assert_is(&expected);
}

/// What is shown of the deliveries of each webhook: each once, also where it is in a list and in the tail.
fn shown_alike(history: &History) {
    let stores: [&dyn Snapshot; 2] = [history.world.snapshot(), &**history.world.model.data()];
    for key in history.world.model.data().webhooks.keys() {
        let [found, expected] = stores.map(|store| {
            let mut shown = Vec::new();
            store
                .newest(*key, 0, &mut |seen| shown.push((seen.status, seen.created_at, seen.attempts)))
                .unwrap();
            shown
        });
        assert_eq!(found, expected);
    }
}

/// The oldest changes of a webhook's health go.
pub(super) fn no_more_of_its_health_is_kept_than_that(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(42));
    let (one, other) = (history.make_webhook(dice), history.make_webhook(dice));
    history.act(Action::Delete, dice);
    for _ in 0..230 {
        history.act(Action::Fares, dice);
        history.pass(5);
    }
    history.end_group();
    let snapshot: &dyn Snapshot = history.world.snapshot();
    let kept = [one, other].map(|key| snapshot.health_history(key, 1_000).unwrap());
    let mut counts = kept.each_ref().map(Vec::len);
    counts.sort_unstable();
    assert_eq!(counts, [0, 200]);
    let newest = kept.iter().flatten().map(|change| change.at).collect::<Vec<_>>();
    assert!(newest.is_sorted_by(|a, b| a > b) && newest[0] == history.latest - 5, "newest first");
}
