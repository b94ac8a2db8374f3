//! Addresses of this machine in place of those in the text: ports that are free, and the npm package as it was built.

use std::{net::TcpListener, path::Path, process};

/// The ports that the documentation names.
const PORTS: [&str; 6] = ["8080", "8081", "3000", "4000", "4100", "5000"];

/// Below the ports that the system gives to whoever asks for any.
const FROM: u32 = 10_000;
const SPAN: u32 = 20_000;

/// The package, as `cargo xtask package` packs it.
const PACKAGE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../target/npm/bluehook-", env!("CARGO_PKG_VERSION"), ".tgz");

/// What is written in place of what.
pub(crate) struct Places(Vec<(String, String)>);

impl Places {
    pub(crate) fn new() -> Places {
        assert!(Path::new(PACKAGE).is_file(), "the npm package is not built: cargo xtask package");
        let mut places = vec![(
            "npm install bluehook".to_owned(),
            format!("npm install --offline --no-audit --no-fund --loglevel error '{PACKAGE}'"),
        )];
        // Each test is a process of its own, and begins to look at another place.
        let mut free =
            (0..SPAN).map(|n| FROM + (process::id() * 16 + n) % SPAN).filter(|port| is_free(*port));
        for port in PORTS {
            let found = free.next().unwrap();
            places.push((format!(":{port}"), format!(":{found}")));
            places.push((format!("--port {port}"), format!("--port {found}")));
            places.push((format!("({port},"), format!("({found},")));
            places.push((format!(", {port})"), format!(", {found})")));
        }
        Places(places)
    }

    pub(crate) fn fill_in(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }
}

fn is_free(port: u32) -> bool {
    u16::try_from(port).is_ok_and(|port| TcpListener::bind(("127.0.0.1", port)).is_ok())
}
