//! The steps of a command: what runs now, how long it took, and a summary at the end.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// What was done so far, and when it began.
pub(crate) struct Steps {
    started: Instant,
    done: Vec<(String, Duration)>,
}

impl Steps {
    /// Nothing done yet.
    pub(crate) fn new() -> Steps {
        Steps { started: Instant::now(), done: Vec::new() }
    }

    /// Runs one step, its name and time printed around it.
    pub(crate) fn run<T>(
        &mut self,
        name: &str,
        step: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        println!("\n[{}] {name} …", clock(self.started.elapsed()));
        let began = Instant::now();
        let result = step();
        let took = began.elapsed();
        self.done.push((name.to_owned(), took));
        match result {
            Ok(value) => {
                println!("[{}] {name}: done in {}", clock(self.started.elapsed()), seconds(took));
                Ok(value)
            }
            Err(failure) => {
                self.summary();
                Err(format!("{name}: {failure}").into())
            }
        }
    }

    /// Prints how long each step took, and a closing line.
    pub(crate) fn finish(&self, closing: &str) {
        self.summary();
        println!("\n{closing} ({})", seconds(self.started.elapsed()));
    }

    fn summary(&self) {
        println!();
        for (name, took) in &self.done {
            println!("{:>9}  {name}", seconds(*took));
        }
    }
}

fn clock(elapsed: Duration) -> String {
    format!("{:02}:{:02}", elapsed.as_secs() / 60, elapsed.as_secs() % 60)
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
