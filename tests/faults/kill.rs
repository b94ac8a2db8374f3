//! The process is killed at a named place between two stages, and started again: everything accepted arrives, nothing
//! refused does, and every delivery is in a state that makes sense.

use std::{collections::BTreeSet, os::unix::process::ExitStatusExt, path::Path};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{DeliveryQuery, WebhookChange};

use crate::{
    child::Child,
    house::{House, SECOND},
    receiver::{BROKEN, OK, Receiver, answer},
};

/// Events of one life of the process.
const EVENTS: usize = 12;

/// Passes of a place before the one that kills, so that something was accepted before.
const FIFTH: u32 = 5;

#[tokio::test]
async fn before_an_event_is_committed() {
    check("before-commit", FIFTH).await;
}

#[tokio::test]
async fn before_a_commit_is_on_disk() {
    check("before-sync", FIFTH).await;
}

#[tokio::test]
async fn after_an_event_is_committed() {
    check("after-commit", FIFTH).await;
}

#[tokio::test]
async fn before_a_delivery_is_sent() {
    check("before-send", FIFTH).await;
}

#[tokio::test]
async fn after_a_delivery_is_answered() {
    check("answered", FIFTH).await;
}

#[tokio::test]
async fn before_an_attempt_is_recorded() {
    check("before-record", FIFTH).await;
}

#[tokio::test]
async fn after_an_attempt_is_recorded() {
    check("after-record", FIFTH).await;
}

#[tokio::test]
async fn after_a_retry_is_claimed() {
    check("claimed", 1).await;
}

#[tokio::test]
async fn while_cursors_move() {
    check("cursors", 1).await;
}

#[tokio::test]
async fn while_commits_are_folded() {
    check("fold", 1).await;
}

/// Some webhooks' lists have their part of what is folded, others and the sums have not.
#[tokio::test]
async fn while_lists_are_folded() {
    const WEBHOOKS: usize = 70;
    let mut house = House::new().await;
    let receiver = Receiver::scripted(|_| answer(OK)).await;
    let mut webhooks = Vec::new();
    for number in 0..WEBHOOKS {
        let webhook = house.webhook(&receiver.url()).await;
        if number > 0 {
            let off = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
            house.dispatcher.update_webhook(&webhook.id, off).await.unwrap();
        }
        webhooks.push(webhook);
    }
    house.close().await;
    killed_at("take", "lists", 1, &house.database()).await;

    house.open().await;
    let with_list = "SELECT count(DISTINCT webhook) FROM lists";
    assert_eq!(house.count(with_list), 64, "one piece of them");
    let events = usize::try_from(house.count("SELECT count(*) FROM events")).unwrap();
    house.until_in_status(Status::Succeeded, events).await;
    for is_folded in [false, true] {
        if is_folded {
            house.clock.advance(2 * SECOND);
            house.until("the rest is folded", async || (house.count(with_list) == 70).then_some(())).await;
        }
        for webhook in &webhooks {
            let query = DeliveryQuery { webhook_id: Some(webhook.id.clone()), ..DeliveryQuery::default() };
            let ids: BTreeSet<String> = house.all(query).await.into_iter().map(|of| of.id).collect();
            assert_eq!(ids.len(), events, "{}", webhook.id);
        }
    }
}

#[tokio::test]
async fn after_commits_were_folded() {
    check("folded", 1).await;
}

/// What a replay handed over and did not keep is handed over again, and what it kept is not.
#[tokio::test]
async fn while_a_replay_goes_on() {
    let mut house = House::new().await;
    let receiver = Receiver::scripted(|_| answer(OK)).await;
    let webhook = house.webhook(&receiver.url()).await;
    for number in 0..EVENTS {
        house.dispatch(&format!("event-{number}")).await;
    }
    house.until_in_status(Status::Succeeded, EVENTS).await;
    house.close().await;

    let mut command = Child::command(&house.database());
    command.env("BLUEHOOK_KILL_POINT", "replay-step:1");
    let mut child = Child::start_as(command);
    child.tell(&format!("replay {}", webhook.id));
    while child.hear().await.is_some() {}
    assert_eq!(child.ended().await.signal(), Some(6), "it was not killed while it replayed");
    assert_eq!(receiver.requests().len(), EVENTS, "nothing of it is sent before it is kept");

    house.open().await;
    // The child may have been killed before it told the replay's id, so its row is asked.
    let ended =
        || house.count("SELECT count(*) FROM replays WHERE (state, done, total) = ('COMPLETED', 12, 12)");
    house.until("the replay ends", async || (ended() == 1).then_some(())).await;
    house
        .until("everything is sent again", async || (receiver.requests().len() >= 2 * EVENTS).then_some(()))
        .await;
    house.until_in_status(Status::Succeeded, EVENTS).await;
    for delivery in house.all(DeliveryQuery::default()).await {
        assert_eq!(house.detail(&delivery.id).await.attempts.len(), 2, "{}", delivery.id);
    }
}

#[tokio::test]
async fn while_the_log_goes_into_the_file() {
    check_with("take-large", "checkpoint", 1).await;
}

#[tokio::test]
async fn after_the_last_of_the_log_went_into_the_file() {
    check_with("take-large", "last-piece", 1).await;
}

async fn check(point: &str, time: u32) {
    check_with("take", point, time).await;
}

async fn check_with(order: &str, point: &str, time: u32) {
    let mut house = House::new().await;
    // A first failure, so that there is a retry to claim.
    let receiver = Receiver::scripted(|turn| answer(if turn == 0 { BROKEN } else { OK })).await;
    house.webhook(&receiver.url()).await;
    house.close().await;

    let accepted = killed_at(order, point, time, &house.database()).await;
    assert!(accepted.len() < EVENTS || point != "before-commit", "it was killed too late");
    let mut child = Child::start(&house.database());
    child.until_says("opened").await;
    child.tell("drain");
    child.until_says("drained").await;
    assert!(child.end().await.success());

    let arrived: BTreeSet<String> =
        receiver.requests().iter().map(super::receiver::Request::event_id).collect();
    assert!(accepted.is_subset(&arrived), "{accepted:?} were accepted, {arrived:?} arrived");
    assert!(!arrived.contains("misplaced"), "it was refused");
    house.open().await;
    check_states(&house, arrived.len()).await;
}

/// A life that ends at a place; gives the events that were accepted until then.
async fn killed_at(order: &str, point: &str, time: u32, database: &Path) -> BTreeSet<String> {
    let mut command = Child::command(database);
    command.env("BLUEHOOK_KILL_POINT", format!("{point}:{time}"));
    let mut child = Child::start_as(command);
    child.tell("misplace misplaced");
    for number in 0..EVENTS {
        child.tell(&format!("{order} event-{number}"));
    }
    let mut accepted = BTreeSet::new();
    while let Some(line) = child.hear().await {
        assert!(!line.starts_with("refused event"), "{line}");
        accepted.extend(line.strip_prefix("accepted ").map(str::to_owned));
    }
    let status = child.ended().await;
    assert_eq!(status.signal(), Some(6), "it was not killed at {point}");
    accepted
}

/// Every delivery got through, and the log of each is whole.
async fn check_states(house: &House, deliveries: usize) {
    assert_eq!(house.in_status(Status::Succeeded).await, deliveries);
    let all = house.all(DeliveryQuery::default()).await;
    assert_eq!(all.len(), deliveries);
    for delivery in all {
        let attempts = house.detail(&delivery.id).await.attempts.len();
        assert_eq!(attempts, usize::try_from(delivery.attempts).unwrap(), "{}", delivery.id);
    }
    let found: String = house.sql().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
}
