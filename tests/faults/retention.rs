//! What is taken away when its time is over, and what is not.

use bluehook_core::{delivery::Status, event::Event, json::RawJson, retry::Policy, time::Millis};
use bluehook_dispatcher::{Change, ChangeQuery, DeliveryQuery, WebhookChange};

use crate::{
    chance::Chance,
    house::{HOUR, House, MINUTE, event},
    receiver::{BROKEN, OK, Receiver, answer},
};

const DAY: Millis = 24 * HOUR;

/// What time the house believes it to be, and for how long the clock has been ahead of that.
async fn believed(house: &House) -> (Millis, Millis) {
    let kept = house.dispatcher.setting("believed-time").await.unwrap().unwrap();
    let (now, ahead_for) = kept.split_once(' ').unwrap();
    (now.parse().unwrap(), ahead_for.parse().unwrap())
}

async fn until_believed(house: &House, fits: impl Fn((Millis, Millis)) -> bool) {
    house.until("old entries were looked for", async || fits(believed(house).await).then_some(())).await;
}

async fn events_in(house: &House) -> usize {
    house.list(DeliveryQuery::default()).await.len()
}

#[tokio::test]
async fn a_clock_that_is_ahead_for_a_moment_destroys_nothing() {
    let receiver = Receiver::scripted(|_| answer(OK)).await;
    let mut house = House::new().await;
    house.webhook(&receiver.url()).await;
    house.dispatch("kept").await;
    house.until_in_status(Status::Succeeded, 1).await;
    // Ahead, and back; with a restart while it is ahead.
    house.clock.set(40 * DAY);
    house.clock.advance(MINUTE);
    until_believed(&house, |(_, ahead_for)| ahead_for >= MINUTE).await;
    house.reopen().await;
    house.clock.advance(MINUTE);
    until_believed(&house, |(_, ahead_for)| ahead_for >= 2 * MINUTE).await;
    assert_eq!(events_in(&house).await, 1);
    house.clock.set(-40 * DAY);
    let now = house.clock.now();
    until_believed(&house, |seen| seen == (now, 0)).await;
    assert_eq!(events_in(&house).await, 1);
    // An hour later it is what it says.
    house.clock.set(40 * DAY);
    house.clock.advance(HOUR);
    house.until("it went", async || (events_in(&house).await == 0).then_some(())).await;
    house.close().await;
}

/// Held deliveries of a webhook that goes are cancelled one by one, as those who follow see, and nobody waits for all of them.
#[tokio::test]
async fn what_is_held_for_a_webhook_that_is_deleted_is_cancelled_piece_by_piece() {
    const HELD: usize = 2_500;
    let mut house = House::new().await;
    let webhook = house.webhook("http://127.0.0.1:9/").await;
    let off = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
    house.dispatcher.update_webhook(&webhook.id, off).await.unwrap();
    let events = (0..HELD).map(|number| event(&number.to_string())).collect();
    let taken = house.dispatcher.dispatch_all(events).await;
    assert!(taken.iter().all(Result::is_ok));
    let mut from = house.dispatcher.latest_position();
    house.dispatcher.delete_webhook(&webhook.id).await.unwrap();
    // What is left goes on after a restart.
    house.reopen().await;
    let query = || DeliveryQuery { status: Some(Status::Held), ..DeliveryQuery::default() };
    house.until("none is held", async || house.list(query()).await.is_empty().then_some(())).await;
    let mut cancelled = std::collections::BTreeSet::new();
    loop {
        let found = house.dispatcher.changes_since(from, ChangeQuery::default(), 500).await.unwrap();
        for (_, change) in found.items {
            if let Change::Delivery { status, delivery, .. } = change {
                assert_eq!(status, Status::Cancelled);
                assert!(cancelled.insert(delivery.id), "told once");
            }
        }
        from = found.next;
        if !found.more {
            break;
        }
    }
    assert_eq!(cancelled.len(), HELD);
    house.close().await;
}

/// Webhooks that were made and deleted leave nothing behind when their time is over, and the file is smaller then.
#[tokio::test]
async fn what_was_deleted_goes_when_nothing_is_told_of_it_any_more() {
    let receiver = Receiver::scripted(|_| answer(OK)).await;
    let house = House::new().await;
    let mut events = 0;
    for round in 0..10 {
        let webhook = house.webhook(&receiver.url()).await;
        for number in 0..30_u64 {
            let current_value =
                RawJson::parse(&format!(r#"{{"text":"{}"}}"#, Chance::new(number).text(8_000))).unwrap();
            let event = Event { current_value, ..event(&format!("{round} {number}")) };
            house.dispatcher.dispatch(event).await.unwrap();
            events += 1;
        }
        let in_all = async || (receiver.requests().len() == events).then_some(());
        house.until("all have arrived", in_all).await;
        let settled = async || (house.in_status(Status::Delivering).await == 0).then_some(());
        house.until("nothing is under way", settled).await;
        house.dispatcher.delete_webhook(&webhook.id).await.unwrap();
    }
    let rows = |table: &str| house.count(&format!("SELECT count(*) FROM {table}"));
    assert_eq!((rows("webhooks"), rows("deliveries")), (10, 300));
    let pages = || house.count("PRAGMA page_count");
    let before = pages();
    house.clock.advance(32 * DAY);
    let is_swept = async || (rows("webhooks") + rows("revisions") + rows("deliveries") == 0).then_some(());
    house.until("all of it went", is_swept).await;
    let is_smaller = async || (pages() < before / 2).then_some(());
    house.until("the file is smaller", is_smaller).await;
    // What comes next has other numbers.
    house.webhook(&receiver.url()).await;
    assert_eq!(house.count("SELECT min(key) FROM webhooks"), 11);
    house.close().await;
}

/// What is still to be sent keeps its own event, and nothing else.
#[tokio::test]
async fn what_is_still_tried_keeps_nothing_beside_itself() {
    let receiver = Receiver::first(answer(BROKEN)).await;
    let mut house = House::with(|config| {
        config.retention = std::time::Duration::from_hours(4);
        config.retry = Policy::new(vec![u64::try_from(6 * HOUR).unwrap(); 3]);
    })
    .await;
    house.webhook(&receiver.url()).await;
    let tried = house.deliver("tried").await;
    house.until_attempted(&tried, 1, Status::Retrying).await;
    for number in 0..5 {
        house.dispatch(&format!("done {number}")).await;
    }
    house.until_in_status(Status::Succeeded, 5).await;
    house.clock.advance(5 * HOUR);
    let events = async || {
        house.list(DeliveryQuery::default()).await.into_iter().map(|of| of.event_id).collect::<Vec<_>>()
    };
    house.until("the others went", async || (events().await == ["tried"]).then_some(())).await;
    house.reopen().await;
    house.clock.advance(2 * HOUR);
    house.until_attempted(&tried, 2, Status::Succeeded).await;
    house.close().await;
}
