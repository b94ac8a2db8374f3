//! The queue that lines go through, and the thread that writes them. Whoever logs waits for nobody: what does not fit is
//! dropped and counted, and told when somebody reads again.

use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tracing::Level;

use super::{floods::Floods, line::Form};

/// The most lines that wait to be written.
const MAX_LINES: usize = 1_024;

/// The most bytes of them.
const MAX_BYTES: usize = 256 * 1_024;

/// The way to the thread. Cloned freely.
#[derive(Clone)]
pub(super) struct Lines(Arc<Shared>);

struct Shared {
    form: Form,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    dropped: u64,
    writing: bool,
}

impl Lines {
    /// Starts the thread.
    pub(super) fn start(out: impl Write + Send + 'static, form: Form, floods: Floods) -> io::Result<Lines> {
        let lines = Lines(Arc::new(Shared { form, state: Mutex::default(), changed: Condvar::new() }));
        let writer = lines.clone();
        let thread = thread::Builder::new().name("bluehook-log".to_owned());
        thread.spawn(move || writer.write_all_to(out, &floods))?;
        Ok(lines)
    }

    /// Takes a line if there is room, as it may be read.
    pub(super) fn offer(&self, line: &[u8]) {
        let line = self.0.form.readable(line);
        let mut state = self.lock();
        if state.lines.len() < MAX_LINES && state.bytes + line.len() <= MAX_BYTES {
            state.bytes += line.len();
            state.lines.push_back(line);
        } else {
            state.dropped += 1;
        }
        self.0.changed.notify_all();
    }

    /// Waits until everything is written, but no longer than this.
    pub(super) fn drain(&self, longest: Duration) {
        let waits = |state: &mut State| state.writing || !state.lines.is_empty() || state.dropped > 0;
        // Whatever is still there then has no reader.
        let _ = self.0.changed.wait_timeout_while(self.lock(), longest, waits);
    }

    /// A line that panicked has left the queue whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_all_to(&self, mut out: impl Write, floods: &Floods) {
        let form = self.0.form;
        loop {
            let now = Instant::now();
            for line in floods.due(now) {
                self.offer(&form.line(line.level, &line.message, &[("repeated", line.count.into())]));
            }
            if let Some(line) = self.next(floods.next_due(now)) {
                // A log that cannot be written has nowhere to say so.
                let written = out.write_all(&line).and_then(|()| out.flush());
                self.written(written.is_ok());
            }
        }
    }

    /// The next line, or none when it is time to look at what was summed up.
    fn next(&self, longest: Duration) -> Option<Vec<u8>> {
        let nothing = |state: &mut State| state.lines.is_empty();
        let waited = self.0.changed.wait_timeout_while(self.lock(), longest, nothing);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let line = state.lines.pop_front()?;
        state.bytes -= line.len();
        state.writing = true;
        Some(line)
    }

    /// A line is out: what was dropped meanwhile can be told now.
    fn written(&self, well: bool) {
        let mut state = self.lock();
        state.writing = false;
        if well && state.dropped > 0 && state.lines.is_empty() {
            let dropped = std::mem::take(&mut state.dropped);
            let told = "lines of the log were dropped: nobody read them";
            let line = self.0.form.line(Level::WARN, told, &[("dropped", dropped.into())]);
            state.bytes += line.len();
            state.lines.push_back(line);
        }
        self.0.changed.notify_all();
    }
}

impl Write for Lines {
    /// An event is formatted whole and written at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.offer(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};

    const FORM: Form = Form { json: true, coloured: false };

    /// A reader that takes a line only when it is let.
    struct Reader {
        let_go: Receiver<()>,
        taken: Sender<String>,
    }

    impl Write for Reader {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.let_go.recv().map_err(io::Error::other)?;
            let _ = self.taken.send(String::from_utf8_lossy(line).into_owned());
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The lines that wait, their bytes, and the lines that were dropped.
    fn waiting(log: &Lines) -> (usize, usize, u64) {
        let state = log.lock();
        (state.lines.len(), state.bytes, state.dropped)
    }

    #[test]
    fn a_log_that_nobody_reads_stops_nobody_and_tells_what_was_dropped() {
        let ((go, let_go), (taken, lines)) = (channel(), channel());
        let log = Lines::start(Reader { let_go, taken }, FORM, Floods::default()).unwrap();
        log.offer(b"first\n");
        while !log.lock().writing {
            thread::yield_now();
        }
        let more = 10;
        for _ in 0..MAX_LINES as u64 + more {
            log.offer(b"line\n");
        }
        assert_eq!(waiting(&log), (MAX_LINES, MAX_LINES * "line\n".len(), more));
        for _ in 0..MAX_LINES + 2 {
            go.send(()).unwrap();
        }
        let all: Vec<String> = lines.iter().take(MAX_LINES + 2).collect();
        let told: serde_json::Value = serde_json::from_str(all.last().unwrap()).unwrap();
        assert_eq!((&told["level"], &told["dropped"]), (&"WARN".into(), &more.into()));
        log.drain(Duration::from_secs(10));
        assert_eq!(waiting(&log), (0, 0, 0));
    }

    #[test]
    fn the_bytes_that_wait_are_bounded() {
        let (_go, let_go) = channel();
        let (taken, _lines) = channel();
        let log = Lines::start(Reader { let_go, taken }, FORM, Floods::default()).unwrap();
        for _ in 0..20 {
            log.offer(&vec![b'x'; MAX_BYTES / 8]);
        }
        let (_, bytes, dropped) = waiting(&log);
        assert!(bytes <= MAX_BYTES && dropped >= 11, "{bytes} {dropped}");
    }
}
