//! The npm package: two wasm modules, their JavaScript, packed as `target/npm/bluehook-<version>.tgz`.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use bluehook_core::{
    event::EventType,
    explain::Cause,
    sample, schema,
    signature::{MAX_SECRET, MIN_SECRET, Refusal, SecretError},
};
use serde::Serialize;
use serde_json::value::RawValue;
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    packages,
    program::{cargo, program, run},
    types,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The two modules: a name, and the features that make them different.
const MODULES: [(&str, &[&str]); 2] = [("verify", &[]), ("preview", &["--features", "preview"])];

/// Builds and packs the package; gives the path of the packed file.
pub(crate) fn build(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let source = root.join("crates/wasm");
    let out = root.join("target/npm");
    packages::install(&source)?;
    for (name, features) in MODULES {
        let module = compile(root, features)?;
        bind(&module, &out.join("bound").join(name))?;
    }
    fs::write(out.join("bound/texts.json"), texts().to_string())?;
    fs::write(out.join("bound/catalogue.json"), catalogue()?)?;
    fs::write(out.join("bound/schemas.json"), schemas()?)?;
    fs::write(out.join("bound/events.d.ts"), types::events()?)?;
    let staged = out.join("package");
    run(program("node", &source).arg("build.mjs").arg(out.join("bound")).arg(&staged))?;
    pack(&staged, &out)
}

/// Compiles the shell crate and gives the module's path.
fn compile(root: &Path, features: &[&str]) -> Result<PathBuf, Box<dyn Error>> {
    let mut command = cargo(root);
    command.args([
        "build",
        "--locked",
        "--package",
        "bluehook-wasm",
        "--target",
        TARGET,
        "--profile",
        "wasm",
    ]);
    // Panics name the files of dependencies; the package is not to say where those lay on this machine, nor to carry it.
    let remaps: Vec<String> =
        sources().iter().map(|folder| format!("--remap-path-prefix={}=", folder.display())).collect();
    command.args(["--config", &format!("target.{TARGET}.rustflags={remaps:?}")]);
    run(command.args(features))?;
    Ok(root.join("target").join(TARGET).join("wasm/bluehook_wasm.wasm"))
}

/// The folders that hold the sources of dependencies, the outer before the inner: the last that fits is taken.
fn sources() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let registries = home.iter().filter_map(|home| fs::read_dir(home.join("registry/src")).ok());
    let inner: Vec<PathBuf> = registries.flatten().flatten().map(|entry| entry.path()).collect();
    home.into_iter().chain(inner).collect()
}

/// Writes `glue.js` and `glue_bg.wasm`. The `web` form, initialised by hand, is the one that works in every runtime and
/// bundler.
fn bind(module: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    Bindgen::new()
        .input_path(module)
        .out_name("glue")
        .web(true)?
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(out)?;
    Ok(())
}

/// What the core says about refused requests. The small module gives numbers, and JavaScript holds the texts: they take less
/// room there.
fn texts() -> serde_json::Value {
    let refusals = Refusal::ALL.map(|refusal| [refusal.code(), refusal.message()]);
    let causes = Cause::ALL.map(Cause::hint).as_slice().to_vec();
    let secrets = [SecretError::TooShort, SecretError::TooLong].map(|error| error.to_string());
    serde_json::json!({
        "refusals": refusals,
        "causes": causes,
        "secretProblems": secrets,
        "secretLengths": [MIN_SECRET, MAX_SECRET],
    })
}

/// What the preview holds of each event.
fn catalogue() -> Result<String, Box<dyn Error>> {
    #[derive(Serialize)]
    struct Told {
        event: &'static str,
        group: &'static str,
        entity: &'static str,
        description: &'static str,
        sample: Box<RawValue>,
    }
    listed(|event| {
        Ok(Told {
            event: event.name(),
            group: event.group().name(),
            entity: event.entity().name(),
            description: event.description(),
            sample: RawValue::from_string(sample::sample_json(event.name())?)?,
        })
    })
}

/// The schema of each event.
fn schemas() -> Result<String, Box<dyn Error>> {
    #[derive(Serialize)]
    struct Told {
        event: &'static str,
        schema: Box<RawValue>,
    }
    listed(|event| Ok(Told { event: event.name(), schema: RawValue::from_string(schema::document(event))? }))
}

fn listed<T: Serialize>(
    tell: impl Fn(EventType) -> Result<T, Box<dyn Error>>,
) -> Result<String, Box<dyn Error>> {
    let told: Vec<T> = EventType::ALL.into_iter().map(tell).collect::<Result<_, _>>()?;
    Ok(serde_json::to_string(&told)?)
}

fn pack(staged: &Path, out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let version = env!("CARGO_PKG_VERSION");
    let packed = out.join(format!("bluehook-{version}.tgz"));
    if packed.exists() {
        fs::remove_file(&packed)?;
    }
    run(program("npm", staged).args(["pack", "--silent", "--pack-destination"]).arg(out))?;
    if packed.exists() { Ok(packed) } else { Err(format!("package.json's version is not {version}").into()) }
}
