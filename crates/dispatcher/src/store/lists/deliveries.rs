//! Pages of deliveries. Each filter is looked for by the index that serves it best; the rest is checked row by row.

use bluehook_core::{delivery::Status, event::EventType};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{event_number, is, limit, page, span};
use crate::{
    Result,
    id::{Ids, Mark},
    log::{Delivery, DeliveryQuery, Page, PageQuery},
    store::{
        deliveries::{self, listed},
        events,
        search::{Found, MAX_LOOKED_AT, Span},
        webhooks,
    },
};

/// A page of deliveries, of events from `first_event` on.
pub(crate) fn deliveries(
    connection: &Connection,
    ids: &Ids,
    (query, first_event): (&DeliveryQuery, i64),
    asked: &PageQuery,
) -> Result<Page<Delivery>> {
    let mark = Mark::of(query);
    let span = asked_span(connection, ids, query, span(ids, mark, asked)?)?;
    let from = if first_event > 0 { events::first_delivery_from(connection, first_event)? } else { 0 };
    let span = span.starting_at(Some(from));
    let wanted = limit(asked) + 1;
    let (webhooks, others) = foremost(connection, query, asked_webhooks(connection, query)?, (span, wanted))?;
    let budget = MAX_LOOKED_AT / webhooks.len().max(1);
    let look = |webhook: Option<i64>| look(connection, query, webhook, span, (wanted, budget));
    let mut searches = webhooks.into_iter().map(look).collect::<Result<Vec<_>>>()?;
    searches.extend(others);
    page(searches, (ids, mark, asked), |number| listed(connection, ids, number))
}

/// The span of numbers that the times and the event of a query leave.
fn asked_span(connection: &Connection, ids: &Ids, query: &DeliveryQuery, span: Span) -> Result<Span> {
    let number_at = |at| deliveries::first_since(connection, at);
    let span = span.starting_at(query.since.map(number_at).transpose()?);
    let span = span.ending_before(query.until.map(number_at).transpose()?);
    let Some(id) = &query.event_id else { return Ok(span) };
    let event = event_number(connection, ids, id, query.company_id.as_deref())?;
    let (first, count) = event.map_or(Ok((0, 0)), |event| events::deliveries_of(connection, event))?;
    Ok(span.starting_at(Some(first)).ending_before(Some(first + count)))
}

/// Whose deliveries are looked through: those of some webhooks, one by one, or once all there are.
fn asked_webhooks(connection: &Connection, query: &DeliveryQuery) -> Result<Vec<Option<i64>>> {
    let DeliveryQuery { webhook_id, company_id, created_by_id, .. } = query;
    if webhook_id.is_none() && company_id.is_none() && created_by_id.is_none() {
        return Ok(vec![None]);
    }
    let keys =
        webhooks::keys(connection, webhook_id.as_deref(), company_id.as_deref(), created_by_id.as_deref())?;
    Ok(keys.into_iter().map(Some).collect())
}

/// Of many webhooks those whose newest deliveries are the newest, as many as are wanted: a page that full cannot hold what
/// others have. And what is known of the others.
fn foremost(
    connection: &Connection,
    query: &DeliveryQuery,
    webhooks: Vec<Option<i64>>,
    (span, wanted): (Span, usize),
) -> Result<(Vec<Option<i64>>, Option<Found>)> {
    if webhooks.len() <= wanted {
        return Ok((webhooks, None));
    }
    let rare = query.status.filter(|status| !matches!(status, Status::Succeeded | Status::Delivering));
    let sql = format!(
        "SELECT number FROM deliveries {} WHERE number >= ?1 AND number < ?2 AND webhook = ?3 AND {}
         ORDER BY number DESC LIMIT 1",
        access(webhooks.first().copied().flatten(), rare),
        rare.map_or("1".to_owned(), |status| format!("status = '{}'", status.name())),
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut newest = Vec::with_capacity(webhooks.len());
    for webhook in webhooks {
        let found = statement.query_row(params![span.from, span.to, webhook], |row| row.get::<_, i64>(0));
        newest.extend(found.optional()?.map(|number| (number, webhook)));
    }
    newest.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
    let others = newest.get(wanted).map(|(number, _)| Found::nothing_down_to(number + 1));
    newest.truncate(wanted);
    Ok((newest.into_iter().map(|(_, webhook)| webhook).collect(), others))
}

fn look(
    connection: &Connection,
    query: &DeliveryQuery,
    webhook: Option<i64>,
    span: Span,
    (wanted, budget): (usize, usize),
) -> Result<Found> {
    let indexed = query.status.filter(|status| *status != Status::Succeeded);
    let sql = format!(
        "SELECT number, type, status FROM deliveries {} WHERE number >= ?1 AND number < ?2 AND {} AND {}
         ORDER BY number DESC",
        access(webhook, indexed),
        if webhook.is_some() { "webhook = ?3" } else { "?3 IS NULL" },
        indexed.map_or("1".to_owned(), |status| format!("status = '{}'", status.name())),
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query(params![span.from, span.to, webhook])?;
    Found::among(rows, wanted, budget, |row| fits(row, query))
}

/// The index to go by: SQLite, which knows nothing of how many rows fit, would choose wrongly.
fn access(webhook: Option<i64>, status: Option<Status>) -> &'static str {
    match (webhook, status) {
        (None, None) => "NOT INDEXED",
        (None, Some(Status::Delivering)) => "INDEXED BY deliveries_under_way",
        (None, Some(_)) => "INDEXED BY deliveries_by_status",
        (Some(_), None | Some(Status::Delivering)) => "INDEXED BY deliveries_by_webhook",
        (Some(_), Some(_)) => "INDEXED BY deliveries_by_webhook_and_status",
    }
}

fn fits(row: &Row<'_>, query: &DeliveryQuery) -> rusqlite::Result<bool> {
    Ok(is(row, 1, query.event.map(EventType::name))? && is(row, 2, query.status.map(Status::name))?)
}
