//! What is asked of a store to tell whether it says what the model says: of everything that there is, and of some of what was,
//! in ways that follow from one number.

use bluehook_core::{delivery::Status, time::Millis};

use super::{
    dice::Dice,
    history::{DAY, HOUR, History, TYPES},
    memory::Data,
};
use crate::{
    id::{Ids, Kind},
    model::{
        WebhookKey,
        audit::{Action, AuditQuery},
        changes::{ChangeQuery, Position},
        directory::Births,
        log::{DeliveryQuery, EventQuery},
        replay::ReplayQuery,
        sums::{Slot, hour_of, slot_of},
    },
    seal::Keyring,
    store::numbers::STEP,
};

/// What is asked.
pub(super) struct Asked {
    pub(super) ids: Ids,
    pub(super) keys: Keyring,
    pub(super) events: Vec<i64>,
    /// Some that are there, some that are gone, some that never were.
    pub(super) deliveries: Vec<i64>,
    pub(super) webhooks: Vec<WebhookKey>,
    /// Those that are not deleted.
    pub(super) kept: Vec<WebhookKey>,
    /// The ids of those that were deleted so long ago that they may be forgotten.
    pub(super) forgotten: Vec<String>,
    /// Those that something tells of.
    pub(super) revisions: Vec<i64>,
    pub(super) creations: Vec<Vec<u8>>,
    pub(super) replays: Vec<i64>,
    pub(super) jobs: Vec<i64>,
    pub(super) times: Vec<Millis>,
    pub(super) events_where: Vec<(EventQuery, i64)>,
    pub(super) deliveries_where: Vec<(DeliveryQuery, i64)>,
    pub(super) audited_where: Vec<(AuditQuery, Option<Births>)>,
    pub(super) changed_where: Vec<(ChangeQuery, Position, Position)>,
    pub(super) again_where: Vec<(WebhookKey, ReplayQuery)>,
    pub(super) limit: usize,
    /// From this slot on each is told by itself; before, hours may be.
    pub(super) fine_from: Slot,
    pub(super) slots: std::ops::Range<Slot>,
    /// From events on.
    pub(super) from: Vec<i64>,
}

/// The most deliveries that are asked for one by one.
const ONE_BY_ONE: usize = 24;

/// Hours that ended so long before the last fold may be told as one.
const FINE_FOR: Millis = 2 * HOUR;

impl Asked {
    /// What is asked of a history as it is by now.
    pub(super) fn of(history: &History, seed: u64) -> Asked {
        let (data, dice) = (&**history.world.model.data(), &mut Dice::from(seed));
        let ids = &history.world.ids;
        let mut deliveries: Vec<i64> =
            (0..ONE_BY_ONE).filter_map(|_| dice.pick(&history.deliveries)).collect();
        let events: Vec<i64> = (0..6).filter_map(|_| dice.pick(&history.events)).collect();
        deliveries.extend(events.iter().flat_map(|event| [*event, event + 1, event + 9 * STEP]));
        let times = vec![history.latest, history.latest - dice.within(0..2 * DAY), history.now];
        let mut from = vec![0, data.open_from.0];
        from.extend(data.webhooks.values().filter_map(|kept| kept.cursor));
        Asked {
            ids: ids.clone(),
            keys: history.world.keys.clone(),
            webhooks: data.webhooks.keys().copied().chain([99]).collect(),
            kept: kept(data),
            forgotten: forgotten(data, history.pruned_before),
            revisions: revisions(data),
            creations: (0..6).map(|byte| vec![byte; 3]).collect(),
            replays: data.replays.keys().copied().collect(),
            jobs: data.jobs.keys().copied().collect(),
            events_where: (0..2)
                .map(|_| events_where(dice, &times, &events))
                .chain([<_>::default()])
                .collect(),
            deliveries_where: deliveries_where(ids, dice, (&times, &events)),
            audited_where: (0..2).map(|_| audited_where(dice, &times)).chain([<_>::default()]).collect(),
            changed_where: changed_where(data, dice),
            again_where: kept(data).into_iter().map(|key| (key, history.replay_query(key, dice))).collect(),
            limit: 1 + dice.below(4),
            fine_from: hour_of(slot_of(history.folded_at - FINE_FOR)),
            slots: hour_of(slot_of(history.latest - 9 * DAY))..hour_of(slot_of(history.latest)) + 24,
            from,
            events,
            deliveries,
            times,
        }
    }

    /// Every delivery and event that there ever was is asked for.
    pub(super) fn of_all(history: &History) -> Asked {
        let (deliveries, events) = (history.deliveries.clone(), history.events.clone());
        Asked { events, deliveries, ..Asked::of(history, 1) }
    }
}

fn kept(data: &Data) -> Vec<WebhookKey> {
    let kept = data.webhooks.iter().filter(|(_, kept)| kept.deleted_at.is_none());
    kept.map(|(key, _)| *key).collect()
}

fn forgotten(data: &Data, before: Millis) -> Vec<String> {
    let is_old = |deleted_at: Option<Millis>| deleted_at.is_some_and(|at| at < before);
    let old = data.webhooks.values().filter(|kept| is_old(kept.deleted_at));
    old.map(|kept| kept.webhook.id.clone()).collect()
}

/// The revisions of what is logged, and of webhooks as they are.
fn revisions(data: &Data) -> Vec<i64> {
    let logged = data.events.values().flat_map(|logged| &logged.targets).map(|target| target.revision);
    let mut used: Vec<i64> = logged.chain(kept(data).iter().map(|key| data.webhooks[key].revision)).collect();
    used.sort_unstable();
    used.dedup();
    used
}

fn events_where(dice: &mut Dice, times: &[Millis], events: &[i64]) -> (EventQuery, i64) {
    let query = EventQuery {
        company_id: dice.maybe(&["c0", "c1"]).map(str::to_owned),
        project_id: if dice.one_in(2) { Some(format!("p{}", dice.below(3))) } else { None },
        event: if dice.one_in(2) { dice.pick(&TYPES) } else { None },
        since: if dice.one_in(2) { dice.pick(times).map(|at| at - HOUR) } else { None },
        until: if dice.one_in(3) { dice.pick(times) } else { None },
    };
    (query, if dice.one_in(3) { dice.pick(events).unwrap_or(0) } else { 0 })
}

/// Each status of all webhooks, of some, and of an event; and all that there are.
fn deliveries_where(
    ids: &Ids,
    dice: &mut Dice,
    (times, events): (&[Millis], &[i64]),
) -> Vec<(DeliveryQuery, i64)> {
    let mut all = vec![(DeliveryQuery::default(), 0)];
    for status in Status::ALL.map(Some).into_iter().chain([None]) {
        all.push((DeliveryQuery { status, ..DeliveryQuery::default() }, 0));
        let one = if dice.one_in(2) { Some(format!("w{}", dice.below(5))) } else { None };
        let query = DeliveryQuery {
            webhook_id: one,
            company_id: dice.maybe(&["c0", "c1"]).map(str::to_owned),
            created_by_id: if dice.one_in(4) { Some(format!("u{}", dice.below(2))) } else { None },
            event_id: None,
            event: if dice.one_in(4) { dice.pick(&TYPES) } else { None },
            status,
            since: if dice.one_in(3) { dice.pick(times).map(|at| at - HOUR) } else { None },
            until: if dice.one_in(4) { dice.pick(times) } else { None },
        };
        let first = if dice.one_in(4) { dice.pick(events).unwrap_or(0) } else { 0 };
        all.push((query, first));
    }
    for id in [format!("id{}", dice.below(9)), ids.of(Kind::Event, dice.pick(events).unwrap_or(5))] {
        let company_id = Some("c0".to_owned()).filter(|_| id.starts_with("id"));
        all.push((DeliveryQuery { event_id: Some(id), company_id, ..DeliveryQuery::default() }, 0));
    }
    all
}

fn audited_where(dice: &mut Dice, times: &[Millis]) -> (AuditQuery, Option<Births>) {
    let owner = dice.one_in(2).then(|| (format!("c{}", dice.below(2)), format!("u{}", dice.below(2))));
    let query = AuditQuery {
        owner,
        webhook_id: dice.one_in(3).then(|| "w1".to_owned()),
        user_id: dice.one_in(3).then(|| "u1".to_owned()),
        action: if dice.one_in(3) { dice.pick(&Action::ALL[..3]) } else { None },
        since: dice.one_in(3).then(|| times[1]),
        until: dice.one_in(4).then(|| times[0]),
    };
    (query, super::history::births(dice))
}

/// From every commit on, whether it is there or not, and from within some.
fn changed_where(data: &Data, dice: &mut Dice) -> Vec<(ChangeQuery, Position, Position)> {
    let (last, begin) = (data.last_commit(), Position::default());
    let end = Position { commit: last + 1, seen: 0 };
    let mut all = vec![(ChangeQuery::default(), begin, end)];
    for _ in 0..4 {
        let query = ChangeQuery {
            webhook_id: dice.one_in(3).then(|| format!("w{}", dice.below(4))),
            company_id: dice.maybe(&["c0", "c1"]).map(str::to_owned),
            created_by_id: dice.one_in(4).then(|| "u0".to_owned()),
        };
        let (commit, seen) = (dice.within(0..last + 3), u32::try_from(dice.below(3)).unwrap());
        let end =
            if dice.one_in(4) { Position { commit: dice.within(commit..last + 3), seen: 0 } } else { end };
        all.push((query, Position { commit, seen }, end));
    }
    all
}
