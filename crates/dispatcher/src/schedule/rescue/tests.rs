//! One look, in which nothing shows of what it writes: each delivery moves once.

use bluehook_core::{
    delivery::Status,
    event::{Event, EventType},
    json::RawJson,
};

use super::*;
use crate::{
    WebhookChange,
    house::House,
    ledger::again,
    model::{
        WebhookKey,
        log::{DeliveryQuery, PageQuery},
    },
};

const HOUR: Millis = 3_600_000;

/// Deliveries that are held for a webhook of Ada's.
struct Scene {
    house: House,
    key: WebhookKey,
    numbers: Vec<i64>,
}

impl Scene {
    async fn new(count: usize) -> Scene {
        let house = House::new().await;
        let dispatcher = &house.dispatcher;
        let id = dispatcher.create_webhook(House::new_webhook()).await.unwrap().0.id.clone();
        let off = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
        dispatcher.update_webhook(&id, off).await.unwrap();
        for _ in 0..count {
            assert_eq!(dispatcher.dispatch(event()).await.unwrap().deliveries, 1);
        }
        let found = dispatcher.store.look_and_change(move |writing, context| {
            let (before, key) = (writing.look()?.before(), context.find(&id).unwrap().key);
            let mut listed = before.listed_after(key, 0, 99)?;
            before.tail()?.go_on(&mut listed, key, 0, 99);
            Ok((key, listed))
        });
        let (key, numbers) = found.await.unwrap();
        assert_eq!(numbers.len(), count);
        Scene { house, key, numbers }
    }

    /// Makes some of them due at a time.
    async fn are_due(&self, count: usize, at: Millis) {
        let numbers = self.numbers[..count].to_vec();
        let due = move |writing: &Writing<'_>, context: &mut Context| {
            for number in &numbers {
                assert!(again::make_due(writing, context, *number, at)?);
            }
            context.backlog_changes(i64::try_from(numbers.len()).unwrap());
            Ok(())
        };
        self.house.dispatcher.store.look_frozen(due).await.unwrap();
    }

    async fn statuses(&self) -> Vec<Status> {
        let page = PageQuery { limit: 99, cursor: None };
        let found = self.house.dispatcher.deliveries(DeliveryQuery::default(), page).await.unwrap();
        found.items.iter().map(|delivery| delivery.status).collect()
    }
}

fn event() -> Event {
    Event {
        id: None,
        event_type: EventType::TodoCreated,
        company_id: "c".to_owned(),
        project_id: "p".to_owned(),
        user_id: "ben".to_owned(),
        occurred_at: None,
        previous_value: RawJson::null(),
        current_value: RawJson::parse("{}").unwrap(),
    }
}

#[tokio::test]
async fn what_waits_for_a_webhook_that_is_off_is_put_aside_once() {
    let scene = Scene::new(5).await;
    let now = scene.house.dispatcher.clock.now();
    scene.are_due(3, now + HOUR).await;
    assert_eq!(scene.house.dispatcher.metrics().backlog, 3);
    let look = move |writing: &Writing<'_>, context: &mut Context| {
        due::take_due(writing, context, &mut Look::new(now + 2 * HOUR))
    };
    scene.house.dispatcher.store.look_frozen(look).await.unwrap();
    assert_eq!(scene.statuses().await, [Status::Held; 5]);
    let metrics = scene.house.dispatcher.metrics();
    assert_eq!((metrics.deliveries_held, metrics.backlog), (5 + 3, 0));
}

#[tokio::test]
async fn what_is_held_for_a_webhook_that_is_gone_is_cancelled_once() {
    let scene = Scene::new(5).await;
    let now = scene.house.dispatcher.clock.now();
    // Two of them have rows.
    scene.are_due(2, now + HOUR).await;
    let key = scene.key;
    let aside = move |writing: &Writing<'_>, context: &mut Context| {
        due::take_due(writing, context, &mut Look::new(now + 2 * HOUR))
    };
    scene.house.dispatcher.store.look_frozen(aside).await.unwrap();
    let cancel = move |writing: &Writing<'_>, context: &mut Context| {
        context.gone.add(key);
        gone::cancel_held(writing, context, &mut Look::new(now))
    };
    assert_eq!(scene.house.dispatcher.store.look_frozen(cancel).await.unwrap(), None);
    assert_eq!(scene.statuses().await, [Status::Cancelled; 5]);
    assert_eq!(scene.house.dispatcher.metrics().deliveries_cancelled, 5);
}

#[tokio::test]
async fn a_clock_that_was_set_back_twice_moves_what_waits_in_two_looks() {
    let scene = Scene::new(2).await;
    let (now, key) = (scene.house.dispatcher.clock.now(), scene.key);
    scene.are_due(2, now + 3 * HOUR).await;
    let twice = move |writing: &Writing<'_>, context: &mut Context| {
        context.due.set_back(now + 2 * HOUR, HOUR);
        context.due.set_back(now + HOUR, HOUR);
        let moved = due::move_back(writing, context, &mut Look::new(now))?;
        Ok((moved, context.due.set_back.len()))
    };
    assert_eq!(scene.house.dispatcher.store.look_frozen(twice).await.unwrap(), (true, 1));
    // The rescue may have been there before.
    let rest = move |writing: &Writing<'_>, context: &mut Context| {
        due::move_back(writing, context, &mut Look::new(now))
    };
    while scene.house.dispatcher.store.look_frozen(rest).await.unwrap() {}
    let due = scene.house.dispatcher.store.read(move |snapshot| snapshot.waiting(key, 9)).await.unwrap();
    assert_eq!(due.iter().map(|one| one.due_at).collect::<Vec<_>>(), [now + HOUR; 2]);
}
