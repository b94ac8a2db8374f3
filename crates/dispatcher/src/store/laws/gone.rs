//! L12: nothing refers to what is gone, and what is told of is there.

use bluehook_core::delivery::Status;

use super::{
    Store,
    asked::Asked,
    dice::Dice,
    histories::Action,
    history::{HOUR, History, KEPT},
    old::Came,
};
use crate::{
    id::Kind,
    model::log::{DeliveryQuery, PageQuery},
    store::{
        Snapshot,
        made::MadeAs,
        numbers::{STEP, of_delivery},
    },
};

/// Whatever is listed, told of or still to be sent can be asked for.
pub(super) fn what_is_listed_can_be_read_when_much_is_gone(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(72));
    let keys: Vec<_> = (0..3).map(|_| history.make_webhook(dice)).collect();
    for round in 0..60 {
        for action in
            [Action::Event, Action::Event, Action::Attempt, Action::Aside, Action::Again, Action::Cursor]
        {
            history.act(action, dice);
        }
        history.pass(9 * HOUR);
        history.end_group();
        if round % 7 == 6 {
            // Also when what is gone was folded by nobody.
            if round % 2 == 0 {
                history.fold();
            }
            history.prune_now(move |delivery| delivery / STEP % 5 == round % 5);
            history.end_group();
        }
    }
    assert!(history.world.model.data().events.len() * 3 < history.events.len());
    history.world.check(&Asked::of_all(&history));
    let (snapshot, ids): (&dyn Snapshot, _) = (history.world.snapshot(), &history.world.ids);
    let tail = snapshot.tail().unwrap();
    for key in keys {
        let mut listed = snapshot.listed_after(key, 0, 10_000).unwrap();
        tail.go_on(&mut listed, key, 0, 10_000);
        for number in listed {
            let is_there = snapshot.stands(number).unwrap().is_some();
            assert_eq!(snapshot.told(ids, number).unwrap().is_some(), is_there);
        }
    }
    let page = PageQuery { limit: 200, cursor: None };
    let listed = snapshot.deliveries(ids, (&DeliveryQuery::default(), 0), &page).unwrap().items;
    assert!(!listed.is_empty());
    for delivery in listed {
        let number = ids.number(Kind::Delivery, &delivery.id).unwrap();
        let told = snapshot.told(ids, number).unwrap().unwrap();
        assert!(snapshot.event(told.event).unwrap().is_some() && !told.body_object.is_empty());
    }
}

/// A webhook that is deleted is known as long as the log tells of it.
pub(super) fn what_is_told_of_a_webhook_outlives_it(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(73));
    let key = history.make_webhook(dice);
    let events: Vec<i64> = [Came::Nothing(MadeAs::Held), Came::Due, Came::Ended(Status::Failed)]
        .map(|came| history.log_with(key, &[came], dice))
        .to_vec();
    history.end_group();
    while history.with(|data| data.webhooks[&key].deleted_at.is_none()) {
        history.act(Action::Delete, dice);
    }
    history.end_group();
    for (turn, there) in [3, 1, 1, 0].into_iter().enumerate() {
        history.fold();
        history.prune_now(|_| false);
        history.end_group();
        history.reopen(turn % 2 == 0);
        let (snapshot, ids): (&dyn Snapshot, _) = (history.world.snapshot(), &history.world.ids);
        let query = DeliveryQuery { webhook_id: Some(format!("w{key}")), ..DeliveryQuery::default() };
        let page = PageQuery { limit: 200, cursor: None };
        let listed = snapshot.deliveries(ids, (&query, 0), &page).unwrap();
        assert_eq!(listed.items.len(), there, "in turn {turn}");
        let of_all =
            events.iter().filter(|event| snapshot.told(ids, of_delivery(**event, 0)).unwrap().is_some());
        assert_eq!(of_all.count(), there);
        history.world.check(&Asked::of_all(&history));
        history.pass([KEPT + HOUR, HOUR, KEPT, HOUR][turn]);
    }
}
