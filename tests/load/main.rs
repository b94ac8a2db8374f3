//! `cargo xtask bench`: what one machine takes in and delivers, beside what a bare client could send at best.
//!
//! Rounds alternate between what is compared, with a calibration in each, so that a machine that changes its pace in
//! between shows itself. The method and the figures are in `README.md` beside this file.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on has to end"
)]

// What is measured in every round.
mod ceiling;
mod latency;
mod throughput;

// What an event costs when little goes on.
mod quiet;

// What is measured once: one bad thing, or much of something.
mod burst;
mod fan_out;
mod history;
mod hosts;
mod hundred;
mod isolation;
mod memory;
mod operations;
mod restart;
mod soak;

// What others wait for while somebody attacks.
mod attacks;

// The attacks themselves, which the tests share.
#[path = "../attacks/battle.rs"]
mod battle;
#[path = "../attacks/client.rs"]
mod client;
#[path = "../attacks/table.rs"]
mod table;
#[path = "../attacks/target.rs"]
mod target;

// All of it by name, of one program or of two in turn.
mod against;
mod measures;

// What it is measured against and with.
mod calibration;
mod process;
mod record;
mod relay;
mod sink;
mod spread;
mod stage;

use std::{env, fmt::Display, fs, path::Path, time::Duration};

use crate::{
    spread::Spread,
    stage::Stage,
    throughput::{CALLERS, MANY_CALLERS},
};

/// How often each figure is taken.
const ROUNDS: usize = 5;

#[actix_web::main]
async fn main() {
    let disk = env::current_dir().unwrap().join("target/bench");
    fs::create_dir_all(&disk).unwrap();
    let stage = Stage::new(&disk);
    let mut arguments = env::args().skip(1);
    let (what, rest) = (arguments.next(), arguments.collect::<Vec<String>>());
    let number = || rest.first().map(|number| number.parse().expect("a number"));
    match what.as_deref() {
        None => {
            rounds(&stage).await;
            extremes(&stage).await;
        }
        Some("rounds") => rounds(&stage).await,
        Some("extremes") => extremes(&stage).await,
        Some("throughput") => {
            shares(&stage, rest.first().map_or(CALLERS, |callers| callers.parse().expect("CALLERS"))).await;
        }
        Some("only") => against::alone(&stage, &rest).await,
        Some("against") => {
            let (old, names) = rest.split_first().expect("against PROGRAM");
            against::run(&stage.of(Path::new(old)), &stage, names).await;
        }
        Some("operations") => operate(&stage, number().expect("operations MINUTES")).await,
        Some("history") => remember(&stage, number().expect("history EVENTS")).await,
        Some("attacks") => attacks::run().await,
        Some("soak") => {
            let minutes = number().expect("soak MINUTES");
            soak::run(&stage, u32::try_from(minutes).expect("fewer minutes")).await;
        }
        Some(other) => {
            eprintln!(
                "load: {other} is none of: rounds, extremes, throughput [CALLERS], only [MEASURE …], \
                 against PROGRAM [MEASURE …], operations MINUTES, history EVENTS, attacks, soak MINUTES"
            );
        }
    }
}

/// Operations beside events, for so many minutes.
async fn operate(stage: &Stage, minutes: u64) {
    let [p99, longest, rate] = operations::measure(stage, Duration::from_mins(minutes)).await;
    println!(
        "{minutes} minutes, {rate:.1} operations per second: posts took {p99:.1} ms (p99), {longest:.1} ms at most"
    );
}

/// What a log of so many events, ten deliveries each, slows down.
async fn remember(stage: &Stage, events: u64) {
    println!("| {events} events in the log | figure |\n|---|---|");
    history::measure(stage, i64::try_from(events).expect("fewer events")).await;
}

/// Shows a figure as a row of a table.
fn row(name: &str, figure: impl Display) {
    println!("| {name} | {figure} |");
}

/// Throughput beside its ceilings and nothing else, for whoever works on it.
async fn shares(stage: &Stage, callers: usize) {
    println!(
        "| events/s | sent on only | awc beside posts | share of them | server's ms per event |\n|---|---|---|---|---|"
    );
    for _ in 0..ROUNDS {
        let relay = throughput::ceiling(callers).await;
        let beside = throughput::ceiling_beside_posts(callers).await;
        let throughput::Throughput { per_second: [_, delivered], cpu_ms } =
            throughput::measure(stage, callers).await;
        let shares = [relay, beside].map(|ceiling| format!("{:.0}%", delivered / ceiling * 100.0)).join(", ");
        println!("| {delivered:.0} | {relay:.0} | {beside:.0} | {shares} | {cpu_ms:.3} |");
    }
}

async fn rounds(stage: &Stage) {
    let mut figures = Figures::new();
    for round in 1..=ROUNDS {
        println!("round {round} of {ROUNDS}");
        figures.take(stage).await;
    }
    figures.print();
}

/// The measures that are part of the extremes as they are.
const MORE_EXTREMES: [&str; 4] = ["quiet", "hundred", "memory", "operations"];

async fn extremes(stage: &Stage) {
    against::alone(stage, &MORE_EXTREMES.map(str::to_owned)).await;
    println!("\n| extreme | figure |\n|---|---|");
    for round in 1..=2 {
        let alone = isolation::measure(stage, false).await;
        row(&format!("healthy receiver alone, 200 events/s, p99 ({round})"), format!("{:.2} ms", alone.p99));
        let beside = isolation::measure(stage, true).await;
        let [early, late] = beside.memory;
        row(
            &format!("the same beside 200 that hang and 200 that refuse ({round})"),
            format!(
                "{:.2} ms; memory {early:.0} MiB after the warm-up, {late:.0} MiB at the end",
                beside.p99
            ),
        );
    }
    let last = fan_out::measure(stage).await;
    row("1 event to 1,000 webhooks: the last has it after", format!("{last:.0} ms"));
    let [before, most, after, seconds] = hosts::measure(stage).await;
    row(
        "5,000 hosts called once: descriptors",
        format!("{before} before, {most} at most, {after} after {seconds:.0} s"),
    );
    let [late, twice] = restart::measure(stage).await;
    row(
        "killed under load: all accepted arrived after the restart in",
        format!("{late:.0} ms; {twice} arrived twice"),
    );
    for round in 1..=2 {
        let [fresh, after] = burst::measure(stage).await;
        let told = |[p99, slowest]: [f64; 2]| format!("{p99:.2} and {slowest:.1} ms");
        row(&format!("POST to 202 at 50 events/s, fresh: p99 and slowest of 1,000 ({round})"), told(fresh));
        row(&format!("the same right after a burst of 50,000 events ({round})"), told(after));
    }
    history::measure(stage, history::EVENTS).await;
}

/// One value per round each, in the order of the table.
struct Figures {
    loads: [Load; 2],
    latency: [Spread; 3],
    calibration: [Spread; 2],
}

impl Figures {
    fn new() -> Figures {
        Figures {
            loads: [Load::new(CALLERS), Load::new(MANY_CALLERS)],
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

    async fn take(&mut self, stage: &Stage) {
        add(&mut self.calibration, [calibration::signing(), calibration::syncing(&stage.disk)]);
        for load in &mut self.loads {
            load.take(stage).await;
        }
        add(&mut self.latency, latency::measure(stage).await);
    }

    fn print(&self) {
        println!("\n| figure | median | lowest to highest of {ROUNDS} rounds |\n|---|---|---|");
        let Figures { loads, latency, calibration } = self;
        let loads = loads.iter().flat_map(|load| load.throughput.iter().chain(&load.ceiling));
        for spread in loads.chain(latency).chain(calibration) {
            spread.print();
        }
    }
}

/// What so many callers reach, beside what is possible with as many.
struct Load {
    callers: usize,
    throughput: [Spread; 3],
    ceiling: [Spread; 3],
}

impl Load {
    fn new(callers: usize) -> Load {
        let of = |name: &str| Spread::of(format!("{callers} callers: {name}"), "per second", 0);
        Load {
            callers,
            throughput: [
                of("events accepted, durable"),
                of("events delivered, the last one included"),
                Spread::of(format!("{callers} callers: processor time of the server per event"), "ms", 3),
            ],
            ceiling: [
                of("ceiling: events only signed and sent on"),
                of("ceiling: bare awc, as many under way, beside posts to a handler that does nothing"),
                of("ceiling: bare awc, as many under way, nothing taken in"),
            ],
        }
    }

    async fn take(&mut self, stage: &Stage) {
        let ceilings = [
            throughput::ceiling(self.callers).await,
            throughput::ceiling_beside_posts(self.callers).await,
            ceiling::measure(self.callers),
        ];
        add(&mut self.ceiling, ceilings);
        let throughput::Throughput { per_second: [accepted, delivered], cpu_ms } =
            throughput::measure(stage, self.callers).await;
        add(&mut self.throughput, [accepted, delivered, cpu_ms]);
    }
}

fn add<const N: usize>(spreads: &mut [Spread; N], values: [f64; N]) {
    for (spread, value) in spreads.iter_mut().zip(values) {
        spread.add(value);
    }
}
