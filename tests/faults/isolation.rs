//! One receiver never holds up another, and none gets more at once than it should.

use std::time::Duration;

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{DeliveryQuery, NewWebhook};

use crate::{
    house::{House, new_webhook},
    receiver::{OK, Receiver, Step, answer},
};

#[tokio::test]
async fn dead_receivers_do_not_delay_a_healthy_one() {
    const EVENTS: usize = 60;
    // Far longer than the test: the dead ones hang all the while.
    let house = House::with(|config| config.timeout = Duration::from_mins(2)).await;
    let dead = Receiver::always(vec![Step::Hang]).await;
    for _ in 0..50 {
        house.webhook(&dead.url()).await;
    }
    let healthy = Receiver::good().await;
    let webhook = house.webhook(&healthy.url()).await;
    for number in 0..EVENTS {
        house.dispatch(&format!("event-{number}")).await;
    }
    let arrived = async || {
        let query = DeliveryQuery {
            webhook_id: Some(webhook.id.clone()),
            status: Some(Status::Succeeded),
            ..DeliveryQuery::default()
        };
        (house.list(query).await.len() == EVENTS).then_some(())
    };
    house.until("every delivery of the healthy one", arrived).await;
    let all = house.all(DeliveryQuery::default()).await;
    assert!(all.iter().all(|delivery| delivery.webhook_id == webhook.id || delivery.attempts == 0));
    assert!(all.iter().all(|delivery| delivery.last_error.is_none()));
    assert_eq!(healthy.requests().len(), EVENTS);
}

#[tokio::test]
async fn no_webhook_has_more_under_way_than_it_may() {
    const MOST: usize = 3;
    const WARM: usize = 10;
    let house = House::with(|config| config.max_in_flight_per_webhook = MOST).await;
    // At first it answers at once, so that more and more is sent at once; then it keeps everybody waiting.
    let receiver = Receiver::scripted(|turn| {
        if turn < WARM { answer(OK) } else { vec![Step::Read, Step::Wait, Step::Write(OK.into())] }
    })
    .await;
    house.webhook(&receiver.url()).await;
    for number in 0..40 {
        house.dispatch(&format!("event-{number}")).await;
    }
    receiver.until_seen(WARM + MOST).await;
    receiver.let_go();
    house.until_in_status(Status::Succeeded, 40).await;
    assert_eq!(receiver.most_open(), MOST);
}

#[tokio::test]
async fn all_together_have_no_more_under_way_than_they_may() {
    const MOST: usize = 4;
    let configure = |config: &mut bluehook_dispatcher::Config| {
        config.max_in_flight = MOST;
        config.workers = 1;
    };
    let house = House::with(configure).await;
    let receiver = Receiver::good().await;
    for _ in 0..10 {
        house.webhook(&receiver.url()).await;
    }
    for number in 0..15 {
        house.dispatch(&format!("event-{number}")).await;
    }
    house.until_in_status(Status::Succeeded, 150).await;
    assert!(receiver.most_open() <= MOST, "{} at once", receiver.most_open());
}

#[tokio::test]
async fn a_rate_limit_spreads_requests() {
    const EVENTS: u32 = 11;
    let house = House::new().await;
    let receiver = Receiver::good().await;
    let limited = NewWebhook { rate_limit_per_second: Some(20), ..new_webhook(&receiver.url()) };
    house.dispatcher.create_webhook(limited).await.unwrap();
    for number in 0..EVENTS {
        house.dispatch(&format!("event-{number}")).await;
    }
    let requests = receiver.until_seen(11).await;
    let spread = requests.last().unwrap().at - requests[0].at;
    // Ten gaps of 50 ms; the first request may have been slow to arrive.
    assert!(spread > Duration::from_millis(450), "11 requests within {spread:?}");
}

#[tokio::test]
async fn connections_that_nothing_goes_over_are_closed() {
    let house = House::with(|config| config.idle_timeout = Duration::from_millis(40)).await;
    let receiver = Receiver::good().await;
    house.webhook(&receiver.url()).await;
    let first = house.deliver("first").await;
    house.until_attempted(&first, 1, Status::Succeeded).await;
    receiver.until_closed(1).await;
    let second = house.deliver("second").await;
    house.until_attempted(&second, 1, Status::Succeeded).await;
    assert_eq!(receiver.connections(), 2, "the second goes over a connection of its own");
}
