//! The clock set forward and back by an hour: nothing is lost, nothing waits longer than its pause, lists keep their order.

use bluehook_core::delivery::Status;
use bluehook_dispatcher::DeliveryQuery;

use crate::{
    house::{HOUR, House, MINUTE, SECOND},
    receiver::{BROKEN, OK, Receiver, answer},
};

const DAY: i64 = 24 * HOUR;

#[tokio::test]
async fn set_forward_everything_goes_on() {
    let house = House::new().await;
    let receiver = Receiver::first(answer(BROKEN)).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("before").await;
    house.until_attempted(&id, 1, Status::Retrying).await;
    house.clock.advance(HOUR);
    house.until_attempted(&id, 2, Status::Succeeded).await;
    let id = house.deliver("after").await;
    house.until_attempted(&id, 1, Status::Succeeded).await;
}

#[tokio::test]
async fn set_back_a_retry_waits_its_pause() {
    let house = House::new().await;
    let receiver = Receiver::first(answer(BROKEN)).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    let pause = pause_of(&house, &id).await;
    house.clock.advance(-HOUR);
    let moved = async || (pause_of(&house, &id).await == pause).then_some(());
    house.until("the retry is moved", moved).await;
    house.clock.advance(6 * SECOND);
    house.until_attempted(&id, 2, Status::Succeeded).await;
}

/// How long a delivery waits from now.
async fn pause_of(house: &House, id: &str) -> i64 {
    let waiting = house.until_attempted(id, 1, Status::Retrying).await;
    waiting.delivery.next_attempt_at.unwrap() - house.clock.now()
}

#[tokio::test]
async fn set_back_while_stopped_a_retry_waits_its_pause() {
    let mut house = House::new().await;
    let receiver = Receiver::first(answer(BROKEN)).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    house.until_attempted(&id, 1, Status::Retrying).await;
    house.close().await;
    house.clock.advance(-HOUR);
    house.open().await;
    house.clock.advance(6 * SECOND);
    house.until_attempted(&id, 2, Status::Succeeded).await;
}

/// More than there is room for in memory, so that much of it waits in the store.
#[tokio::test]
async fn set_back_a_burst_arrives_and_lists_keep_their_order() {
    const EVENTS: usize = 150;
    let house = House::new().await;
    let receiver = Receiver::good().await;
    house.webhook(&receiver.url()).await;
    house.dispatch("before").await;
    house.clock.advance(-HOUR);
    for number in 1..EVENTS {
        house.dispatch(&format!("event-{number}")).await;
    }
    house.until_in_status(Status::Succeeded, EVENTS).await;
    house.clock.advance(2 * HOUR);
    house.dispatch("after").await;
    house.until_in_status(Status::Succeeded, EVENTS + 1).await;

    let listed = house.list(DeliveryQuery::default()).await;
    assert_eq!((listed[0].event_id.as_str(), listed[EVENTS].event_id.as_str()), ("after", "before"));
    assert!(listed.is_sorted_by(|newer, older| newer.created_at >= older.created_at));
    let since = DeliveryQuery { since: Some(house.clock.now()), ..DeliveryQuery::default() };
    assert_eq!(house.list(since).await.len(), 1);
}

/// A success after the clock was set back still counts as one since the first attempt.
#[tokio::test]
async fn set_back_a_working_receiver_is_not_switched_off() {
    let house = House::new().await;
    let receiver = Receiver::scripted(|turn| answer(if turn == 1 { OK } else { BROKEN })).await;
    let webhook = house.webhook(&receiver.url()).await;
    let poisonous = house.deliver("poisonous").await;
    house.until_attempted(&poisonous, 1, Status::Retrying).await;
    house.clock.advance(-HOUR);
    let moved = async || (pause_of(&house, &poisonous).await < MINUTE).then_some(());
    house.until("the retry is moved", moved).await;
    let good = house.deliver("good").await;
    house.until_attempted(&good, 1, Status::Succeeded).await;
    for attempts in 1..5 {
        let waiting = house.until_attempted(&poisonous, attempts, Status::Retrying).await;
        house.clock.advance(waiting.delivery.next_attempt_at.unwrap() - house.clock.now());
    }
    house.until_attempted(&poisonous, 5, Status::Failed).await;
    assert!(house.standing(&webhook).enabled);
}

/// What happened when the clock was ahead is dated so; what came after it is not.
#[tokio::test]
async fn a_clock_that_was_ahead_once_dates_nothing_else_ahead() {
    let mut house = House::new().await;
    let receiver = Receiver::good().await;
    house.webhook(&receiver.url()).await;
    let deliver = async |house: &House, id: &str| {
        let delivery = house.deliver(id).await;
        house.until_attempted(&delivery, 1, Status::Succeeded).await.delivery.created_at
    };
    let before = house.clock.now();
    assert_eq!(deliver(&house, "before").await, before);
    house.clock.set(40 * DAY);
    assert_eq!(deliver(&house, "ahead").await, before + 40 * DAY);
    house.clock.advance(3 * SECOND);
    house.clock.set(-40 * DAY);
    let back = house.clock.now();
    assert_eq!(deliver(&house, "back").await, back);
    house.reopen().await;
    house.clock.advance(SECOND);
    assert_eq!(deliver(&house, "after a restart").await, back + SECOND);

    let of = async |since: Option<i64>, until: Option<i64>| {
        let found = house.list(DeliveryQuery { since, until, ..DeliveryQuery::default() }).await;
        found.into_iter().map(|delivery| delivery.event_id).collect::<Vec<_>>()
    };
    let all = ["after a restart", "back", "ahead", "before"];
    assert_eq!(of(None, None).await, all, "in the order in which they were taken in");
    assert_eq!(of(Some(back), Some(back + DAY)).await, all[..2]);
    assert_eq!(of(Some(before), Some(back)).await, all[3..]);
    assert_eq!(of(Some(back + DAY), None).await, all[2..3]);
    // Whatever they are dated, they go when their time is over.
    house.clock.advance(31 * DAY);
    house.until("all went", async || of(None, None).await.is_empty().then_some(())).await;
    house.close().await;
}
