//! Retries: when the schedule says, or when the receiver asked for.

use bluehook_core::{delivery::Status, time::Millis};

use crate::{
    house::{House, MINUTE, SECOND, START},
    receiver::{BROKEN, Receiver, Step, answer},
};

/// The pauses of the default schedule.
pub(crate) const PAUSES: [Millis; 4] = [5 * SECOND, MINUTE, 10 * MINUTE, 60 * MINUTE];

#[tokio::test]
async fn five_attempts_with_growing_pauses() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(BROKEN)).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    for (number, pause) in (1..).zip(PAUSES) {
        let detail = house.until_attempted(&id, number, Status::Retrying).await;
        let due_at = detail.delivery.next_attempt_at.unwrap();
        let waits = due_at - detail.delivery.last_attempt_at.unwrap();
        assert!((pause * 9 / 10..=pause * 11 / 10).contains(&waits), "{waits} ms after attempt {number}");
        // Not a millisecond early, and right on time.
        house.clock.advance(due_at - house.clock.now() - 1);
        assert_eq!(house.detail(&id).await.attempts.len(), usize::try_from(number).unwrap());
        house.clock.advance(1);
    }
    let detail = house.until_attempted(&id, 5, Status::Failed).await;
    assert_eq!(detail.delivery.next_attempt_at, None);
    assert_eq!(detail.attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let numbers: Vec<String> =
        receiver.requests().iter().map(|request| request.header("x-bluehook-attempt").to_owned()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn what_the_receiver_asks_for_is_honoured_up_to_an_hour() {
    check("429 No", "120", 120 * SECOND).await;
    check("503 No", "120", 120 * SECOND).await;
    check("503 No", "86400", 60 * MINUTE).await;
    check("429 No", &http_date(START + 30 * MINUTE), 30 * MINUTE).await;
    // Sooner than the schedule, or not a matter of load: the schedule stays.
    check("503 No", "1", 5 * SECOND).await;
    check("500 Oh", "120", 5 * SECOND).await;
    check("503 No", "soon", 5 * SECOND).await;
}

async fn check(status: &str, retry_after: &str, pause: Millis) {
    let house = House::new().await;
    let asks = format!("HTTP/1.1 {status}\r\nRetry-After: {retry_after}\r\nContent-Length: 0\r\n\r\n");
    let receiver = Receiver::first(answer(asks)).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    let detail = house.until_attempted(&id, 1, Status::Retrying).await;
    let waits = detail.delivery.next_attempt_at.unwrap() - detail.delivery.last_attempt_at.unwrap();
    // What was asked for is exact; what the schedule says is spread.
    let allowed = if pause == PAUSES[0] { pause * 9 / 10..=pause * 11 / 10 } else { pause..=pause };
    assert!(allowed.contains(&waits), "{waits} ms after {status} with Retry-After: {retry_after}");
    house.clock.advance(waits);
    house.until_attempted(&id, 2, Status::Succeeded).await;
}

/// A date as in HTTP headers.
fn http_date(at: Millis) -> String {
    // START is in an hour of one day, so that this much is enough.
    assert_eq!(START, 1_700_000_000_000);
    let seconds = (at - START) / 1_000 + 13 * 60 + 20;
    format!("Tue, 14 Nov 2023 22:{:02}:{:02} GMT", seconds / 60, seconds % 60)
}

/// A second failed attempt that breaks off in the middle leaves everything as complete as the first.
#[tokio::test]
async fn every_attempt_is_in_the_log_whatever_ended_it() {
    let house = House::new().await;
    let receiver = Receiver::scripted(|turn| match turn {
        0 => vec![Step::Read, Step::Reset],
        1 => answer("nonsense\r\n\r\n"),
        2 => answer("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
        _ => answer("HTTP/1.1 299 Fine\r\nContent-Length: 4\r\n\r\nfine"),
    })
    .await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    for attempts in 1..4 {
        let waiting = house.until_attempted(&id, attempts, Status::Retrying).await;
        house.clock.advance(waiting.delivery.next_attempt_at.unwrap() - house.clock.now());
    }
    let detail = house.until_attempted(&id, 4, Status::Succeeded).await;
    assert_eq!((detail.attempts.len(), detail.delivery.last_status_code), (4, Some(299)));
    assert!(detail.attempts.iter().all(|attempt| attempt.url == receiver.url()));
    let id_headers: Vec<_> = detail
        .attempts
        .iter()
        .filter_map(|attempt| attempt.request_headers.iter().find(|(name, _)| name == "webhook-id"))
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(id_headers, [&id; 4]);
}
#[tokio::test]
async fn when_to_come_again_is_read_wherever_it_stands() {
    let many = "X-Line: one of many\r\n".repeat(200);
    for (code, header, seconds) in [
        (503, "Retry-After: 1200.0", 1_200),
        (429, "retry-after: 00000000000000000000000120", 120),
        (503, "Retry-After: 99999999999999999999999", 3_600),
        (409, "Retry-After: 60", 60),
        (503, "Retry-After: Tue, 14 Nov 2023 22:15:20 GMT", 120),
        (503, "Retry-After: Tuesday, 14-Nov-23 22:15:20 GMT", 120),
        (503, "Retry-After: Tue Nov 14 22:15:20 2023", 120),
    ] {
        let house = House::new().await;
        let text = format!("HTTP/1.1 {code} No\r\n{many}{header}\r\nContent-Length: 0\r\n\r\n");
        let receiver = Receiver::always(vec![Step::Read, Step::Write(text.into())]).await;
        house.webhook(&receiver.url()).await;
        let id = house.deliver("event").await;
        let detail = house.until_attempted(&id, 1, Status::Retrying).await;
        let due = detail.delivery.next_attempt_at.unwrap() - house.clock.now();
        assert_eq!(due, seconds * SECOND, "{header}");
    }
}
