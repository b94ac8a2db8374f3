//! Pages of events.

use bluehook_core::event::EventType;
use rusqlite::{Connection, Row, params};

use super::{is, limit, page, span};
use crate::{
    Result,
    id::{Ids, Mark},
    log::{EventQuery, Page, PageQuery, StoredEvent},
    store::{
        events,
        search::{Found, MAX_LOOKED_AT},
    },
};

/// A page of events from `first_event` on.
pub(crate) fn events(
    connection: &Connection,
    ids: &Ids,
    (query, first_event): (&EventQuery, i64),
    asked: &PageQuery,
) -> Result<Page<StoredEvent>> {
    let number_at = |at| events::first_since(connection, at);
    let mark = Mark::of(query);
    let span = span(ids, mark, asked)?
        .starting_at(Some(first_event))
        .starting_at(query.since.map(number_at).transpose()?)
        .ending_before(query.until.map(number_at).transpose()?);
    let sql = "SELECT number, company_id, project_id, type FROM events WHERE number >= ?1 AND number < ?2
               ORDER BY number DESC";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query(params![span.from, span.to])?;
    let found = Found::among(rows, limit(asked) + 1, MAX_LOOKED_AT, |row| fits(row, query))?;
    page(vec![found], (ids, mark, asked), |number| events::get_listed(connection, ids, number))
}

fn fits(row: &Row<'_>, query: &EventQuery) -> rusqlite::Result<bool> {
    Ok(is(row, 1, query.company_id.as_deref())?
        && is(row, 2, query.project_id.as_deref())?
        && is(row, 3, query.event.map(EventType::name))?)
}
