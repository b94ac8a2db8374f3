//! Random histories of the pure rules: outages, crashes, clocks that jump, webhooks switched off and on and deleted,
//! deliveries sent again. A tiny store keeps what the rules say; after every step the invariants are checked.
//!
//! `BLUEHOOK_SIMULATION_SEED` runs one history; a failure prints its seed.

use std::{env, panic};

use bluehook_core::{
    delivery::{self, Ended, GaveUp, Status, Step},
    health,
    retry::{MAX_RETRY_AFTER, Policy},
    time::Millis,
};

use crate::{
    chance::Chance,
    house::{HOUR, SECOND, START},
};

// The state that is kept, and every rule's use.
mod model;

use model::Model;

const HISTORIES: u64 = 4_000;
const STEPS: usize = 250;

#[test]
fn no_history_breaks_the_rules() {
    let one = env::var("BLUEHOOK_SIMULATION_SEED").ok().map(|seed| seed.parse().unwrap());
    let seeds = one.map_or(0..HISTORIES, |seed: u64| seed..seed + 1);
    for seed in seeds {
        let run = panic::catch_unwind(|| run(seed));
        assert!(run.is_ok(), "run it again with BLUEHOOK_SIMULATION_SEED={seed}");
    }
}

fn run(seed: u64) {
    let mut chance = Chance::new(seed);
    let mut model = Model::new(policy(&mut chance));
    for _ in 0..STEPS {
        model.step(&mut chance);
        model.check();
    }
    model.come_to_rest(&mut chance);
    model.check_rest();
}

/// The default schedule, or another one.
fn policy(chance: &mut Chance) -> Policy {
    if chance.one_in(2) {
        return Policy::default();
    }
    let pauses = 0..chance.below(6);
    Policy::new(pauses.map(|_| u64::from(chance.below(100_000)) + 1).collect())
}

/// The pauses that a rule may give after attempt `number` of a round.
fn allowed_pause(policy: &Policy, number: u32, ended: Ended) -> std::ops::RangeInclusive<u64> {
    let pause = policy.pauses()[usize::try_from(number - 1).unwrap()];
    let asked = match ended {
        Ended::Answered { code: 429 | 503, retry_after: Some(asked) } => asked.min(MAX_RETRY_AFTER),
        _ => 0,
    };
    (pause * 9 / 10).max(asked)..=(pause * 11 / 10).max(asked)
}
