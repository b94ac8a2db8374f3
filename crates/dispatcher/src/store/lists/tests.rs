//! Lists against a look at every row.

use bluehook_core::event::EventType;
use proptest::prelude::*;
use rusqlite::params;

use super::*;
use crate::{
    id::OldIds,
    log::{DeliveryQuery, EventQuery},
    store::{schema, search::MAX_LOOKED_AT},
};
use bluehook_core::delivery::Status;

/// More than one look covers.
const ROWS: usize = 2 * MAX_LOOKED_AT + 5_000;
const TYPES: [EventType; 3] = [EventType::TodoCreated, EventType::TagDeleted, EventType::CommentCreated];

/// A delivery, as the test knows it. Its event has the same number and time.
#[derive(Clone, Copy)]
struct Known {
    number: i64,
    webhook: i64,
    event_type: EventType,
    status: Status,
}

/// Rare things far apart: the third type once in 9,000 rows, each status but success once in 700.
fn known() -> Vec<Known> {
    let row = |index: usize| Known {
        number: i64::try_from(index).unwrap() + 1,
        webhook: i64::try_from(index % 7 % 4).unwrap() + 1,
        event_type: if index % 9_000 == 17 { TYPES[2] } else { TYPES[index % 2] },
        status: if index.is_multiple_of(100) { Status::ALL[index / 100 % 7] } else { Status::Succeeded },
    };
    (0..ROWS).map(row).collect()
}

fn filled(rows: &[Known]) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    schema::bring_up_to_date(&connection).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    for key in 1..=4 {
        let sql = "INSERT INTO webhooks (key, id, uid, company_id, created_by_id, url, status, enabled, events,
                     project_ids, payload_format, revision, created_at, updated_at)
                   VALUES (?1, 'w' || ?1, '', 'c' || (?1 / 2), 'u' || (?1 % 2), '', 'HEALTHY', 1, '', '', 'full', 1, 0, 0)";
        connection.execute(sql, [key]).unwrap();
    }
    for row in rows {
        let event =
            "INSERT INTO events (number, type, company_id, project_id, user_id, received_at, first_delivery,
                       deliveries, previous_value, current_value)
                     VALUES (?1, ?2, 'c' || (?3 / 2), 'p', 'u', ?1 * 10, ?1, 1, 'null', '{}')";
        let mut statement = connection.prepare_cached(event).unwrap();
        statement.execute(params![row.number, row.event_type.name(), row.webhook]).unwrap();
        let delivery =
            "INSERT INTO deliveries (number, event, webhook, revision, type, status, due_at, attempts,
                          created_at, last_attempt_at)
                        VALUES (?1, ?1, ?2, 1, ?3, ?4, ?5, ?6, ?1 * 10, ?7)";
        let due_at = matches!(row.status, Status::Pending | Status::Retrying).then_some(5);
        let tried = !matches!(row.status, Status::Pending | Status::Held | Status::Delivering);
        let mut statement = connection.prepare_cached(delivery).unwrap();
        let values = params![
            row.number,
            row.webhook,
            row.event_type.name(),
            row.status.name(),
            due_at,
            tried,
            tried.then_some(6)
        ];
        statement.execute(values).unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
    connection
}

/// Every item of a list, page by page.
fn all<T>(mut page: impl FnMut(&PageQuery) -> Page<T>) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let next = page(&PageQuery { limit: 200, cursor });
        assert!(next.items.len() <= 200);
        items.extend(next.items);
        cursor = next.next_cursor;
        if cursor.is_none() {
            return items;
        }
    }
}

prop_compose! {
    fn query()(
        webhook in prop::option::of(1..=5_i64),
        company in prop::option::of(0..=3_i64),
        person in prop::option::of(0..=2_i64),
        event in prop::option::of(prop::sample::select(&TYPES[..])),
        status in prop::option::of(prop::sample::select(&Status::ALL[..])),
        since in prop::option::of(0..300_000_i64),
        until in prop::option::of(0..300_000_i64),
    ) -> DeliveryQuery {
        DeliveryQuery {
            webhook_id: webhook.map(|key| format!("w{key}")),
            company_id: company.map(|number| format!("c{number}")),
            created_by_id: person.map(|number| format!("u{number}")),
            event_id: None,
            event,
            status,
            since,
            until,
        }
    }
}

fn fits(row: &Known, query: &DeliveryQuery) -> bool {
    let is = |wanted: &Option<String>, value: String| wanted.as_ref().is_none_or(|wanted| *wanted == value);
    is(&query.webhook_id, format!("w{}", row.webhook))
        && is(&query.company_id, format!("c{}", row.webhook / 2))
        && is(&query.created_by_id, format!("u{}", row.webhook % 2))
        && query.event.is_none_or(|event| event == row.event_type)
        && query.status.is_none_or(|status| status == row.status)
        && query.since.is_none_or(|since| row.number * 10 >= since)
        && query.until.is_none_or(|until| row.number * 10 < until)
}

#[test]
fn pages_hold_what_fits_and_nothing_else_newest_first() {
    let (rows, ids) = (known(), Ids::new(&[7; 32], OldIds::default()));
    let connection = filled(&rows);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(60));
    let agree = runner.run(&query(), |query| {
        let expected: Vec<String> = rows
            .iter()
            .rev()
            .filter(|row| fits(row, &query))
            .map(|row| ids.of(Kind::Delivery, row.number))
            .collect();
        let listed = all(|page| deliveries(&connection, &ids, (&query, 0), page).unwrap());
        let listed: Vec<String> = listed.into_iter().map(|delivery| delivery.id).collect();
        prop_assert_eq!(listed, expected);
        Ok(())
    });
    agree.unwrap();
}

/// A company that made many webhooks: each page is as full as it can be, and nothing is missed.
#[test]
fn many_webhooks_make_no_page_shorter() {
    const MANY: usize = 1_500;
    let (rows, ids) = (known(), Ids::new(&[7; 32], OldIds::default()));
    let connection = filled(&rows);
    connection.execute_batch("BEGIN").unwrap();
    let copy = "INSERT INTO webhooks SELECT ?1, 'w' || ?1, uid, 'c9', created_by_id, name, description, url, status,
          enabled, events, project_ids, payload_format, filter, rate_limit_per_second, sealed_headers, sealed_secret,
          sealed_next_secret, next_secret_at, revision, created_at, updated_at, deleted_at, lagging_since,
          secret_made_at, next_secret_made_at FROM webhooks WHERE key = 1";
    for key in 0..MANY {
        let key = i64::try_from(key).unwrap() + 5;
        connection.execute(copy, [key]).unwrap();
        // Every tenth row is of one of them, each of another.
        let of = i64::try_from(MANY).unwrap();
        connection
            .execute("UPDATE deliveries SET webhook = ?1 WHERE number % (?2 * 10) = ?1 - 5", [key, of])
            .unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
    let of_nine = |event: Option<EventType>| DeliveryQuery {
        company_id: Some("c9".to_owned()),
        event,
        ..DeliveryQuery::default()
    };
    for (event, sql) in [
        (None, "SELECT number FROM deliveries WHERE webhook > 4 ORDER BY number DESC".to_owned()),
        (
            Some(TYPES[0]),
            format!(
                "SELECT number FROM deliveries WHERE webhook > 4 AND type = '{}' ORDER BY number DESC",
                TYPES[0].name()
            ),
        ),
    ] {
        let mut statement = connection.prepare(&sql).unwrap();
        let numbers = statement.query_map([], |row| row.get(0)).unwrap();
        let expected: Vec<String> = numbers.map(|number| ids.of(Kind::Delivery, number.unwrap())).collect();
        let listed = all(|page| deliveries(&connection, &ids, (&of_nine(event), 0), page).unwrap());
        let listed: Vec<String> = listed.into_iter().map(|delivery| delivery.id).collect();
        assert!(listed == expected, "{} of {}", listed.len(), expected.len());
    }
    let first = PageQuery { limit: 50, cursor: None };
    let first = deliveries(&connection, &ids, (&of_nine(None), 0), &first).unwrap();
    assert_eq!(first.items.len(), 50);
}

#[test]
fn events_too() {
    let (rows, ids) = (known(), Ids::new(&[7; 32], OldIds::default()));
    let connection = filled(&rows);
    for (company_id, event) in
        [(None, Some(TYPES[2])), (Some("c2"), None), (Some("c1"), Some(TYPES[2])), (Some("c9"), None)]
    {
        let (since, until) = (Some(500), Some(240_000));
        let query =
            EventQuery { company_id: company_id.map(str::to_owned), event, since, until, project_id: None };
        let expected: Vec<i64> = rows
            .iter()
            .rev()
            .filter(|row| company_id.is_none_or(|id| id == format!("c{}", row.webhook / 2)))
            .filter(|row| event.is_none_or(|event| event == row.event_type))
            .map(|row| row.number * 10)
            .filter(|at| (500..240_000).contains(at))
            .collect();
        let listed = all(|page| events(&connection, &ids, (&query, 0), page).unwrap());
        let listed: Vec<i64> = listed.into_iter().map(|event| event.received_at).collect();
        assert_eq!(listed, expected);
    }
}

#[test]
fn a_cursor_is_of_one_query() {
    let ids = Ids::new(&[7; 32], OldIds::default());
    let connection = filled(&known());
    let page = |query: &DeliveryQuery, cursor: Option<String>| {
        deliveries(&connection, &ids, (query, 0), &PageQuery { limit: 1, cursor })
    };
    let (all, one) = (
        DeliveryQuery::default(),
        DeliveryQuery { status: Some(Status::Failed), ..DeliveryQuery::default() },
    );
    let cursor = page(&all, None).unwrap().next_cursor;
    assert!(page(&all, cursor.clone()).is_ok() && page(&one, cursor.clone()).is_err());
    let of_events = events(&connection, &ids, (&EventQuery::default(), 0), &PageQuery { limit: 1, cursor });
    assert!(of_events.is_err(), "of another list");
    for unknown in [ids.of(Kind::Delivery, 5), "5".to_owned(), String::new()] {
        assert!(page(&all, Some(unknown)).is_err());
    }
}

#[test]
fn a_look_that_finds_nothing_gives_up_in_between() {
    let ids = Ids::new(&[7; 32], OldIds::default());
    let connection = filled(&known());
    let query = DeliveryQuery { event: Some(EventType::TodoDeleted), ..DeliveryQuery::default() };
    let first = deliveries(&connection, &ids, (&query, 0), &PageQuery { limit: 50, cursor: None }).unwrap();
    assert!(first.items.is_empty() && first.next_cursor.is_some());
}
