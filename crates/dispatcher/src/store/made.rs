//! What deliveries an event made: kept in the event itself, so that one has no row of its own before something came of it.
//! Such a delivery is *bare*, and stands where it stood when it was made.

use bluehook_core::{delivery::Status, event::EventType, time::Millis};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{events, numbers, packed};
use crate::{Result, model::WebhookKey};

/// How a delivery was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MadeAs {
    /// There was a place in memory for it: it went to a worker at once.
    Open,
    /// There was none: it waits in the log until there is.
    Owed,
    /// Its webhook was off.
    Held,
    /// Its webhook's filter would have cost too much.
    HeldByFilter,
}

impl MadeAs {
    const ALL: [MadeAs; 4] = [MadeAs::Open, MadeAs::Owed, MadeAs::Held, MadeAs::HeldByFilter];

    /// Where it stands as long as it is bare.
    pub(crate) const fn status(self) -> Status {
        match self {
            MadeAs::Open => Status::Delivering,
            MadeAs::Owed => Status::Pending,
            MadeAs::Held | MadeAs::HeldByFilter => Status::Held,
        }
    }

    /// Whether it is to be sent.
    pub(crate) const fn is_live(self) -> bool {
        self.status().is_live()
    }
}

/// A delivery as its event tells of it: for whom, and how it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) revision: i64,
    pub(crate) made_as: MadeAs,
}

/// Targets, in the order of their numbers.
pub(crate) fn pack(targets: impl Iterator<Item = Target>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for Target { revision, made_as } in targets {
        packed::push(&mut bytes, revision.unsigned_abs() << 2 | made_as as u64);
    }
    bytes
}

/// Reads targets back, as far as they can be read.
pub(crate) fn unpack(bytes: &[u8]) -> impl Iterator<Item = Target> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let packed = packed::take(&mut rest)?;
        let made_as = *MadeAs::ALL.get(usize::try_from(packed & 3).ok()?)?;
        Some(Target { revision: i64::try_from(packed >> 2).ok()?, made_as })
    })
}

/// A delivery as it was made, whether it has a row by now or not.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) event_type: EventType,
    pub(crate) project_id: String,
    pub(crate) created_at: Millis,
    pub(crate) webhook: WebhookKey,
    pub(crate) revision: i64,
    pub(crate) how: MadeAs,
}

/// What of an event its deliveries need.
struct Head {
    event: i64,
    event_type: EventType,
    project_id: String,
    created_at: Millis,
    targets: Vec<u8>,
}

const HEAD: &str = "SELECT number, type, project_id, received_at, targets FROM events";

fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    Ok(Head {
        event: row.get(0)?,
        event_type: events::event_type(row, 1)?,
        project_id: row.get(2)?,
        created_at: row.get(3)?,
        targets: row.get::<_, Option<Vec<u8>>>(4)?.unwrap_or_default(),
    })
}

impl Head {
    fn made(&self, connection: &Connection, place: usize, target: Target) -> Result<Made> {
        let sql = "SELECT webhook FROM revisions WHERE key = ?1";
        let webhook = connection.prepare_cached(sql)?.query_row([target.revision], |row| row.get(0));
        Ok(Made {
            number: numbers::of_delivery(self.event, place),
            event: self.event,
            event_type: self.event_type,
            project_id: self.project_id.clone(),
            created_at: self.created_at,
            // Revisions stay as long as anything tells of them.
            webhook: webhook.optional()?.unwrap_or_default(),
            revision: target.revision,
            how: target.made_as,
        })
    }
}

/// The delivery with this number, as its event made it. None for one from before: that has a row.
pub(crate) fn by_number(connection: &Connection, number: i64) -> Result<Option<Made>> {
    let sql = format!("{HEAD} WHERE number >= ?1 AND number < ?2 ORDER BY number DESC LIMIT 1");
    let found = connection.prepare_cached(&sql)?.query_row([numbers::TIMED, number], head).optional()?;
    let Some(head) = found else { return Ok(None) };
    let target =
        numbers::place(head.event, number).and_then(|place| Some((place, unpack(&head.targets).nth(place)?)));
    target.map(|(place, target)| head.made(connection, place, target)).transpose()
}

/// The deliveries that an event made, in the order of their numbers. None of an event from before: they have rows.
pub(crate) fn by_event(connection: &Connection, event: i64) -> Result<Vec<Made>> {
    let sql = format!("{HEAD} WHERE number = ?1");
    let found = connection.prepare_cached(&sql)?.query_row([event], head).optional()?;
    let Some(head) = found else { return Ok(Vec::new()) };
    unpack(&head.targets).enumerate().map(|(place, target)| head.made(connection, place, target)).collect()
}

/// The first event from a number on that made deliveries without rows, and those; none when there are no more.
pub(crate) fn next_bare(connection: &Connection, from: i64) -> Result<Option<(i64, Vec<Made>)>> {
    let sql = "SELECT number FROM events WHERE number >= ?1 ORDER BY number LIMIT 1";
    let event =
        connection.prepare_cached(sql)?.query_row([from.max(numbers::TIMED)], |row| row.get(0)).optional()?;
    let Some(event) = event else { return Ok(None) };
    let mut made = by_event(connection, event)?;
    let sql = "SELECT number FROM deliveries WHERE number > ?1 AND number <= ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let last = numbers::of_delivery(event, made.len());
    let rows = statement.query_map([event, last], |row| row.get(0))?;
    let rows = rows.collect::<rusqlite::Result<std::collections::HashSet<i64>>>()?;
    made.retain(|made| !rows.contains(&made.number));
    Ok(Some((event, made)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target() -> impl Strategy<Value = Target> {
        (1..i64::MAX >> 2, prop::sample::select(&MadeAs::ALL[..]))
            .prop_map(|(revision, made_as)| Target { revision, made_as })
    }

    proptest! {
        #[test]
        fn targets_are_read_as_they_were_written(expected in prop::collection::vec(target(), 0..20)) {
            prop_assert_eq!(unpack(&pack(expected.iter().copied())).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn whatever_is_there_is_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(unpack(&bytes).count() <= 64);
        }
    }
}
