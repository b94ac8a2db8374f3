//! How far something is: one line on a terminal that is written over, nothing anywhere else.

use std::io::{IsTerminal, Write, stderr};

/// How many characters the bar is wide.
const WIDTH: u64 = 30;

/// A line that shows how far something is, as long as somebody watches.
pub(super) struct Progress {
    watched: bool,
}

impl Progress {
    /// Nothing is shown yet.
    pub(super) fn new() -> Progress {
        Progress { watched: stderr().is_terminal() }
    }

    /// Shows how much is done.
    pub(super) fn show(&self, done: u64, total: u64) {
        if self.watched {
            // Where this cannot be written, nobody watches.
            let _ = write!(stderr(), "\r{}", line(done, total));
        }
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        if self.watched {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}

fn line(done: u64, total: u64) -> String {
    let done = done.min(total);
    let full = (done * WIDTH).checked_div(total).unwrap_or(WIDTH);
    let percent = (done * 100).checked_div(total).unwrap_or(100);
    let bar: String = (0..WIDTH).map(|at| if at < full { '█' } else { '░' }).collect();
    format!("{bar} {percent:>3}%  {done} of {total} ")
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_says_how_far_it_is() {
        assert!(line(0, 0).ends_with("100%  0 of 0 "));
        assert_eq!(line(1, 3).matches('█').count(), 10);
        assert!(line(1, 3).ends_with(" 33%  1 of 3 "));
        assert!(line(9, 3).ends_with("100%  3 of 3 "));
    }
}
