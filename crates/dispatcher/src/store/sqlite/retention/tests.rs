//! What goes and what stays, event by event.

use std::collections::BTreeMap;

use bluehook_core::request::first_sequence;
use rusqlite::params;

use super::*;
use crate::store::{
    made::{MadeAs, Target, pack},
    numbers,
    sqlite::schema,
};

// Whatever there is, each event goes when its own time is over.
mod any;
// Lists and revisions.
mod told;

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
const NOW: Millis = 1_800_000_000_000;
const KEPT: Millis = 30 * DAY;

fn database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    schema::bring_up_to_date(&connection).unwrap();
    for key in 1..=3 {
        let sql = "INSERT INTO webhooks (key, id, uid, company_id, created_by_id, url, status, enabled, events, project_ids,
                     payload_format, revision, created_at, updated_at)
                   VALUES (?1, 'w' || ?1, '', 'c', 'u', '', 'HEALTHY', 1, '', '', 'full', ?1, 0, 0)";
        connection.execute(sql, [key]).unwrap();
        revision(&connection, key, key, 0);
    }
    connection
}

fn revision(connection: &Connection, key: i64, webhook: WebhookKey, made_after: i64) {
    let sql = "INSERT INTO revisions (key, webhook, url, payload_format, body_object, made_after)
               VALUES (?1, ?2, '', '', '', ?3)";
    connection.execute(sql, [key, webhook, made_after]).unwrap();
}

/// An event with deliveries to these webhooks.
fn event(connection: &Connection, number: i64, received_at: Millis, made: &[(WebhookKey, MadeAs)]) {
    let targets = made.iter().map(|(webhook, made_as)| Target { revision: *webhook, made_as: *made_as });
    let targets = (number >= numbers::TIMED).then(|| pack(targets));
    let sql = "INSERT INTO events (number, caller_id, type, company_id, project_id, user_id, received_at, first_delivery,
                 deliveries, targets, previous_value, current_value)
               VALUES (?1, 'id' || ?1, 'TAG_CREATED', 'c', 'p', 'u', ?2, ?3, ?4, ?5, '', '')";
    let first = if number < numbers::TIMED { number * 10 } else { numbers::of_delivery(number, 0) };
    let count = i64::try_from(made.len()).unwrap();
    connection
        .prepare_cached(sql)
        .unwrap()
        .execute(params![number, received_at, first, count, targets])
        .unwrap();
    let hash = crate::store::sqlite::events::id_hash(&format!("id{number}"), "c");
    connection.execute("INSERT INTO event_ids (hash, event) VALUES (?1, ?2)", params![hash, number]).unwrap();
}

/// A delivery's row, with an attempt.
fn row(connection: &Connection, (number, event, webhook): (i64, i64, WebhookKey), status: Status) {
    let due_at = matches!(status, Status::Pending | Status::Retrying).then_some(5);
    let attempts = i64::from(matches!(status, Status::Retrying | Status::Succeeded | Status::Failed));
    let sql = "INSERT INTO deliveries (number, event, webhook, revision, type, status, due_at, attempts, created_at,
                 last_attempt_at) VALUES (?1, ?2, ?3, ?3, 'TAG_CREATED', ?4, ?5, ?6, 0, ?7)";
    let attempted = (attempts > 0).then_some(6);
    let values = params![number, event, webhook, status.name(), due_at, attempts, attempted];
    connection.prepare_cached(sql).unwrap().execute(values).unwrap();
    let attempt = crate::store::sqlite::attempts::span(number).0 + 1;
    (0..attempts).for_each(|more| self::attempt(connection, attempt + more));
}

fn attempt(connection: &Connection, number: i64) {
    let sql = "INSERT INTO attempts (number, revision, ordinal, started_at, duration_us, request_headers, status_code)
               VALUES (?1, 1, 1, 0, 0, '', 200)";
    connection.prepare_cached(sql).unwrap().execute([number]).unwrap();
}

/// What was gone in the end, and in how many pieces.
#[derive(Debug, Default)]
struct Pruned {
    gone: BTreeMap<(WebhookKey, usize), u64>,
    pieces: usize,
}

fn prune_at(connection: &Connection, now: Millis, bare: impl Fn(WebhookKey, i64) -> bool) -> Pruned {
    let mut pruned = Pruned::default();
    loop {
        let mut piece = Piece::new(connection, Bounds::new(now - KEPT, now), (&bare, &|_, _| false));
        let more = walk::take(&mut piece).unwrap();
        for moved in piece.moves() {
            assert_eq!((moved.to, moved.slot), (None, crate::model::sums::NO_SLOT));
            let place = crate::model::sums::place(moved.from.unwrap());
            *pruned.gone.entry((moved.webhook, place)).or_default() += moved.count;
        }
        pruned.pieces += 1;
        if !more {
            return pruned;
        }
        assert!(pruned.pieces < 1_000, "there is an end to it");
    }
}

fn numbers_in(connection: &Connection, sql: &str) -> Vec<i64> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

fn events_of(connection: &Connection) -> Vec<i64> {
    numbers_in(connection, "SELECT number FROM events ORDER BY number")
}

fn survivors_of(connection: &Connection) -> Vec<i64> {
    numbers_in(connection, "SELECT event FROM survivors ORDER BY event")
}

/// The number of an event that is so old now.
fn aged(age: Millis) -> i64 {
    first_sequence(NOW - age)
}

#[test]
fn a_due_delivery_keeps_its_own_event_and_no_other() {
    let connection = database();
    let ages = [KEPT + 9 * HOUR, KEPT + 8 * HOUR, KEPT + 7 * HOUR, KEPT + 6 * HOUR, HOUR];
    for age in ages {
        event(&connection, aged(age), NOW - age, &[(1, MadeAs::Open)]);
    }
    let [due, done, bare, lost, young] = ages.map(aged);
    row(&connection, (numbers::of_delivery(due, 0), due, 1), Status::Retrying);
    row(&connection, (numbers::of_delivery(done, 0), done, 1), Status::Succeeded);
    let may_be_bare = |webhook: WebhookKey, event: i64| webhook == 1 && event == bare;
    let pruned = prune_at(&connection, NOW, may_be_bare);
    assert_eq!(events_of(&connection), [due, bare, young]);
    assert_eq!(survivors_of(&connection), [due, bare]);
    assert_eq!(
        pruned.gone,
        [((1, crate::model::sums::place(Status::Delivering)), 1)].into_iter().collect(),
        "{lost}"
    );
    assert_eq!(numbers_in(&connection, "SELECT event FROM event_ids ORDER BY event"), events_of(&connection));
    assert_eq!(numbers_in(&connection, "SELECT number FROM attempts"), [numbers::of_delivery(due, 0) + 1]);

    let sql = "UPDATE deliveries SET status = 'FAILED', due_at = NULL WHERE event = ?1";
    connection.execute(sql, [due]).unwrap();
    prune_at(&connection, NOW + 60_000, may_be_bare);
    assert_eq!(events_of(&connection), [due, bare, young], "asked once an hour");
    prune_at(&connection, NOW + HOUR, may_be_bare);
    assert_eq!(events_of(&connection), [bare, young]);
    prune_at(&connection, NOW + KEPT - 7 * HOUR, may_be_bare);
    assert_eq!(events_of(&connection), [bare, young]);
    let pruned = prune_at(&connection, NOW + KEPT - 6 * HOUR, |_, _| true);
    assert_eq!(events_of(&connection), [young], "at twice the time it goes whatever may happen");
    assert_eq!(pruned.gone, [((1, crate::model::sums::place(Status::Delivering)), 1)].into_iter().collect());
    assert!(survivors_of(&connection).is_empty());
}

#[test]
fn an_event_that_was_dated_ahead_keeps_nothing_that_came_after_it() {
    let connection = database();
    // The clock was 40 days ahead for a while, long ago; numbers go on from there.
    let ahead = 40 * DAY;
    let before: Vec<i64> = (1..=3).map(|n| aged(KEPT + 9 * HOUR) + n * 2_048).collect();
    let during: Vec<i64> = (1..=200).map(|n| aged(KEPT + 8 * HOUR - ahead) + n * 2_048).collect();
    let after: Vec<i64> = (1..=3).map(|n| aged(KEPT + 7 * HOUR - ahead) + n * 2_048).collect();
    let young = aged(HOUR - ahead);
    for (numbers, age) in [
        (&before, KEPT + 9 * HOUR),
        (&during, KEPT + 8 * HOUR - ahead),
        (&after, KEPT + 7 * HOUR),
        (&vec![young], HOUR),
    ] {
        for number in numbers {
            event(&connection, *number, NOW - age, &[(1, MadeAs::Open)]);
        }
    }
    let step = "INSERT INTO clock_steps (number, ahead) VALUES (?1, ?2)";
    connection.execute(step, [after[0], ahead]).unwrap();
    prune_at(&connection, NOW, |_, _| false);
    let mut left = during.clone();
    left.push(young);
    assert_eq!(events_of(&connection), left);
    assert!(survivors_of(&connection).is_empty());
    // What comes in meanwhile is gone through from where that ended.
    let pruned = prune_at(&connection, NOW + 31 * DAY, |_, _| false);
    assert_eq!((events_of(&connection), pruned.pieces), (during.clone(), 1));
    prune_at(&connection, NOW + 41 * DAY, |_, _| false);
    assert!(events_of(&connection).is_empty());
}

#[test]
fn events_from_before_go_with_their_own_numbers() {
    let connection = database();
    for number in 1..=4 {
        let age = if number < 4 { KEPT + HOUR } else { HOUR };
        event(&connection, number, NOW - age, &[(1, MadeAs::Open), (2, MadeAs::Open)]);
        row(&connection, (number * 10, number, 1), Status::Succeeded);
        row(&connection, (number * 10 + 1, number, 2), Status::Held);
        connection.execute("INSERT INTO held_by_filter (delivery) VALUES (?1)", [number * 10 + 1]).unwrap();
    }
    connection.execute("UPDATE deliveries SET status = 'PENDING', due_at = 1 WHERE number = 21", []).unwrap();
    let pruned = prune_at(&connection, NOW, |_, _| true);
    assert_eq!(events_of(&connection), [2, 4]);
    assert_eq!(numbers_in(&connection, "SELECT number FROM deliveries"), [20, 21, 40, 41]);
    assert_eq!(numbers_in(&connection, "SELECT number FROM attempts"), [20 * 1_024 + 1, 40 * 1_024 + 1]);
    assert_eq!(numbers_in(&connection, "SELECT delivery FROM held_by_filter"), [21, 41]);
    assert_eq!(pruned.gone, [((2, crate::model::sums::place(Status::Held)), 2)].into_iter().collect());
}

#[test]
fn much_goes_in_pieces() {
    let connection = database();
    connection.execute_batch("BEGIN").unwrap();
    let old = KEPT + 9 * HOUR;
    for n in 0..1_200 {
        let made = [(1, MadeAs::Held), (2, MadeAs::Open), (3, MadeAs::Open)];
        let number = aged(old) + n * 8_192;
        event(&connection, number, NOW - old, &made);
        row(&connection, (numbers::of_delivery(number, 1), number, 2), Status::Succeeded);
        if n % 100 == 0 {
            for place in 0..3 {
                let first = numbers::of_delivery(number, place) + 2;
                (0..1_000).for_each(|more| attempt(&connection, first + more));
            }
        }
    }
    let pruned = prune_at(&connection, NOW, |webhook, _| webhook == 2);
    assert!(events_of(&connection).is_empty());
    assert!(numbers_in(&connection, "SELECT number FROM attempts").is_empty());
    assert!(numbers_in(&connection, "SELECT number FROM deliveries").is_empty());
    let place = crate::model::sums::place;
    let wanted = [((1, place(Status::Held)), 1_200), ((3, place(Status::Delivering)), 1_200)];
    assert_eq!(pruned.gone, wanted.into_iter().collect());
    assert!((9..20).contains(&pruned.pieces), "{}", pruned.pieces);
}
