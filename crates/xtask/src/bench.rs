//! `cargo xtask bench`: measures on this machine, now.

use std::path::Path;

use clap::Subcommand;

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

/// Builds what is measured, then measures.
pub(crate) fn run(root: &Path, subject: Subject) -> Result<(), Failure> {
    let mut steps = Steps::new();
    match subject {
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
