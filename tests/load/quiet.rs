//! What an event costs when little goes on: 50 a second, with one webhook. Processor time of the server, and what it writes
//! into the write-ahead log.

use std::{fs, path::PathBuf, time::Duration};

use bluehook_tests::{api::Api, company::Company};
use serde_json::json;
use tokio::time::interval;

use crate::{process, record::Record, sink::Sink, stage::Stage};

const PER_SECOND: u32 = 50;
const EVENTS: usize = 500;

/// Where the index of a write-ahead log says how many frames the log has: SQLite's own layout, the same in every version.
const FRAMES_AT: usize = 16;

/// A page in the log, its header included, in KiB.
const FRAME_KIB: f64 = (8_192.0 + 24.0) / 1_024.0;

/// Per event: milliseconds of processor time, pages in the log, KiB in the log.
pub(crate) async fn measure(stage: &Stage) -> [f64; 3] {
    let sink = Sink::start();
    let place = stage.place();
    let server = place.serve();
    let company = Company::create(&server, "quiet").await;
    company.webhook(&sink.url, json!({})).await;
    let (api, record) = (Api::of(&server), Record::new());
    let mut log = Log::new(place.file("bluehook.db-shm"));
    let before = process::cpu_ms(server.id());
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    for number in 0..EVENTS {
        ticks.tick().await;
        let answer = api.post("/v1/events", company.record_created(&record.numbered(number))).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        log.look();
    }
    sink.wait_for(EVENTS).await;
    ticks.tick().await;
    log.look();
    let events = f64::from(u32::try_from(EVENTS).expect("a count"));
    let frames = f64::from(log.written) / events;
    [(process::cpu_ms(server.id()) - before) / events, frames, frames * FRAME_KIB]
}

/// How many frames were written, looked at so often that no beginning from the front is missed.
struct Log {
    index: PathBuf,
    last: u32,
    written: u32,
}

impl Log {
    fn new(index: PathBuf) -> Log {
        let mut log = Log { index, last: 0, written: 0 };
        log.look();
        log.written = 0;
        log
    }

    fn look(&mut self) {
        let index = fs::read(&self.index).expect("the index of the log");
        let frames = index.get(FRAMES_AT..FRAMES_AT + 4).expect("a header").try_into().expect("four bytes");
        let frames = u32::from_ne_bytes(frames);
        self.written += if frames >= self.last { frames - self.last } else { frames };
        self.last = frames;
    }
}
