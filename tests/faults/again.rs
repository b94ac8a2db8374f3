//! Sent again: one delivery because somebody asked, or a span of them as a replay.

use bluehook_core::{delivery::Status, webhook::Webhook};
use bluehook_dispatcher::{Error, Replay, ReplayQuery, ReplayState, WebhookChange};

use crate::{
    house::{House, MINUTE, START},
    receiver::{BROKEN, GONE, OK, Receiver, Step, answer},
};

async fn switch(house: &House, webhook: &Webhook, enabled: bool) {
    let change = WebhookChange { enabled: Some(enabled), ..WebhookChange::default() };
    house.dispatcher.update_webhook(&webhook.id, change).await.unwrap();
}

fn everything(webhook: &Webhook) -> ReplayQuery {
    ReplayQuery {
        webhook_id: webhook.id.clone(),
        since: START - MINUTE,
        until: START + MINUTE,
        status: None,
        event: None,
    }
}

async fn until_ended(house: &House, replay: &Replay) -> Replay {
    let ask = async || {
        let now = house.dispatcher.replay(&replay.id).await.unwrap().unwrap();
        (now.state != ReplayState::Running).then_some(now)
    };
    house.until("the replay ends", ask).await
}

#[tokio::test]
async fn a_delivery_is_sent_again_with_its_id_and_bytes() {
    let house = House::new().await;
    let receiver = Receiver::good().await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    house.until_attempted(&id, 1, Status::Succeeded).await;
    house.dispatcher.redeliver(&id).await.unwrap();
    let detail = house.until_attempted(&id, 2, Status::Succeeded).await;
    assert_eq!(detail.attempts.len(), 2);
    let requests = receiver.requests();
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
}

#[tokio::test]
async fn what_waits_for_its_retry_goes_now() {
    let house = House::new().await;
    let receiver = Receiver::first(answer(BROKEN)).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    house.until_attempted(&id, 1, Status::Retrying).await;
    house.dispatcher.redeliver(&id).await.unwrap();
    house.until_attempted(&id, 2, Status::Succeeded).await;
}

#[tokio::test]
async fn nothing_is_sent_again_while_it_cannot_be() {
    let house = House::new().await;
    let receiver = Receiver::always(vec![Step::Read, Step::Wait, Step::Write(OK.into())]).await;
    let webhook = house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    receiver.until_seen(1).await;
    assert!(matches!(house.dispatcher.redeliver(&id).await, Err(Error::Conflict(_))), "it is under way");
    receiver.let_go();
    house.until_attempted(&id, 1, Status::Succeeded).await;
    switch(&house, &webhook, false).await;
    assert!(matches!(house.dispatcher.redeliver(&id).await, Err(Error::Conflict(_))), "the webhook is off");
    let replay = house.dispatcher.start_replay(everything(&webhook)).await;
    assert!(matches!(replay, Err(Error::Conflict(_))), "the webhook is off");
    house.dispatcher.delete_webhook(&webhook.id).await.unwrap();
    assert!(matches!(house.dispatcher.redeliver(&id).await, Err(Error::NotFound(_))), "it is deleted");
}

/// More than a worker's memory takes, so that the replay goes on piece by piece; and through a restart.
#[tokio::test]
async fn what_was_held_and_what_failed_is_replayed() {
    const HELD: usize = 150;
    let mut house = House::new().await;
    let receiver = Receiver::first(answer(GONE)).await;
    let webhook = house.webhook(&receiver.url()).await;
    let failed = house.deliver("failed").await;
    house.until_attempted(&failed, 1, Status::Failed).await;
    for number in 0..HELD {
        house.dispatch(&format!("held-{number}")).await;
    }
    assert_eq!(house.in_status(Status::Held).await, HELD);
    switch(&house, &webhook, true).await;
    assert_eq!(house.in_status(Status::Held).await, HELD, "switching on alone sends nothing again");

    let total = u64::try_from(HELD).unwrap() + 1;
    assert_eq!(house.dispatcher.count_replay(everything(&webhook)).await.unwrap(), total);
    let replay = house.dispatcher.start_replay(everything(&webhook)).await.unwrap();
    house.reopen().await;
    let ended = until_ended(&house, &replay).await;
    assert_eq!((ended.state, ended.total, ended.done), (ReplayState::Completed, total, total));
    house.until_in_status(Status::Succeeded, HELD + 1).await;
    assert_eq!(house.detail(&failed).await.attempts.len(), 2);
}

#[tokio::test]
async fn a_cancelled_replay_hands_over_nothing_more() {
    const HELD: usize = 100;
    let house = House::new().await;
    let receiver = Receiver::scripted(|turn| match turn {
        // The probe is answered, nothing else is before it is let go.
        0 => answer(OK),
        _ => vec![Step::Read, Step::Wait, Step::Write(OK.into())],
    })
    .await;
    let webhook = house.webhook(&receiver.url()).await;
    switch(&house, &webhook, false).await;
    for number in 0..HELD {
        house.dispatch(&format!("held-{number}")).await;
    }
    switch(&house, &webhook, true).await;
    let replay = house.dispatcher.start_replay(everything(&webhook)).await.unwrap();
    receiver.until_seen(1).await;
    house.dispatcher.cancel_replay(&replay.id).await.unwrap();
    let ended = until_ended(&house, &replay).await;
    assert_eq!(ended.state, ReplayState::Cancelled);
    let done = usize::try_from(ended.done).unwrap();
    assert!(done < HELD, "an unproven receiver has room for fewer at once");
    receiver.let_go();
    house.until_in_status(Status::Succeeded, done).await;
    assert_eq!(house.in_status(Status::Held).await, HELD - done);
}
