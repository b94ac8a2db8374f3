//! The `bluehook` program as a process of its own: started on a fresh port, killed, started again on the same database.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{Sender, channel},
    },
    thread,
    time::Instant,
};

use tempfile::TempDir;

use crate::wait::LIMIT;

/// The token that the tests' servers know as their admin token.
pub const ADMIN_TOKEN: &str = "admin-token-of-the-tests-0123456789";

/// A folder with a database, and the settings of the servers that run on it one after the other.
pub struct Place {
    folder: Arc<TempDir>,
    settings: Vec<(String, String)>,
    program: Option<PathBuf>,
}

impl Place {
    /// An empty folder; deliveries may go to this machine.
    pub fn new() -> Place {
        Place::in_folder(&env::temp_dir())
    }

    /// The same below a certain folder, and so on a certain disk.
    pub fn in_folder(parent: &Path) -> Place {
        let folder = Arc::new(TempDir::new_in(parent).expect("a temporary folder"));
        Place { folder, settings: Vec::new(), program: None }
            .with("DATABASE", "sqlite:bluehook.db")
            .with("LISTEN", "127.0.0.1:0")
            .with("ADMIN_TOKEN", ADMIN_TOKEN)
            .with("ALLOW_NETWORK", "127.0.0.0/8")
    }

    /// The same with a setting, named as its variable is after `BLUEHOOK_`.
    #[must_use]
    pub fn with(mut self, setting: &str, value: &str) -> Place {
        self.settings.push((format!("BLUEHOOK_{setting}"), value.to_owned()));
        self
    }

    /// The same for another program than the one that was built.
    #[must_use]
    pub fn running(mut self, program: &Path) -> Place {
        self.program = Some(program.to_owned());
        self
    }

    /// A file of this folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same without a setting that it has.
    #[must_use]
    pub fn without(mut self, setting: &str) -> Place {
        self.settings.retain(|(name, _)| name.strip_prefix("BLUEHOOK_") != Some(setting));
        self
    }

    /// What starts a server here, with its streams piped.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.program.clone().unwrap_or_else(program));
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BLUEHOOK_")) {
            command.env_remove(name);
        }
        command
            .arg("serve")
            .current_dir(self.folder.path())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a server here that does not get far: how it ended, and what it said.
    pub fn fails(&self) -> (ExitStatus, String) {
        let output = self.command().output().expect("the program starts");
        (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Runs a server here until it is dropped.
    pub fn serve(&self) -> Server {
        self.serve_with(|_| {})
    }

    /// The same with something of its command changed.
    pub fn serve_with(&self, change: impl FnOnce(&mut Command)) -> Server {
        self.start("serving at", change)
    }

    /// The same, as soon as it answers: it may not be done with its start.
    pub fn start_serving(&self) -> Server {
        self.start("", |_| ())
    }

    /// Runs a server until it says where it listens, in a line with these words.
    fn start(&self, words: &str, change: impl FnOnce(&mut Command)) -> Server {
        let mut command = self.command();
        change(&mut command);
        let mut child = command.spawn().expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = channel();
        follow(child.stdout.take().expect("stdout is piped"), Arc::clone(&log), sender.clone());
        follow(child.stderr.take().expect("stderr is piped"), Arc::clone(&log), sender);
        let mut server = Server { child, url: String::new(), log, _folder: Arc::clone(&self.folder) };
        while server.url.is_empty() {
            let line = lines.recv_timeout(LIMIT);
            let line =
                line.unwrap_or_else(|_| panic!("the server did not say where it listens:\n{}", server.log()));
            if line.contains(words) {
                server.url = listening_at(&line).unwrap_or_default();
            }
        }
        server
    }
}

impl Default for Place {
    fn default() -> Place {
        Place::new()
    }
}

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    url: String,
    log: Arc<Mutex<String>>,
    /// It stays as long as the server runs.
    _folder: Arc<TempDir>,
}

impl Server {
    /// Where it listens, as in `http://127.0.0.1:49152`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything that it printed so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// Whether the process is still there.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("the state of the process").is_none()
    }

    /// Sends it a signal, named as in `TERM`.
    pub fn signal(&self, name: &str) {
        send_signal(self.child.id(), name);
    }

    /// Tells it to end, as a service manager does, and waits until it has: how it ended.
    pub fn terminate(self) -> ExitStatus {
        self.signal("TERM");
        self.ended()
    }

    /// Waits until it has ended: how.
    pub fn ended(mut self) -> ExitStatus {
        let deadline = Instant::now() + LIMIT;
        while self.is_running() {
            assert!(Instant::now() < deadline, "it did not end:\n{}", self.log());
            thread::yield_now();
        }
        self.child.wait().expect("the state of the process")
    }

    /// Ends it at once, as `kill -9` does: no handler runs, nothing is flushed.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a process a signal, named as in `TERM`.
pub fn send_signal(process: u32, name: &str) {
    let signal = format!("kill -{name} {process}");
    assert!(Command::new("sh").args(["-c", &signal]).status().expect("a shell").success());
}

/// The program that was built: `BLUEHOOK_BIN`, or the one beside the test's own folder.
///
/// # Panics
/// When there is none.
pub fn program() -> PathBuf {
    if let Some(program) = env::var_os("BLUEHOOK_BIN") {
        return PathBuf::from(program);
    }
    let test = env::current_exe().expect("the path of the test");
    let profile = test.ancestors().find(|folder| folder.join("bluehook").is_file());
    profile.expect("the program `bluehook`; build it first: cargo build -p bluehook-server").join("bluehook")
}

/// Keeps what a stream says, and passes its lines on.
fn follow(stream: impl Read + Send + 'static, log: Arc<Mutex<String>>, lines: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Ok(mut log) = log.lock() {
                log.push_str(&line);
                log.push('\n');
            }
            // Nobody listens any more once the server has said where it is.
            let _ = lines.send(line);
        }
    });
}

/// `http://127.0.0.1:49152` in a line of the log.
fn listening_at(line: &str) -> Option<String> {
    let start = line.find("http://127.0.0.1:")?;
    let url = line.get(start..)?;
    let end = url.get("http://".len()..)?.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':');
    Some(url.get(..end.map_or(url.len(), |end| end + "http://".len()))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::listening_at;

    #[test]
    fn the_address_is_found_in_text_and_in_json() {
        let expected = Some("http://127.0.0.1:4100".to_owned());
        assert_eq!(listening_at("INFO listening at http://127.0.0.1:4100"), expected);
        assert_eq!(listening_at(r#"{"url":"http://127.0.0.1:4100/"}"#), expected);
        assert_eq!(listening_at("starting"), None);
    }
}
