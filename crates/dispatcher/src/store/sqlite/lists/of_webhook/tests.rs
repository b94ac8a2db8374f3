//! Lists and the log of commits together are what a list of all deliveries would be, wherever it was folded.

use bluehook_core::delivery::Status;
use proptest::prelude::*;

use super::{
    making::{NUMBERS, pack},
    *,
};
use crate::{
    model::changes::DeliveryStep,
    store::sqlite::{
        changes::{self, Entries, Entry as Change},
        schema, sums,
    },
};

/// What was made: the webhook, the number, whether it was held.
type Naive = Vec<(WebhookKey, i64, bool)>;

fn database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    schema::bring_up_to_date(&connection).unwrap();
    connection
}

fn commit(connection: &Connection, number: i64, made: &[(WebhookKey, i64, bool)]) {
    let mut entries = Entries::default();
    for (webhook, number, held) in made {
        let (webhook, number) = (*webhook, *number);
        let status = if *held { Status::Held } else { Status::Delivering };
        let created = Change::Delivery { webhook, number, step: DeliveryStep::Created, status, attempts: 0 };
        let (step, status) = (DeliveryStep::Attempted, Status::Succeeded);
        entries.push(created);
        entries.push(Change::Delivery { webhook, number, step, status, attempts: 1 });
    }
    changes::insert(connection, (number, number), &entries, &[]).unwrap();
}

/// Everything that is given, newest first.
fn all(connection: &Connection, webhook: WebhookKey, span: Span, only_held: bool) -> Vec<i64> {
    let tail = read_tail(connection).unwrap();
    let mut back = back(connection, &tail, webhook, span, only_held).unwrap();
    std::iter::from_fn(|| back.next().unwrap()).collect()
}

fn naive(made: &Naive, webhook: WebhookKey, span: Span, only_held: bool) -> Vec<i64> {
    let fits = |made: &&(WebhookKey, i64, bool)| {
        made.0 == webhook && (span.from..span.to).contains(&made.1) && (made.2 || !only_held)
    };
    made.iter().rev().filter(fits).map(|made| made.1).collect()
}

/// A commit's deliveries, each with how far its number is from the one before; and whether it is folded behind it.
fn commits() -> impl Strategy<Value = Vec<(Naive, bool)>> {
    let made = (1..=3_i64, 1..3_000_i64, prop::bool::weighted(0.1));
    let commit = (prop::collection::vec(made, 0..200), prop::bool::weighted(0.4));
    prop::collection::vec(commit, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_list_is_what_was_made(
        commits in commits(),
        spans in prop::collection::vec((0..1_500_000_i64, 0..1_500_000_i64), 1..6),
        limit in 0..600_usize,
    ) {
        let connection = database();
        let (mut made, mut last) = (Naive::new(), 0);
        for (number, (commit_made, is_folded)) in (1..).zip(commits) {
            let numbered: Naive = commit_made
                .into_iter()
                .map(|(webhook, above, held)| {
                    last += above;
                    (webhook, last, held)
                })
                .collect();
            commit(&connection, number, &numbered);
            made.extend(numbered);
            if is_folded {
                sums::fold_everything(&connection);
            }
        }
        let spans = spans.into_iter().map(|(from, to)| Span { from, to }).chain([Span::ALL]);
        let tail = read_tail(&connection).unwrap();
        for (span, webhook) in spans.flat_map(|span| (1..=4).map(move |webhook| (span, webhook))) {
            prop_assert_eq!(all(&connection, webhook, span, false), naive(&made, webhook, span, false));
            let held = all(&connection, webhook, span, true);
            let wanted = naive(&made, webhook, span, true);
            prop_assert!(wanted.iter().all(|number| held.contains(number)), "{:?} not all in {:?}", wanted, held);
            prop_assert!(held.is_sorted_by(|a, b| a > b));
            let mut above = naive(&made, webhook, Span { from: span.from + 1, to: i64::MAX }, false);
            above.reverse();
            above.truncate(limit);
            prop_assert_eq!(after(&connection, &tail, webhook, span.from, limit).unwrap(), above);
        }
        let mut statement = connection.prepare("SELECT last, numbers FROM lists").unwrap();
        let lengths = statement.query_map([], |row| {
            Ok(unpack(row.get(0)?, &row.get::<_, Vec<u8>>(1)?).count())
        });
        prop_assert!(lengths.unwrap().all(|length| (1..=NUMBERS).contains(&length.unwrap())));
    }

    #[test]
    fn a_row_is_read_as_it_was_written(
        first in 0..i64::MAX >> 1,
        above in prop::collection::vec(1..1_i64 << 40, 0..NUMBERS),
    ) {
        let mut numbers = vec![first];
        numbers.extend(above.iter().scan(first, |last, above| {
            *last += above;
            Some(*last)
        }));
        let mut read: Vec<i64> = unpack(*numbers.last().unwrap(), &pack(&numbers)).collect();
        read.reverse();
        prop_assert_eq!(read, numbers);
    }

    #[test]
    fn whatever_is_there_is_read_to_an_end(last in any::<i64>(), bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        prop_assert!(unpack(last, &bytes).count() <= 65);
    }
}

#[test]
fn what_is_folded_twice_is_in_the_list_once() {
    let connection = database();
    let made: Naive = (1..=300).map(|number| (1, number * 1_024, false)).collect();
    commit(&connection, 1, &made);
    sums::fold_everything(&connection);
    connection.execute("UPDATE sums_made SET folded = 0", []).unwrap();
    sums::fold_everything(&connection);
    assert_eq!(all(&connection, 1, Span::ALL, false), naive(&made, 1, Span::ALL, false));
    let rows: i64 = connection.query_row("SELECT count(*) FROM lists", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 2, "256 and the rest");
}

#[test]
fn rows_in_which_nothing_was_held_are_skipped() {
    let connection = database();
    let made: Naive = (1..=1_000).map(|number| (1, number, number == 10)).collect();
    commit(&connection, 1, &made);
    sums::fold_everything(&connection);
    let held = all(&connection, 1, Span::ALL, true);
    assert!(held.contains(&10) && held.len() == NUMBERS, "{}", held.len());
}
