//! A shell in an empty folder, with `bluehook` on its path, that runs one block after the other.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use bluehook_tests::{server::program, wait::until};
use tempfile::TempDir;

use crate::{
    blocks::{Block, Kind},
    shown,
};

/// What says that something that goes on is ready.
const READY: [&str; 2] = ["listening", "serving at"];

/// A shell; dropping it ends everything that it started.
pub(crate) struct Shell {
    folder: TempDir,
    bash: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    blocks: usize,
}

impl Shell {
    pub(crate) fn new() -> Shell {
        let folder = TempDir::new().unwrap();
        let errors = fs::File::create(folder.path().join(".errors")).unwrap();
        let mut command = Command::new("bash");
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BLUEHOOK_")) {
            command.env_remove(name);
        }
        let mut bash = command
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .current_dir(folder.path())
            .env("PATH", path())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let (orders, answers) = (bash.stdin.take().unwrap(), BufReader::new(bash.stdout.take().unwrap()));
        Shell { folder, bash, orders, answers, blocks: 0 }
    }

    /// Does what a block says; a failed test when it cannot, or when it comes out otherwise than shown.
    pub(crate) async fn run(&mut self, block: &Block) {
        match &block.kind {
            Kind::File(name) => fs::write(self.folder.path().join(name), &block.text).unwrap(),
            Kind::Command | Kind::Directory => self.command(block),
            Kind::Runs(name) => self.start(name, block).await,
            Kind::Output => {
                let found = self.read(".output");
                let told = format!("line {}: shown\n{}\nfound\n{found}", block.line, block.text);
                assert!(shown::is_shown(&block.text, &found), "{told}");
            }
            Kind::Shows(name) => {
                let what = format!("line {}: {name} shows {}", block.line, block.text);
                until(&what, async || shown::contains(&block.text, &self.read(&log(name))).then_some(()))
                    .await;
            }
        }
    }

    fn command(&mut self, block: &Block) {
        let script = self.script(block);
        self.order(&format!(". ./{script} < /dev/null > .output"), block);
    }

    async fn start(&mut self, name: &str, block: &Block) {
        let script = self.script(block);
        let log = log(name);
        self.order(&format!(". ./{script} < /dev/null > {log} 2>&1 &"), block);
        let ready = async || {
            let said = self.read(&log);
            READY.iter().any(|ready| said.contains(ready)).then_some(())
        };
        until(&format!("line {}: {name} is ready", block.line), ready).await;
    }

    fn script(&mut self, block: &Block) -> String {
        self.blocks += 1;
        let name = format!(".block-{}", self.blocks);
        fs::write(self.folder.path().join(&name), &block.text).unwrap();
        name
    }

    /// Gives the shell a line, and waits until it is done.
    fn order(&mut self, line: &str, block: &Block) {
        writeln!(self.orders, "{line}\necho done").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        let (at, text) = (block.line, &block.text);
        assert_eq!(
            answer,
            "done\n",
            "line {at} failed:\n{text}\n{}{}",
            self.read(".output"),
            self.read(".errors")
        );
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        // What the shell started is in its group, which may be empty by now.
        let _ = Command::new("kill").args(["--", &format!("-{}", self.bash.id())]).status();
        let _ = self.bash.wait();
    }
}

fn log(name: &str) -> String {
    format!(".log-of-{name}")
}

/// The path with the program that was built before everything else.
fn path() -> std::ffi::OsString {
    let built = program().parent().unwrap().to_owned();
    let rest = env::var_os("PATH").unwrap_or_default();
    env::join_paths([built].into_iter().chain(env::split_paths(&rest))).unwrap()
}
