//! Forty receivers at once, each hostile in its own way: memory stays, each costs what an answer may cost, and another
//! receiver's event arrives meanwhile.

use std::cell::Cell;

use crate::{
    house::House,
    receiver::{Receiver, Step},
};

const RECEIVERS: usize = 40;
const EVENTS: usize = 4;
/// By how much memory may grow.
const MAX_GROWTH: usize = 100 << 20;
/// What two sockets of this machine hold between them, beside what is read.
const MAX_FLOOD: usize = 16 << 20;

/// Ways to answer badly: what comes first, and what comes then for ever.
fn ways() -> Vec<Vec<Step>> {
    let flood = |first: &str, more: Vec<u8>| vec![Step::Read, Step::Write(first.into()), Step::Flood(more)];
    let ok = "HTTP/1.1 200 OK\r\n";
    let chunked = format!("{ok}Transfer-Encoding: chunked\r\n\r\n");
    vec![
        flood(&format!("{ok}\r\n"), vec![b'x'; 1 << 16]),
        flood(&format!("{ok}Content-Length: 10000000000\r\n\r\n"), vec![b'x'; 1 << 16]),
        flood(ok, b"X-More: and more\r\n".repeat(3_000)),
        flood(&format!("{ok}X: "), vec![b'x'; 1 << 16]),
        flood(&format!("{chunked}1;"), vec![b'x'; 1 << 16]),
        flood(&chunked, vec![b'0'; 1 << 16]),
        flood(&chunked, b"1\r\nx\r\n".repeat(10_000)),
        flood(&format!("{chunked}0\r\n"), b"T: x\r\n".repeat(10_000)),
        flood("", b"HTTP/1.1 100 Continue\r\n\r\n".repeat(2_000)),
        flood("", b"\r\n".repeat(30_000)),
        flood("HTTP/1.1 200 ", vec![b'x'; 1 << 16]),
        vec![Step::Read, Step::Drip(vec![b'x'; 400])],
        vec![Step::Read, Step::Write(chunked.into()), Step::Drip(b"1;x".repeat(200))],
        vec![Step::Hang],
    ]
}

#[tokio::test]
async fn many_hostile_receivers_cost_themselves_alone() {
    let house = House::new().await;
    let (ways, mut receivers) = (ways(), Vec::new());
    for number in 0..RECEIVERS {
        let steps = ways[number % ways.len()].clone();
        let receiver = Receiver::always(steps).await;
        house.webhook(&receiver.url()).await;
        receivers.push(receiver);
    }
    let good = Receiver::good().await;
    house.webhook(&good.url()).await;
    let (before, total) = (resident(), EVENTS * (RECEIVERS + 1));
    for number in 0..EVENTS {
        house.dispatch(&format!("event {number}")).await;
    }
    good.until_seen(EVENTS).await;
    // Those that drip or say nothing are still waited for.
    assert!(house.attempted().await < total, "the attack was over before");
    let most = Cell::new(0);
    house
        .until("every attempt ends", async || {
            most.set(most.get().max(resident()));
            (house.attempted().await == total).then_some(())
        })
        .await;
    let growth = most.get().saturating_sub(before);
    assert!(growth < MAX_GROWTH, "{} MiB more", growth >> 20);
    for receiver in &receivers {
        let flooded = receiver.flooded() / receiver.connections().max(1);
        assert!(flooded < MAX_FLOOD, "{flooded} bytes for one answer");
    }
}

/// How much memory this process has, in bytes: the second number of `statm`, in pages.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4_096
}
