//! Lists against a look at everything.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{
    sample::{BEGIN, BETWEEN, Known, NEW, OLD, Sample, TYPES, company, creator, four, sample},
    *,
};
use crate::{
    id::OldIds,
    model::log::{DeliveryQuery, EventQuery},
    store::sqlite::search::MAX_LOOKED_AT,
};
use bluehook_core::{delivery::Status, event::EventType, time::Millis};

fn ids() -> Ids {
    Ids::new(&[7; 32], OldIds::default())
}

/// Every item of a list, page by page.
fn all<T>(limit: usize, mut page: impl FnMut(&PageQuery) -> Page<T>) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let next = page(&PageQuery { limit, cursor });
        assert!(next.items.len() <= limit);
        items.extend(next.items);
        cursor = next.next_cursor;
        if cursor.is_none() {
            return items;
        }
    }
}

/// The numbers of all that a query asks for.
fn listed(log: &Sample, ids: &Ids, query: &DeliveryQuery, (first_event, limit): (i64, usize)) -> Vec<i64> {
    let listed = all(limit, |page| deliveries(&log.connection, ids, (query, first_event), page).unwrap());
    listed.iter().map(|delivery| ids.number(Kind::Delivery, &delivery.id).unwrap()).collect()
}

fn expected(log: &Sample, query: &DeliveryQuery, first_event: i64) -> Vec<i64> {
    let fits = |known: &&Known| fits(known, query) && known.event >= first_event;
    log.known.iter().rev().filter(fits).map(|known| known.number).collect()
}

fn time() -> impl Strategy<Value = Option<Millis>> {
    let (before, after) = (i64::try_from(OLD).unwrap() * BETWEEN, i64::try_from(NEW).unwrap() * BETWEEN);
    prop::option::of(BEGIN - before - 100..BEGIN + after + 100)
}

prop_compose! {
    fn query()(
        webhook in prop::option::of(1..=5_i64),
        company in prop::option::of(0..=3_i64),
        person in prop::option::of(0..=2_i64),
        event in prop::option::of(prop::sample::select(&TYPES[..])),
        status in prop::option::weighted(0.8, prop::sample::select(&Status::ALL[..])),
        since in time(),
        until in time(),
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

fn fits(known: &Known, query: &DeliveryQuery) -> bool {
    let is = |wanted: &Option<String>, value: String| wanted.as_ref().is_none_or(|wanted| *wanted == value);
    is(&query.webhook_id, format!("w{}", known.webhook))
        && is(&query.company_id, company(known.webhook))
        && is(&query.created_by_id, creator(known.webhook))
        && query.event.is_none_or(|event| event == known.event_type)
        && query.status.is_none_or(|status| status == known.status)
        && query.since.is_none_or(|since| known.created_at >= since)
        && query.until.is_none_or(|until| known.created_at < until)
}

#[test]
fn pages_hold_what_fits_and_nothing_else_newest_first() {
    let (log, ids) = (sample(4, four), ids());
    assert!(log.known.len() > 2 * MAX_LOOKED_AT, "more than one look covers");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(60));
    let first = prop::option::weighted(0.2, 0..log.events.len());
    let agree = runner.run(&(query(), first, 40..=200_usize), |(query, first, limit)| {
        let first = first.map_or(0, |index| log.events[index].0);
        prop_assert!(listed(&log, &ids, &query, (first, limit)) == expected(&log, &query, first));
        Ok(())
    });
    agree.unwrap();
}

/// Every status, of one webhook and of all, among them what is bare: the sample has some of each.
#[test]
fn each_status_is_found_with_and_without_rows() {
    let (log, ids) = (sample(4, four), ids());
    let bare: HashSet<Status> =
        log.known.iter().filter(|known| known.is_bare()).map(|it| it.status).collect();
    assert_eq!(bare, HashSet::from([Status::Pending, Status::Delivering, Status::Held]));
    for webhook in [None, Some(1), Some(2), Some(3)] {
        for status in [None].into_iter().chain(Status::ALL.map(Some)) {
            let webhook_id = webhook.map(|key| format!("w{key}"));
            let query = DeliveryQuery { webhook_id, status, ..DeliveryQuery::default() };
            let found = listed(&log, &ids, &query, (0, 200));
            assert!(!found.is_empty(), "{query:?}");
            assert!(found == expected(&log, &query, 0), "{query:?}");
        }
    }
}

#[test]
fn the_deliveries_of_an_event() {
    let (log, ids) = (sample(4, four), ids());
    for (event, ..) in log.events.iter().step_by(97).chain(log.events.iter().rev().take(30)) {
        for (webhook, status) in [(None, None), (Some(2), None), (None, Some(Status::Held))] {
            let query = DeliveryQuery {
                event_id: Some(ids.of(Kind::Event, *event)),
                webhook_id: webhook.map(|key| format!("w{key}")),
                status,
                ..DeliveryQuery::default()
            };
            let known = log.known.iter().rev().filter(|known| known.event == *event);
            let expected: Vec<_> =
                known.filter(|known| fits(known, &query)).map(|known| known.number).collect();
            assert_eq!(listed(&log, &ids, &query, (0, 200)), expected, "{query:?}");
        }
    }
    let nowhere = DeliveryQuery { event_id: Some("nowhere".to_owned()), ..DeliveryQuery::default() };
    assert!(listed(&log, &ids, &nowhere, (0, 200)).is_empty());
}

/// Pages of one item each end within the deliveries of an event.
#[test]
fn a_page_goes_on_within_an_event() {
    let (log, ids) = (sample(4, four), ids());
    let query = DeliveryQuery::default();
    let (mut found, mut cursor) = (Vec::new(), None);
    while found.len() < 40 {
        let page = deliveries(&log.connection, &ids, (&query, 0), &PageQuery { limit: 1, cursor }).unwrap();
        found.extend(page.items.iter().map(|it| ids.number(Kind::Delivery, &it.id).unwrap()));
        cursor = page.next_cursor;
    }
    let expected: Vec<i64> = log.known.iter().rev().take(found.len()).map(|known| known.number).collect();
    assert_eq!(found, expected);
}

/// A company that made many webhooks: each page is as full as it can be, and nothing is missed.
#[test]
fn many_webhooks_make_no_page_shorter() {
    const MANY: usize = 1_500;
    // Every tenth delivery is of one of them, each of another.
    let webhook_of = |index: usize| match index % (MANY * 10) {
        rest if rest < MANY => i64::try_from(rest).unwrap() + 5,
        _ => four(index),
    };
    let (log, ids) = (sample(i64::try_from(MANY).unwrap() + 4, webhook_of), ids());
    let of_nine = |event: Option<EventType>, status: Option<Status>| DeliveryQuery {
        company_id: Some("c9".to_owned()),
        event,
        status,
        ..DeliveryQuery::default()
    };
    for (event, status) in
        [(None, None), (Some(TYPES[0]), None), (None, Some(Status::Held)), (None, Some(Status::Failed))]
    {
        let query = of_nine(event, status);
        let (found, expected) = (listed(&log, &ids, &query, (0, 200)), expected(&log, &query, 0));
        assert!(found == expected, "{} of {} with {query:?}", found.len(), expected.len());
    }
    let first = PageQuery { limit: 50, cursor: None };
    let first = deliveries(&log.connection, &ids, (&of_nine(None, None), 0), &first).unwrap();
    assert_eq!(first.items.len(), 50);
}

#[test]
fn events_too() {
    let (log, ids) = (sample(4, four), ids());
    let around = |before, after| (Some(BEGIN - before * BETWEEN), Some(BEGIN + after * BETWEEN));
    for (company_id, event, (since, until)) in [
        (None, Some(TYPES[2]), (None, None)),
        (Some("c2"), None, around(2_000, 4_000)),
        (Some("c1"), Some(TYPES[2]), around(5_000, 9_000)),
        (None, None, around(-3_500, 4_500)),
        (Some("c9"), None, (None, None)),
    ] {
        let query =
            EventQuery { company_id: company_id.map(str::to_owned), event, since, until, project_id: None };
        let expected: Vec<i64> = log
            .events
            .iter()
            .rev()
            .filter(|(.., webhook, _)| company_id.is_none_or(|id| id == company(*webhook)))
            .filter(|(_, event_type, ..)| event.is_none_or(|event| event == *event_type))
            .filter(|(.., at)| {
                since.is_none_or(|since| *at >= since) && until.is_none_or(|until| *at < until)
            })
            .map(|(number, ..)| *number)
            .collect();
        let listed = all(200, |page| events(&log.connection, &ids, (&query, 0), page).unwrap());
        let listed: Vec<i64> =
            listed.iter().map(|event| ids.number(Kind::Event, &event.id).unwrap()).collect();
        assert!(listed == expected, "{query:?}: {} of {}", listed.len(), expected.len());
    }
}

#[test]
fn a_cursor_is_of_one_query() {
    let (log, ids) = (sample(4, four), ids());
    let page = |query: &DeliveryQuery, cursor: Option<String>| {
        deliveries(&log.connection, &ids, (query, 0), &PageQuery { limit: 1, cursor })
    };
    let (all, one) = (
        DeliveryQuery::default(),
        DeliveryQuery { status: Some(Status::Failed), ..DeliveryQuery::default() },
    );
    let cursor = page(&all, None).unwrap().next_cursor;
    assert!(page(&all, cursor.clone()).is_ok() && page(&one, cursor.clone()).is_err());
    let of_events =
        events(&log.connection, &ids, (&EventQuery::default(), 0), &PageQuery { limit: 1, cursor });
    assert!(of_events.is_err(), "of another list");
    for unknown in [ids.of(Kind::Delivery, 5), "5".to_owned(), String::new()] {
        assert!(page(&all, Some(unknown)).is_err());
    }
}

#[test]
fn a_look_that_finds_nothing_gives_up_in_between() {
    let (log, ids) = (sample(4, four), ids());
    for status in [None, Some(Status::Held)] {
        let event = Some(EventType::TodoDeleted);
        let query = DeliveryQuery { event, status, ..DeliveryQuery::default() };
        let first = PageQuery { limit: 50, cursor: None };
        let first = deliveries(&log.connection, &ids, (&query, 0), &first).unwrap();
        assert!(first.items.is_empty() && first.next_cursor.is_some());
    }
}
