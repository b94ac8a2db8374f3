//! The process is killed at a named place between two stages, and started again: everything accepted arrives, nothing
//! refused does, and every delivery is in a state that makes sense.

use std::{collections::BTreeSet, os::unix::process::ExitStatusExt, path::Path};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::DeliveryQuery;

use crate::{
    child::Child,
    house::House,
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
