//! Node.js with the npm package as it was built.

use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// The package, as `cargo xtask build` leaves it before packing.
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/npm/package");

/// Runs a module with a text on its standard input, and gives what it printed.
pub(crate) fn run(module: &str, input: &str) -> String {
    assert!(Path::new(PACKAGE).is_dir(), "the npm package is not built: cargo xtask build");
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("node_modules")).unwrap();
    symlink(PACKAGE, folder.path().join("node_modules/bluehook")).unwrap();
    fs::write(folder.path().join("module.mjs"), module).unwrap();
    let mut node = Command::new("node")
        .arg("module.mjs")
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "node: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
