//! Names: a server that answers as the test says, and a name that leads elsewhere from one attempt to the next.

use std::{
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{FailureKind, Outcome};

use crate::{
    house::House,
    receiver::{Receiver, answer},
};

/// A refusal after which the connection is of no use: the next attempt has to look the name up again.
const LAST: &str = "HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

#[tokio::test]
async fn every_attempt_goes_where_the_name_leads_by_then() {
    let names = NameServer::start(Some(Ipv4Addr::LOCALHOST));
    let house = House::with(|config| config.name_servers = vec![names.address]).await;
    let receiver = Receiver::always(answer(LAST)).await;
    house.webhook(&format!("http://receiver.example:{}/", receiver.port())).await;
    let id = house.deliver("event").await;

    assert_eq!(attempted(&house, &id, 1, Status::Retrying).await, Ok(500));
    // It was vetted when the webhook was saved, and leads to the operator's own network now.
    names.lead_to(Some(Ipv4Addr::new(10, 0, 0, 1)));
    assert_eq!(attempted(&house, &id, 2, Status::Retrying).await, Err(FailureKind::BlockedAddress));
    names.lead_to(None);
    assert_eq!(attempted(&house, &id, 3, Status::Retrying).await, Err(FailureKind::Dns));
    names.lead_to(Some(Ipv4Addr::new(127, 0, 0, 2)));
    assert_eq!(attempted(&house, &id, 4, Status::Retrying).await, Err(FailureKind::Connect));
    names.lead_to(Some(Ipv4Addr::LOCALHOST));
    assert_eq!(attempted(&house, &id, 5, Status::Failed).await, Ok(500));
    assert_eq!(receiver.requests().len(), 2, "only two attempts had the receiver's address");
}

/// Moves the clock to an attempt, waits until it ended, and gives its status code or what went wrong.
async fn attempted(house: &House, id: &str, number: u32, then: Status) -> Result<u16, FailureKind> {
    if let Some(due_at) = house.detail(id).await.delivery.next_attempt_at {
        house.clock.advance(due_at - house.clock.now());
    }
    let detail = house.until_attempted(id, number, then).await;
    match &detail.attempts.last().unwrap().outcome {
        Outcome::Response(response) => Ok(response.status_code),
        Outcome::Failure(failure) => Err(failure.kind),
    }
}

/// A name server on this machine that knows one address for every name, or none. It ends with the value.
struct NameServer {
    address: SocketAddr,
    leads_to: Arc<Mutex<Answer>>,
    running: Option<JoinHandle<()>>,
}

#[derive(Clone, Copy)]
enum Answer {
    Address(Ipv4Addr),
    NoSuchName,
    Over,
}

impl NameServer {
    fn start(address: Option<Ipv4Addr>) -> NameServer {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let leads_to = Arc::new(Mutex::new(Answer::of(address)));
        let answers = leads_to.clone();
        let local = socket.local_addr().unwrap();
        let running = thread::spawn(move || {
            let mut query = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut query) {
                let answer = *answers.lock().unwrap();
                if matches!(answer, Answer::Over) {
                    return;
                }
                socket.send_to(&answer.to(&query[..length]), from).unwrap();
            }
        });
        NameServer { address: local, leads_to, running: Some(running) }
    }

    fn lead_to(&self, address: Option<Ipv4Addr>) {
        *self.leads_to.lock().unwrap() = Answer::of(address);
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        *self.leads_to.lock().unwrap() = Answer::Over;
        let waker = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        waker.send_to(&[], self.address).unwrap();
        self.running.take().unwrap().join().unwrap();
    }
}

/// The header of a message (RFC 1035, 4.1.1), in bytes.
const HEADER: usize = 12;
/// The record type of IPv4 addresses (RFC 1035, 3.2.2).
const A: [u8; 2] = [0, 1];

impl Answer {
    fn of(address: Option<Ipv4Addr>) -> Answer {
        address.map_or(Answer::NoSuchName, Answer::Address)
    }

    /// The response to a query for one name. Nothing may be remembered: the time to live is 0.
    fn to(self, query: &[u8]) -> Vec<u8> {
        let name = query[HEADER..].iter().position(|byte| *byte == 0).unwrap() + 1;
        let question = &query[HEADER..HEADER + name + 4];
        let address = match self {
            Answer::Address(address) if question[name..name + 2] == A => Some(address),
            _ => None,
        };
        let code = if matches!(self, Answer::NoSuchName) { 3 } else { 0 };
        // A response, authoritative, recursion available; one question, no authority, nothing more.
        let mut response = vec![query[0], query[1], 0x84 | query[2] & 1, 0x80 | code, 0, 1, 0];
        response.extend([u8::from(address.is_some()), 0, 0, 0, 0]);
        response.extend(question);
        if let Some(address) = address {
            // The name as in the question, type A, class IN, the time to live, four bytes.
            response.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
            response.extend(address.octets());
        }
        response
    }
}
