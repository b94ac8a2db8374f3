//! How long others wait while four clients attack, and how much memory that takes.

use std::time::Duration;

use crate::{
    battle::{self, Outcome},
    table::ATTACKS,
    target::Target,
};

/// What nobody should have to wait longer than.
const WANTED: Duration = Duration::from_secs(1);

/// Every attack once, against a server of its own.
pub(crate) async fn run() {
    println!("| attack | `/healthz` | another company's event | memory | |\n|---|---|---|---|---|");
    for attack in ATTACKS {
        let mut target = Target::start().await;
        let Outcome { healthz, post, growth, rounds, answered, running } =
            battle::fight(&mut target, attack).await;
        let fine = running && rounds > 0 && healthz <= WANTED && post <= WANTED && growth < 100.0;
        let [healthz, post] = [healthz, post].map(|took| took.as_secs_f64() * 1_000.0);
        let name = attack.name;
        let verdict = if fine { "" } else { "TOO MUCH" };
        println!(
            "| {name} ({answered} answers) | {healthz:.0} ms | {post:.0} ms | {growth:.0} MiB | {verdict} |"
        );
    }
}
