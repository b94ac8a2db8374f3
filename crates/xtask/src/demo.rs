//! `cargo xtask demo`: one real event on its way, from the API to a receiver that verifies it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    build,
    failure::Failure,
    program::{program, run as run_program},
    steps::Steps,
};

/// The Node programs of the demonstration, and the folder's own `package.json`.
const FILES: [&str; 5] = ["package.json", "receiver.mjs", "server.mjs", "story.mjs", "turn.mjs"];

/// Builds everything, then tells the story in `demo/story.mjs`.
pub(crate) fn run(root: &Path, once: bool) -> Result<(), Failure> {
    let mut steps = Steps::new();
    let (package, bluehook) = build::all(&mut steps, root)?;
    let mut story = story(root, &package, &bluehook)?;
    if once {
        story.arg("--once");
    }
    run_program(&mut story)
}

/// The same with what was built already, ending after the verified delivery.
pub(crate) fn check(root: &Path, package: &Path, bluehook: &Path) -> Result<(), Failure> {
    run_program(story(root, package, bluehook)?.arg("--once"))
}

fn story(root: &Path, package: &Path, bluehook: &Path) -> Result<Command, Failure> {
    let mut story = program("node", &prepare(root, package)?);
    story.arg("story.mjs").arg("--bluehook").arg(bluehook);
    Ok(story)
}

/// An empty `target/demo` with the packed npm package installed, as a receiver's own project would have it.
fn prepare(root: &Path, package: &Path) -> Result<PathBuf, Failure> {
    let folder = root.join("target/demo");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for file in FILES {
        fs::copy(root.join("crates/xtask/demo").join(file), folder.join(file))?;
    }
    let install = ["install", "--offline", "--no-audit", "--no-fund", "--no-save", "--loglevel", "error"];
    run_program(program("npm", &folder).args(install).arg(package))?;
    Ok(folder)
}
