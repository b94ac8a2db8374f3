//! Names: servers that answer as the test says, and names that lead elsewhere from one attempt to the next.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{Config, FailureKind, Outcome, Reason};
use bluehook_tests::{
    names::{NameServer, Reply},
    wait::until,
};

use crate::{
    house::{House, TIMEOUT},
    receiver::{Receiver, answer},
};

/// A refusal after which the connection is of no use: the next attempt has to look the name up again.
const LAST: &str = "HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

const HERE: Reply = Reply::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));

#[tokio::test]
async fn every_attempt_goes_where_the_name_leads_by_then() {
    let names = NameServer::start(HERE, Reply::NoData);
    let house = House::with(|config| config.name_servers = vec![names.address]).await;
    let receiver = Receiver::always(answer(LAST)).await;
    house.webhook(&format!("http://receiver.example:{}/", receiver.port())).await;
    let id = house.deliver("event").await;
    let lead_to = |address: [u8; 4]| names.answers(Reply::Address(address.into()), Reply::NoData);

    assert_eq!(attempted(&house, &id, 1, Status::Retrying).await, Ok(500));
    // It was vetted when the webhook was saved, and leads to the operator's own network now.
    lead_to([10, 0, 0, 1]);
    assert_eq!(attempted(&house, &id, 2, Status::Retrying).await, Err((FailureKind::BlockedAddress, None)));
    names.answers(Reply::NoSuchName, Reply::NoSuchName);
    let no_such_name = Err((FailureKind::Dns, Some(Reason::NoSuchName)));
    assert_eq!(attempted(&house, &id, 3, Status::Retrying).await, no_such_name);
    lead_to([127, 0, 0, 2]);
    let refused = Err((FailureKind::Connect, Some(Reason::Refused)));
    assert_eq!(attempted(&house, &id, 4, Status::Retrying).await, refused);
    lead_to([127, 0, 0, 1]);
    assert_eq!(attempted(&house, &id, 5, Status::Failed).await, Ok(500));
    assert_eq!(receiver.requests().len(), 2, "only two attempts had the receiver's address");
}

/// Moves the clock to an attempt, waits until it ended, and gives its status code or what went wrong.
async fn attempted(
    house: &House,
    id: &str,
    number: u32,
    then: Status,
) -> Result<u16, (FailureKind, Option<Reason>)> {
    if let Some(due_at) = house.detail(id).await.delivery.next_attempt_at {
        house.clock.advance(due_at - house.clock.now());
    }
    let detail = house.until_attempted(id, number, then).await;
    match &detail.attempts.last().unwrap().outcome {
        Outcome::Response(response) => Ok(response.status_code),
        Outcome::Failure(failure) => Err((failure.kind, failure.reason)),
    }
}

/// What comes of the only attempt at a name that these servers are asked for.
async fn asked(
    servers: &[&NameServer],
    host: &str,
    change: impl FnOnce(&mut Config),
) -> Result<(), Option<Reason>> {
    let house = House::with(|config| {
        config.name_servers = servers.iter().map(|server| server.address).collect();
        change(config);
    })
    .await;
    let receiver = Receiver::good().await;
    let webhook = house.webhook(&format!("http://{host}:{}/", receiver.port())).await;
    let test = house.dispatcher.test_webhook(&webhook.id, None).await.unwrap();
    match test.attempt.outcome {
        Outcome::Response(response) => {
            assert!(response.is_success());
            Ok(())
        }
        Outcome::Failure(failure) => Err(failure.reason),
    }
}

#[tokio::test]
async fn a_family_that_is_not_answered_does_not_delay_the_other() {
    let names = NameServer::start(HERE, Reply::Silence);
    assert_eq!(asked(&[&names], "receiver.example", |_| {}).await, Ok(()));
    // Even this machine's own address of the other family, which nobody listens at.
    let names = NameServer::start(HERE, Reply::Address(Ipv6Addr::LOCALHOST.into()));
    let both = |config: &mut Config| config.allow_networks.push("::1/128".parse().unwrap());
    assert_eq!(asked(&[&names], "receiver.example", both).await, Ok(()));
    let names = NameServer::start(HERE, Reply::Failure(2));
    assert_eq!(asked(&[&names], "receiver.example", |_| {}).await, Ok(()));
}

#[tokio::test]
async fn the_next_server_is_asked_when_one_cannot_say() {
    let good = NameServer::start(HERE, Reply::NoData);
    for reply in [Reply::Failure(2), Reply::Failure(5), Reply::Silence] {
        let bad = NameServer::start(reply, reply);
        let patient = |config: &mut Config| config.timeout = 5 * TIMEOUT;
        assert_eq!(asked(&[&bad, &good], "receiver.example", patient).await, Ok(()), "{reply:?}");
        assert!(!bad.asked().is_empty());
    }
    let bad = NameServer::start(Reply::Failure(2), Reply::Failure(2));
    assert_eq!(asked(&[&bad], "receiver.example", |_| {}).await, Err(Some(Reason::NoAnswer)));
}

/// What a server is certain of is not asked for elsewhere.
#[tokio::test]
async fn a_certain_answer_is_the_answer() {
    let certain = NameServer::start(Reply::NoSuchName, Reply::NoSuchName);
    let other = NameServer::start(HERE, Reply::NoData);
    let nowhere = Err(Some(Reason::NoSuchName));
    assert_eq!(asked(&[&certain, &other], "receiver.example", |_| {}).await, nowhere);
    assert!(other.asked().is_empty());
    let empty = NameServer::start(Reply::NoData, Reply::NoData);
    assert_eq!(asked(&[&empty], "receiver.example", |_| {}).await, nowhere);
}

#[tokio::test]
async fn names_are_asked_for_as_they_are() {
    for host in ["my_receiver.example", "-a-.example", "receiver", "receiver.example."] {
        let names = NameServer::start(HERE, Reply::NoData);
        assert_eq!(asked(&[&names], host, |_| {}).await, Ok(()), "{host}");
        let host = host.strip_suffix('.').unwrap_or(host);
        assert!(names.asked().iter().all(|asked| asked == host), "{:?}", names.asked());
    }
}

#[tokio::test]
async fn a_name_that_is_another_name_is_followed() {
    let names = NameServer::start(Reply::Alias(Ipv4Addr::LOCALHOST), Reply::NoData);
    assert_eq!(asked(&[&names], "receiver.example", |_| {}).await, Ok(()));
}

#[tokio::test]
async fn what_is_too_long_for_a_datagram_is_asked_for_again() {
    let names = NameServer::start(Reply::OverTcp(Ipv4Addr::LOCALHOST), Reply::NoData);
    assert_eq!(asked(&[&names], "receiver.example", |_| {}).await, Ok(()));
}

/// "There is no such name" is believed for 5 s at most, however long the server says.
#[tokio::test]
async fn a_name_that_was_made_meanwhile_is_found() {
    let names = NameServer::start(Reply::NoSuchNameForLong, Reply::NoSuchNameForLong);
    let house = House::with(|config| config.name_servers = vec![names.address]).await;
    let receiver = Receiver::good().await;
    let webhook = house.webhook(&format!("http://receiver.example:{}/", receiver.port())).await;
    let succeeds = async || {
        let test = house.dispatcher.test_webhook(&webhook.id, None).await.unwrap();
        matches!(test.attempt.outcome, Outcome::Response(_)).then_some(())
    };
    assert_eq!(succeeds().await, None);
    names.answers(HERE, Reply::NoData);
    let began = std::time::Instant::now();
    until("the new name is found", succeeds).await;
    assert!(began.elapsed() < 8 * TIMEOUT, "{:?}", began.elapsed());
}

#[tokio::test]
async fn the_hosts_file_is_read_again_when_it_changes() {
    let folder = tempfile::TempDir::new().unwrap();
    let hosts = folder.path().join("hosts");
    std::fs::write(&hosts, "127.0.0.2 receiver.example\n").unwrap();
    let house = House::with(|config| config.hosts_file = hosts.clone()).await;
    let receiver = Receiver::good().await;
    let webhook = house.webhook(&format!("http://Receiver.Example:{}/", receiver.port())).await;
    let succeeds = async || {
        let test = house.dispatcher.test_webhook(&webhook.id, None).await.unwrap();
        matches!(test.attempt.outcome, Outcome::Response(_)).then_some(())
    };
    assert_eq!(succeeds().await, None, "nobody listens there");
    std::fs::write(&hosts, "127.0.0.1 another.example receiver.example # now here\n").unwrap();
    until("the new address is used", succeeds).await;
}
