//! Replays what fuzzing found worth keeping, without a fuzzer: every file of `corpus/` through its target's function.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to fail"
)]
#![expect(unreachable_pub, reason = "the fuzzer's crate exports them")]

use std::{collections::BTreeSet, fs, path::Path};

#[path = "src/lib.rs"]
mod targets;

/// Runs a target on everything that is kept for it.
fn replay(name: &str) {
    let (_, target) = targets::TARGETS.into_iter().find(|(known, _)| *known == name).unwrap();
    let mut kept = 0;
    for entry in fs::read_dir(corpus().join(name)).unwrap() {
        let path = entry.unwrap().path();
        // The input that fails is the last one named.
        println!("{}", path.display());
        target(&fs::read(path).unwrap());
        kept += 1;
    }
    assert!(kept > 10, "{kept} inputs");
}

fn corpus() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus"))
}

#[test]
fn every_corpus_has_its_target() {
    let folders = fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().file_name());
    let folders: BTreeSet<String> = folders.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(folders, targets::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect());
}

#[test]
fn signature() {
    replay("signature");
}

#[test]
fn diagnosis() {
    replay("diagnosis");
}

#[test]
fn intake() {
    replay("intake");
}

#[test]
fn rendering() {
    replay("rendering");
}

#[test]
fn filter() {
    replay("filter");
}

#[test]
fn management() {
    replay("management");
}

#[test]
fn graphql() {
    replay("graphql");
}

#[test]
fn preview() {
    replay("preview");
}

#[test]
fn answer() {
    replay("answer");
}

#[test]
fn target() {
    replay("target");
}

#[test]
fn cursor() {
    replay("cursor");
}

#[test]
fn printed() {
    replay("printed");
}
