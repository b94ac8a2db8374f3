//! Requests as receivers see them: spelt as documented, in an order that can be told.

use std::time::Duration;

use bluehook_core::{delivery::Status, webhook::HIDDEN};
use bluehook_dispatcher::{NewWebhook, WebhookChange};

use crate::{
    house::{HOUR, House, SECOND, new_webhook},
    receiver::{BROKEN, OK, Receiver, Request, answer},
};

/// The names of a request's headers, as they are spelt.
fn names(request: &Request) -> Vec<&str> {
    request.head().lines().skip(1).filter_map(|line| Some(line.split_once(": ")?.0)).collect()
}

#[tokio::test]
async fn names_go_out_as_they_are_spelt() {
    let house = House::new().await;
    let receiver = Receiver::good().await;
    let headers = vec![("X-TeaM".to_owned(), "a".to_owned()), ("authorization".to_owned(), "b".to_owned())];
    let new = NewWebhook { headers, ..new_webhook(&format!("{}?a={{b}}|c", receiver.url())) };
    house.dispatcher.create_webhook(new).await.unwrap();
    let id = house.deliver("event").await;
    house.until_attempted(&id, 1, Status::Succeeded).await;
    let request = &receiver.requests()[0];
    assert!(request.head().starts_with("POST /hook?a=%7Bb%7D%7Cc HTTP/1.1\r\n"), "{}", request.head());
    let names = names(request);
    let expected = [
        "Host",
        "Content-Type",
        "User-Agent",
        "X-Signature",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "X-Bluehook-Event",
        "X-Bluehook-Attempt",
        "X-Bluehook-Event-Time",
        "X-Bluehook-Sequence",
    ];
    assert_eq!(names[..expected.len()], expected);
    assert!(names[expected.len()..].iter().any(|name| name.eq_ignore_ascii_case("X-TeaM")), "{names:?}");
    assert_eq!(names[names.len() - 2..], ["Accept", "Content-Length"]);
    assert_eq!(request.header("host"), format!("127.0.0.1:{}", receiver.port()));
    assert_eq!(request.header("accept"), "*/*");
}

/// They are written again from what is kept of an attempt, over changes of its webhook and restarts.
#[tokio::test]
async fn the_log_has_headers_as_they_went_out() {
    let mut house = House::new().await;
    let receiver = Receiver::scripted(|turn| answer(if turn == 0 { BROKEN } else { OK })).await;
    let own = vec![("X-Team".to_owned(), "secret of the team".to_owned())];
    let new = NewWebhook { headers: own, ..new_webhook(&receiver.url()) };
    let (webhook, _) = house.dispatcher.create_webhook(new).await.unwrap();
    let id = house.deliver("event").await;
    house.until_attempted(&id, 1, Status::Retrying).await;
    let day = Duration::from_hours(24);
    house.dispatcher.rotate_secret(&webhook.id, day, Some("the new secret".into())).await.unwrap();
    house.clock.advance(6 * SECOND);
    house.until_attempted(&id, 2, Status::Succeeded).await;
    house.dispatcher.redeliver(&id).await.unwrap();
    house.until_attempted(&id, 3, Status::Succeeded).await;
    house.reopen().await;
    let detail = house.until_attempted(&id, 3, Status::Succeeded).await;
    let requests = receiver.requests();
    assert_eq!((detail.attempts.len(), requests.len()), (3, 3));
    for (attempt, request) in detail.attempts.iter().zip(&requests) {
        let head = request.head();
        let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let sent: Vec<(String, String)> = headers
            .filter(|(name, _)| !["Host", "Accept", "Content-Length"].contains(name))
            .map(|(name, value)| (name.to_owned(), if name == "X-Team" { HIDDEN } else { value }.to_owned()))
            .collect();
        assert_eq!(attempt.request_headers, sent, "attempt {}", attempt.number);
        assert!(sent.iter().any(|(_, value)| value == HIDDEN));
    }
    assert!(requests[1].header("x-signature-next").len() == 64, "both secrets sign the second");
}

/// Two headers say what came first, the same on every attempt and redelivery, also after the log's end was taken away.
#[tokio::test]
async fn an_order_can_be_told() {
    let mut house = House::new().await;
    let receiver = Receiver::scripted(|turn| answer(if turn == 0 { BROKEN } else { OK })).await;
    house.webhook(&receiver.url()).await;
    let first = house.deliver("first").await;
    house.until_attempted(&first, 1, Status::Retrying).await;
    house.clock.advance(6 * SECOND);
    house.until_attempted(&first, 2, Status::Succeeded).await;
    house.dispatcher.redeliver(&first).await.unwrap();
    house.until_attempted(&first, 3, Status::Succeeded).await;
    let requests = receiver.requests();
    let stamp = |request: &Request| {
        let sequence: i64 = request.header("x-bluehook-sequence").parse().unwrap();
        (request.header("x-bluehook-event-time").to_owned(), sequence)
    };
    let stamps: Vec<_> = requests.iter().map(stamp).collect();
    assert_eq!(stamps[0].0, "2023-11-14T22:13:20.000Z");
    assert!(stamps.iter().all(|other| *other == stamps[0]), "{stamps:?}");

    let mut last = stamps[0].1;
    for (number, step) in [0, 0, 1, -HOUR, 40 * 24 * HOUR, -40 * 24 * HOUR].into_iter().enumerate() {
        house.clock.advance(step);
        if number == 2 {
            house.reopen().await;
        }
        let id = house.deliver(&format!("event {number}")).await;
        house.until_attempted(&id, 1, Status::Succeeded).await;
        let (_, sequence) = stamp(receiver.requests().last().unwrap());
        assert!(sequence > last, "{sequence} after {last}");
        last = sequence;
    }
}

/// A connection is good for one origin: a webhook that moves takes none along.
#[tokio::test]
async fn a_webhook_that_moves_is_called_in_its_new_place() {
    let house = House::new().await;
    let (old, new) = (Receiver::good().await, Receiver::good().await);
    let webhook = house.webhook(&old.url()).await;
    let id = house.deliver("first").await;
    house.until_attempted(&id, 1, Status::Succeeded).await;
    let change = WebhookChange { url: Some(new.url()), ..WebhookChange::default() };
    house.dispatcher.update_webhook(&webhook.id, change).await.unwrap();
    let id = house.deliver("second").await;
    house.until_attempted(&id, 1, Status::Succeeded).await;
    assert_eq!((old.requests().len(), new.requests().len()), (1, 1));
}
