//! L7: a caller's id is taken once. And what may be written again, as it is when an answer was lost, and what may not.

use bluehook_core::{
    delivery::{Status, Step},
    event::Event,
};

use super::{
    Store,
    asked::Asked,
    dice::Dice,
    histories::Action,
    history::{DAY, Ended, History, outcome},
    world::{fill, stop},
};
use crate::store::{
    Change, Group, Snapshot,
    change::{ATTEMPTS_PER_DELIVERY, Became, NewRow},
    laws::memory::Stood,
    made::{MadeAs, Target},
};

pub(super) fn an_id_is_known_in_its_company_as_long_as_its_event_is_there(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(31));
    let given = |company: &str, event: Event| Event {
        id: Some("mine".to_owned()),
        company_id: company.to_owned(),
        ..event
    };
    let (ours, theirs) = (given("c0", history.new_event(dice)), given("c1", history.new_event(dice)));
    let before = history.log(ours.clone(), Vec::new());
    let known = move |group: &dyn Group, number: Option<i64>| {
        for (id, company, expected) in [("mine", "c0", number), ("mine", "c1", None), ("mine2", "c0", None)] {
            assert_eq!(group.event_with_id(id, company).unwrap(), expected, "{id} of {company}");
        }
    };
    let (puts, same) = (std::mem::take(&mut history.puts), ours.clone());
    let failed = history.world.try_to_write(|group| {
        known(group, None);
        fill(group, &puts)?;
        known(group, Some(before));
        assert_eq!(group.event(before).unwrap(), Some((same.clone(), 0)), "as it was put");
        assert_eq!(group.event(before + 1).unwrap(), None);
        Err(stop())
    });
    assert!(failed.is_err());
    let look = |group: &dyn Group| {
        known(group, None);
        Err(stop())
    };
    assert!(history.world.try_to_write(look).is_err());
    history.puts = puts;
    history.end_group();
    history.reopen(true);
    let look = |group: &dyn Group| {
        known(group, Some(before));
        assert_eq!(group.event(before).unwrap(), Some((same.clone(), 0)), "as it was put");
        Err(stop())
    };
    assert!(history.world.try_to_write(look).is_err());
    // Two companies may give the same.
    let other = history.log(theirs, Vec::new());
    history.end_group();
    let of = |history: &History, company| {
        history.world.snapshot().event_number(&history.world.ids, "mine", Some(company)).unwrap()
    };
    assert_eq!((of(&history, "c0"), of(&history, "c1")), (Some(before), Some(other)));
    // One that is given again is the later one's, also when the earlier goes.
    history.pass(3 * DAY);
    let later = history.log(ours, Vec::new());
    history.end_group();
    history.prune_now(|_| false);
    history.end_group();
    assert_eq!((of(&history, "c0"), of(&history, "c1")), (Some(later), None));
    history.pass(3 * DAY);
    history.prune_now(|_| false);
    history.end_group();
    assert_eq!(of(&history, "c0"), None, "it is free again");
}

/// What makes something can be done once: a group that has it already is refused as a whole.
pub(super) fn what_was_written_is_not_written_again(store: Store) {
    for action in
        [Action::Event, Action::Attempt, Action::Change, Action::Job, Action::Replay, Action::Webhook]
    {
        let (mut history, dice) = (History::of(store), &mut Dice::from(32));
        history.make_webhook(dice);
        (0..9).for_each(|_| history.act(Action::Event, dice));
        history.end_group();
        history.act(action, dice);
        history.note_commit();
        assert!(!history.puts.is_empty(), "{action:?}");
        let puts = std::mem::take(&mut history.puts);
        history.world.write(&puts);
        for is_killed in [true, false] {
            history.reopen(is_killed);
            let again = history.world.try_to_write(|group| fill(group, &puts));
            assert!(again.is_err(), "{action:?}");
            history.world.check(&Asked::of_all(&history));
        }
    }
}

/// What says how something is may be said again.
pub(super) fn what_says_how_it_is_may_be_said_again(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(33));
    history.make_webhook(dice);
    (0..9).for_each(|_| history.act(Action::Event, dice));
    (0..9).for_each(|_| history.act(Action::Again, dice));
    history.end_group();
    let actions = [
        Action::Secrets,
        Action::OpenFrom,
        Action::Cursor,
        Action::Postpone,
        Action::Directory,
        Action::Delete,
    ];
    for action in actions {
        (0..4).for_each(|_| history.act(action, dice));
        assert!(!history.puts.is_empty(), "{action:?}");
        let puts = std::mem::take(&mut history.puts);
        history.world.write(&puts);
        history.reopen(true);
        history.world.try_to_write(|group| fill(group, &puts)).unwrap();
        history.world.check(&Asked::of_all(&history));
        history.end_group();
    }
}

/// A history with one delivery that waits for its next attempt.
fn with_one_row(store: Store, dice: &mut Dice) -> (History, NewRow) {
    let mut history = History::of(store);
    let key = history.make_webhook(dice);
    let target = Target { revision: history.revision_of(key), made_as: MadeAs::Open };
    let event = history.log_one(vec![target], dice);
    let new = history.with(|data| NewRow::of(&data.all().next().unwrap().made));
    let (row, at) = (new.clone(), history.now);
    history.put(move |group| {
        group.put(Change::Row(row.clone(), Became::Due { status: Status::Pending, tries: 0, at }))
    });
    history.end_group();
    assert_eq!(new.event, event);
    (history, new)
}

/// An attempt that failed; another is to come.
fn ended(ordinal: u32, duration_us: u64, dice: &mut Dice) -> Ended {
    let step = Step { status: Status::Retrying, next_attempt_at: Some(5), gave_up: None };
    Ended { step, tries: 1, ordinal, duration_us, outcome: outcome(dice), reused: true }
}

pub(super) fn no_more_attempts_are_kept_than_that(store: Store) {
    let dice = &mut Dice::from(34);
    let (mut history, new) = with_one_row(store, dice);
    for ordinal in 1..ATTEMPTS_PER_DELIVERY + 9 {
        // One that is put in again is not another.
        for took in [u64::from(ordinal), 77].into_iter().take(1 + usize::from(ordinal % 50 == 0)) {
            history.end_attempt(new.clone(), false, ended(ordinal, took, dice));
        }
    }
    history.end_group();
    let snapshot: &dyn Snapshot = history.world.snapshot();
    let (newest, count) = snapshot.attempts(&history.world.ids, new.number).unwrap();
    assert_eq!(count, ATTEMPTS_PER_DELIVERY - 1);
    let ordinals: Vec<u32> = newest.iter().map(|attempt| attempt.number).collect();
    assert_eq!(ordinals, (ATTEMPTS_PER_DELIVERY - 50..ATTEMPTS_PER_DELIVERY).collect::<Vec<_>>());
    assert!(newest.iter().all(|attempt| attempt.duration_us == u64::from(attempt.number)));
}

/// What comes of a delivery that is gone meanwhile.
pub(super) fn what_moves_and_is_gone_changes_nothing(store: Store) {
    let dice = &mut Dice::from(35);
    let (mut history, new) = with_one_row(store, dice);
    history.pass(9 * DAY);
    history.prune_now(|_| false);
    history.end_group();
    assert!(history.with(|data| data.one(new.number).is_none_or(|stood| Stood::is_bare(&stood))));
    let (number, at) = (new.number, history.now);
    history.end_attempt(new, false, ended(1, 5, dice));
    history.put(move |group| {
        group.put(Change::Moved(number, Became::Due { status: Status::Pending, tries: 1, at }))?;
        group.put(Change::Moved(number, Became::Aside(Status::Cancelled, None)))?;
        group.put(Change::Moved(number, Became::Postponed { at, first_attempt_at: None }))
    });
    history.end_group();
    let snapshot: &dyn Snapshot = history.world.snapshot();
    assert!(snapshot.stands(number).unwrap().is_none() && snapshot.next_waiting(0).unwrap().is_none());
    assert_eq!(
        snapshot.attempts(&history.world.ids, number).unwrap().1,
        0,
        "nothing would ever take it away"
    );
    history.world.check(&Asked::of_all(&history));
}
