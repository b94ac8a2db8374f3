//! A log that nobody reads stops nothing, and with `log-format json` each line is JSON.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStderr},
};

use bluehook_tests::{
    api::Api,
    server::{Place, send_signal},
};
use serde_json::Value;

/// A server whose log is read until it serves, and then no further. Dropping it kills it.
struct Unread {
    child: Child,
    url: String,
}

impl Unread {
    fn start(place: &Place) -> (Unread, BufReader<ChildStderr>) {
        let mut server = Unread { child: place.command().spawn().unwrap(), url: String::new() };
        let mut log = BufReader::new(server.child.stderr.take().unwrap());
        while server.url.is_empty() {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "it ended");
            if let Some((_, url)) = line.split_once("serving at ") {
                url.split(['"', '\n']).next().unwrap().clone_into(&mut server.url);
            }
        }
        (server, log)
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        // Both fail only when the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[actix_web::test]
async fn a_log_that_nobody_reads_stops_nothing() {
    let place = Place::new().with("LOG_LEVEL", "trace").with("LOG_FORMAT", "json");
    let (server, log) = Unread::start(&place);
    let api = Api::at(&server.url);
    // A pipe holds 64 KiB, the queue 256 KiB or 1,024 lines: at this level a request writes more than one.
    for _ in 0..1_500 {
        assert_eq!(api.get("/v1/webhooks").await.status, 200);
    }
    assert_eq!(api.get("/healthz").await.status, 200);
    let told = log.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let told = told.into_iter().find(|line| line["dropped"].is_u64()).unwrap();
    assert!(told["dropped"].as_u64() > Some(0) && told["level"] == "WARN", "{told}");
}

#[actix_web::test]
async fn a_server_whose_log_hangs_still_ends() {
    let place = Place::new().with("LOG_LEVEL", "trace").with("LOG_FORMAT", "json");
    let (mut server, _log) = Unread::start(&place);
    let api = Api::at(&server.url);
    for _ in 0..1_500 {
        assert_eq!(api.get("/v1/webhooks").await.status, 200);
    }
    drop(api);
    send_signal(server.child.id(), "TERM");
    assert!(server.child.wait().unwrap().success());
}

/// Every line of a server's log, from its start to its end.
fn lines(place: &Place) -> Vec<Value> {
    let mut server = place.serve();
    server.signal("HUP");
    server.signal("TERM");
    while server.is_running() {
        std::thread::yield_now();
    }
    let log = server.log();
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    log.lines().map(read).collect()
}

#[test]
fn each_line_is_json() {
    let place = Place::new().with("LOG_FORMAT", "json").without("ADMIN_TOKEN");
    let lines = lines(&place);
    assert!(lines.iter().any(|line| line["message"].as_str().unwrap().contains("admin-token")), "{lines:?}");
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["level"].is_string()));
}

#[test]
fn a_start_that_fails_says_so_in_json() {
    let json = || Place::new().with("LOG_FORMAT", "json");
    let busy = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let holder = std::net::TcpListener::bind(busy).unwrap();
    for (place, code) in [
        (json().with("TIMOUT", "1s"), 2),
        (json().with("TIMEOUT", "soon"), 2),
        (json().with("LISTEN", &busy.to_string()), 1),
        (json().with("DATABASE", "sqlite:/proc/bluehook.db"), 2),
    ] {
        let (status, log) = place.fails();
        assert_eq!(status.code(), Some(code), "{log}");
        let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        assert_eq!(last["level"], "ERROR", "{log}");
        assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
    }
    drop(holder);
}
