//! A webhook's health: switched off by failures, on by a probe; what waits meanwhile.

use std::sync::Arc;

use bluehook_core::{
    delivery::Status,
    webhook::{Status as Health, Webhook},
};
use bluehook_dispatcher::{ErrorClass, Fares, HealthState, OffBy, WebhookChange};

use crate::{
    house::{HOUR, House, SECOND},
    receiver::{BROKEN, GONE, OK, Receiver, answer},
};

/// Lets time pass until a delivery has used up its attempts.
/// Has a delivery attempted again after each of these attempts.
async fn go_on(house: &House, id: &str, after: std::ops::Range<u32>) {
    for attempts in after {
        let waiting = house.until_attempted(id, attempts, Status::Retrying).await;
        house.clock.advance(waiting.delivery.next_attempt_at.unwrap() - house.clock.now());
    }
}

async fn use_up(house: &House, id: &str) {
    go_on(house, id, 1..5).await;
    house.until_attempted(id, 5, Status::Failed).await;
}

async fn switch(house: &House, webhook: &Webhook, enabled: bool) -> Arc<Webhook> {
    let change = WebhookChange { enabled: Some(enabled), ..WebhookChange::default() };
    house.dispatcher.update_webhook(&webhook.id, change).await.unwrap()
}

fn is_off(webhook: &Arc<Webhook>) -> bool {
    assert_eq!(webhook.enabled, webhook.status == Health::Healthy);
    !webhook.enabled
}

#[tokio::test]
async fn used_up_attempts_switch_off_and_tell_once() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(BROKEN)).await;
    let webhook = house.webhook(&receiver.url()).await;
    let first = house.deliver("first").await;
    go_on(&house, &first, 1..4).await;
    let second = house.deliver("second").await;
    house.until_attempted(&second, 1, Status::Retrying).await;
    go_on(&house, &first, 4..5).await;
    house.until_attempted(&first, 5, Status::Failed).await;
    assert!(is_off(&house.standing(&webhook)));
    // What waited for it is kept, or had used up its attempts just as well.
    let settled = async || {
        let status = house.detail(&second).await.delivery.status;
        matches!(status, Status::Held | Status::Failed).then_some(())
    };
    house.until("the other delivery is settled", settled).await;
    let held = house.deliver("later").await;
    assert_eq!(house.detail(&held).await.delivery.status, Status::Held);
    let told = "SELECT count(*) FROM notifications WHERE user_id = 'person' AND kind = 'WEBHOOK_DISABLED'";
    assert_eq!(house.count(told), 1);
}

#[tokio::test]
async fn one_poisonous_event_does_not_switch_off() {
    let house = House::new().await;
    let receiver = Receiver::scripted(|turn| answer(if turn == 1 { OK } else { BROKEN })).await;
    let webhook = house.webhook(&receiver.url()).await;
    let poisonous = house.deliver("poisonous").await;
    house.until_attempted(&poisonous, 1, Status::Retrying).await;
    house.clock.advance(SECOND);
    let good = house.deliver("good").await;
    house.until_attempted(&good, 1, Status::Succeeded).await;
    use_up(&house, &poisonous).await;
    assert!(!is_off(&house.standing(&webhook)));
    assert_eq!(house.count("SELECT count(*) FROM notifications"), 0);
}

#[tokio::test]
async fn gone_switches_off_at_once() {
    let house = House::new().await;
    let receiver = Receiver::scripted(|turn| answer(if turn == 0 { OK } else { GONE })).await;
    let webhook = house.webhook(&receiver.url()).await;
    let good = house.deliver("good").await;
    house.until_attempted(&good, 1, Status::Succeeded).await;
    let gone = house.deliver("gone").await;
    house.until_attempted(&gone, 1, Status::Failed).await;
    assert!(is_off(&house.standing(&webhook)));
    assert_eq!(house.count("SELECT count(*) FROM notifications"), 1);
}

#[tokio::test]
async fn a_probe_comes_before_switching_on() {
    let house = House::new().await;
    let receiver = Receiver::scripted(|turn| answer(if turn == 0 { BROKEN } else { OK })).await;
    let webhook = house.webhook(&receiver.url()).await;
    assert!(is_off(&switch(&house, &webhook, false).await));
    assert!(is_off(&switch(&house, &webhook, true).await), "the probe was answered with 500");
    assert!(!is_off(&switch(&house, &webhook, true).await), "the probe was answered with 200");
    let probes = receiver.requests();
    assert_eq!(probes.len(), 2);
    for probe in probes {
        assert_eq!(probe.header("x-bluehook-event"), "WEBHOOK_HEALTH_CHECK");
        assert!(!probe.header("x-signature").is_empty());
    }
    let id = house.deliver("event").await;
    house.until_attempted(&id, 1, Status::Succeeded).await;
}

#[tokio::test]
async fn a_probe_of_a_dead_receiver_leaves_it_off() {
    let house = House::new().await;
    let receiver = Receiver::always(vec![crate::receiver::Step::Hang]).await;
    let webhook = house.webhook(&receiver.url()).await;
    assert!(is_off(&switch(&house, &webhook, true).await), "it was on, but does not answer");
}

#[tokio::test]
async fn switching_off_holds_what_waits() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(BROKEN)).await;
    let webhook = house.webhook(&receiver.url()).await;
    let waiting = house.deliver("waiting").await;
    house.until_attempted(&waiting, 1, Status::Retrying).await;
    switch(&house, &webhook, false).await;
    house.until_attempted(&waiting, 1, Status::Held).await;
    let later = house.deliver("later").await;
    house.clock.advance(2 * HOUR);
    assert_eq!(house.detail(&later).await.delivery.status, Status::Held);
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn deleting_cancels_what_waits_and_what_is_held() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(BROKEN)).await;
    let webhook = house.webhook(&receiver.url()).await;
    let waiting = house.deliver("waiting").await;
    house.until_attempted(&waiting, 1, Status::Retrying).await;
    let off = house.webhook(&receiver.url()).await;
    switch(&house, &off, false).await;
    house.dispatch("held").await;
    house.until_in_status(Status::Retrying, 2).await;
    for webhook in [&webhook, &off] {
        house.dispatcher.delete_webhook(&webhook.id).await.unwrap();
    }
    house.until_in_status(Status::Cancelled, 3).await;
    assert_eq!(house.dispatch("nobody").await.deliveries, 0);
    house.clock.advance(2 * HOUR);
    assert_eq!(receiver.requests().len(), 2);
}

async fn fares(house: &House, webhook: &Webhook) -> Fares {
    house.dispatcher.fares(&[&webhook.id], true).await.unwrap().remove(0)
}

#[tokio::test]
async fn health_says_since_when_and_why_and_survives_a_restart() {
    let mut house = House::new().await;
    let receiver = Receiver::always(answer(BROKEN)).await;
    let webhook = house.webhook(&receiver.url()).await;
    assert_eq!(fares(&house, &webhook).await.health.state, HealthState::New);
    let id = house.deliver("event").await;
    for attempts in 1..4 {
        let waiting = house.until_attempted(&id, attempts, Status::Retrying).await;
        let health = fares(&house, &webhook).await.health;
        let expected = if attempts < 3 { HealthState::Working } else { HealthState::Failing };
        assert_eq!((health.state, health.failures), (expected, attempts));
        house.clock.advance(waiting.delivery.next_attempt_at.unwrap() - house.clock.now());
    }
    house.until_attempted(&id, 4, Status::Retrying).await;
    let before = fares(&house, &webhook).await;
    let cause = before.health.cause.clone().unwrap();
    assert_eq!((cause.class, cause.status_code, cause.count), (ErrorClass::Http5xx, Some(500), 4));
    assert_eq!((cause.delivery_id.as_ref(), before.backlog.waiting), (Some(&id), 1));
    house.reopen().await;
    let after = fares(&house, &webhook).await;
    assert_eq!((after.health, after.backlog), (before.health, before.backlog));
    let history = house.dispatcher.health_history(&webhook.id, 10).await.unwrap();
    let states: Vec<_> = history.iter().map(|change| change.state).collect();
    assert_eq!(states, [HealthState::Failing, HealthState::Working, HealthState::New]);
    // Elsewhere it begins anew.
    let url = Some("http://127.0.0.1:9/".to_owned());
    let moved = WebhookChange { url, ..WebhookChange::default() };
    house.dispatcher.update_webhook(&webhook.id, moved).await.unwrap();
    let anew = fares(&house, &webhook).await.health;
    assert_eq!(
        (anew.state, anew.failures),
        (HealthState::Lagging, 0),
        "what waits is old, and nothing failed there"
    );
}

#[tokio::test]
async fn what_switched_a_webhook_off_is_kept_and_what_is_held_is_counted() {
    let mut house = House::new().await;
    let receiver = Receiver::always(answer(BROKEN)).await;
    let webhook = house.webhook(&receiver.url()).await;
    let first = house.deliver("first").await;
    use_up(&house, &first).await;
    for number in 0..3 {
        house.dispatch(&format!("held {number}")).await;
    }
    for _ in 0..2 {
        let fares = fares(&house, &webhook).await;
        let off = fares.off.unwrap();
        let cause = off.cause.clone().unwrap();
        assert_eq!((off.by, cause.class, cause.count), (OffBy::Exhausted, ErrorClass::Http5xx, 5));
        assert_eq!((fares.health.state, fares.backlog.waiting), (HealthState::Off, 0));
        assert_eq!((fares.backlog.held, fares.backlog.held_since.is_some()), (3, true));
        let activity = fares.activity.unwrap();
        assert_eq!((activity.total, activity.failed.iter().sum::<u64>()), (4, 1));
        house.reopen().await;
    }
    house.dispatcher.delete_webhook(&webhook.id).await.unwrap();
    house.until_in_status(Status::Cancelled, 3).await;
}

#[tokio::test]
async fn gone_is_a_reason_of_its_own_and_so_is_a_probe_that_failed() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(GONE)).await;
    let webhook = house.webhook(&receiver.url()).await;
    let gone = house.deliver("gone").await;
    house.until_attempted(&gone, 1, Status::Failed).await;
    assert_eq!(house.dispatcher.off(&webhook.id).unwrap().by, OffBy::Gone);
    assert!(is_off(&switch(&house, &webhook, true).await));
    let off = house.dispatcher.off(&webhook.id).unwrap();
    assert_eq!((off.by, off.probe.is_some()), (OffBy::HealthCheck, true));
}

#[tokio::test]
async fn what_waits_too_long_is_told() {
    let house = House::new().await;
    let receiver = Receiver::scripted(|turn| answer(if turn == 0 { OK } else { BROKEN })).await;
    let webhook = house.webhook(&receiver.url()).await;
    let good = house.deliver("good").await;
    house.until_attempted(&good, 1, Status::Succeeded).await;
    let waiting = house.deliver("waiting").await;
    house.until_attempted(&waiting, 1, Status::Retrying).await;
    let made_at = house.clock.now();
    assert_eq!(fares(&house, &webhook).await.backlog.waiting_since, Some(made_at));
    // Its second attempt is due by then, and fails, too: two in a row are no failing webhook.
    house.clock.advance(61 * SECOND);
    house.until_attempted(&waiting, 2, Status::Retrying).await;
    let health = fares(&house, &webhook).await.health;
    assert_eq!((health.state, health.since), (HealthState::Lagging, made_at + 60 * SECOND));
}
