//! What fuzzing calls: ids and cursors, which need no store.

use crate::id::{Ids, Kind, OldIds};

const KINDS: [(&str, Kind); 4] = [
    ("event", Kind::Event),
    ("delivery", Kind::Delivery),
    ("attempt", Kind::Attempt),
    ("replay", Kind::Replay),
];

/// What a text is read as: each kind, with how the same is written.
pub fn numbers(text: &str) -> Vec<(&'static str, String)> {
    let ids = ids();
    let read = |(name, kind): (&'static str, Kind)| Some((name, ids.of(kind, ids.number(kind, text)?)));
    KINDS.into_iter().filter_map(read).collect()
}

/// What is made of a number.
pub fn made(number: i64) -> Vec<(&'static str, String)> {
    let ids = ids();
    KINDS.into_iter().map(|(name, kind)| (name, ids.of(kind, number))).collect()
}

fn ids() -> Ids {
    Ids::new(&[7; 32], OldIds::default())
}
