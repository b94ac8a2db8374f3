//! `cargo xtask demo`: one real event on its way, from the API to a receiver that verifies it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    build,
    failure::Failure,
    program::{program, run as run_program},
    steps::Steps,
};

/// The Node programs of the demonstration, and the folder's own `package.json`.
const FILES: [&str; 4] = ["package.json", "receiver.mjs", "server.mjs", "story.mjs"];

/// Builds everything, then tells the story in `demo/story.mjs`.
pub(crate) fn run(root: &Path, once: bool) -> Result<(), Failure> {
    let mut steps = Steps::new();
    let (package, bluehook) = build::all(&mut steps, root)?;
    let folder = steps.run("an empty folder for the demonstration", || prepare(root, &package))?;
    let mut story = program("node", &folder);
    story.arg("story.mjs").arg("--bluehook").arg(bluehook);
    if once {
        story.arg("--once");
    }
    run_program(&mut story)
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
