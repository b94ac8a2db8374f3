//! Connections that are kept: used again, given up when the receiver gives them up, and never a reason for an attempt.

use bluehook_core::{delivery::Status, event::Event};
use bluehook_dispatcher::Outcome;

use crate::{
    certificates::Authority,
    house::House,
    receiver::{OK, Receiver, Step, answer},
};

/// What servers say of a connection on which no request came for too long.
const LATE: &str = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const TOO_LARGE: &str = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// The second request meets a connection that is no longer read: it goes over a new one, at no cost.
async fn check_second(steps: Vec<Step>) {
    let authority = Authority::new();
    for tls in [None, Some(authority.good().acceptor(&[]))] {
        let house = House::with(|config| config.ca_file = Some(authority.file())).await;
        let steps = steps.clone();
        let receiver =
            Receiver::over(tls, move |turn| if turn == 1 { steps.clone() } else { answer(OK) }).await;
        house.webhook(&receiver.url()).await;
        for event in ["first", "second"] {
            let id = house.deliver(event).await;
            let detail = house.until_attempted(&id, 1, Status::Succeeded).await;
            assert_eq!((detail.attempts.len(), detail.attempts[0].reused), (1, Some(false)), "{event}");
        }
        assert_eq!(receiver.connections(), 2);
    }
}

#[tokio::test]
async fn what_was_not_processed_is_sent_again_at_once() {
    check_second(vec![Step::Close]).await;
    check_second(vec![Step::Reset]).await;
    check_second(vec![Step::Read, Step::Close]).await;
    check_second(vec![Step::Write(LATE.into()), Step::Close]).await;
    check_second(vec![Step::Read, Step::Write(LATE.into()), Step::Close]).await;
}

/// On a new connection the same says something of the receiver.
#[tokio::test]
async fn on_a_new_connection_it_counts() {
    let house = House::new().await;
    let receiver = Receiver::first(vec![Step::Read, Step::Write(LATE.into()), Step::Close]).await;
    house.webhook(&receiver.url()).await;
    let id = house.deliver("event").await;
    let detail = house.until_attempted(&id, 1, Status::Retrying).await;
    assert!(
        matches!(&detail.attempts[0].outcome, Outcome::Response(response) if response.status_code == 408)
    );
    assert_eq!(receiver.connections(), 1);
}

/// Apache offers another protocol on every answer; that is no reason to make a new connection for each.
#[tokio::test]
async fn an_offer_of_another_protocol_keeps_the_connection() {
    let offer =
        "HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade, Keep-Alive\r\nContent-Length: 0\r\n\r\n";
    check_connections(&[offer; 3], 1).await;
    let bare = "HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n";
    check_connections(&[bare; 3], 1).await;
}

#[tokio::test]
async fn a_connection_is_kept_as_its_receiver_says() {
    let old = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n";
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\nTrailer: x\r\n\r\n";
    check_connections(&[OK, old, chunked, OK], 1).await;
    check_connections(&["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", OK], 2).await;
    check_connections(&["HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", OK], 2).await;
    check_connections(&["HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 0\r\n\r\n", OK], 2)
        .await;
    // What nobody asked for is taken for no answer.
    let two = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n";
    check_connections(&[two, OK], 2).await;
    check_connections(&["HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\n", OK], 2).await;
}

/// Deliveries one after the other, all of them successes, over so many connections.
async fn check_connections(answers: &[&'static str], connections: usize) {
    let house = House::new().await;
    let script = answers.to_vec();
    let receiver = Receiver::scripted(move |turn| answer(script[turn])).await;
    house.webhook(&receiver.url()).await;
    for number in 0..answers.len() {
        let id = house.deliver(&format!("event {number}")).await;
        house.until_attempted(&id, 1, Status::Succeeded).await;
    }
    assert_eq!(receiver.connections(), connections, "{answers:?}");
}

/// A receiver answers before it has read a large request, and closes (RFC 9112, 9.5).
#[tokio::test]
async fn an_answer_before_the_request_was_read_is_an_answer() {
    for (text, code, status) in [(TOO_LARGE, 413, Status::Retrying), (OK, 200, Status::Succeeded)] {
        for last in [Step::Close, Step::Hang] {
            let house = House::new().await;
            let steps = vec![Step::Write(text.into()), last];
            let receiver = Receiver::narrow(move |_| steps.clone());
            house.webhook(&receiver.url()).await;
            house.dispatcher.dispatch(large()).await.unwrap();
            let id = house.only().await;
            let detail = house.until_attempted(&id, 1, status).await;
            let Outcome::Response(response) = &detail.attempts[0].outcome else { panic!("{detail:?}") };
            assert_eq!(response.status_code, code);
        }
    }
}

/// A large request that is read slowly arrives whole.
#[tokio::test]
async fn a_large_request_arrives_whole() {
    let house = House::with(|config| config.timeout *= 10).await;
    let receiver = Receiver::narrow(|_| answer(OK));
    house.webhook(&receiver.url()).await;
    house.dispatcher.dispatch(large()).await.unwrap();
    let id = house.only().await;
    let detail = house.until_attempted(&id, 1, Status::Succeeded).await;
    assert_eq!(receiver.requests()[0].body, detail.body.as_bytes());
}

/// An event of a megabyte: more than the ways between two sockets hold.
fn large() -> Event {
    let text = "x".repeat(1 << 20);
    let body = format!(
        r#"{{"event":"TODO_CREATED","companyId":"company","projectId":"project","userId":"person","currentValue":{{"text":"{text}"}}}}"#
    );
    Event::parse(body.as_bytes()).unwrap()
}
