//! What fuzzing calls: ids, cursors and places in the stream, which need no store.

use crate::{
    WebhookQuery,
    id::{Ids, Kind, Mark, OldIds},
    model::{
        audit::AuditQuery,
        log::{DeliveryQuery, EventQuery},
    },
};

const KINDS: [(&str, Kind); 5] = [
    ("event", Kind::Event),
    ("delivery", Kind::Delivery),
    ("attempt", Kind::Attempt),
    ("replay", Kind::Replay),
    ("audit", Kind::Audit),
];

/// What a text is read as, each with how the same is written: an id of some kind, a cursor of a list asked in this way, a
/// place in the stream.
pub fn read(text: &str, asked: &str) -> Vec<(&'static str, String)> {
    let ids = ids();
    let id = |(name, kind): (&'static str, Kind)| Some((name, ids.of(kind, ids.number(kind, text)?)));
    let cursor = |(name, mark)| Some((name, ids.cursor(mark, ids.cursor_number(mark, text)?)));
    let position = ids.read_position(text).map(|(commit, seen)| ("position", ids.position(commit, seen)));
    let read = KINDS.into_iter().filter_map(id).chain(lists(asked).into_iter().filter_map(cursor));
    read.chain(position).collect()
}

/// What is made of a number, for whoever asks in this way: every id, every list's cursor, a place in the stream.
pub fn made(number: i64, seen: u32, asked: &str) -> Vec<(&'static str, String)> {
    let ids = ids();
    let id = |(name, kind)| (name, ids.of(kind, number));
    let cursor = |(name, mark)| (name, ids.cursor(mark, number));
    let position = ("position", ids.position(number, seen));
    KINDS.into_iter().map(id).chain(lists(asked).into_iter().map(cursor)).chain([position]).collect()
}

/// The lists that have cursors, each asked for what is of one person's company.
fn lists(asked: &str) -> [(&'static str, Mark); 4] {
    let company_id = || Some(asked.to_owned());
    let owner = Some((asked.to_owned(), asked.to_owned()));
    [
        ("webhooks", Mark::of(&WebhookQuery { company_id: company_id(), ..WebhookQuery::default() })),
        ("deliveries", Mark::of(&DeliveryQuery { company_id: company_id(), ..DeliveryQuery::default() })),
        ("events", Mark::of(&EventQuery { company_id: company_id(), ..EventQuery::default() })),
        ("audit", Mark::of(&("audit", &AuditQuery { owner, ..AuditQuery::default() }))),
    ]
}

fn ids() -> Ids {
    Ids::new(&[7; 32], OldIds::default())
}
