//! What faults use is given back: descriptors, memory, places in the workers' memory.
//!
//! Counted in a process of its own, since other tests open and close at the same time.

use std::{env, fs};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{Delivery, DeliveryQuery};

use crate::{
    child::rerun,
    house::{HOUR, House},
    receiver::{OK, Receiver, Step, answer},
};

/// The variable that tells a process to count.
const COUNTS: &str = "BLUEHOOK_FAULTS_COUNTS";

/// Rounds of every fault.
const ROUNDS: usize = 3;

/// More than there is room for in memory for a receiver that fails.
const EVENTS: usize = 150;

/// How much more memory may be in use afterwards, in KiB: allocators keep some for later.
const MORE_MEMORY: usize = 48 * 1024;

#[tokio::test]
async fn everything_is_given_back() {
    let output = tokio::task::spawn_blocking(|| {
        rerun("leftovers::counts_while_it_is_told_to").env(COUNTS, "1").output().unwrap()
    });
    let output = output.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The counting process; nothing when this is none.
#[tokio::test]
async fn counts_while_it_is_told_to() {
    if env::var_os(COUNTS).is_none() {
        return;
    }
    // What a first run keeps for ever, such as a random source, is there before anything is counted.
    go_through_faults().await;
    let (descriptors, memory) = (descriptors(), memory());
    for _ in 0..ROUNDS {
        go_through_faults().await;
    }
    assert_eq!(self::descriptors(), descriptors, "{:?}", open_files());
    assert!(self::memory() < memory + MORE_MEMORY, "{} KiB after {memory} KiB", self::memory());
}

fn faults() -> Vec<Vec<Step>> {
    let endless = "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n";
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nonly this";
    vec![
        vec![Step::Reset],
        vec![Step::Read, Step::Close],
        vec![Step::Read, Step::Write(cut.into()), Step::Close],
        vec![Step::Read, Step::Write(cut.into()), Step::Hang],
        vec![Step::Hang],
        vec![Step::Read, Step::Write(endless.into()), Step::Flood(vec![b'x'; 4096])],
        vec![Step::Read, Step::Write("HTTP/1.1 200 OK\r\n".into()), Step::Flood(b"X: x\r\n".repeat(500))],
        answer(format!("HTTP/1.1 100 Continue\r\n\r\n{OK}")),
        answer("nonsense\r\n\r\n"),
    ]
}

/// Every fault meets a burst; then all receivers are well, and everything arrives.
async fn go_through_faults() {
    let house = House::new().await;
    let mut receivers = Vec::new();
    for steps in faults() {
        let receiver =
            Receiver::scripted(move |turn| if turn < 4 { steps.clone() } else { answer(OK) }).await;
        house.webhook(&receiver.url()).await;
        receivers.push(receiver);
    }
    for number in 0..EVENTS {
        house.dispatch(&format!("event-{number}")).await;
    }
    let all = receivers.len() * EVENTS;
    for _ in 0..5 {
        house.until("nothing is under way", async || is_quiet(&house, all).await.then_some(())).await;
        house.clock.advance(2 * HOUR);
    }
    let arrived = async || (succeeded(&house).await == all).then_some(());
    house.until("everything arrives in the end", arrived).await;
    house.close().await;
    drop(receivers);
    // The receivers' tasks end when they are next given a turn.
    tokio::task::yield_now().await;
}

async fn succeeded(house: &House) -> usize {
    house.all(DeliveryQuery { status: Some(Status::Succeeded), ..DeliveryQuery::default() }).await.len()
}

/// Whether every delivery got through, or waits for a time that is to come.
async fn is_quiet(house: &House, all: usize) -> bool {
    let now = house.clock.now();
    let is_quiet = |delivery: &Delivery| match delivery.status {
        Status::Succeeded => true,
        Status::Retrying => delivery.next_attempt_at.is_some_and(|at| at > now),
        _ => false,
    };
    let deliveries = house.all(DeliveryQuery::default()).await;
    deliveries.len() == all && deliveries.iter().all(is_quiet)
}

fn open_files() -> Vec<String> {
    let files = fs::read_dir("/proc/self/fd").unwrap();
    let target = |file: fs::DirEntry| fs::read_link(file.path()).unwrap_or_default().display().to_string();
    files.map(|file| target(file.unwrap())).collect()
}

fn descriptors() -> usize {
    open_files().len()
}

/// Resident memory in KiB.
fn memory() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
