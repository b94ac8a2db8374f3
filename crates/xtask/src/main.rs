//! `cargo xtask …`: the demonstration, tests, builds, checks and measurements of this repository, one command each.
//!
//! Every command installs what it needs where it can, and says exactly what is missing where it cannot.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::failure::Failure;

// What the commands do.
mod bench;
mod build;
mod demo;
mod fuzz;
mod lint;
mod screens;
mod test;

// What they are made of.
mod npm;
mod packages;
mod python;
mod rooms;
mod suites;
mod types;
mod www;

// What they stand on.
mod failure;
mod machine;
mod program;
mod root;
mod steps;

/// Build steps and automation of Bluehook.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Clone, Subcommand)]
enum Task {
    /// Builds everything and shows one real event on its way: through the API, signed, to a receiver that verifies it.
    Demo {
        /// End after the verified delivery instead of serving until Ctrl-C.
        #[arg(long)]
        once: bool,
    },
    /// Runs every test: formatting, lints, Rust, wasm in Node, the npm package, the UI in a real browser.
    Test,
    /// Makes pictures of every screen of the settings UI in its states.
    Screens {
        /// One screen only: list, form, webhook …
        screen: Option<String>,
    },
    /// Makes the npm package alone.
    Package,
    /// Makes the npm package, the UI and the release binary.
    Build,
    /// Checks formatting, lints, documentation and lock files.
    Lint,
    /// Looks for inputs that break what the core promises.
    Fuzz(fuzz::Choice),
    /// Keeps a server busy beside receivers that fail, kills it once, and looks for losses and growing memory.
    Soak {
        /// For how long; memory is compared with minute 5.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1_440))]
        minutes: u32,
    },
    /// Measures.
    Bench(bench::Choice),
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nfailed: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<(), Failure> {
    let root: PathBuf = root::find()?;
    match task {
        Task::Demo { once } => demo::run(&root, once),
        Task::Test => test::run(&root),
        Task::Screens { screen } => screens::run(&root, screen.as_deref()),
        Task::Package => npm::build(&root).map(|_| ()),
        Task::Build => build::run(&root),
        Task::Lint => lint::run(&root),
        Task::Fuzz(choice) => fuzz::run(&root, &choice),
        Task::Soak { minutes } => bench::soak(&root, minutes),
        Task::Bench(choice) => bench::run(&root, &choice),
    }
}
