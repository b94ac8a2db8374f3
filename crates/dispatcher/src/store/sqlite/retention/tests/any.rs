//! Whatever there is, each event goes when its own time is over.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// How a delivery was made, and where its row stands if it has one.
fn delivery() -> impl Strategy<Value = (WebhookKey, MadeAs, Option<Status>)> {
    let made = prop::sample::select(vec![MadeAs::Open, MadeAs::Owed, MadeAs::Held, MadeAs::HeldByFilter]);
    let statuses: Vec<Status> =
        Status::ALL.into_iter().filter(|status| *status != Status::Delivering).collect();
    (1..=3_i64, made, prop::option::of(prop::sample::select(statuses)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn each_event_goes_when_its_own_time_is_over(
        events in prop::collection::vec((0..3_i64, prop::collection::vec(delivery(), 0..4)), 0..60),
        nows in prop::collection::vec(0..40_i64 * 24, 1..5),
        bare_at in 1..4_i64,
    ) {
        let connection = database();
        let mut received_at = NOW - 40 * DAY;
        let mut known = BTreeMap::new();
        for (days, deliveries) in events {
            received_at += days * DAY + 7 * 60_000;
            let number = first_sequence(received_at);
            let made: Vec<_> = deliveries.iter().map(|(webhook, made_as, _)| (*webhook, *made_as)).collect();
            event(&connection, number, received_at, &made);
            for (place, (webhook, _, status)) in deliveries.iter().enumerate() {
                if let Some(status) = status {
                    row(&connection, (numbers::of_delivery(number, place), number, *webhook), *status);
                }
            }
            known.insert(number, (received_at, deliveries));
        }
        let may_be_bare = |webhook: WebhookKey, event: i64| webhook >= bare_at && event > NOW >> 1;
        let mut nows = nows;
        nows.sort_unstable();
        nows.dedup();
        for hours in nows {
            let now = NOW + hours * HOUR;
            let bounds = Bounds::new(now - KEPT, now);
            let is_live = |number: i64, deliveries: &Vec<(WebhookKey, MadeAs, Option<Status>)>| {
                deliveries.iter().any(|(webhook, made_as, status)| match status {
                    Some(status) => status.is_live(),
                    None => made_as.is_live() && may_be_bare(*webhook, number),
                })
            };
            let goes = |number: &i64, (at, deliveries): &(Millis, Vec<_>)| {
                bounds.is_old(*at) && (*at < bounds.last || !is_live(*number, deliveries))
            };
            let mut gone = BTreeMap::<(WebhookKey, usize), u64>::new();
            for (_, (_, deliveries)) in known.extract_if(.., |number, event| goes(number, event)) {
                for (webhook, made_as, status) in deliveries {
                    let status = status.unwrap_or(made_as.status());
                    if status.is_live() || status == Status::Held {
                        *gone.entry((webhook, crate::model::sums::place(status))).or_default() += 1;
                    }
                }
            }
            let pruned = prune_at(&connection, now, may_be_bare);
            prop_assert_eq!(pruned.gone, gone);
            prop_assert_eq!(events_of(&connection), known.keys().copied().collect::<Vec<_>>());
            let survivors: Vec<i64> =
                known.iter().filter(|(_, (at, _))| bounds.is_old(*at)).map(|(number, _)| *number).collect();
            prop_assert_eq!(survivors_of(&connection), survivors);
            let told: BTreeSet<i64> = numbers_in(&connection, "SELECT event FROM deliveries").into_iter().collect();
            prop_assert!(told.iter().all(|event| known.contains_key(event)));
        }
    }
}
