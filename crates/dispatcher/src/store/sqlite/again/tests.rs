//! What a replay sends again, against a look at everything.

use super::*;
use crate::store::rows::RunningReplay;
use crate::store::sqlite::lists::sample::{BEGIN, BETWEEN, Known, OLD, Sample, TYPES, four, sample};

fn query(webhook: WebhookKey, status: Option<Status>, event: Option<EventType>) -> ReplayQuery {
    let before = i64::try_from(OLD).unwrap() / 2 * BETWEEN;
    ReplayQuery {
        webhook_id: format!("w{webhook}"),
        since: BEGIN - before,
        until: BEGIN + 6_000 * BETWEEN,
        status,
        event,
    }
}

fn expected(log: &Sample, webhook: WebhookKey, query: &ReplayQuery) -> Vec<i64> {
    let fits = |known: &&Known| {
        known.webhook == webhook
            && query.statuses().contains(&known.status)
            && query.event.is_none_or(|event| event == known.event_type)
            && (query.since..query.until).contains(&known.created_at)
    };
    log.known.iter().filter(fits).map(|known| known.number).collect()
}

/// All that a replay hands over, piece by piece.
fn handed_over(log: &Sample, webhook: WebhookKey, query: &ReplayQuery, limit: usize) -> Vec<i64> {
    let mut job = RunningReplay {
        number: 1,
        webhook,
        statuses: query.statuses(),
        event: query.event,
        since: query.since,
        until: query.until,
        position: position_before(&log.connection, query.since).unwrap(),
    };
    let mut found = Vec::new();
    loop {
        let tail = of_webhook::read_tail(&log.connection).unwrap();
        let next = next_again(&log.connection, (&job, &tail), limit, &|_, event| event % 3 != 0).unwrap();
        assert!(next.numbers.len() <= limit);
        found.extend(next.numbers.iter().map(|(number, _)| *number));
        let Some(last) = next.reached.or_else(|| next.numbers.last().map(|(last, _)| *last)) else {
            return found;
        };
        assert!(last > job.position, "it goes on");
        job.position = last;
    }
}

#[test]
fn each_is_sent_once_in_the_order_of_their_numbers() {
    let log = sample(4, four);
    for webhook in [1, 2] {
        for (status, event) in [
            (None, None),
            (Some(Status::Held), None),
            (Some(Status::Succeeded), None),
            (Some(Status::Cancelled), None),
            (None, Some(TYPES[1])),
            (Some(Status::Succeeded), Some(TYPES[2])),
        ] {
            let query = query(webhook, status, event);
            let expected = expected(&log, webhook, &query);
            let found = handed_over(&log, webhook, &query, 37);
            assert!(found == expected, "{} of {} with {query:?}", found.len(), expected.len());
        }
    }
}

#[test]
fn the_count_is_of_those_that_may_be_sent() {
    let log = sample(4, four);
    for status in [None, Some(Status::Succeeded), Some(Status::Failed)] {
        let query = query(2, status, None);
        let count = count_again(&log.connection, 2, &query, &|_, _| true).unwrap();
        let expected = expected(&log, 2, &query).len();
        assert!(expected > 0);
        assert_eq!(usize::try_from(count), Ok(expected), "{query:?}");
        assert_eq!(count_again(&log.connection, 2, &query, &|_, _| false).unwrap(), 0);
    }
}
