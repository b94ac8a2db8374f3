//! Stopped with things waiting, and opened again.

use std::{collections::BTreeSet, fs};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::DeliveryQuery;

use crate::{
    house::{HOUR, House, SECOND},
    receiver::{OK, Receiver, Step, answer},
};

/// More than there is room for in memory while the receiver is not known to answer.
const EVENTS: usize = 150;

#[tokio::test]
async fn what_waited_is_delivered_after_a_restart() {
    let mut house = House::new().await;
    let receiver = Receiver::always(vec![Step::Read, Step::Wait, Step::Write(OK.into())]).await;
    house.webhook(&receiver.url()).await;
    for number in 0..EVENTS {
        house.dispatch(&format!("event-{number}")).await;
    }
    receiver.until_seen(1).await;
    house.reopen().await;
    receiver.let_go();
    house.clock.advance(6 * SECOND);
    house.until_in_status(Status::Succeeded, EVENTS).await;
    let mut arrived: Vec<String> =
        receiver.requests().iter().map(super::receiver::Request::event_id).collect();
    arrived.sort();
    arrived.dedup();
    assert_eq!(arrived.len(), EVENTS);
}

#[tokio::test]
async fn stopping_waits_for_what_is_under_way() {
    let mut house = House::new().await;
    let receiver = Receiver::always(vec![Step::Read, Step::Wait, Step::Write(OK.into())]).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    receiver.until_seen(1).await;
    tokio::join!(house.close(), async { receiver.let_go() });
    house.open().await;
    let detail = house.detail(&id).await;
    assert_eq!((detail.delivery.status, detail.attempts.len()), (Status::Succeeded, 1));
    assert_eq!(receiver.requests().len(), 1);
}

/// The ids of deliveries and attempts that there are.
async fn ids(house: &House) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for delivery in house.list(DeliveryQuery::default()).await {
        let detail = house.detail(&delivery.id).await;
        ids.extend(detail.attempts.into_iter().map(|attempt| attempt.id));
        ids.insert(delivery.id);
    }
    ids
}

/// A receiver that knows `webhook-id` would throw away what comes under one that it has.
#[tokio::test]
async fn no_id_is_given_twice_when_a_backup_is_put_back() {
    let receiver = Receiver::always(answer(OK)).await;
    let mut house = House::new().await;
    house.webhook(&receiver.url()).await;
    house.close().await;
    let backup = fs::read(house.database()).unwrap();
    house.open().await;
    for number in 0..5 {
        house.dispatch(&format!("lost {number}")).await;
    }
    house.until_in_status(Status::Succeeded, 5).await;
    let mut known = ids(&house).await;
    house.close().await;
    fs::write(house.database(), backup).unwrap();
    house.clock.advance(SECOND);
    house.open().await;
    for number in 0..5 {
        house.dispatch(&format!("new {number}")).await;
    }
    house.until_in_status(Status::Succeeded, 5).await;
    known.extend(ids(&house).await);
    assert_eq!(known.len(), 20, "ten deliveries, an attempt each");
    house.close().await;
}

#[tokio::test]
async fn no_id_is_given_twice_when_the_log_was_emptied_and_the_clock_is_set_back() {
    let receiver = Receiver::always(answer(OK)).await;
    let mut house = House::new().await;
    house.webhook(&receiver.url()).await;
    house.dispatch("old").await;
    house.until_in_status(Status::Succeeded, 1).await;
    let mut known = ids(&house).await;
    house.clock.advance(40 * 24 * HOUR);
    let is_empty = async || house.list(DeliveryQuery::default()).await.is_empty().then_some(());
    house.until("the log is empty", is_empty).await;
    house.close().await;
    house.clock.advance(-50 * 24 * HOUR);
    house.open().await;
    house.dispatch("new").await;
    house.until_in_status(Status::Succeeded, 1).await;
    known.extend(ids(&house).await);
    assert_eq!(known.len(), 4);
    house.close().await;
}
