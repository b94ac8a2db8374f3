//! Pages of events.

use bluehook_core::event::EventType;
use rusqlite::{Connection, Row};

use super::{is, limit, page, span};
use crate::{
    Result,
    id::{Ids, Mark},
    model::log::{EventQuery, Page, PageQuery, StoredEvent},
    store::sqlite::{
        events,
        search::{Found, MAX_LOOKED_AT, Search, Span, event_spans, is_within},
    },
};

/// A page of events from `first_event` on.
pub(crate) fn events(
    connection: &Connection,
    ids: &Ids,
    (query, first_event): (&EventQuery, i64),
    asked: &PageQuery,
) -> Result<Page<StoredEvent>> {
    let mark = Mark::of(query);
    let cut = span(ids, mark, asked)?.starting_at(Some(first_event));
    let found = look(connection, query, cut, limit(asked) + 1)?;
    page(vec![found], (ids, mark, asked), |number| events::get_listed(connection, ids, number))
}

fn look(connection: &Connection, query: &EventQuery, cut: Span, wanted: usize) -> Result<Found> {
    let mut search = Search::new(wanted, MAX_LOOKED_AT);
    let sql = "SELECT number, company_id, project_id, type, received_at FROM events
               WHERE number >= ?1 AND number < ?2 ORDER BY number DESC";
    let mut statement = connection.prepare_cached(sql)?;
    for span in event_spans(connection, query.since, query.until)? {
        let span = span.starting_at(Some(cut.from)).ending_before(Some(cut.to));
        let mut rows = statement.query([span.from, span.to])?;
        while let Some(row) = rows.next()? {
            if search.saw(row.get(0)?, fits(row, query)?) {
                return Ok(search.found());
            }
        }
    }
    Ok(search.found())
}

fn fits(row: &Row<'_>, query: &EventQuery) -> rusqlite::Result<bool> {
    Ok(is(row, 1, query.company_id.as_deref())?
        && is(row, 2, query.project_id.as_deref())?
        && is(row, 3, query.event.map(EventType::name))?
        && is_within(row.get(4)?, query.since, query.until))
}
