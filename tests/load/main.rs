//! `cargo xtask bench`: what one machine takes in and delivers, beside what a bare client could send at best.
//!
//! Rounds alternate between what is compared, with a calibration in each, so that a machine that changes its pace in
//! between shows itself. The method and the figures are in `README.md` beside this file.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on has to end")]

// What is measured.
mod ceiling;
mod latency;
mod throughput;

// What it is measured against and with.
mod calibration;
mod record;
mod sink;
mod spread;

use std::{env, fs, path::Path};

use crate::spread::Spread;

/// How often each figure is taken.
const ROUNDS: usize = 5;

#[actix_web::main]
async fn main() {
    let disk = env::current_dir().unwrap().join("target/bench");
    fs::create_dir_all(&disk).unwrap();
    let mut figures = Figures::default();
    for round in 1..=ROUNDS {
        println!("round {round} of {ROUNDS} …");
        figures.take(&disk).await;
    }
    figures.print();
}

/// One value per round each.
#[derive(Default)]
struct Figures {
    signing: Spread,
    syncing: Spread,
    ceiling: Spread,
    accepted: Spread,
    delivered: Spread,
    latency: [Spread; 3],
}

impl Figures {
    async fn take(&mut self, disk: &Path) {
        self.signing.add(calibration::signing());
        self.syncing.add(calibration::syncing(disk));
        self.ceiling.add(ceiling::measure());
        let throughput = throughput::measure(disk).await;
        self.accepted.add(throughput.accepted);
        self.delivered.add(throughput.delivered);
        let latency = latency::measure(disk).await;
        for (spread, value) in self.latency.iter_mut().zip(latency) {
            spread.add(value);
        }
    }

    fn print(&self) {
        let [p50, p95, p99] = &self.latency;
        println!("\n| figure | median | lowest to highest of {ROUNDS} rounds |\n|---|---|---|");
        self.accepted.print("events accepted, durable, concurrency 64", "per second", 0);
        self.delivered.print("events delivered", "per second", 0);
        self.ceiling.print("ceiling: requests signed and sent by bare awc, concurrency 64", "per second", 0);
        p50.print("POST to arrival at 50 events/s, p50", "ms", 2);
        p95.print("POST to arrival at 50 events/s, p95", "ms", 2);
        p99.print("POST to arrival at 50 events/s, p99", "ms", 2);
        self.signing.print("calibration: signatures of the body, one thread", "per second", 0);
        self.syncing.print("calibration: write and fdatasync of 4 KiB", "ms", 3);
    }
}
