//! Lists of the log, newest first, a page at a time. A cursor is the number of the last item that was looked at, and belongs
//! to the query that it was given for.
//!
//! A page is made of a bounded look through the log, so that no filter makes it slow: it may hold fewer items than asked
//! for, even none, and still name a next page.

use bluehook_core::{event::Event, input::Fault};
use rusqlite::{Connection, Row};

use super::{
    events as event_rows,
    search::{Found, Span},
};
use crate::{
    Error, Result,
    id::{Ids, Kind, Mark},
    model::{
        dry_run::Example,
        log::{Page, PageQuery},
    },
};

// The numbers of a webhook's deliveries.
pub(crate) mod of_webhook;

// Those of them that are bare and held.
pub(crate) mod held;

// Pages of deliveries.
mod deliveries;

// The deliveries of all webhooks, by their events.
mod all;

// Pages of events.
mod events;

pub(crate) use deliveries::deliveries;
pub(crate) use events::events;

/// The most items on a page.
const MAX_PAGE: usize = 200;

/// Whether a column of a row is what is asked for, if anything is.
fn is(row: &Row<'_>, column: usize, wanted: Option<&str>) -> rusqlite::Result<bool> {
    let Some(wanted) = wanted else { return Ok(true) };
    Ok(row.get_ref(column)?.as_str()? == wanted)
}

fn limit(page: &PageQuery) -> usize {
    page.limit.clamp(1, MAX_PAGE)
}

/// The span that a page is about, by its cursor.
fn span(ids: &Ids, mark: Mark, page: &PageQuery) -> Result<Span> {
    let Some(cursor) = &page.cursor else { return Ok(Span::ALL) };
    let number = ids.cursor_number(mark, cursor);
    let number = number.ok_or_else(|| Error::invalid("/cursor", Fault::BadCursor))?;
    Ok(Span::ALL.ending_before(Some(number)))
}

/// The page that these searches make up. `item` reads one; what is gone meanwhile is left out.
fn page<T>(
    searches: Vec<Found>,
    (ids, mark, query): (&Ids, Mark, &PageQuery),
    item: impl Fn(i64) -> Result<Option<T>>,
) -> Result<Page<T>> {
    let (numbers, next) = Found::newest(searches, limit(query));
    let items = numbers.into_iter().filter_map(|number| item(number).transpose()).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: next.map(|number| ids.cursor(mark, number)) })
}

/// How far back the events of one company are looked for among those of all.
const DEPTH: i64 = 50_000;

/// Shows the newest events of a company, whole, one after the other, until there are `limit` or `show` wants no more.
/// Those for which `is_there` says no to their project and number do not exist.
pub(crate) fn newest_events(
    connection: &Connection,
    ids: &Ids,
    company_id: &str,
    limit: usize,
    is_there: &dyn Fn(&str, i64) -> bool,
    show: &mut dyn FnMut(Example, &Event) -> Result<bool>,
) -> Result<()> {
    event_rows::newest(connection, ids, company_id, (limit, DEPTH), is_there, |newest| {
        let event_rows::Newest { id, received_at, event } = newest;
        let (event_type, project_id) = (event.event_type, event.project_id.clone());
        show(Example { event_id: id, event_type, project_id, received_at, reason: None }, &event)
    })
}

/// The number of the event with this id: one of ours, or a caller's, within a company where one is named.
pub(crate) fn event_number(
    connection: &Connection,
    ids: &Ids,
    id: &str,
    company_id: Option<&str>,
) -> Result<Option<i64>> {
    if let Some(number) = ids.number(Kind::Event, id) {
        return Ok(Some(number));
    }
    match company_id {
        Some(company_id) => event_rows::with_id(connection, id, company_id),
        None => event_rows::with_id_anywhere(connection, id),
    }
}

#[cfg(test)]
pub(crate) mod sample;

#[cfg(test)]
mod tests;
