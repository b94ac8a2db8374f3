//! npm packages of the folders in this checkout: installed from their lock files, once.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::Failure,
    program::{program, run},
};

/// Installs exactly what a folder's `package-lock.json` says, unless that was already done.
pub(crate) fn install(folder: &Path) -> Result<(), Failure> {
    let lock = fs::read(folder.join("package-lock.json"))?;
    let stamp = stamp(folder);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(npm(folder, &["ci", "--no-audit", "--no-fund"]).env("npm_config_loglevel", "error"))?;
    fs::create_dir_all(folder.join("node_modules"))?;
    Ok(fs::write(stamp, lock)?)
}

/// Runs one of a folder's npm scripts.
pub(crate) fn script(folder: &Path, name: &str) -> Result<(), Failure> {
    run(&mut npm(folder, &["run", "--silent", name]))
}

/// The lock file that the installed packages came from.
fn stamp(folder: &Path) -> PathBuf {
    folder.join("node_modules/.installed-lock.json")
}

fn npm(folder: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = program("npm", folder);
    command.args(arguments);
    command
}
