//! `cargo xtask lint`: formatting, lints, documentation, dependencies and lock files.

use std::path::Path;

use crate::{
    failure::Failure,
    machine,
    program::{answer, cargo, run as run_program},
    rooms,
    steps::Steps,
    suites, www,
};

/// Checks everything that can be checked without running it.
pub(crate) fn run(root: &Path) -> Result<(), Failure> {
    let mut steps = Steps::new();
    steps.run("what this machine needs", || machine::can_build(root))?;
    all(&mut steps, root)?;
    steps.finish("nothing to complain about");
    Ok(())
}

/// The same, as steps of something larger.
pub(crate) fn all(steps: &mut Steps, root: &Path) -> Result<(), Failure> {
    steps.run("formatting", || run_program(cargo(root).args(["fmt", "--all", "--check"])))?;
    steps.run("lock files", || lock_files(root))?;
    steps.run("layers of www", || www::imports(root))?;
    steps.run("rooms of the dispatcher", || rooms::imports(root))?;
    steps.run("clippy", || {
        run_program(cargo(root).args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    steps.run("documentation", || {
        run_program(
            cargo(root)
                .args(["doc", "--locked", "--workspace", "--no-deps"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        )
    })?;
    if answer(cargo(root).args(["deny", "--version"])).is_none() {
        println!(
            "\ncargo-deny is not installed: licences and sources are not checked (cargo install cargo-deny)"
        );
        return Ok(());
    }
    steps.run("licences, bans, sources", || {
        run_program(cargo(root).args(["deny", "--offline", "check", "licenses", "bans", "sources"]))
    })
}

/// Lock files name versions and hashes, never the registry they happened to come from.
fn lock_files(root: &Path) -> Result<(), Failure> {
    for folder in suites::node_folders(root)? {
        let lock = std::fs::read_to_string(folder.join("package-lock.json"))
            .map_err(|error| format!("{}/package-lock.json: {error}", folder.display()))?;
        if let Some(line) = download_address(&lock) {
            return Err(
                format!("{}/package-lock.json holds a download address: {line}", folder.display()).into()
            );
        }
    }
    Ok(())
}

/// The first line of a lock file that names a place on the network.
fn download_address(lock: &str) -> Option<&str> {
    lock.lines().map(str::trim).find(|line| line.starts_with("\"resolved\": \"http"))
}

#[cfg(test)]
mod tests {
    use super::download_address;

    #[test]
    fn only_download_addresses_are_found() {
        let line = r#""resolved": "https://example.com/a.tgz","#;
        assert_eq!(download_address(&format!("{{\n  {line}\n}}")), Some(line));
        assert_eq!(
            download_address(r#"{"resolved": "../package", "homepage": "https://example.com"}"#),
            None
        );
    }
}
