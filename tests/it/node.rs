//! Node.js with the npm package as it was built.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// The package, as `cargo xtask build` packs it.
const PACKAGE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../target/npm/bluehook-", env!("CARGO_PKG_VERSION"), ".tgz");

/// Runs a module with a text on its standard input, and gives what it printed.
pub(crate) fn run(module: &str, input: &str) -> String {
    assert!(Path::new(PACKAGE).is_file(), "the npm package is not built: cargo xtask build");
    let folder = TempDir::new().unwrap();
    let installed = folder.path().join("node_modules/bluehook");
    fs::create_dir_all(&installed).unwrap();
    let unpack = ["-xzf", PACKAGE, "--strip-components=1", "-C"];
    assert!(Command::new("tar").args(unpack).arg(&installed).status().unwrap().success());
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
