//! Histories by chance: groups of whatever happens, upkeep between them, and the store ended and opened again.

use proptest::prelude::*;

/// Something that happens. Each comes with a number that the rest of it follows from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    Event,
    Attempt,
    Again,
    Aside,
    Postpone,
    OpenFrom,
    Cursor,
    Webhook,
    Change,
    Delete,
    Secrets,
    Fares,
    Directory,
    Beside,
    Audit,
    Replay,
    Job,
    Wait,
    SetBack,
}

impl Action {
    /// Everything.
    pub(super) const ALL: [Action; 19] = [
        Action::Event,
        Action::Attempt,
        Action::Again,
        Action::Aside,
        Action::Postpone,
        Action::OpenFrom,
        Action::Cursor,
        Action::Webhook,
        Action::Change,
        Action::Delete,
        Action::Secrets,
        Action::Fares,
        Action::Directory,
        Action::Beside,
        Action::Audit,
        Action::Replay,
        Action::Job,
        Action::Wait,
        Action::SetBack,
    ];
}

/// Something that is done by and by, first in a group.
#[derive(Clone, Copy, Debug)]
pub(super) enum Upkeep {
    Fold,
    Hours,
    Prune,
    Audit,
    Seal,
}

/// What follows a group.
#[derive(Clone, Copy, Debug)]
pub(super) enum Then {
    GoOn,
    Reopen,
    Kill,
}

/// A group, and what follows it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) upkeep: Option<(Upkeep, u64)>,
    pub(super) actions: Vec<(Action, u64)>,
    pub(super) then: Then,
    /// What is asked after it follows from this.
    pub(super) asked: u64,
}

fn action() -> impl Strategy<Value = Action> {
    let rare = [
        Action::Delete,
        Action::Secrets,
        Action::Fares,
        Action::Directory,
        Action::Beside,
        Action::Audit,
        Action::Replay,
        Action::Job,
        Action::SetBack,
        Action::Postpone,
    ];
    prop_oneof![
        8 => Just(Action::Event),
        8 => Just(Action::Attempt),
        3 => Just(Action::Again),
        3 => Just(Action::Aside),
        2 => Just(Action::OpenFrom),
        2 => Just(Action::Cursor),
        3 => Just(Action::Webhook),
        2 => Just(Action::Change),
        3 => Just(Action::Wait),
        8 => prop::sample::select(rare.to_vec()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let upkeep = [
        Upkeep::Fold,
        Upkeep::Fold,
        Upkeep::Hours,
        Upkeep::Prune,
        Upkeep::Prune,
        Upkeep::Audit,
        Upkeep::Seal,
    ];
    let upkeep = prop::option::weighted(0.4, (prop::sample::select(upkeep.to_vec()), any::<u64>()));
    let actions = prop::collection::vec((action(), any::<u64>()), 0..12);
    let then = prop_oneof![8 => Just(Then::GoOn), 1 => Just(Then::Reopen), 1 => Just(Then::Kill)];
    (upkeep, actions, then, any::<u64>()).prop_map(|(upkeep, actions, then, asked)| Step {
        upkeep,
        actions,
        then,
        asked,
    })
}

/// Some webhooks, then whatever happens.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let first = prop::collection::vec(any::<u64>(), 1..4).prop_map(|seeds| Step {
        upkeep: None,
        actions: seeds.into_iter().map(|seed| (Action::Webhook, seed)).collect(),
        then: Then::GoOn,
        asked: 0,
    });
    (first, prop::collection::vec(step(), 1..14)).prop_map(|(first, mut steps)| {
        steps.insert(0, first);
        steps
    })
}
