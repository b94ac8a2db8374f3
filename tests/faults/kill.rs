//! The process is killed at a named place between two stages, and started again: everything accepted arrives, nothing
//! refused does, and every delivery is in a state that makes sense.

use std::{
    collections::BTreeSet,
    os::unix::process::ExitStatusExt,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{DeliveryQuery, Dispatcher};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::{
    child::Child,
    house::{House, SECOND, config, list, until},
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
    let webhooks = house.webhooks(&receiver.url(), WEBHOOKS, 1).await;
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

/// A database of the first version: what was received once, and what is to be sent again.
const OF_THE_FIRST_VERSION: &str = "
    INSERT INTO companies (id, name) VALUES ('company', 'A company');
    INSERT INTO projects (id, company_id, name) VALUES ('project', 'company', 'A project');
    INSERT INTO users (id, email, full_name) VALUES ('person', 'person@example.com', 'A person');
    INSERT INTO members (project_id, user_id, role) VALUES ('project', 'person', 'ADMIN');
    INSERT INTO webhooks (key, id, uid, company_id, created_by_id, url, status, enabled, events, project_ids,
        payload_format, revision, created_at, updated_at)
      VALUES (1, 'webhook', 'webhook', 'company', 'person', :url, 'HEALTHY', 1, '', '', 'full', 1, :at, :at);
    INSERT INTO revisions (key, webhook, url, payload_format, body_object) VALUES (1, 1, :url, 'full', '{}');
    INSERT INTO events (number, type, company_id, project_id, user_id, received_at, first_delivery, deliveries,
        previous_value, current_value)
      VALUES (1, 'TODO_CREATED', 'company', 'project', 'person', :at, 1, 1, 'null', '{\"id\":\"first\"}'),
             (2, 'TODO_CREATED', 'company', 'project', 'person', :at, 2, 1, 'null', '{\"id\":\"second\"}');
    INSERT INTO deliveries (number, event, webhook, revision, type, status, due_at, tries, attempts, created_at,
        first_attempt_at, last_attempt_at, last_status_code)
      VALUES (1, 1, 1, 1, 'TODO_CREATED', 'SUCCEEDED', NULL, 1, 1, :at, :at, :at, 200),
             (2, 2, 1, 1, 'TODO_CREATED', 'RETRYING', :at, 1, 1, :at, :at, :at, 503);
    INSERT INTO attempts (number, revision, ordinal, started_at, duration_us, request_headers, status_code,
        response_headers, response_body)
      VALUES (1025, 1, 1, :at, 1, 'a: b' || char(10), 200, '', x''),
             (2049, 1, 1, :at, 1, 'a: b' || char(10), 503, '', x'');";

/// Each start takes one step and is killed within the next.
#[tokio::test]
async fn while_a_database_is_brought_up_to_date() {
    let folder = TempDir::new().unwrap();
    let database = folder.path().join("bluehook.db");
    let receiver = Receiver::scripted(|_| answer(OK)).await;
    let version = || {
        let connection = Connection::open(&database).unwrap();
        connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).unwrap()
    };
    let old = Connection::open(&database).unwrap();
    old.execute_batch(include_str!("../../crates/dispatcher/src/store/sqlite/schema/1.sql")).unwrap();
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().to_string();
    let rows = OF_THE_FIRST_VERSION.replace(":url", &format!("'{}'", receiver.url())).replace(":at", &at);
    old.execute_batch(&rows).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);

    let mut kills = 0;
    loop {
        let before = version();
        let mut command = Child::command(&database);
        command.env("BLUEHOOK_KILL_POINT", "schema:2");
        let mut child = Child::start_as(command);
        child.tell("end");
        if child.ended().await.signal() != Some(6) {
            break;
        }
        assert_eq!(version(), before + 1, "one step was taken, and the next is undone");
        kills += 1;
    }
    assert!(kills >= 10, "it was killed in {kills} steps");

    let dispatcher = Dispatcher::open(config(database.clone())).await.unwrap();
    let all = async || list(&dispatcher, DeliveryQuery::default()).await;
    let both_succeeded = async || all().await.iter().all(|one| one.status == Status::Succeeded).then_some(());
    until(&dispatcher, "what was to be sent again is received", both_succeeded).await;
    let mut arrived = receiver.requests();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived.pop().unwrap().event_id(), "second");
    for (delivery, attempts) in all().await.into_iter().zip([2, 1]) {
        let detail = dispatcher.delivery(&delivery.id).await.unwrap().unwrap();
        assert_eq!(detail.attempts.len(), attempts);
        assert_eq!(detail.attempts[0].request_headers, [("a".to_owned(), "b".to_owned())]);
    }
    dispatcher.shutdown().await;
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
