//! Python packages of the tests: installed from a folder's `requirements.txt` into an environment below `target`, once.

use std::{fs, path::Path};

use crate::{
    failure::Failure,
    machine,
    program::{program, run},
};

/// The folder of tests that need Python packages; its environment has the same name.
const FOLDER: &str = "tests/contracts";

/// Installs exactly what `requirements.txt` says, unless that was already done.
pub(crate) fn install(root: &Path) -> Result<(), Failure> {
    let requirements = root.join(FOLDER).join("requirements.txt");
    let environment = root.join("target/contracts");
    let wanted = fs::read(&requirements)?;
    let stamp = environment.join("installed-requirements.txt");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    machine::has_python_venv(root)?;
    run(program("python3", root).args(["-m", "venv", "--clear"]).arg(&environment))?;
    let pip = environment.join("bin/pip");
    let arguments = ["install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(program(&pip.to_string_lossy(), root).args(arguments).arg(&requirements))?;
    Ok(fs::write(stamp, wanted)?)
}
