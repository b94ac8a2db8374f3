//! `cargo xtask bench`: measures on this machine, now.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::{
    build,
    failure::Failure,
    machine, npm,
    program::{cargo, program, run as run_program},
    root,
    steps::Steps,
};

/// What can be measured.
#[derive(Clone, Copy, Default, Subcommand)]
pub(crate) enum Subject {
    /// Events through the server to a local receiver, beside the bare client's ceiling.
    #[default]
    Server,
    /// How long others wait while somebody attacks.
    Attacks,
    /// Verifications per second in Node.
    Verify,
}

/// What to measure, and beside what.
#[derive(Args, Clone)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Choice {
    /// Another program, such as that of the last release: both are measured in turn, and compared.
    #[arg(long, value_name = "PROGRAM")]
    against: Option<PathBuf>,
    /// Only this of what is compared: throughput, latency, hundred … May be given several times.
    #[arg(long, value_name = "MEASURE", requires = "against")]
    only: Vec<String>,
    /// What to measure; the server when absent.
    #[command(subcommand)]
    subject: Option<Subject>,
}

/// Builds what is measured, then measures.
pub(crate) fn run(root: &Path, choice: &Choice) -> Result<(), Failure> {
    let mut steps = Steps::new();
    if let Some(old) = &choice.against {
        let old = old.canonicalize().map_err(|error| format!("{}: {error}", old.display()))?;
        let old = old.to_string_lossy();
        let arguments: Vec<&str> =
            ["against", &*old].into_iter().chain(choice.only.iter().map(String::as_str)).collect();
        load(&mut steps, root, &arguments)?;
        steps.finish("compared");
        return Ok(());
    }
    match choice.subject.unwrap_or_default() {
        Subject::Server => load(&mut steps, root, &[])?,
        Subject::Attacks => load(&mut steps, root, &["attacks"])?,
        Subject::Verify => verify(&mut steps, root)?,
    }
    steps.finish("measured");
    Ok(())
}

/// Builds the server, then keeps it busy for minutes.
pub(crate) fn soak(root: &Path, minutes: u32) -> Result<(), Failure> {
    let mut steps = Steps::new();
    load(&mut steps, root, &["soak", &minutes.to_string()])?;
    steps.finish("nothing was lost, and memory did not grow");
    Ok(())
}

fn load(steps: &mut Steps, root: &Path, arguments: &[&str]) -> Result<(), Failure> {
    steps.run("what this machine needs", || machine::can_build(root))?;
    build::web(steps, root)?;
    steps.run("the server and the load generator", || {
        let packages = ["--package", "bluehook-server", "--package", "bluehook-tests"];
        run_program(cargo(root).args(["build", "--locked", "--release", "--bins"]).args(packages))
    })?;
    let load = root::target(root).join("release/load");
    steps.run("the measurement", || {
        let bluehook = root::bluehook(root, "release");
        run_program(program(&load.to_string_lossy(), root).args(arguments).env("BLUEHOOK_BIN", bluehook))
    })
}

fn verify(steps: &mut Steps, root: &Path) -> Result<(), Failure> {
    steps.run("what this machine needs", || machine::can_build(root))?;
    steps.run("the npm package", || npm::build(root))?;
    steps.run("the measurement", || run_program(program("node", root).arg("tests/load/verify.mjs")))
}
