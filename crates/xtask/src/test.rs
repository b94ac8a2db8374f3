//! `cargo xtask test`: everything that can tell whether this works.

use std::path::Path;

use crate::{
    build, demo,
    failure::Failure,
    lint, machine,
    program::{cargo, program, run as run_program},
    python, root,
    steps::Steps,
    suites,
};

/// Runs every test.
pub(crate) fn run(root: &Path) -> Result<(), Failure> {
    let mut steps = Steps::new();
    let nextest = steps.run("what this machine needs", || {
        machine::can_build(root)?;
        machine::has_tools(root, &machine::TEST)?;
        python::install(root)?;
        machine::nextest(root)
    })?;
    let package = build::web(&mut steps, root)?;
    lint::all(&mut steps, root)?;
    steps.run("programs and Rust tests: build", || {
        run_program(cargo(root).args(["build", "--locked", "--workspace", "--bins", "--tests"]))
    })?;
    let bluehook = root::bluehook(root, "debug");
    steps.run("Rust tests", || {
        run_program(
            program(&nextest.to_string_lossy(), root)
                .args(["nextest", "run", "--locked", "--workspace", "--no-fail-fast"])
                .env("BLUEHOOK_BIN", &bluehook),
        )
    })?;
    steps.run("examples in the documentation", || {
        run_program(cargo(root).args(["test", "--locked", "--workspace", "--doc", "--quiet"]))
    })?;
    steps.run("the demonstration", || demo::check(root, &package, &bluehook))?;
    suites::run(&mut steps, root)?;
    steps.finish("every test passed");
    Ok(())
}
