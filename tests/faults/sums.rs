//! Sums say what the log says: whatever happened, in whatever order, and however the process ended.

use bluehook_core::{delivery::Status, time::Millis};
use bluehook_dispatcher::{DeliveryQuery, ErrorClass, ReplayQuery, Stats, WebhookChange, Window};

use crate::{
    chance::Chance,
    house::{HOUR, House, MINUTE, SECOND},
    receiver::{BROKEN, OK, Receiver, answer},
};

/// The random histories, each on a database of its own.
const HISTORIES: u64 = 6;

/// The steps of each.
const STEPS: usize = 60;

/// What the log says of the deliveries that a webhook got since a time.
#[derive(Debug, Default, PartialEq)]
struct Counted {
    statuses: [u64; Status::ALL.len()],
    attempts: [u64; 2],
    errors: Vec<(ErrorClass, u64, u64)>,
    series: Vec<[u64; 3]>,
}

fn of_stats(stats: &Stats) -> Counted {
    let mut errors: Vec<_> =
        stats.errors.iter().map(|error| (error.class, error.deliveries, error.attempts)).collect();
    errors.sort_by_key(|(class, ..)| class.name());
    Counted {
        statuses: stats.deliveries,
        attempts: [stats.attempts_succeeded, stats.attempts_failed],
        errors,
        series: stats.buckets.iter().map(|b| [b.succeeded, b.failed, b.other]).collect(),
    }
}

/// The same, counted in the log; none when something of it went meanwhile.
async fn of_log(house: &House, webhook: &str, stats: &Stats) -> Option<Counted> {
    let mut counted = Counted { series: vec![[0; 3]; stats.buckets.len()], ..Counted::default() };
    let mut errors: Vec<(ErrorClass, u64, u64)> = ErrorClass::ALL.map(|class| (class, 0, 0)).to_vec();
    let query = DeliveryQuery {
        webhook_id: Some(webhook.to_owned()),
        since: Some(stats.since),
        ..DeliveryQuery::default()
    };
    for delivery in house.all(query).await {
        let place = Status::ALL.iter().position(|known| *known == delivery.status).unwrap();
        counted.statuses[place] += 1;
        let kind = match delivery.status {
            Status::Succeeded => 0,
            Status::Failed => 1,
            _ => 2,
        };
        counted.series[usize::try_from((delivery.created_at - stats.since) / stats.step).unwrap()][kind] += 1;
        let attempts = house.dispatcher.delivery(&delivery.id).await.unwrap()?.attempts;
        let classes: Vec<_> = attempts.iter().map(|attempt| ErrorClass::of(&attempt.outcome)).collect();
        for class in &classes {
            counted.attempts[usize::from(class.is_some())] += 1;
            if let Some(class) = class {
                errors.iter_mut().find(|(known, ..)| known == class).unwrap().2 += 1;
            }
        }
        if let Some(Some(class)) = classes.last() {
            errors.iter_mut().find(|(known, ..)| known == class).unwrap().1 += 1;
        }
    }
    errors.retain(|(_, deliveries, attempts)| deliveries + attempts > 0);
    errors.sort_by_key(|(class, ..)| class.name());
    Some(Counted { errors, ..counted })
}

/// Waits until the sums of a webhook are what the log says, in every window.
async fn agree(house: &House, webhook: &str) {
    for window in Window::ALL {
        let what = format!("the sums of {window:?} are the log's");
        house
            .until(&what, async || {
                let log = house.sql();
                // Both are read of the same moment when nothing was written in between.
                let before: i64 = log.query_row("PRAGMA data_version", [], |row| row.get(0)).unwrap();
                let stats = house.dispatcher.window(webhook, window).await.unwrap();
                let counted = of_log(house, webhook, &stats).await;
                let after: i64 = log.query_row("PRAGMA data_version", [], |row| row.get(0)).unwrap();
                let counted = counted.filter(|_| before == after && !stats.is_partial)?;
                assert_eq!(of_stats(&stats), counted, "{window:?}");
                Some(())
            })
            .await;
    }
}

#[tokio::test]
async fn whatever_happens_the_sums_say_what_the_log_says() {
    for seed in 0..HISTORIES {
        history(seed).await;
    }
}

async fn history(seed: u64) {
    let mut chance = Chance::new(seed);
    let mut house = House::with(|config| config.retention = std::time::Duration::from_hours(24)).await;
    let receiver = Receiver::scripted(move |turn| answer(if turn % 3 == 0 { OK } else { BROKEN })).await;
    let mut webhooks = vec![house.webhook(&receiver.url()).await, house.webhook("http://127.0.0.1:9/").await];
    for step in 0..STEPS {
        let webhook = webhooks[usize::try_from(chance.below(2)).unwrap()].id.clone();
        match chance.below(12) {
            0..=4 => {
                for number in 0..=chance.below(6) {
                    house.dispatch(&format!("{seed} {step} {number}")).await;
                }
            }
            5 => house.clock.advance(SECOND * Millis::from(chance.below(90))),
            6 => house.clock.advance(MINUTE * Millis::from(chance.below(40))),
            7 => house.clock.advance(HOUR * Millis::from(chance.below(5))),
            8 => {
                let enabled = Some(chance.one_in(2));
                let switch = WebhookChange { enabled, ..WebhookChange::default() };
                house.dispatcher.update_webhook(&webhook, switch).await.unwrap();
            }
            9 => {
                let (since, until) = (0, house.clock.now() + 1);
                let query = ReplayQuery { webhook_id: webhook, since, until, status: None, event: None };
                // A webhook that is off has none.
                let _ = house.dispatcher.start_replay(query).await;
            }
            10 => house.reopen().await,
            _ if chance.one_in(4) => {
                let gone = webhooks.remove(0);
                house.dispatcher.delete_webhook(&gone.id).await.unwrap();
                webhooks.push(house.webhook(&receiver.url()).await);
            }
            _ => {}
        }
        if step % 10 == 9 {
            for webhook in &webhooks {
                agree(&house, &webhook.id).await;
            }
        }
    }
    house.clock.advance(30 * HOUR);
    for webhook in &webhooks {
        agree(&house, &webhook.id).await;
    }
    house.close().await;
}

/// A database from before sums were kept: they are made by and by, and are whole then.
#[tokio::test]
async fn a_log_from_before_is_counted_by_and_by() {
    let mut house = House::new().await;
    let receiver = Receiver::scripted(|turn| answer(if turn % 2 == 0 { OK } else { BROKEN })).await;
    let webhook = house.webhook(&receiver.url()).await;
    for number in 0..30 {
        house.dispatch(&format!("before {number}")).await;
    }
    let settled = async || (house.in_status(Status::Delivering).await == 0).then_some(());
    house.until("nothing is under way", settled).await;
    house.close().await;
    let forgotten = "DELETE FROM sums; UPDATE changes SET moves = NULL;
        UPDATE sums_made SET count_from = 0,
          count_to = (SELECT max(number) + 1 FROM deliveries);";
    house.sql().execute_batch(forgotten).unwrap();
    house.open().await;
    house.dispatch("after").await;
    house.clock.advance(10 * SECOND);
    agree(&house, &webhook.id).await;
    house.close().await;
}

/// More than is folded at once, of more webhooks than lists are written of in one piece.
#[tokio::test]
async fn what_many_webhooks_get_at_once_is_in_all_their_lists_and_sums() {
    const WEBHOOKS: usize = 70;
    const EVENTS: usize = 30;
    let house = House::new().await;
    let receiver = Receiver::scripted(|_| answer(OK)).await;
    let webhooks = house.webhooks(&receiver.url(), WEBHOOKS, 2).await;
    for number in 0..EVENTS {
        house.dispatch(&format!("event-{number}")).await;
    }
    house.until_in_status(Status::Succeeded, 2 * EVENTS).await;
    assert_eq!(house.count("SELECT count(*) FROM lists"), 0, "the clock stood still");

    house.clock.advance(2 * SECOND);
    let unfolded = "SELECT count(*) FROM changes WHERE commit_number > (SELECT folded FROM sums_made)";
    house.until("all is folded", async || (house.count(unfolded) == 0).then_some(())).await;
    assert_eq!(house.count("SELECT count(DISTINCT webhook) FROM lists"), 70);
    for place in [0, 2, WEBHOOKS - 1] {
        let id = &webhooks[place].id;
        let query = DeliveryQuery { webhook_id: Some(id.clone()), ..DeliveryQuery::default() };
        assert_eq!(house.all(query).await.len(), EVENTS);
        agree(&house, id).await;
    }
}
