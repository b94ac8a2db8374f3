//! Stopped with things waiting, and opened again.

use bluehook_core::delivery::Status;

use crate::{
    house::{House, SECOND},
    receiver::{OK, Receiver, Step},
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
