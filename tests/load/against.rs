//! Two programs in turn, on one machine in one run: what differs between them is theirs, and not the hour's.

use crate::{
    calibration,
    measures::{Figure, MEASURES, Measure},
    spread::percentile,
    stage::Stage,
};

/// Measures what these names stand for, or everything when there are none, and prints old, new and new / old.
pub(crate) async fn run(old: &Stage, new: &Stage, names: &[String]) {
    let mut compared: Vec<Compared> = chosen(names).map(Compared::new).collect();
    let rounds = compared.iter().map(|compared| compared.measure.rounds).max().unwrap_or(0);
    for round in 1..=rounds {
        let (signatures, sync) = (calibration::signing(), calibration::syncing(&new.disk));
        println!(
            "round {round} of {rounds}: {signatures:.0} signatures per second, {sync:.3} ms for fdatasync"
        );
        for compared in compared.iter_mut().filter(|compared| round <= compared.measure.rounds) {
            compared.take([old, new], round).await;
        }
    }
    println!("\n| figure | old | new | new / old | lowest to highest of its rounds |\n|---|---|---|---|---|");
    compared.iter().for_each(Compared::print);
}

/// Measures one program alone, once, and prints what it came to.
pub(crate) async fn alone(stage: &Stage, names: &[String]) {
    println!("| figure | |\n|---|---|");
    for measure in chosen(names) {
        let values = (measure.take)(stage).await;
        for (Figure(name, unit, decimals), value) in measure.figures.iter().zip(values) {
            println!("| {name} | {value:.decimals$} {unit} |");
        }
    }
}

fn chosen(names: &[String]) -> impl Iterator<Item = &'static Measure> {
    for name in names {
        let known = || MEASURES.iter().map(|measure| measure.name).collect::<Vec<_>>().join(", ");
        assert!(MEASURES.iter().any(|measure| measure.name == name), "{name} is none of: {}", known());
    }
    let is_chosen = |measure: &&Measure| names.is_empty() || names.iter().any(|name| name == measure.name);
    MEASURES.iter().filter(is_chosen)
}

/// A measure of both programs: for each round and program, the values of its figures.
struct Compared {
    measure: &'static Measure,
    rounds: Vec<[Vec<f64>; 2]>,
}

impl Compared {
    fn new(measure: &'static Measure) -> Compared {
        Compared { measure, rounds: Vec::new() }
    }

    /// Takes both once. Who goes first takes turns, too.
    async fn take(&mut self, [old, new]: [&Stage; 2], round: usize) {
        let take = self.measure.take;
        let values = if round % 2 == 1 {
            let old = take(old).await;
            [old, take(new).await]
        } else {
            let new = take(new).await;
            [take(old).await, new]
        };
        for (place, Figure(name, unit, decimals)) in self.measure.figures.iter().enumerate() {
            let [old, new] = [values[0][place], values[1][place]];
            println!("  {name}: {old:.decimals$} and {new:.decimals$} {unit}");
        }
        self.rounds.push(values);
    }

    fn print(&self) {
        for (place, Figure(name, unit, decimals)) in self.measure.figures.iter().enumerate() {
            let of = |program: usize| sorted(self.rounds.iter().map(|values| values[program][place]));
            let [old, new] = [of(0), of(1)].map(|values| percentile(&values, 50.0));
            let ratios = sorted(self.rounds.iter().map(|[old, new]| new[place] / old[place]));
            let [lowest, median, highest] = [0.0, 50.0, 100.0].map(|percent| percentile(&ratios, percent));
            println!(
                "| {name} | {old:.decimals$} {unit} | {new:.decimals$} {unit} | {median:.2} | {lowest:.2} to {highest:.2} |"
            );
        }
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}
