//! Lists of the log, newest first, a page at a time. A cursor is the number of the last item shown.

use bluehook_core::{event::Event, time::Millis};
use rusqlite::{Connection, params_from_iter, types::Value};

use super::{deliveries, events};
use crate::{
    Error, Result,
    dry_run::Example,
    id::{Ids, Kind},
    log::{Delivery, DeliveryQuery, EventQuery, Page, PageQuery, StoredEvent},
};

/// The most items on a page.
const MAX_PAGE: usize = 200;

/// Conditions joined by "and", with their values.
#[derive(Default)]
struct Conditions {
    sql: Vec<&'static str>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, sql: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.sql.push(sql);
            self.values.push(value.into());
        }
    }

    fn to_sql(&self) -> String {
        if self.sql.is_empty() { "1".to_owned() } else { self.sql.join(" AND ") }
    }
}

/// A page of deliveries.
pub(crate) fn deliveries(
    connection: &Connection,
    ids: &Ids,
    query: &DeliveryQuery,
    page: &PageQuery,
) -> Result<Page<Delivery>> {
    let mut conditions = Conditions::default();
    conditions.add("d.number < ?", before(ids, Kind::Delivery, page)?);
    if let Some(id) = &query.event_id {
        let Some(event) = event_number(connection, ids, id, query.company_id.as_deref())? else {
            return Ok(Page { items: Vec::new(), next_cursor: None });
        };
        let (first, count) = events::deliveries_of(connection, event)?;
        conditions.add("d.number >= ?", Some(first));
        conditions.add("d.number < ?", Some(first + count));
    }
    conditions.add("d.webhook = (SELECT key FROM webhooks WHERE id = ?)", query.webhook_id.clone());
    conditions.add("w.company_id = ?", query.company_id.clone());
    conditions.add("w.created_by_id = ?", query.created_by_id.clone());
    conditions.add("d.type = ?", query.event.map(|event| event.name().to_owned()));
    conditions.add("d.status = ?", query.status.map(|status| status.name().to_owned()));
    let number_at = |at: Option<Millis>| at.map(|at| deliveries::first_since(connection, at)).transpose();
    conditions.add("d.number >= ?", number_at(query.since)?);
    conditions.add("d.number < ?", number_at(query.until)?);
    let sql = format!(
        "SELECT {} FROM {} WHERE {} ORDER BY d.number DESC LIMIT {}",
        deliveries::COLUMNS,
        deliveries::TABLES,
        conditions.to_sql(),
        limit(page) + 1
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(conditions.values), |row| deliveries::read(row, ids))?;
    let items = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(cut(items, page, |delivery| delivery.id.clone()))
}

/// A page of events.
pub(crate) fn events(
    connection: &Connection,
    ids: &Ids,
    query: &EventQuery,
    page: &PageQuery,
) -> Result<Page<StoredEvent>> {
    let mut conditions = Conditions::default();
    conditions.add("number < ?", before(ids, Kind::Event, page)?);
    conditions.add("company_id = ?", query.company_id.clone());
    conditions.add("project_id = ?", query.project_id.clone());
    conditions.add("type = ?", query.event.map(|event| event.name().to_owned()));
    conditions.add("received_at >= ?", query.since);
    conditions.add("received_at < ?", query.until);
    let sql = format!(
        "SELECT {} FROM events WHERE {} ORDER BY number DESC LIMIT {}",
        events::COLUMNS,
        conditions.to_sql(),
        limit(page) + 1
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(conditions.values), |row| {
        Ok((ids.of(Kind::Event, row.get(0)?), events::read(row, ids)?))
    })?;
    let items = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let page = cut(items, page, |(cursor, _)| cursor.clone());
    Ok(Page {
        items: page.items.into_iter().map(|(_, event)| event).collect(),
        next_cursor: page.next_cursor,
    })
}

/// How far back the events of one company are looked for among those of all.
const DEPTH: i64 = 50_000;

/// The newest events of a company, whole.
pub(crate) fn newest_events(
    connection: &Connection,
    ids: &Ids,
    company_id: &str,
    limit: usize,
) -> Result<Vec<(Example, Event)>> {
    let newest = events::newest(connection, ids, company_id, limit, DEPTH)?;
    Ok(newest.into_iter().map(Example::of).collect())
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
        Some(company_id) => events::with_id(connection, id, company_id),
        None => events::with_id_anywhere(connection, id),
    }
}

fn limit(page: &PageQuery) -> usize {
    page.limit.clamp(1, MAX_PAGE)
}

fn before(ids: &Ids, kind: Kind, page: &PageQuery) -> Result<Option<i64>> {
    let Some(cursor) = &page.cursor else { return Ok(None) };
    let number = ids.number(kind, cursor);
    number.map(Some).ok_or_else(|| Error::invalid("/cursor", "not a cursor that a page of this list gave"))
}

/// Cuts off the item that only told that there is a next page.
fn cut<T>(mut items: Vec<T>, page: &PageQuery, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = items.len() > limit(page);
    items.truncate(limit(page));
    let next_cursor = items.last().filter(|_| more).map(cursor);
    Page { items, next_cursor }
}
