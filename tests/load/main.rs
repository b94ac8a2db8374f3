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
    let mut figures = Figures::new();
    for round in 1..=ROUNDS {
        println!("round {round} of {ROUNDS}");
        figures.take(&disk).await;
    }
    figures.print();
}

/// One value per round each, in the order of the table.
struct Figures {
    throughput: [Spread; 2],
    ceiling: Spread,
    latency: [Spread; 3],
    calibration: [Spread; 2],
}

impl Figures {
    fn new() -> Figures {
        Figures {
            throughput: [
                Spread::of("events accepted, durable, concurrency 64", "per second", 0),
                Spread::of("events delivered, the last one included", "per second", 0),
            ],
            ceiling: Spread::of("ceiling: bare awc, concurrency 64", "per second", 0),
            latency: [
                Spread::of("POST to arrival at 50 events/s, p50", "ms", 2),
                Spread::of("POST to arrival at 50 events/s, p95", "ms", 2),
                Spread::of("POST to arrival at 50 events/s, p99", "ms", 2),
            ],
            calibration: [
                Spread::of("calibration: signatures of the record, one thread", "per second", 0),
                Spread::of("calibration: write and fdatasync of 4 KiB", "ms", 3),
            ],
        }
    }

    async fn take(&mut self, disk: &Path) {
        add(&mut self.calibration, [calibration::signing(), calibration::syncing(disk)]);
        self.ceiling.add(ceiling::measure());
        add(&mut self.throughput, throughput::measure(disk).await);
        add(&mut self.latency, latency::measure(disk).await);
    }

    fn print(&self) {
        println!("\n| figure | median | lowest to highest of {ROUNDS} rounds |\n|---|---|---|");
        let Figures { throughput, ceiling, latency, calibration } = self;
        for spread in throughput.iter().chain([ceiling]).chain(latency).chain(calibration) {
            spread.print();
        }
    }
}

fn add<const N: usize>(spreads: &mut [Spread; N], values: [f64; N]) {
    for (spread, value) in spreads.iter_mut().zip(values) {
        spread.add(value);
    }
}
