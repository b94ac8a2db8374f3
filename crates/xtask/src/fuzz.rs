//! `cargo xtask fuzz`: looks for inputs that break what the core promises, beginning with the ones that are kept.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;

use crate::{
    failure::Failure,
    machine,
    program::{program, run as run_program},
    steps::Steps,
};

/// Where the targets are, and what is kept for them.
const FOLDER: &str = "tests/fuzz";

/// The longest input that is tried, in bytes.
const LONGEST: usize = 4_096;

/// The longest input that is kept, in bytes: short ones show the same, and are replayed with every test run.
const LONGEST_KEPT: usize = 512;

/// The most seconds that one input may take.
const PATIENCE: usize = 20;

/// What to try, for how long.
#[derive(Args, Clone)]
pub(crate) struct Choice {
    /// The target; all of them, one after the other, when absent.
    target: Option<String>,
    /// How long each target is tried.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
    /// Add what reached new code to the kept inputs, as few as suffice.
    #[arg(long)]
    keep: bool,
}

/// Fuzzes the targets; fails at the first input that breaks something, and says where it is.
pub(crate) fn run(root: &Path, choice: &Choice) -> Result<(), Failure> {
    let mut steps = Steps::new();
    let fuzzer = steps.run("what this machine needs", || machine::fuzz(root))?;
    for name in chosen(root, choice.target.as_deref())? {
        let target = Target { root, fuzzer: &fuzzer, name: &name };
        steps.run(&name, || target.search(choice.minutes))?;
        if choice.keep {
            steps.run(&format!("{name}: what to keep"), || target.keep())?;
        }
    }
    steps.finish("nothing broke");
    Ok(())
}

/// The targets to try: the one that was named, or all.
fn chosen(root: &Path, name: Option<&str>) -> Result<Vec<String>, Failure> {
    let mut known = Vec::new();
    for entry in fs::read_dir(root.join(FOLDER).join("corpus"))? {
        known.push(entry?.file_name().to_string_lossy().into_owned());
    }
    known.sort();
    match name {
        None => Ok(known),
        Some(name) if known.iter().any(|target| target == name) => Ok(vec![name.to_owned()]),
        Some(name) => Err(format!("no target is called {name}; expected one of {}", known.join(", ")).into()),
    }
}

/// One target, and what fuzzes it.
struct Target<'a> {
    root: &'a Path,
    fuzzer: &'a Path,
    name: &'a str,
}

impl Target<'_> {
    /// Tries inputs for some minutes. What reaches new code is collected under `target/`.
    fn search(&self, minutes: u64) -> Result<(), Failure> {
        let found = self.found();
        fs::create_dir_all(&found)?;
        let dictionary = self.root.join(FOLDER).join("tokens.dict");
        run_program(
            self.command()
                .args([&found, &self.kept()])
                .arg("--")
                .arg(format!("-dict={}", dictionary.display()))
                .arg(format!("-max_total_time={}", minutes * 60))
                .arg(format!("-max_len={LONGEST}"))
                .arg(format!("-timeout={PATIENCE}"))
                .arg("-print_final_stats=1"),
        )
    }

    /// Adds to the kept inputs what reached code that they do not.
    fn keep(&self) -> Result<(), Failure> {
        run_program(
            self.command()
                .args([&self.kept(), &self.found()])
                .args(["--", "-set_cover_merge=1", "-use_counters=0"])
                .arg(format!("-max_len={LONGEST_KEPT}")),
        )
    }

    /// The core has no unsafe code, so nothing but coverage needs to be compiled in: the stable compiler does.
    fn command(&self) -> Command {
        let mut command = program(&self.fuzzer.to_string_lossy(), self.root);
        command.args(["fuzz", "run", "--fuzz-dir", FOLDER, "--sanitizer", "none", "--target-dir"]);
        command.arg(self.root.join("target/fuzz")).arg(self.name);
        command
    }

    fn kept(&self) -> PathBuf {
        self.root.join(FOLDER).join("corpus").join(self.name)
    }

    fn found(&self) -> PathBuf {
        self.root.join("target/fuzz/found").join(self.name)
    }
}
