//! What receivers answer, or fail to. Each fault meets a first attempt; the second is answered well.

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{FailureKind, Outcome, Response};

use crate::{
    house::{House, SECOND},
    receiver::{GONE, OK, Receiver, Step, answer},
};

/// Far more than is read of an answer.
const TEN_GIGABYTES: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n";

/// What a failed first attempt looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seen {
    Code(u16),
    Failed(FailureKind),
}

impl Seen {
    fn of(outcome: &Outcome) -> Seen {
        match outcome {
            Outcome::Response(response) => Seen::Code(response.status_code),
            Outcome::Failure(failure) => Seen::Failed(failure.kind),
        }
    }
}

/// The first attempt fails as expected; the second has the same id and bytes, gets through, and both are in the log.
async fn check(steps: Vec<Step>, expected: Seen) {
    let house = House::new().await;
    let receiver = Receiver::first(steps).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;

    let failed = house.until_attempted(&id, 1, Status::Retrying).await;
    assert_eq!(Seen::of(&failed.attempts[0].outcome), expected, "{:?}", failed.attempts[0].outcome);
    let (code, error) = match expected {
        Seen::Code(code) => (Some(code), None),
        Seen::Failed(kind) => (None, Some(kind.name().to_owned())),
    };
    assert_eq!((failed.delivery.last_status_code, failed.delivery.last_error), (code, error));

    house.clock.advance(6 * SECOND);
    let detail = house.until_attempted(&id, 2, Status::Succeeded).await;
    assert_eq!(Seen::of(&detail.attempts[1].outcome), Seen::Code(200));
    assert_eq!(detail.attempts.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [1, 2]);
    let requests = receiver.requests();
    for request in &requests {
        assert_eq!(request.header("webhook-id"), id);
        assert_eq!(request.body, detail.body.as_bytes());
    }
    let last = requests.last().unwrap();
    assert_eq!(last.header("x-bluehook-attempt"), "2");
    house.dispatcher.shutdown().await;
}

/// The only attempt is a success; gives what the log has of its answer, and the receiver.
async fn answered_well(steps: Vec<Step>) -> (Response, Receiver) {
    let house = House::new().await;
    let receiver = Receiver::always(steps).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    let detail = house.until_attempted(&id, 1, Status::Succeeded).await;
    house.dispatcher.shutdown().await;
    match detail.attempts[0].outcome.clone() {
        Outcome::Response(response) => (response, receiver),
        Outcome::Failure(failure) => panic!("{failure:?}"),
    }
}

fn then(text: &str, last: Step) -> Vec<Step> {
    vec![Step::Read, Step::Write(text.into()), last]
}

#[tokio::test]
async fn a_bad_status_is_a_failure() {
    for code in [400, 404, 429, 500, 503, 304] {
        check(answer(format!("HTTP/1.1 {code} No\r\nContent-Length: 0\r\n\r\n")), Seen::Code(code)).await;
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_a_failure() {
    let broken = Seen::Failed(FailureKind::Connection);
    check(vec![Step::Reset], broken).await;
    check(vec![Step::Read, Step::Reset], broken).await;
    check(vec![Step::Read, Step::Close], broken).await;
    check(then("HTTP/1.1 20", Step::Close), broken).await;
    check(then("HTTP/1.1 200", Step::Reset), broken).await;
    check(then("HTTP/1.1 500 Oh\r\nConte", Step::Close), Seen::Code(500)).await;
}

#[tokio::test]
async fn a_receiver_that_stalls_is_left_in_time() {
    let late = Seen::Failed(FailureKind::Timeout);
    tokio::join!(
        check(vec![Step::Hang], late),
        check(vec![Step::Read, Step::Hang], late),
        check(then("HTTP/1.1 200 O", Step::Hang), late),
    );
}

#[tokio::test]
async fn a_receiver_that_drips_is_left_in_time() {
    let late = Seen::Failed(FailureKind::Timeout);
    let status = format!("HTTP/1.1 200 {}\r\n\r\n", "x".repeat(200));
    check(vec![Step::Read, Step::Drip(status.into())], late).await;
}

/// An answer without a length ends when the connection does, so the connection is not used again.
#[tokio::test]
async fn a_connection_without_a_next_answer_is_not_kept() {
    let house = House::new().await;
    let receiver = Receiver::always(then("HTTP/1.1 200 OK\r\n\r\n", Step::Close)).await;
    house.webhook(&receiver.url()).await;
    for event in ["first", "second"] {
        let id = house.deliver(event).await;
        house.until_attempted(&id, 1, Status::Succeeded).await;
    }
    assert_eq!(receiver.connections(), 2);
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let elsewhere = Receiver::good().await;
    for code in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {code} Moved\r\nLocation: {}\r\n", elsewhere.url());
        check(answer(format!("{head}Content-Length: 0\r\n\r\n")), Seen::Code(code)).await;
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn an_endless_body_is_read_up_to_the_limit() {
    let endless = then(TEN_GIGABYTES, Step::Flood(vec![b'x'; 4096]));
    let (response, receiver) = answered_well(endless).await;
    assert_eq!((response.body.len(), response.body_truncated), (16 * 1024, true));
    // 256 KiB are read; what the two sockets hold between them is on its way already.
    assert!(receiver.flooded() < 16 << 20, "{} bytes went out", receiver.flooded());
}

#[tokio::test]
async fn what_was_passed_over_is_noted() {
    let (clean, _) = answered_well(answer(OK)).await;
    let warned = "HTTP/1.1 200 OK\r\nPHP Warning:  of something\r\nContent-Length: 2\r\n\r\nOK";
    let (unclean, _) = answered_well(answer(warned)).await;
    assert_eq!((clean.clean, unclean.clean, unclean.body), (true, false, b"OK".to_vec()));
}

#[tokio::test]
async fn a_compressed_body_is_kept_as_it_came() {
    // The beginning of a gzip stream; what follows would not decompress.
    let mut bomb = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff".to_vec();
    bomb.resize(1024, 0);
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1024\r\n\r\n";
    let (response, _receiver) = answered_well(answer([head.as_bytes(), &bomb].concat())).await;
    assert_eq!((response.body, response.body_truncated), (bomb, false));
}

#[tokio::test]
async fn a_refused_connection_is_a_failure() {
    let house = House::new().await;
    let port = Receiver::good().await.port();
    house.webhook(&format!("http://127.0.0.1:{port}/hook")).await;
    let id = house.deliver("event").await;
    let detail = house.until_attempted(&id, 1, Status::Retrying).await;
    assert_eq!(Seen::of(&detail.attempts[0].outcome), Seen::Failed(FailureKind::Connect));
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_a_failure() {
    let house = House::new().await;
    house.webhook("http://nowhere.invalid/hook").await;
    let id = house.deliver("event").await;
    let detail = house.until_attempted(&id, 1, Status::Retrying).await;
    assert!(
        matches!(
            Seen::of(&detail.attempts[0].outcome),
            Seen::Failed(FailureKind::Dns | FailureKind::Timeout)
        ),
        "{:?}",
        detail.attempts[0].outcome
    );
}

/// The receiver closes a kept connection: the next request finds that out, and goes over a new one at no cost.
#[tokio::test]
async fn a_kept_connection_that_was_closed_costs_no_attempt() {
    let house = House::new().await;
    let receiver = Receiver::scripted(|turn| match turn {
        1 => vec![Step::Close],
        _ => answer(OK),
    })
    .await;
    house.webhook(&receiver.url()).await;
    for event in ["first", "second"] {
        let id = house.deliver(event).await;
        let detail = house.until_attempted(&id, 1, Status::Succeeded).await;
        assert_eq!(detail.attempts.len(), 1);
    }
    assert_eq!((receiver.connections(), receiver.requests().len()), (2, 2));
}

#[tokio::test]
async fn gone_is_gone() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(GONE)).await;
    let webhook = house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    house.until_attempted(&id, 1, Status::Failed).await;
    assert!(!house.standing(&webhook).enabled);
}
