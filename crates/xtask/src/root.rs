//! Where things are in this checkout.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// The workspace's folder: the nearest one upward that holds `Cargo.lock`.
pub(crate) fn find() -> Result<PathBuf, Failure> {
    let start = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(env::current_dir, |folder| Ok(PathBuf::from(folder)))?;
    let root = start.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    Ok(root.ok_or("no Cargo.lock upward of here: run this inside the checkout")?.to_path_buf())
}

/// Where cargo puts what it builds.
pub(crate) fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// The `bluehook` program, as built with a profile's folder name (`debug` or `release`).
pub(crate) fn bluehook(root: &Path, profile: &str) -> PathBuf {
    target(root).join(profile).join("bluehook")
}
