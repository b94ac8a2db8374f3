//! Whatever a database of version 9 has in it is right in version 10.

use std::collections::BTreeMap;

use super::*;
use crate::store::sqlite::{
    lists::of_webhook::{self, back},
    schema,
    search::Span,
};

fn nine() -> Connection {
    let old = Connection::open_in_memory().unwrap();
    for step in schema::STEPS.iter().take(9) {
        old.execute_batch(step.sql).unwrap();
    }
    old.pragma_update(None, "user_version", 9).unwrap();
    for (key, enabled, deleted_at) in [(1, 1, None), (2, 0, None), (3, 0, Some(50)), (4, 1, None)] {
        let sql =
            "INSERT INTO webhooks (key, id, uid, company_id, created_by_id, url, status, enabled, events, project_ids,
               payload_format, revision, created_at, updated_at, deleted_at, lagging_since)
             VALUES (?1, 'w' || ?1, '', 'c', 'u', '', 'HEALTHY', ?2, '', '', 'full', ?1 * 10, 0, 0, ?3,
               CASE ?1 WHEN 4 THEN NULL ELSE 2 END)";
        old.execute(sql, params![key, enabled, deleted_at]).unwrap();
        let sql = "INSERT INTO revisions (key, webhook, url, payload_format, body_object) VALUES (?1 * 10, ?1, '', '', '')";
        old.execute(sql, [key]).unwrap();
    }
    old
}

fn event(old: &Connection, number: i64, (first_delivery, deliveries): (i64, i64), owed_to: &[WebhookKey]) {
    let mut owed = Vec::new();
    for key in owed_to {
        packed::push(&mut owed, key.unsigned_abs());
    }
    let sql = "INSERT INTO events (number, type, company_id, project_id, user_id, received_at, first_delivery, deliveries,
                 owed_to, previous_value, current_value) VALUES (?1, 'TAG_CREATED', 'c', 'p', 'u', ?2, ?3, ?4, ?5, '', '')";
    let owed = (!owed.is_empty()).then_some(owed);
    old.execute(sql, params![number, time(number), first_delivery, deliveries, owed]).unwrap();
}

/// When an event was taken in.
fn time(event: i64) -> Millis {
    1_700_000_000_000 + event * 1_000
}

fn delivery(old: &Connection, (number, event, webhook): (i64, i64, i64), status: Status, attempts: i64) {
    let sql = "INSERT INTO deliveries (number, event, webhook, revision, type, status, due_at, attempts, created_at,
                 last_attempt_at) VALUES (?1, ?2, ?3, 1, 'TAG_CREATED', ?4, ?5, ?6, ?7, ?8)";
    let due_at = matches!(status, Status::Pending | Status::Retrying).then_some(9);
    let attempted = (attempts > 0).then_some(time(event) + 7);
    let values = params![number, event, webhook, status.name(), due_at, attempts, time(event), attempted];
    old.execute(sql, values).unwrap();
}

/// Three events with a delivery of every kind: with and without a row.
fn filled(old: &Connection) {
    // Webhook 1 lagged before, too: what it was owed of the first event is written out.
    event(old, 1, (1, 3), &[1]);
    delivery(old, (1, 1, 1), Status::Succeeded, 1);
    delivery(old, (2, 1, 2), Status::Held, 0);
    delivery(old, (3, 1, 1), Status::Retrying, 3);
    event(old, 2, (4, 4), &[1, 2, 3]);
    delivery(old, (4, 2, 4), Status::Delivering, 0);
    event(old, 3, (8, 4), &[3, 1]);
    delivery(old, (8, 3, 4), Status::Delivering, 2);
    delivery(old, (9, 3, 4), Status::Failed, 12);
    let sql =
        "INSERT INTO replays (number, webhook, statuses, until, position, state, total, done, created_at)
               VALUES (1, 4, 'FAILED', 5, 7, 'RUNNING', 2, 1, 3)";
    old.execute(sql, []).unwrap();
}

/// The changes that made the rows: written, and not folded.
fn told(old: &Connection) {
    let sql = "SELECT number, webhook, status, created_at FROM deliveries ORDER BY number";
    let mut statement = old.prepare(sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let (mut entries, mut moves) = (Entries::default(), Vec::new());
    while let Some(row) = rows.next().unwrap() {
        let (number, webhook) = (row.get(0).unwrap(), row.get(1).unwrap());
        let status = Status::from_name(&row.get::<_, String>(2).unwrap()).unwrap();
        let step = DeliveryStep::Created;
        entries.push(Entry::Delivery { webhook, number, step, status, attempts: 0 });
        moves.push(Move::made(webhook, row.get(3).unwrap(), status));
    }
    changes::insert(old, (1, time(3)), &entries, &sums::pack(moves.iter())).unwrap();
}

fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

/// How many deliveries of each webhook stand where, by the sums.
fn summed(connection: &Connection) -> BTreeMap<WebhookKey, [i64; 7]> {
    let mut all = BTreeMap::<_, [i64; 7]>::new();
    sums::read(connection, &[1, 2, 3, 4], 0..i64::MAX, &mut |webhook, _, counts| {
        let all = all.entry(webhook).or_default();
        all.iter_mut().zip(counts.statuses).for_each(|(all, count)| *all += count);
    })
    .unwrap();
    all
}

fn counted(connection: &Connection) -> BTreeMap<WebhookKey, [i64; 7]> {
    let mut all = BTreeMap::<_, [i64; 7]>::new();
    for row in strings(connection, "SELECT webhook || ' ' || status FROM deliveries") {
        let (webhook, status) = row.split_once(' ').unwrap();
        let status = Status::from_name(status).unwrap();
        all.entry(webhook.parse().unwrap()).or_default()[crate::model::sums::place(status)] += 1;
    }
    all
}

fn assert_whole(new: &Connection) {
    let rows = strings(
        new,
        "SELECT number || ' ' || event || ' ' || webhook || ' ' || revision || ' ' || status || ' ' ||
           coalesce(due_at - created_at, '-') FROM deliveries WHERE number > 3 ORDER BY number",
    );
    let wanted = [
        "4 2 4 1 PENDING 0",
        "5 2 1 10 PENDING 0",
        "6 2 2 20 HELD -",
        "7 2 3 30 CANCELLED -",
        "8 3 4 1 RETRYING 7",
        "9 3 4 1 FAILED -",
        "10 3 3 30 CANCELLED -",
        "11 3 1 10 PENDING 0",
    ];
    assert_eq!(rows, wanted);
    assert!(strings(new, "SELECT id FROM webhooks WHERE lagging_since IS NOT NULL").is_empty());
    assert!(strings(new, "SELECT type FROM events WHERE targets IS NOT NULL").is_empty());
    assert_eq!(strings(new, "SELECT state || ' ' || position FROM replays"), ["RUNNING 7"]);
    assert_eq!(strings(new, "SELECT DISTINCT cast(made_after AS TEXT) FROM revisions"), ["3"]);
    let fares = fares::read(new).unwrap();
    let wanted = [(1, [3, 0]), (2, [0, 2]), (4, [2, 0])];
    assert_eq!(fares, wanted.into_iter().collect());
    let tail = of_webhook::read_tail(new).unwrap();
    for (webhook, wanted) in [(1, vec![11, 5, 3, 1]), (2, vec![6, 2]), (3, vec![10, 7]), (4, vec![9, 8, 4])] {
        let mut back = back(new, &tail, webhook, Span::ALL, false).unwrap();
        let list: Vec<i64> = std::iter::from_fn(|| back.next().unwrap()).collect();
        assert_eq!(list, wanted, "{webhook}");
    }
}

#[test]
fn every_delivery_has_a_row_and_is_where_it_belongs() {
    let database = nine();
    filled(&database);
    told(&database);
    schema::bring_up_to_date(&database).unwrap();
    assert_whole(&database);
    assert_eq!(summed(&database), counted(&database));
    let entries: Vec<u8> = database
        .query_row("SELECT entries FROM changes WHERE commit_number = 2", [], |row| row.get(0))
        .unwrap();
    let made: Vec<_> = changes::made(&entries).map(|(webhook, number, _)| (webhook, number)).collect();
    assert_eq!(made, [(1, 5), (2, 6), (3, 7), (3, 10), (1, 11)]);
    // Nothing is folded twice.
    sums::fold_everything(&database);
    assert_whole(&database);
    assert_eq!(summed(&database), counted(&database));
}

#[test]
fn what_is_not_counted_yet_is_counted_once() {
    let database = nine();
    filled(&database);
    database.execute("UPDATE sums_made SET count_from = 1, count_to = 12", []).unwrap();
    schema::bring_up_to_date(&database).unwrap();
    assert_whole(&database);
    assert!(summed(&database).is_empty());
    while !sums::count(&database, NO_TIME).unwrap().is_empty() {}
    assert_eq!(summed(&database), counted(&database));
    assert_whole(&database);
}

#[test]
fn much_that_is_owed_is_told_in_pieces() {
    let database = nine();
    for number in 2..10_000 {
        event(&database, number, (number, 1), &[1]);
    }
    schema::bring_up_to_date(&database).unwrap();
    assert_eq!(fares::read(&database).unwrap(), [(1, [9_998, 0])].into_iter().collect());
    let lengths = strings(&database, "SELECT cast(length(entries) < 5 * 4096 AS TEXT) FROM changes");
    assert_eq!(lengths, ["1", "1", "1"]);
    assert_eq!(summed(&database), counted(&database));
    assert_eq!(strings(&database, "SELECT cast(count(*) AS TEXT) FROM lists"), ["40"]);
}

#[test]
fn a_step_that_fails_leaves_everything_as_it_was() {
    let database = nine();
    filled(&database);
    // A delivery that is owed, and has a row all the same.
    delivery(&database, (11, 3, 1), Status::Succeeded, 1);
    schema::bring_up_to_date(&database).unwrap_err();
    assert_eq!(schema::version(&database).unwrap(), 9);
    assert_eq!(strings(&database, "SELECT cast(count(*) AS TEXT) FROM deliveries"), ["7"]);
    database.execute("DELETE FROM deliveries WHERE number = 11", []).unwrap();
    schema::bring_up_to_date(&database).unwrap();
    assert_whole(&database);
}
