//! Deliveries that a replay sends again: how many, and the next of them.

use bluehook_core::{delivery::Status, event::EventType, time::Millis};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    events,
    lists::of_webhook::{self, Tail},
    made::Made,
    search::{Span, delivery_spans, hull, is_within},
    told,
};
use crate::{
    Result,
    model::{WebhookKey, replay::ReplayQuery},
    store::rows::MaySend,
};

// The next of them.
mod next;

pub(crate) use next::next_again;

/// The number before the first delivery that was made since a time: where a replay begins.
pub(crate) fn position_before(connection: &Connection, since: Millis) -> Result<i64> {
    Ok(hull(&delivery_spans(connection, Some(since), None)?).from - 1)
}

/// Which deliveries a replay is about.
struct Wanted {
    webhook: WebhookKey,
    event: Option<EventType>,
    since: Millis,
    until: Millis,
}

impl Wanted {
    fn fits(&self, one: &One) -> bool {
        self.event.is_none_or(|event| event == one.event_type)
            && is_within(one.created_at, Some(self.since), Some(self.until))
    }
}

/// A delivery that may be one of them.
struct One {
    number: i64,
    event_type: EventType,
    created_at: Millis,
    project_id: String,
    event: i64,
}

impl One {
    fn of_row(row: &Row<'_>) -> rusqlite::Result<One> {
        Ok(One {
            number: row.get(0)?,
            event_type: events::event_type(row, 1)?,
            created_at: row.get(2)?,
            project_id: row.get(3)?,
            event: row.get(4)?,
        })
    }

    fn of_bare(made: Made) -> One {
        let Made { number, event_type, created_at, project_id, event, .. } = made;
        One { number, event_type, created_at, project_id, event }
    }
}

/// What [`One::of_row`] reads.
const COLUMNS: &str = "d.number, d.type, d.created_at, e.project_id, e.number";

/// Rows of a webhook in a status that has an index, within a span; `?4` at most.
fn rows_in(status: Status) -> String {
    format!(
        "SELECT {COLUMNS} FROM deliveries AS d INDEXED BY deliveries_by_webhook_and_status
           JOIN events AS e ON e.number = d.event
         WHERE d.webhook = ?1 AND d.number >= ?2 AND d.number < ?3 AND d.status = '{}' ORDER BY d.number LIMIT ?4",
        status.name()
    )
}

/// The delivery with this number, if it has a row and succeeded.
fn succeeded(connection: &Connection, number: i64) -> Result<Option<One>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM deliveries AS d JOIN events AS e ON e.number = d.event
         WHERE d.number = ?1 AND d.status = 'SUCCEEDED'"
    );
    Ok(connection.prepare_cached(&sql)?.query_row([number], One::of_row).optional()?)
}

/// How many deliveries a replay would send again.
pub(crate) fn count_again(
    connection: &Connection,
    webhook: i64,
    query: &ReplayQuery,
    may_send: MaySend<'_>,
) -> Result<u64> {
    let wanted = Wanted { webhook, event: query.event, since: query.since, until: query.until };
    let spans = delivery_spans(connection, Some(query.since), Some(query.until))?;
    let tail = of_webhook::read_tail(connection)?;
    let mut total = 0;
    let count = &mut |one: &One| {
        total += u64::from(wanted.fits(one) && may_send(&one.project_id, one.event));
    };
    for status in query.statuses() {
        for span in &spans {
            if status != Status::Succeeded {
                show_rows(connection, (webhook, status, *span), count)?;
            }
            if matches!(status, Status::Succeeded | Status::Held) {
                show_listed(connection, &tail, (webhook, status, *span), count)?;
            }
        }
    }
    Ok(total)
}

/// Shows the rows of a webhook in a status that has an index.
fn show_rows(
    connection: &Connection,
    (webhook, status, span): (WebhookKey, Status, Span),
    show: &mut dyn FnMut(&One),
) -> Result<()> {
    let mut statement = connection.prepare_cached(&rows_in(status))?;
    let mut rows = statement.query(params![webhook, span.from, span.to, i64::MAX])?;
    while let Some(row) = rows.next()? {
        show(&One::of_row(row)?);
    }
    Ok(())
}

/// Shows what only a webhook's list leads to: what succeeded, or is bare and held.
fn show_listed(
    connection: &Connection,
    tail: &Tail,
    (webhook, status, span): (WebhookKey, Status, Span),
    show: &mut dyn FnMut(&One),
) -> Result<()> {
    let mut back = of_webhook::back(connection, tail, webhook, span, status == Status::Held)?;
    while let Some(number) = back.next()? {
        let one = match status {
            Status::Held => held_bare(connection, number)?,
            _ => succeeded(connection, number)?,
        };
        one.iter().for_each(&mut *show);
    }
    Ok(())
}

/// The delivery with this number, if it is bare and held.
fn held_bare(connection: &Connection, number: i64) -> Result<Option<One>> {
    let bare = told::bare(connection, number)?;
    Ok(bare.filter(|made| made.how.status() == Status::Held).map(One::of_bare))
}

#[cfg(test)]
mod tests;
