//! Rows of events, read for the deliveries that they made.

use bluehook_core::{event::EventType, time::Millis};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{events, numbers};
use crate::Result;

pub(super) use crate::store::made::{Made, Target, unpack};

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
