//! What this machine needs to have: found, installed where that is possible, or named exactly.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    failure::Failure,
    program::{answer, cargo, program, run},
};

/// The target of the npm package's modules.
const WASM: &str = "wasm32-unknown-unknown";

/// The test runner's version that is installed where none is found.
const NEXTEST: &str = "0.9.143";

/// The fuzzer's version that is installed where none is found.
const FUZZ: &str = "0.13.2";

/// The oldest Node.js that the package and its build support.
const NODE: u32 = 20;

/// A program, and the Debian package that brings it.
pub(crate) struct Tool {
    program: &'static str,
    package: &'static str,
}

/// What every build needs: the C compiler is SQLite's and ring's.
const BUILD: [Tool; 1] = [Tool { program: "cc", package: "gcc libc6-dev" }];

/// What the tests need besides: other people's verifiers, a real browser, a real server to deliver to, and what the
/// documentation's examples use.
pub(crate) const TEST: [Tool; 6] = [
    Tool { program: "python3", package: "python3" },
    Tool { program: "openssl", package: "openssl" },
    Tool { program: "chromium", package: "chromium" },
    Tool { program: "curl", package: "curl" },
    Tool { program: "jq", package: "jq" },
    Tool { program: "nginx", package: "nginx-light" },
];

/// Makes sure that everything can be built here.
pub(crate) fn can_build(root: &Path) -> Result<(), Failure> {
    has_tools(root, &BUILD)?;
    has_node(root)?;
    has_wasm_target(root)
}

/// Makes sure that programs are there; installs their Debian packages where this is Debian and we are root.
pub(crate) fn has_tools(root: &Path, tools: &[Tool]) -> Result<(), Failure> {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !is_on_path(tool.program)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|tool| tool.package.split(' ')).collect();
    let programs: Vec<&str> = missing.iter().map(|tool| tool.program).collect();
    install(root, &packages, &programs.join(", "))
}

/// Installs Debian packages where this is Debian and we are root; otherwise says what is missing.
fn install(root: &Path, packages: &[&str], missing: &str) -> Result<(), Failure> {
    if !can_install_packages(root) {
        let packages = packages.join(" ");
        return Err(format!("missing: {missing}. On Debian: sudo apt-get install {packages}").into());
    }
    println!("installing the Debian packages {} …", packages.join(", "));
    run(program("apt-get", root).args(["-qq", "update"]))?;
    run(program("apt-get", root)
        .args(["-qq", "-y", "--no-install-recommends", "install"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn can_install_packages(root: &Path) -> bool {
    let is_root = answer(program("id", root).arg("-u")).as_deref() == Some("0");
    is_root && Path::new("/etc/debian_version").is_file() && is_on_path("apt-get")
}

fn is_on_path(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

fn has_node(root: &Path) -> Result<(), Failure> {
    let found = answer(program("node", root).arg("--version"));
    let major =
        found.as_deref().and_then(|text| text.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE && is_on_path("npm") => Ok(()),
        _ => {
            let found = found.unwrap_or_else(|| "none".to_owned());
            Err(format!("missing: Node.js {NODE} or newer, with npm (found {found}); see nodejs.org").into())
        }
    }
}

fn has_wasm_target(root: &Path) -> Result<(), Failure> {
    let folder = answer(program("rustc", root).args(["--print", "target-libdir", "--target", WASM]));
    if folder.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    println!("installing the Rust target {WASM} …");
    run(program("rustup", root).args(["target", "add", WASM])).map_err(|failure| {
        format!("{failure}. Rust from rustup.rs is expected; otherwise install the target {WASM} by hand")
            .into()
    })
}

/// Makes sure that Python can make environments: on Debian, a package of its own.
pub(crate) fn has_python_venv(root: &Path) -> Result<(), Failure> {
    if answer(program("python3", root).args(["-c", "import ensurepip, venv"])).is_some() {
        return Ok(());
    }
    install(root, &["python3-venv"], "Python's venv")
}

/// The test runner.
pub(crate) fn nextest(root: &Path) -> Result<PathBuf, Failure> {
    extension(root, "cargo-nextest", NEXTEST)
}

/// The fuzzer.
pub(crate) fn fuzz(root: &Path) -> Result<PathBuf, Failure> {
    extension(root, "cargo-fuzz", FUZZ)
}

/// An extension of cargo: the installed one, or one installed under `target/tools`.
fn extension(root: &Path, name: &str, version: &str) -> Result<PathBuf, Failure> {
    if is_on_path(name) {
        return Ok(PathBuf::from(name));
    }
    let tools = root.join("target/tools");
    let installed = tools.join("bin").join(name);
    if !installed.is_file() {
        println!("installing {name} {version} (some minutes, once) …");
        run(cargo(root).args(["install", name, "--locked", "--version", version, "--root"]).arg(&tools))?;
    }
    Ok(installed)
}
