//! The disk: locked by others, full, read-only, of another version, or open twice.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{DeliveryQuery, Dispatcher, Error, NewWebhook, Trouble, WebhookChange};

use crate::{
    child::Child,
    house::{House, config, event, new_webhook},
    receiver::{OK, Receiver, Step},
};

const EVENTS: usize = 50;

/// Dispatches all at once, and comes back when all are with the store.
async fn dispatch_many(house: &House) -> tokio::task::JoinHandle<Vec<Result<String, Error>>> {
    let dispatcher = house.dispatcher.clone();
    let (sender, submitted) = tokio::sync::oneshot::channel();
    let task = tokio::spawn(async move {
        let events = (0..EVENTS).map(|number| event(&format!("event-{number}"))).collect();
        let answers = dispatcher.dispatch_all(events);
        let told = async { sender.send(()).unwrap() };
        // Polled in this order: everything is handed over before the word is given.
        let (answers, ()) = tokio::join!(biased; answers, told);
        answers.into_iter().map(|answer| answer.map(|accepted| accepted.id)).collect()
    });
    submitted.await.unwrap();
    task
}

#[tokio::test]
async fn a_lock_of_another_delays_and_loses_nothing() {
    let house = House::new().await;
    let receiver = Receiver::good().await;
    house.webhook(&receiver.url()).await;
    let other = house.sql();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let dispatched = dispatch_many(&house).await;
    other.execute_batch("ROLLBACK").unwrap();
    let answers = dispatched.await.unwrap();
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    house.until_in_status(Status::Succeeded, EVENTS).await;
    assert_eq!(receiver.requests().len(), EVENTS);
}

#[tokio::test]
async fn an_attempt_that_ends_during_a_lock_is_recorded_once() {
    let house = House::new().await;
    let receiver = Receiver::always(vec![Step::Read, Step::Wait, Step::Write(OK.into())]).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    receiver.until_seen(1).await;
    let other = house.sql();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    receiver.let_go();
    assert_eq!(house.detail(&id).await.delivery.status, Status::Delivering);
    other.execute_batch("ROLLBACK").unwrap();
    let detail = house.until_attempted(&id, 1, Status::Succeeded).await;
    assert_eq!((detail.attempts.len(), receiver.requests().len()), (1, 1));
}

#[tokio::test]
async fn nothing_is_held_for_a_webhook_that_is_deleted_while_an_event_comes_in() {
    let house = House::new().await;
    let webhook = house.webhook("http://127.0.0.1:9/").await;
    let off = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
    house.dispatcher.update_webhook(&webhook.id, off).await.unwrap();
    let other = house.sql();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Polled in this order: the deletion is with the store, but not done, when the event is matched.
    let (deleted, accepted, ()) = tokio::join!(
        biased;
        house.dispatcher.delete_webhook(&webhook.id),
        house.dispatch("event"),
        async { other.execute_batch("ROLLBACK").unwrap() },
    );
    deleted.unwrap();
    assert_eq!((accepted.deliveries, house.list(DeliveryQuery::default()).await.len()), (0, 0));
}

/// Changes of one group count as what they come to: a webhook that is renamed is not one more, one that goes makes room.
#[tokio::test]
async fn what_is_changed_together_is_counted_once() {
    let house = House::with(|config| config.webhook_limit_per_company = 2).await;
    let first = house.webhook("http://127.0.0.1:9/").await;
    let other = house.sql();
    let new = |name: &str| NewWebhook { name: Some(name.into()), ..new_webhook("http://127.0.0.1:9/") };
    let renamed = |name: &str| WebhookChange { name: Some(Some(name.into())), ..WebhookChange::default() };
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (once, twice, second, third, ()) = tokio::join!(
        biased;
        house.dispatcher.update_webhook(&first.id, renamed("One")),
        house.dispatcher.update_webhook(&first.id, renamed("Still one")),
        house.dispatcher.create_webhook(new("Two")),
        house.dispatcher.create_webhook(new("Three")),
        async { other.execute_batch("ROLLBACK").unwrap() },
    );
    once.unwrap();
    twice.unwrap();
    second.unwrap();
    assert!(matches!(third, Err(Error::LimitReached { limit: 2, used: 2, .. })), "{third:?}");
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (deleted, third, ()) = tokio::join!(
        biased;
        house.dispatcher.delete_webhook(&first.id),
        house.dispatcher.create_webhook(new("Three")),
        async { other.execute_batch("ROLLBACK").unwrap() },
    );
    deleted.unwrap();
    third.unwrap();
}

/// Whoever waits longer than the store does is refused, all together: not one after the other.
#[tokio::test]
async fn a_lock_for_too_long_refuses_and_ends() {
    let house = House::new().await;
    let receiver = Receiver::good().await;
    house.webhook(&receiver.url()).await;
    let other = house.sql();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answers = dispatch_many(&house).await.await.unwrap();
    assert!(
        answers.iter().all(|answer| matches!(answer, Err(Error::Unavailable(Trouble::Held)))),
        "{answers:?}"
    );
    assert!(matches!(house.dispatcher.ready(), Err(Error::Unavailable(Trouble::Held))));
    other.execute_batch("ROLLBACK").unwrap();
    house.dispatch("later").await;
    house.until_in_status(Status::Succeeded, 1).await;
    assert_eq!(receiver.requests().len(), 1, "what was refused does not arrive");
}

/// No file of the child's may grow beyond this: a little more than the database has.
const ROOM: u64 = 256 * 1024;

#[tokio::test]
async fn a_full_disk_refuses_and_forgets_nothing() {
    let mut house = House::new().await;
    let receiver = Receiver::good().await;
    house.webhook(&receiver.url()).await;
    house.close().await;

    let mut child = Child::start_as(with_little_room(&house.database()));
    child.until_says("opened").await;
    let (mut accepted, mut refused) = (Vec::new(), 0);
    while refused < 3 {
        child.tell(&format!("take event-{}", accepted.len() + refused));
        let line = child.hear().await.unwrap();
        match line.strip_prefix("accepted ") {
            Some(id) => accepted.push(id.to_owned()),
            None if line.starts_with("refused event-") => refused += 1,
            None => panic!("{line}"),
        }
    }
    assert!(!accepted.is_empty());
    give_room(child.id());
    child.tell("take the-last-one");
    child.until_says("accepted the-last-one").await;
    accepted.push("the-last-one".to_owned());
    child.tell("drain");
    child.until_says("drained").await;
    assert!(child.end().await.success());

    house.open().await;
    assert_eq!(house.in_status(Status::Succeeded).await, accepted.len());
    let mut arrived: Vec<String> =
        receiver.requests().iter().map(super::receiver::Request::event_id).collect();
    arrived.sort();
    accepted.sort();
    assert_eq!(arrived, accepted, "each once, and nothing that was refused");
}

/// The child, with a limit on the size of files, and without the signal that would end it there.
fn with_little_room(database: &Path) -> Command {
    let child = Child::command(database);
    let size = fs::metadata(database).unwrap().len() + ROOM;
    let mut command = Command::new("sh");
    command
        .args(["-c", r#"trap "" XFSZ; exec prlimit --fsize="$0":unlimited -- "$@""#])
        .arg(size.to_string())
        .arg(child.get_program())
        .args(child.get_args());
    command.envs(child.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

fn give_room(process: u32) {
    let raised = Command::new("prlimit")
        .args(["--fsize=unlimited", "--pid", &process.to_string()])
        .stdout(Stdio::null())
        .status();
    assert!(raised.unwrap().success());
}

async fn cannot_open(database: &Path) -> String {
    match Dispatcher::open(config(database.to_owned())).await {
        Err(Error::Store(detail)) => detail,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was opened"),
    }
}

#[tokio::test]
async fn a_database_that_is_open_cannot_be_opened_again() {
    let house = House::new().await;
    let expected = "another process has it open";
    assert!(cannot_open(&house.database()).await.contains(expected));
    let mut child = Child::start(&house.database());
    let said = child.hear().await.unwrap();
    assert!(said.starts_with("not opened") && said.contains(expected), "{said}");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let house = House::new().await;
    house.close().await;
    house.sql().execute_batch("PRAGMA user_version = 99").unwrap();
    let said = cannot_open(&house.database()).await;
    assert!(said.contains("schema 99"), "{said}");
    assert_eq!(house.count("SELECT count(*) FROM companies"), 1);
}

#[tokio::test]
async fn what_is_no_database_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bluehook.db");
    fs::write(&path, "This is a letter, not a database. ".repeat(100)).unwrap();
    let said = cannot_open(&path).await;
    assert!(said.contains("bluehook.db") && said.contains("not a database"), "{said}");
}

#[tokio::test]
async fn a_place_that_cannot_be_written_to_is_said_so() {
    let said = cannot_open(Path::new("/proc/bluehook.db")).await;
    assert!(said.contains("/proc/bluehook.db"), "{said}");
}

#[tokio::test]
async fn after_the_end_nothing_is_taken_in() {
    let house = House::new().await;
    house.close().await;
    let answer = house.dispatcher.dispatch(event("late")).await;
    assert!(matches!(answer, Err(Error::ShuttingDown)), "{answer:?}");
}
