//! The numbers of what was made in a span of time. Newer numbers tell a time; those from before have the order of their times.

use bluehook_core::time::Millis;
use rusqlite::{Connection, OptionalExtension};

use super::{super::cursors, Span};
use crate::{Result, store::numbers::TIMED};

/// A table of the log, to find the times of its rows from before by.
struct Table {
    /// The last of the numbers below `?1`.
    last_before: &'static str,
    /// Whether the first row from the number `?1` on is before the time `?2`.
    is_before: &'static str,
}

const DELIVERIES: Table = Table {
    last_before: "SELECT number FROM deliveries WHERE number < ?1 ORDER BY number DESC LIMIT 1",
    is_before: "SELECT created_at < ?2 FROM deliveries WHERE number >= ?1 ORDER BY number LIMIT 1",
};

const EVENTS: Table = Table {
    last_before: "SELECT number FROM events WHERE number < ?1 ORDER BY number DESC LIMIT 1",
    is_before: "SELECT received_at < ?2 FROM events WHERE number >= ?1 ORDER BY number LIMIT 1",
};

/// The deliveries of an event have its time, but the numbers after its own: those of one with many tell times that are so much
/// later at most.
const LATER: Millis = 5_000;

/// The numbers of the deliveries that were made from one time up to another, the newest first. They are a little too many:
/// the time of each has to be looked at.
pub(in crate::store::sqlite) fn delivery_spans(
    connection: &Connection,
    since: Option<Millis>,
    until: Option<Millis>,
) -> Result<Vec<Span>> {
    spans(connection, &DELIVERIES, since, until, LATER)
}

/// The same of events, by when they were taken in.
pub(in crate::store::sqlite) fn event_spans(
    connection: &Connection,
    since: Option<Millis>,
    until: Option<Millis>,
) -> Result<Vec<Span>> {
    spans(connection, &EVENTS, since, until, 0)
}

fn spans(
    connection: &Connection,
    table: &Table,
    since: Option<Millis>,
    until: Option<Millis>,
    later: Millis,
) -> Result<Vec<Span>> {
    if since.is_none() && until.is_none() {
        return Ok(vec![Span::ALL]);
    }
    let mut spans = cursors::steps(connection)?.spans(since, until.map(|until| until.saturating_add(later)));
    let old = old_span(connection, table, since, until)?;
    spans.extend((!old.is_empty()).then_some(old));
    Ok(spans)
}

/// The numbers from before: those have the order of their times.
fn old_span(
    connection: &Connection,
    table: &Table,
    since: Option<Millis>,
    until: Option<Millis>,
) -> Result<Span> {
    let last =
        connection.prepare_cached(table.last_before)?.query_row([TIMED], |row| row.get(0)).optional()?;
    let end = last.map_or(0, |last: i64| last + 1);
    let mut statement = connection.prepare_cached(table.is_before)?;
    let mut first_since = |at: Millis| {
        first(end, |number| {
            Ok(statement.query_row([number, at], |row| row.get(0)).optional()?.unwrap_or(false))
        })
    };
    let from = since.map(&mut first_since).transpose()?;
    let to = until.map(&mut first_since).transpose()?;
    Ok(Span { from: 0, to: end }.starting_at(from).ending_before(to))
}

/// The lowest number below `end` that is not before what is looked for: numbers and times have one order.
fn first(end: i64, mut is_before: impl FnMut(i64) -> Result<bool>) -> Result<i64> {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_is_not_before() {
        for wanted in 0..10 {
            assert_eq!(first(10, |number| Ok(number < wanted)).ok(), Some(wanted));
        }
    }
}
