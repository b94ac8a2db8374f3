//! L1: a group is there whole or not at all, whatever is in it and wherever it ends.

use std::{cell::RefCell, collections::BTreeSet};

use super::{
    Store,
    asked::Asked,
    dice::Dice,
    histories::Action,
    history::History,
    portrait::Portrait,
    world::{fill, stop},
};
use crate::store::{Change, around::Around, change::Became};

pub(super) fn what_a_group_did_is_there_whole_or_not_at_all(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(11));
    let mut kinds = BTreeSet::new();
    history.make_webhook(dice);
    for round in 0..40 {
        for action in Action::ALL {
            history.act(action, dice);
        }
        if round % 10 == 9 {
            history.pass(8 * super::history::DAY);
            history.set_back(super::history::DAY);
        }
        history.note_commit();
        if round % 4 == 0 {
            fails_wherever_it_ends(&mut history);
        }
        kinds.extend(kinds_of(&mut history));
        history.end_group();
        if round % 4 == 0 {
            history.world.check(&Asked::of(&history, dice.any()));
        }
    }
    assert_eq!(kinds.len(), KINDS, "not everything was written: {kinds:?}");
}

/// The group that is in the making, cut off behind each of its parts.
fn fails_wherever_it_ends(history: &mut History) {
    let asked = Asked::of(history, 3);
    let before = history.world.portrait(&asked);
    let puts = std::mem::take(&mut history.puts);
    for count in 0..=puts.len() {
        let mut written = 0;
        let error = history.world.try_to_write(|group| {
            fill(group, &puts[..count])?;
            written += 1;
            Err(stop())
        });
        assert_eq!((error.unwrap_err().to_string(), written), (stop().to_string(), 1));
        if count % 7 == 0 || count == puts.len() {
            history.world.portrait(&asked).assert_is(&before);
            history.world.portrait_beside(&asked).assert_is(&before);
        }
    }
    history.puts = puts;
}

pub(super) fn a_group_shows_what_was_before_it(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(12));
    for _ in 0..6 {
        history.act(Action::Webhook, dice);
        for action in Action::ALL {
            history.act(action, dice);
        }
        history.note_commit();
        let asked = Asked::of(&history, dice.any());
        let (before, puts) = (history.world.portrait(&asked), std::mem::take(&mut history.puts));
        let error = history.world.try_to_write(|group| {
            Portrait::of(group.before(), &asked).assert_is(&before);
            fill(group, &puts)?;
            Err(stop())
        });
        assert_eq!(error.unwrap_err().to_string(), stop().to_string());
        history.puts = puts;
        history.end_group();
    }
}

/// The kinds of what is put into the group that is in the making.
fn kinds_of(history: &mut History) -> BTreeSet<&'static str> {
    let puts = std::mem::take(&mut history.puts);
    let kinds = RefCell::new(BTreeSet::new());
    let error = history.world.try_to_write(|group| {
        let hear = |change: &Change<'_>| {
            kinds.borrow_mut().insert(kind(change));
        };
        fill(&Around { group, before: group.before(), hear: &hear }, &puts)?;
        Err(stop())
    });
    assert_eq!(error.unwrap_err().to_string(), stop().to_string());
    history.puts = puts;
    kinds.into_inner()
}

/// How many kinds of changes there are.
const KINDS: usize = 34;

fn kind(change: &Change<'_>) -> &'static str {
    match change {
        Change::Event(..) => "event",
        Change::ClockStep { .. } => "clock step",
        Change::Row(_, Became::Ended(_)) => "row of an attempt",
        Change::Row(_, Became::Due { .. } | Became::Postponed { .. }) => "row of what waits",
        Change::Row(_, Became::Aside(..)) => "row aside",
        Change::Moved(_, Became::Ended(_)) => "moved by an attempt",
        Change::Moved(_, Became::Due { .. }) => "moved to wait",
        Change::Moved(_, Became::Postponed { .. }) => "moved in time",
        Change::Moved(_, Became::Aside(..)) => "moved aside",
        Change::Commit { .. } => "commit",
        Change::OpenFrom { .. } => "open from",
        Change::Cursor(..) => "cursor",
        Change::Age(_) => "age",
        Change::LastNumber(_) => "last number",
        Change::Setting(_, Some(_)) => "setting",
        Change::Setting(_, None) => "no setting",
        Change::Webhook(_) => "webhook",
        Change::Revision { .. } => "revision",
        Change::Secrets(..) => "secrets",
        Change::Deleted(..) => "deleted",
        Change::Off(..) => "off",
        Change::Health(..) => "health",
        Change::HealthChanged(..) => "health changed",
        Change::Notice { .. } => "notice",
        Change::Directory(..) => "directory",
        Change::Audit { .. } => "audit",
        Change::Creation { .. } => "creation",
        Change::ForgetCreations { .. } => "forget creations",
        Change::Replay(_) => "replay",
        Change::ReplayReached { .. } => "replay reached",
        Change::ReplayEnded(..) => "replay ended",
        Change::Job { .. } => "job",
        Change::JobReached { .. } => "job reached",
        Change::JobEnded { .. } => "job ended",
    }
}
