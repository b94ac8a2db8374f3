//! This binary once more, as a process of its own: a dispatcher that takes in what it is told on its standard input, and
//! says on its standard error what became of it. It may be killed, starved of disk, or given other certificates.

use std::{
    env,
    io::{BufRead, BufReader, Write, stderr, stdin},
    path::Path,
    process::{self, Command, ExitStatus, Stdio},
    thread,
};

use bluehook_core::{delivery::Status, retry::Policy, time::Millis};
use bluehook_dispatcher::{Accepted, DeliveryQuery, Dispatcher, Outcome, Phases, ReplayQuery, Result, Test};
use bluehook_tests::wait::within;
use tokio::sync::mpsc;

use crate::house::{config, event, large_event, list, until};

/// The variable that tells a process that it is a child, and its database.
const DATABASE: &str = "BLUEHOOK_FAULTS_DATABASE";

/// A child process.
pub(crate) struct Child {
    process: process::Child,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Child {
    pub(crate) fn start(database: &Path) -> Child {
        Child::start_as(Child::command(database))
    }

    /// What starts a child, to be changed before [`Child::start_as`].
    pub(crate) fn command(database: &Path) -> Command {
        let mut command = rerun("child::works_while_it_is_told_to");
        command.env(DATABASE, database);
        command
    }

    pub(crate) fn start_as(mut command: Command) -> Child {
        let process = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut process = process.unwrap();
        let said = BufReader::new(process.stderr.take().unwrap());
        let (sender, lines) = mpsc::unbounded_channel();
        thread::spawn(move || said.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Child { process, lines }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Tells it something: `take EVENT`, `take-large EVENT`, `misplace EVENT`, `replay WEBHOOK`, `drain` or `end`. One that was killed hears nothing.
    pub(crate) fn tell(&mut self, line: &str) {
        let _ = writeln!(self.process.stdin.as_mut().unwrap(), "{line}");
    }

    /// What it says next; none when it has ended.
    pub(crate) async fn hear(&mut self) -> Option<String> {
        within("the child says something", self.lines.recv()).await
    }

    /// Waits until it says this.
    pub(crate) async fn until_says(&mut self, what: &str) {
        let mut heard = Vec::new();
        while let Some(line) = self.hear().await {
            if line == what {
                return;
            }
            heard.push(line);
        }
        panic!("the child ended without saying {what:?}: {heard:#?}");
    }

    /// Lets it end and waits for that.
    pub(crate) async fn end(mut self) -> ExitStatus {
        self.tell("end");
        self.ended().await
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        while self.hear().await.is_some() {}
        self.process.wait().unwrap()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Both fail only when the process has already ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// This binary, running a single test.
pub(crate) fn rerun(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env("RUST_BACKTRACE", "0");
    command
}

/// The child's side; nothing when this process is none.
#[tokio::test]
async fn works_while_it_is_told_to() {
    let Some(database) = env::var_os(DATABASE) else { return };
    let mut config = config(database.into());
    config.retry = Policy::new(vec![50; 19]);
    let dispatcher = match Dispatcher::open(config).await {
        Ok(dispatcher) => dispatcher,
        Err(error) => return say(&format!("not opened: {error}")),
    };
    say("opened");
    for line in stdin().lines() {
        obey(&dispatcher, &line.unwrap()).await;
    }
    dispatcher.shutdown().await;
    say("ended");
}

async fn obey(dispatcher: &Dispatcher, order: &str) {
    match order.split_once(' ') {
        Some(("take", id)) => tell_of(id, dispatcher.dispatch(event(id)).await),
        Some(("take-large", id)) => tell_of(id, dispatcher.dispatch(large_event(id)).await),
        Some(("misplace", id)) => {
            let mut event = event(id);
            "another company".clone_into(&mut event.company_id);
            tell_of(id, dispatcher.dispatch(event).await);
        }
        Some(("replay", webhook)) => {
            let webhook_id = webhook.to_owned();
            let (until, status) = (Millis::MAX, Some(Status::Succeeded));
            let query = ReplayQuery { webhook_id, since: 0, until, status, event: None };
            dispatcher.start_replay(query).await.unwrap();
        }
        Some(("test", webhook)) => tell_of_test(&dispatcher.test_webhook(webhook, None).await.unwrap()),
        _ if order == "drain" => {
            until(dispatcher, "nothing waits", async || is_drained(dispatcher).await.then_some(())).await;
            say("drained");
        }
        _ => {
            dispatcher.shutdown().await;
            say("ended");
            process::exit(0);
        }
    }
}

fn tell_of(id: &str, result: Result<Accepted>) {
    match result {
        Ok(_) => say(&format!("accepted {id}")),
        Err(error) => say(&format!("refused {id}: {error}")),
    }
}

/// Whether it was answered with success, and the steps that took their time.
fn tell_of_test(test: &Test) {
    let succeeded = matches!(&test.attempt.outcome, Outcome::Response(response) if response.is_success());
    let Phases { dns, connect, tls, first_byte, .. } = test.phases;
    let steps = [("dns", dns), ("connect", connect), ("tls", tls), ("first byte", first_byte)];
    let took =
        steps.iter().filter(|(_, took)| took.is_some_and(|took| !took.is_zero())).map(|(name, _)| *name);
    say(&format!("tested {succeeded}: {}", took.collect::<Vec<_>>().join(", ")));
}

/// Whether nothing of the up to 200 deliveries is under way. One list, so that none slips from one status into another
/// between two.
async fn is_drained(dispatcher: &Dispatcher) -> bool {
    let all = list(dispatcher, DeliveryQuery::default()).await;
    all.iter().all(|delivery| !delivery.status.is_live())
}

/// One write, so that a process that is killed has said all of it or nothing.
fn say(line: &str) {
    stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}
