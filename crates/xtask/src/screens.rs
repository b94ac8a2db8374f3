//! `cargo xtask screens`: pictures of every screen and state of the settings UI, from the real program with the same data.

use std::path::Path;

use crate::{
    build,
    failure::Failure,
    machine, packages,
    program::{cargo, program, run as run_program},
    root,
    steps::Steps,
};

/// Writes the pictures and a page that shows them into `target/screens`; of one screen only, when it is named.
pub(crate) fn run(root: &Path, only: Option<&str>) -> Result<(), Failure> {
    let mut steps = Steps::new();
    steps.run("what this machine needs", || {
        machine::can_build(root)?;
        machine::has_tools(root, &machine::TEST)
    })?;
    build::web(&mut steps, root)?;
    steps.run("the server", || {
        run_program(cargo(root).args(["build", "--locked", "--package", "bluehook-server"]))
    })?;
    let suite = root.join("tests/browser");
    let folder = root::target(root).join("screens");
    steps.run("the pictures", || {
        packages::install(&suite)?;
        let mut node = program("node", &suite);
        node.arg("screens.js").arg(&folder).args(only).env("BLUEHOOK_BIN", root::bluehook(root, "debug"));
        run_program(&mut node)
    })?;
    steps.finish(&format!("look at {}", folder.join("index.html").display()));
    Ok(())
}
