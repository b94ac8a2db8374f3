//! L3 and L4: commits, numbers and keys rise, and none is given twice.

use super::{
    Store,
    asked::Asked,
    dice::Dice,
    histories::{Action, Step, Then},
    history::{DAY, History},
};
use crate::{
    model::changes::{ChangeQuery, Position},
    store::{
        Change,
        entries::Entries,
        made::{MadeAs, Target},
        numbers::{STEP, TIMED},
    },
};

/// A history with a webhook that is sent everything.
fn history(store: Store, dice: &mut Dice) -> (History, Vec<Target>) {
    let mut history = History::of(store);
    let key = history.make_webhook(dice);
    history.end_group();
    let targets = vec![Target { revision: history.revision_of(key), made_as: MadeAs::Held }; 3];
    (history, targets)
}

pub(super) fn commits_are_numbered_one_after_the_other(store: Store) {
    let dice = &mut Dice::from(21);
    let (mut history, targets) = history(store, dice);
    for expected in 2..12 {
        assert_eq!(history.world.snapshot().next_commit().unwrap(), expected);
        history.log_one(targets.clone(), dice);
        history.end_group();
        // A group that changes nothing that is told of takes no number.
        history.end_group();
        if expected % 3 == 0 {
            history.reopen(expected % 2 == 0);
        }
    }
    let (begin, end) = (Position::default(), Position { commit: 12, seen: 0 });
    let reading = history.world.snapshot().changes((begin, end), &ChangeQuery::default(), 1_000).unwrap();
    let places: Vec<_> = reading.rows.iter().map(|(position, _)| *position).collect();
    assert!(places.is_sorted_by(|a, b| a < b) && places.len() == 1 + 10 * 3, "{places:?}");
    assert_eq!((reading.next, reading.more), (end, false));
    let again = history.world.try_to_write(|group| {
        let (entries, moves) = (&Entries::default(), &[][..]);
        group.put(Change::Commit { number: 11, at: 0, entries, moves })
    });
    assert!(again.is_err(), "two commits of a number");
    assert_eq!(history.world.snapshot().next_commit().unwrap(), 12);
}

pub(super) fn numbers_go_on_when_nothing_is_left(store: Store) {
    let dice = &mut Dice::from(22);
    let (mut history, targets) = history(store, dice);
    assert!(history.world.snapshot().last_number().unwrap() >= TIMED, "those from before numbers had a time");
    for (then_back, is_killed) in [(0, true), (DAY, false), (DAY / 2, true), (0, false)] {
        let first = history.log_one(targets.clone(), dice);
        let last = first + 3 * STEP;
        history.end_group();
        assert_eq!(history.world.snapshot().last_number().unwrap(), last);
        history.reopen(is_killed);
        assert_eq!(history.world.snapshot().last_number().unwrap(), last, "delivered numbers are given, too");
        let commit = history.world.snapshot().next_commit().unwrap();
        history.fold();
        history.end_group();
        history.pass(9 * DAY);
        history.prune_now(|_| false);
        history.end_group();
        assert!(history.world.model.data().events.is_empty());
        history.reopen(is_killed);
        assert_eq!(history.world.snapshot().last_number().unwrap(), last, "nothing is left of it");
        assert!(history.world.snapshot().next_commit().unwrap() >= commit);
        assert!(history.world.snapshot().last_commit_at().unwrap().is_some(), "the last commit stays");
        history.set_back(then_back);
        let next = history.log_one(targets.clone(), dice);
        assert!(next > last);
        history.end_group();
        history.world.check(&Asked::of_all(&history));
    }
}

pub(super) fn keys_are_never_given_again(store: Store) {
    let dice = &mut Dice::from(23);
    let mut history = History::of(store);
    for (round, is_killed) in [false, true, false, true].into_iter().enumerate() {
        history.take(&Step {
            upkeep: None,
            actions: vec![(Action::Webhook, 1), (Action::Change, 2), (Action::Delete, 3), (Action::Job, 1)],
            then: Then::GoOn,
            asked: 0,
        });
        let (keys, job) =
            (history.world.snapshot().next_keys().unwrap(), history.world.snapshot().next_job().unwrap());
        let round = i64::try_from(round).unwrap();
        assert_eq!(keys, (round + 2, 2 * round + 3));
        history.fold();
        history.end_group();
        history.pass(9 * DAY);
        history.prune_now(|_| false);
        history.end_group();
        history.reopen(is_killed);
        assert_eq!(history.world.snapshot().next_keys().unwrap(), keys, "nothing is left of them");
        assert_eq!(history.world.snapshot().next_job().unwrap(), job);
        history.world.check(&Asked::of(&history, dice.any()));
    }
}
