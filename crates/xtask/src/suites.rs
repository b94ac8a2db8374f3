//! The test suites that are written in JavaScript: found where they are, so that none is forgotten.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{failure::Failure, packages, steps::Steps};

/// Runs `npm test` in `www` and in every folder of `tests/` that has a `package.json`.
pub(crate) fn run(steps: &mut Steps, root: &Path) -> Result<(), Failure> {
    let mut folders = vec![root.join("www")];
    folders.extend(folders_in(&root.join("tests"))?);
    for folder in folders {
        let name = folder.strip_prefix(root).unwrap_or(&folder).display().to_string();
        steps.run(&name, || {
            packages::install(&folder)?;
            packages::script(&folder, "test")
        })?;
    }
    Ok(())
}

/// Every folder with npm packages of its own.
pub(crate) fn node_folders(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = folders_in(&root.join("tests"))?;
    folders.extend(folders_in(&root.join("crates"))?);
    folders.push(root.join("www"));
    Ok(folders)
}

fn folders_in(parent: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(parent)? {
        let folder = entry?.path();
        if folder.join("package.json").is_file() {
            folders.push(folder);
        }
    }
    folders.sort();
    Ok(folders)
}
