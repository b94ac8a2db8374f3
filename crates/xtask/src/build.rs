//! `cargo xtask build`: the npm package, the settings UI, the release binary.

use std::path::{Path, PathBuf};

use crate::{
    failure::Failure,
    machine, npm, packages,
    program::{cargo, run as run_program},
    root,
    steps::Steps,
};

/// Builds everything that is released.
pub(crate) fn run(root: &Path) -> Result<(), Failure> {
    let mut steps = Steps::new();
    let (package, server) = all(&mut steps, root)?;
    steps.finish(&format!("built {} and {}", server.display(), package.display()));
    Ok(())
}

/// The npm package, the UI and the release binary; gives the packed package and the binary.
pub(crate) fn all(steps: &mut Steps, root: &Path) -> Result<(PathBuf, PathBuf), Failure> {
    steps.run("what this machine needs", || machine::can_build(root))?;
    let package = web(steps, root)?;
    steps.run("the server", || {
        run_program(cargo(root).args(["build", "--locked", "--release", "--package", "bluehook-server"]))
    })?;
    Ok((package, root::bluehook(root, "release")))
}

/// What runs in Node and in browsers: the npm package, then the UI that is built on it.
pub(crate) fn web(steps: &mut Steps, root: &Path) -> Result<PathBuf, Failure> {
    let package = steps.run("the npm package", || npm::build(root))?;
    steps.run("the settings UI", || {
        let www = root.join("www");
        packages::install(&www)?;
        packages::script(&www, "build")
    })?;
    Ok(package)
}
